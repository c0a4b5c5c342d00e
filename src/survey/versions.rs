//! Versions of one text: what is said five thousand times by copies is said once. Texts are known by sketches, the least
//! hashes of their shingles (Broder, "On the resemblance and containment of documents", 1997).

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::normalise::{Lexicon, WordId};
use crate::survey::repeats::Repeats;

/// Words of a shingle.
const SHINGLE: usize = 4;
/// Words at the head of a text by which its versions are known.
const SKETCHED: usize = 128;
/// Shingles of a sketch.
const SKETCH: usize = 32;

/// The sketches of some texts, in one piece: there may be millions.
#[derive(Debug, Default)]
pub struct Sketches {
    hashes: Vec<u64>,
    /// Where each ends in `hashes`.
    ends: Vec<usize>,
}

impl Sketches {
    /// Adds the sketch of the first words of a text: all there is of a short one. O(1).
    pub fn add(&mut self, words: impl Iterator<Item = WordId>, lexicon: &Lexicon) {
        let mix = |hash: u64, word: &u64| {
            let x = (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            x ^ (x >> 32)
        };
        let (mut head, mut count) = ([0; SKETCHED], 0);
        for (place, word) in head.iter_mut().zip(words) {
            *place = lexicon.hash(word);
            count += 1;
        }
        let (mut shingles, mut hashes) = ([0; SKETCHED], &mut [][..]);
        if count >= SHINGLE {
            hashes = &mut shingles[..=count - SHINGLE];
            for (hash, shingle) in hashes.iter_mut().zip(head.windows(SHINGLE)) {
                *hash = shingle.iter().fold(0, mix);
            }
        }
        if hashes.len() > SKETCH {
            hashes = hashes.select_nth_unstable(SKETCH).0;
        }
        hashes.sort_unstable();
        let distinct = hashes.chunk_by(|x, y| x == y).map(|same| same[0]);
        self.hashes.extend(distinct);
        self.ends.push(self.hashes.len());
    }

    /// Adds those of other texts behind these.
    pub fn append(&mut self, mut others: Self) {
        let before = self.hashes.len();
        self.hashes.append(&mut others.hashes);
        self.ends.extend(others.ends.into_iter().map(|end| before + end));
    }

    fn iter(&self) -> impl Iterator<Item = &[u64]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, &end)| &self.hashes[begin..end])
    }
}

/// By text: the number of the earliest that it is a version of, itself where there is none: at least half of its sketch
/// stands in versions of that. Texts without a shingle are versions of none. O(sketches).
#[must_use]
pub fn versions(sketches: &Sketches) -> Vec<usize> {
    // Most hashes stand in one sketch. Telling the others first, in a table where few meet by chance, spares keeping those and
    // looking for them.
    let mut repeats = Repeats::new(sketches.hashes.len() * 2);
    sketches.hashes.iter().for_each(|hash| repeats.note(*hash));
    let mut known: HashMap<u64, usize, FixedState> = HashMap::default();
    let mut of = Vec::with_capacity(sketches.ends.len());
    let (mut repeated, mut met): (Vec<u64>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, sketch) in sketches.iter().enumerate() {
        repeated.clear();
        repeated.extend(sketch.iter().filter(|hash| repeats.has(**hash)));
        met.clear();
        met.extend(repeated.iter().filter_map(|hash| known.get(hash)));
        met.sort_unstable();
        let most = met.chunk_by(|x, y| x == y).max_by_key(|same| (same.len(), std::cmp::Reverse(same[0])));
        let version = most.filter(|same| same.len() * 2 >= sketch.len()).map_or(at, |same| same[0]);
        for &hash in &repeated {
            known.entry(hash).or_insert(version);
        }
        of.push(version);
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_some_changed_words_are_versions_and_others_are_not() {
        let mut lexicon = Lexicon::default();
        let mut text = |topic: &str, changed: &[usize]| -> Vec<WordId> {
            let word = |at: usize| if changed.contains(&at) { format!("other{at}") } else { format!("{topic}{at}") };
            (0..120).map(|at| lexicon.intern(&word(at))).collect()
        };
        let texts = [text("dam", &[]), text("bank", &[]), text("dam", &[7, 60, 90]), text("dam", &[20, 21, 70])];
        let mut sketches = Sketches::default();
        texts.iter().for_each(|words| sketches.add(words.iter().copied(), &lexicon));
        assert_eq!(versions(&sketches), [0, 1, 0, 0]);
        let mut empty = Sketches::default();
        (0..2).for_each(|_| empty.add(std::iter::empty(), &lexicon));
        assert_eq!(versions(&empty), [0, 1]);
        sketches.append(empty);
        assert_eq!(versions(&sketches), [0, 1, 0, 0, 4, 5]);
    }
}
