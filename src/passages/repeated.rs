//! Which fingerprints stand in a corpus more than once. Most do not, and these are told before more is kept of them than some
//! bits of the hash and a place: half of the memory. Of the others, one in five or so, the rest is made from the words again.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use crate::passages::parts::{PARTS, Part, Record, Writer, in_parts};
use crate::spill::Spill;
use crate::survey::repeats::Repeats;

/// The part that a fingerprint belongs to. By its low bits: it is the least of its window, so the high ones are rarely set.
pub(super) fn part(hash: u64) -> usize {
    (hash % PARTS as u64) as usize
}

/// A fingerprint in so many bytes: further low bits of its hash, and below them its place among the words of all texts, one
/// text behind the other. Of places that have few bits more of them are left to the hash, or bytes saved.
#[derive(Clone, Copy)]
struct Print<const BYTES: usize>([u8; BYTES]);

impl<const BYTES: usize> Print<BYTES> {
    fn new(hash: u64, place: usize, place_bits: u32) -> Self {
        let bits = (hash / PARTS as u64) << place_bits | place as u64;
        Self(std::array::from_fn(|at| bits.to_le_bytes()[at]))
    }

    fn bits(self) -> u64 {
        let mut bits = [0; 8];
        bits[..BYTES].copy_from_slice(&self.0);
        u64::from_le_bytes(bits)
    }

    fn hash(self, place_bits: u32) -> u64 {
        self.bits() >> place_bits
    }

    fn place(self, place_bits: u32) -> usize {
        (self.bits() & ((1 << place_bits) - 1)) as usize
    }
}

impl<const BYTES: usize> Default for Print<BYTES> {
    fn default() -> Self {
        Self([0; BYTES])
    }
}

impl<const BYTES: usize> Record for Print<BYTES> {
    const BYTES: usize = BYTES;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.0);
    }

    fn take(bytes: &[u8]) -> Self {
        Self(bytes.first_chunk().copied().unwrap_or([0; BYTES]))
    }
}

/// The places of fingerprints that come more than once, and of some that met others by chance.
pub(super) struct Repeated {
    /// By text: where its bits begin, and where those of the last one end.
    begins: Vec<usize>,
    /// A bit for each word.
    bits: Vec<AtomicU64>,
}

impl Repeated {
    /// Finds them. `lengths` are the words of each text; `prints` answers the hash and the first word of every
    /// fingerprint of one. O(fingerprints).
    pub(super) fn find(
        lengths: impl Iterator<Item = usize>,
        spill: &Spill,
        prints: impl Fn(usize) -> Vec<(u64, usize)> + Sync,
    ) -> Self {
        let found = Self::none(lengths);
        // Memory for a bit a word ends long before 64 do not suffice.
        let place_bits = (found.bits.len() * BITS).next_power_of_two().trailing_zeros();
        match place_bits <= 6 * u8::BITS - HASH {
            true => found.search::<6>(place_bits, spill, prints),
            false => found.search::<8>(place_bits, spill, prints),
        }
        found
    }

    /// None of texts of so many words.
    fn none(lengths: impl Iterator<Item = usize>) -> Self {
        let mut begins = vec![0];
        begins.extend(lengths.scan(0, |end, words| {
            *end += words.div_ceil(BITS);
            Some(*end)
        }));
        let bits = (0..begins[begins.len() - 1]).map(|_| AtomicU64::new(0)).collect();
        Self { begins, bits }
    }

    /// Marks them.
    fn search<const BYTES: usize>(
        &self,
        place_bits: u32,
        spill: &Spill,
        prints: impl Fn(usize) -> Vec<(u64, usize)> + Sync,
    ) {
        let texts = (0..self.begins.len() - 1).collect();
        let prints = in_parts(texts, spill, |text, parts: &mut Writer<'_, Print<BYTES>>| {
            let begin = self.begins[text] * BITS;
            for (hash, word) in prints(text) {
                parts.push(part(hash), Print::new(hash, begin + word, place_bits));
            }
        });
        prints.into_par_iter().for_each(|prints| self.mark(prints, place_bits, spill));
    }

    /// Marks those of a part.
    fn mark<const BYTES: usize>(&self, prints: Part<Print<BYTES>>, place_bits: u32, spill: &Spill) {
        let prints = prints.load(spill);
        let all = || prints.iter().flatten();
        let (slots, most) = (all().count() as u64 * SLOTS, 1 << (BYTES as u32 * u8::BITS - place_bits));
        let mut repeats = Repeats::new(slots.min(most) as usize);
        all().for_each(|print| repeats.note(print.hash(place_bits)));
        for place in all().filter(|print| repeats.has(print.hash(place_bits))).map(|print| print.place(place_bits)) {
            self.bits[place / BITS].fetch_or(1 << (place % BITS), Relaxed);
        }
    }

    /// The first words of those of a text, in its order. O(words).
    pub(super) fn of(&self, text: usize) -> impl Iterator<Item = usize> {
        let Range { start, end } = self.begins[text]..self.begins[text + 1];
        self.bits[start..end].iter().enumerate().flat_map(|(at, bits)| {
            let mut bits = bits.load(Relaxed);
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(at * BITS + bit)
            })
        })
    }
}

/// Bits of the hash that there are to be at least, beside those that tell the part.
const HASH: u32 = 22;
/// Bits of a number.
const BITS: usize = u64::BITS as usize;
/// Places in the table for each fingerprint, as far as the bits of the hash tell them apart: of those that come once, one in so
/// many meets another by chance.
const SLOTS: u64 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_stands_in_two_places_is_told_where_it_stands(
            texts in proptest::collection::vec(proptest::collection::vec(0u64..90, 0..150), 0..8), budget in 0u64..3000,
            place_bits in 11u32..=40,
        ) {
            // Some are of one part, and no two of these have one place in its table.
            let hash = |number: u64| number / 3 * PARTS as u64 + number % 3;
            for spill in [Spill::default(), Spill::new(budget, std::env::temp_dir())] {
                let prints = |text: usize| texts[text].iter().enumerate().map(|(word, number)| (hash(*number), word)).collect();
                let found = match place_bits {
                    11 => Repeated::find(texts.iter().map(Vec::len), &spill, prints),
                    // As if there were more texts.
                    _ => {
                        let found = Repeated::none(texts.iter().map(Vec::len));
                        match place_bits <= 26 {
                            true => found.search::<6>(place_bits, &spill, prints),
                            false => found.search::<8>(place_bits, &spill, prints),
                        }
                        found
                    }
                };
                for (at, text) in texts.iter().enumerate() {
                    let twice = |number: &u64| texts.iter().flatten().filter(|other| *other == number).count() > 1;
                    let wanted: Vec<usize> = (0..text.len()).filter(|&word| twice(&text[word])).collect();
                    let told: Vec<usize> = found.of(at).collect();
                    proptest::prop_assert_eq!(told, wanted);
                }
            }
        }
    }
}
