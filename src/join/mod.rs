//! The similarity join: which voices are near enough to be scored.
//!
//! Definition. Two voices may be a pair if they are of one language and their cosine in the view `all` is at least what their
//! days ask for. They are a pair if they may be and one of them is among the `nearest` nearest of the other of those that may be
//! (by cosine, ties by the smaller number, which is the order of the article keys). [`brute_force`] computes just that; every
//! other join must return the same pairs.
//!
//! What days ask for is `least-cosine`, and `far-rise` more for every doubling of the voices of their language that lie on days
//! between theirs, beyond `far-voices`; doublings are counted linearly from one to the next. Between voices of which one has no
//! day, or that are of one day or the next, nobody lies. The more voices are nearer in time, the more of those further
//! away are near by chance; measured on news, half as many for every .033 more cosine, so that this keeps their number.
//! Without it the join, and what chance brings, grow with the square of the time that a corpus spans.

mod block;
pub mod blocked;
pub mod brute_force;
mod ranked;
mod set_index;
pub mod set_join;
mod shingles;

use rayon::prelude::*;

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
    pub cosine: u32,
}

impl Pair {
    /// Two voices, `a < b`, with their cosine.
    #[must_use]
    pub fn of(a: u32, b: u32, vectors: &Vectors) -> Self {
        Self { a, b, cosine: to_u32(vectors.all.row(a as usize).dot(vectors.all.row(b as usize))) }
    }

    /// A voice and a neighbour, in either order.
    fn between(x: u32, y: u32, cosine: u32) -> Self {
        Self { a: x.min(y), b: x.max(y), cosine }
    }
}

/// The pairs of the definition above, sorted. The one place that chooses how they are found.
#[must_use]
pub fn join(vectors: &Vectors, days: &[Option<i64>], config: &JoinConfig, progress: &dyn Progress) -> Vec<Pair> {
    blocked::join(vectors, days, config, progress)
}

/// What dot products must reach.
#[derive(Clone, Copy, Debug)]
struct Thresholds {
    /// Of two voices with few or no others between them.
    near: u64,
    /// How many those may be.
    voices: u64,
    /// What every doubling beyond adds.
    rise: u64,
}

impl Thresholds {
    fn new(config: &JoinConfig) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "0 to 1, checked"
        )]
        let dot = |cosine: f64| (cosine.clamp(0.0, 1.0) * COSINE_ONE as f64).ceil() as u64;
        let voices = config.far_voices.max(1) as u64;
        Self { near: dot(config.least_cosine).max(1), voices, rise: dot(config.far_rise) }
    }

    /// The one for two voices with so many others on the days between theirs. It never falls as those become more.
    fn between(&self, others: usize) -> u64 {
        let times = others as u64 / self.voices;
        let Some(doublings) = times.checked_ilog2() else { return self.near };
        let doubled = self.voices << doublings;
        self.near + self.rise * u64::from(doublings) + self.rise * (others as u64 - doubled) / doubled
    }
}

/// Pairs sorted, each once.
fn each_once(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs.shrink_to_fit();
    pairs
}

/// A dot product as 32 bits: two rows of length 1, each weight rounded, have one of little more than 2^30.
fn to_u32(product: u64) -> u32 {
    u32::try_from(product).unwrap_or(u32::MAX)
}
