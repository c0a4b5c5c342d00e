//! The similarity join: which voices are near enough to be scored.
//!
//! Definition. Two voices are a pair if they are of one language, their cosine in the view `all` is at least
//! `least-cosine`, and one of them is among the `nearest` nearest of the other (by cosine, ties by the smaller number, which
//! is the order of the article keys). [`brute_force`] computes just that; every other join must return the same pairs.

pub mod blocked;
pub mod brute_force;
mod set_index;
pub mod set_join;
mod shingles;

use crate::config::JoinConfig;
use crate::progress::Progress;
use crate::vectorise::{COSINE_ONE, Vectors};

/// Two voices, by their places in the vectors, `a < b`, and their cosine times [`COSINE_ONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The smaller place.
    pub a: u32,
    /// The larger place.
    pub b: u32,
    /// The cosine in the view `all`.
    pub cosine: u64,
}

impl Pair {
    /// Two voices, `a < b`, with their cosine.
    #[must_use]
    pub fn of(a: u32, b: u32, vectors: &Vectors) -> Self {
        Self { a, b, cosine: vectors.all.row(a as usize).dot(vectors.all.row(b as usize)) }
    }
}

/// The pairs of the definition above, sorted. The one place that chooses how they are found.
#[must_use]
pub fn join(vectors: &Vectors, config: &JoinConfig, progress: &dyn Progress) -> Vec<Pair> {
    blocked::join(vectors, config, progress)
}

/// The least dot product of a pair.
fn threshold(config: &JoinConfig) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "0 to 1, checked"
    )]
    let least = (config.least_cosine.clamp(0.0, 1.0) * COSINE_ONE as f64).ceil() as u64;
    least.max(1)
}

/// A neighbour of one voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Neighbour {
    cosine: u64,
    at: u32,
}

impl Neighbour {
    /// The nearest first.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        other.cosine.cmp(&self.cosine).then(self.at.cmp(&other.at))
    }
}

/// Keeps the `k` nearest.
fn keep_nearest(found: &mut Vec<Neighbour>, k: usize) {
    if found.len() > k {
        found.select_nth_unstable_by(k, Neighbour::order);
        found.truncate(k);
    }
}

/// One pair for every neighbour of either, sorted.
fn pairs_of(neighbours: impl Iterator<Item = (u32, Vec<Neighbour>)>) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = neighbours
        .flat_map(|(at, found)| {
            found.into_iter().map(move |n| Pair { a: at.min(n.at), b: at.max(n.at), cosine: n.cosine })
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
