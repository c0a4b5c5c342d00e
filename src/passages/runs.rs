//! Common runs of words of two texts: from the places of shared fingerprints, or all there are in two stretches.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::normalise::WordId;

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
        let ahead = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
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
    let mut places: HashMap<&[WordId], Vec<usize>, FixedState> = HashMap::default();
    for at in y.start..=y.end - k {
        let list = places.entry(&b[at..at + k]).or_default();
        if list.len() < REPEATS {
            list.push(at);
        }
    }
    let mut runs = Vec::new();
    for i in x.start..=x.end - k {
        for &j in places.get(&a[i..i + k]).map_or(&[][..], Vec::as_slice) {
            if i > x.start && j > y.start && a[i - 1] == b[j - 1] {
                continue;
            }
            let len = a[i..x.end].iter().zip(&b[j..y.end]).take_while(|(p, q)| p == q).count();
            let [a, b, len] = [i, j, len].map(to_u32);
            runs.push(Run { a, b, len, spread: 2 });
        }
    }
    runs
}

/// Tokens are counted in 32 bits: the limit on the size of an article is below that.
pub(super) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
