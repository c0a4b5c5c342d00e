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

/// A fingerprint: further low bits of its hash, and below them its place among the words of all texts, one text behind the other.
#[derive(Clone, Copy, Default)]
struct Print(u64);

impl Print {
    /// Bits of a place; memory for a bit a word ends long before they do.
    const PLACE: u32 = 40;

    fn new(hash: u64, place: usize) -> Self {
        Self((hash / PARTS as u64) << Self::PLACE | place as u64)
    }

    fn hash(self) -> u64 {
        self.0 >> Self::PLACE
    }

    fn place(self) -> usize {
        (self.0 & ((1 << Self::PLACE) - 1)) as usize
    }
}

impl Record for Print {
    const BYTES: usize = 8;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.0.to_le_bytes());
    }

    fn take(bytes: &[u8]) -> Self {
        Self(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
    }
}

/// Where the fingerprints of one text go.
pub(super) struct Prints<'p, 'w> {
    parts: &'p mut Writer<'w, Print>,
    /// The place of its first word.
    begin: usize,
}

impl Prints<'_, '_> {
    /// Adds one by its hash and its first word.
    pub(super) fn push(&mut self, hash: u64, word: usize) {
        self.parts.push(part(hash), Print::new(hash, self.begin + word));
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
    /// Finds them. `lengths` are the words of each text; `give` hands over the fingerprints of one.
    /// O(fingerprints).
    pub(super) fn find(
        lengths: impl Iterator<Item = usize>,
        spill: &Spill,
        give: impl Fn(usize, Prints<'_, '_>) + Sync,
    ) -> Self {
        let mut begins = vec![0];
        begins.extend(lengths.scan(0, |end, words| {
            *end += words.div_ceil(BITS);
            Some(*end)
        }));
        let texts = begins.len() - 1;
        let bits = (0..begins[texts]).map(|_| AtomicU64::new(0)).collect();
        let found = Self { begins, bits };
        let prints = in_parts((0..texts).collect(), spill, |text, parts: &mut Writer<'_, Print>| {
            give(text, Prints { parts, begin: found.begins[text] * BITS });
        });
        prints.into_par_iter().for_each(|prints| found.mark(prints, spill));
        found
    }

    /// Marks those of a part.
    fn mark(&self, prints: Part<Print>, spill: &Spill) {
        let prints = prints.load(spill);
        let places = prints.iter().map(Vec::len).sum::<usize>() * SLOTS;
        let mut repeats = Repeats::new(places.min(1 << (u64::BITS - Print::PLACE)));
        prints.iter().flatten().for_each(|print| repeats.note(print.hash()));
        for place in prints.iter().flatten().filter(|print| repeats.has(print.hash())).map(|print| print.place()) {
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

/// Bits of a number.
const BITS: usize = u64::BITS as usize;
/// Places in the table for each fingerprint, as far as the bits of the hash tell them apart: of those that come once, one in so
/// many meets another by chance.
const SLOTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_stands_in_two_places_is_told_where_it_stands(
            texts in proptest::collection::vec(proptest::collection::vec(0u64..90, 0..150), 0..8), budget in 0u64..3000,
        ) {
            // Some are of one part, and no two of these have one place in its table.
            let hash = |number: u64| number / 3 * PARTS as u64 + number % 3;
            for spill in [Spill::default(), Spill::new(budget, std::env::temp_dir())] {
                let found = Repeated::find(texts.iter().map(Vec::len), &spill, |text, mut prints| {
                    texts[text].iter().enumerate().for_each(|(word, number)| prints.push(hash(*number), word));
                });
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
