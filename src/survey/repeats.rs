//! Which of many hashes come more than once.

/// Two bits for each place of a table: hashes that meet in one by chance count as one hash.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// The lower bits: something came there; the upper: something came again.
    bits: Vec<u64>,
}

/// Places of one number of `bits`.
const PLACES: u64 = 32;

impl Repeats {
    /// A table of at least so many places.
    pub(crate) fn new(places: usize) -> Self {
        Self { bits: vec![0; places.div_ceil(PLACES as usize).next_power_of_two()] }
    }

    /// The number that has the place of a hash, told by the lowest bits, and its bit there.
    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash / PLACES) as usize & (self.bits.len() - 1), 1 << (hash % PLACES))
    }

    /// Takes a hash in.
    pub(crate) fn note(&mut self, hash: u64) {
        let (at, bit) = self.place(hash);
        let bits = &mut self.bits[at];
        *bits |= bit | (*bits & bit) << PLACES;
    }

    /// Whether a hash was taken in twice: always so if it was, and now and then if it was not.
    pub(crate) fn has(&self, hash: u64) -> bool {
        let (at, bit) = self.place(hash);
        self.bits[at] >> PLACES & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_comes_twice_is_told(hashes in proptest::collection::vec(0u64..300, 0..200), places in 1usize..1000) {
            let mut repeats = Repeats::new(places);
            hashes.iter().for_each(|hash| repeats.note(*hash));
            for hash in 0..300 {
                let twice = hashes.iter().filter(|other| **other == hash).count() > 1;
                proptest::prop_assert!(repeats.has(hash) || !twice);
                // With a place for each none meet.
                proptest::prop_assert!(places < 300 || repeats.has(hash) == twice);
            }
        }
    }
}
