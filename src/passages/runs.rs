//! Common runs of words of two texts: from the places of shared fingerprints, or all there are in two stretches.

use std::ops::Range;

use crate::normalise::WordId;
use crate::passages::fingerprint::hashes;

/// A common run of words: tokens `[a, a + len)` of one body and `[b, b + len)` of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// First token in the body of the first article.
    pub a: u32,
    /// First token in the body of the second.
    pub b: u32,
    /// Length in tokens.
    pub len: u32,
    /// Articles (classes of identical texts) that share its rarest fingerprint, two or more.
    pub spread: u32,
}

impl Run {
    /// Behind its last token in the first article.
    #[must_use]
    pub fn a_end(&self) -> u32 {
        self.a + self.len
    }

    /// Behind its last token in the second.
    #[must_use]
    pub fn b_end(&self) -> u32 {
        self.b + self.len
    }

    /// Its tokens in the first article.
    #[must_use]
    pub fn in_a(&self) -> Range<usize> {
        self.a as usize..self.a_end() as usize
    }

    /// Its tokens in the second.
    #[must_use]
    pub fn in_b(&self) -> Range<usize> {
        self.b as usize..self.b_end() as usize
    }

    /// The same seen from the other text.
    #[must_use]
    pub fn turned(self) -> Self {
        Self { a: self.b, b: self.a, ..self }
    }
}

/// Two places with the same fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Token of the first text.
    pub a: u32,
    /// Token of the second.
    pub b: u32,
    /// Articles that have the fingerprint.
    pub spread: u32,
}

/// The longest common run around each anchor, once, sorted. `anchors` are sorted by diagonal and place. Words are compared,
/// so no hash is ever trusted: an anchor that is none gives nothing. O(anchors + lengths of the runs).
#[must_use]
pub fn grow(anchors: impl Iterator<Item = Anchor>, a: &[WordId], b: &[WordId], least: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut diagonal, mut reached) = (i64::MAX, 0);
    // Whether the stretch up to `reached` was long enough to be the last run.
    let mut kept = false;
    for anchor in anchors {
        let own = i64::from(anchor.b) - i64::from(anchor.a);
        if own != diagonal {
            (diagonal, reached, kept) = (own, 0, false);
        }
        let (i, j) = (anchor.a as usize, anchor.b as usize);
        if i < reached {
            if let Some(run) = runs.last_mut().filter(|_| kept) {
                run.spread = run.spread.min(anchor.spread);
            }
            continue;
        }
        let ahead = common_prefix(&a[i..], &b[j..]);
        let behind = a[..i].iter().rev().zip(b[..j].iter().rev()).take_while(|(x, y)| x == y).count();
        reached = i + ahead;
        kept = ahead > 0 && behind + ahead >= least;
        if kept {
            let [a, b, len] = [i - behind, j - behind, behind + ahead].map(to_u32);
            runs.push(Run { a, b, len, spread: anchor.spread });
        }
    }
    runs.sort_unstable();
    runs
}

/// How many words two texts have in common at their beginning. Most of what is compared is long and the same.
fn common_prefix(a: &[WordId], b: &[WordId]) -> usize {
    let (x, y) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let same = 8 * x.iter().zip(y).take_while(|(p, q)| p == q).count();
    same + a[same..].iter().zip(&b[same..]).take_while(|(p, q)| p == q).count()
}

/// Places of one shingle in a text that take part: what is repeated more often is a list.
pub const REPEATS: usize = 8;

/// All maximal common runs of `least` words or more of two stretches, sorted; of a shingle that a stretch repeats the first
/// [`REPEATS`] places. O(length + common shingles).
#[must_use]
pub fn common_runs(a: &[WordId], b: &[WordId], x: Range<usize>, y: Range<usize>, least: usize) -> Vec<Run> {
    let k = least.max(1);
    if x.len() < k || y.len() < k {
        return Vec::new();
    }
    // Chains of the places of `y` by a hash of their shingles: two allocations, however many there are.
    let count = y.len() - k + 1;
    let bits = (count.next_power_of_two().trailing_zeros() + 1).min(u32::BITS);
    let slot = |hash: u32| (hash >> (u32::BITS - bits)) as usize;
    let mut first = vec![NOWHERE; 1 << bits];
    let hashes = |words| hashes(words, k, |word: &WordId| u64::from(word.0)).map(|hash| (hash >> 32) as u32);
    let mut places: Vec<Place> = hashes(&b[y.clone()]).map(|hash| Place { hash, next: NOWHERE }).collect();
    for (at, place) in places.iter_mut().enumerate().rev() {
        place.next = std::mem::replace(&mut first[slot(place.hash)], to_u32(at));
    }
    let mut runs: Vec<Run> = Vec::new();
    for (i, hash) in (x.start..).zip(hashes(&a[x.clone()])) {
        let mut at = first[slot(hash)];
        let mut met = 0;
        while at != NOWHERE && met < REPEATS {
            let place = places[at as usize];
            let j = y.start + at as usize;
            at = place.next;
            if place.hash != hash {
                continue;
            }
            // Most stand inside the run that was found last.
            let inside = |run: &Run| {
                let (from, end) = (run.a as usize, run.a_end() as usize);
                from < i && i + k <= end && j == run.b as usize + (i - from)
            };
            if runs.last().is_some_and(inside) {
                met += 1;
                continue;
            }
            if a[i..i + k] != b[j..j + k] {
                continue;
            }
            met += 1;
            if i > x.start && j > y.start && a[i - 1] == b[j - 1] {
                continue;
            }
            let len = common_prefix(&a[i..x.end], &b[j..y.end]);
            let [a, b, len] = [i, j, len].map(to_u32);
            runs.push(Run { a, b, len, spread: 2 });
        }
    }
    runs
}

/// A shingle of a stretch, and the place of the next one with the same slot.
#[derive(Clone, Copy)]
struct Place {
    hash: u32,
    next: u32,
}

/// The end of a chain.
const NOWHERE: u32 = u32::MAX;

/// Tokens are counted in 32 bits: the limit on the size of an article is below that.
pub(super) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of [`common_runs`].
    fn brute_force(a: &[WordId], b: &[WordId], x: Range<usize>, y: Range<usize>, least: usize) -> Vec<Run> {
        let length = |i: usize, j: usize| a[i..x.end].iter().zip(&b[j..y.end]).take_while(|(p, q)| p == q).count();
        let mut runs = Vec::new();
        for i in x.clone() {
            for j in y.clone().filter(|&j| length(i, j) >= least).take(REPEATS) {
                if i == x.start || j == y.start || a[i - 1] != b[j - 1] {
                    let [a, b, len] = [i, j, length(i, j)].map(to_u32);
                    runs.push(Run { a, b, len, spread: 2 });
                }
            }
        }
        runs
    }

    proptest! {
        /// So few words that shingles come again, more often than is looked at too.
        #[test]
        fn all_maximal_runs_are_found(
            texts in proptest::collection::vec(proptest::collection::vec(0u32..3, 0..60), 2), cut in 0usize..8, least in 1usize..6,
        ) {
            let [a, b] = [0, 1].map(|text| texts[text].iter().copied().map(WordId).collect::<Vec<_>>());
            let [x, y] = [&a, &b].map(|text| cut.min(text.len())..text.len().saturating_sub(cut / 2).max(cut.min(text.len())));
            let expected = brute_force(&a, &b, x.clone(), y.clone(), least);
            prop_assert_eq!(common_runs(&a, &b, x, y, least), expected);
        }
    }
}
