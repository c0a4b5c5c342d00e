//! The similarity join: which voices are near enough to be scored.
//!
//! Definition. Two voices may be a pair if they are of one language and their cosine in the view `all` is at least
//! `least-cosine`; where their days are both known and more than `far-days` apart, at least the far cosine of their language.
//! They are a pair if they may be and one of them is among the `nearest` nearest of the other of those that may be (by cosine,
//! ties by the smaller number, which is the order of the article keys). [`brute_force`] computes just that; every other join
//! must return the same pairs.
//!
//! The far cosine of a language of n voices is `least-cosine + far-rise log2(n / far-voices)`, and `least-cosine` up to
//! `far-voices`. Of a larger corpus more far voices are near by chance; measured on news, half as many for every `far-rise` more
//! cosine, so that this keeps their number. Without it the join, and what chance brings, grow with the square of the time that
//! a corpus spans.

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

/// What a dot product must reach.
#[derive(Clone, Copy, Debug)]
struct Thresholds {
    /// Of two voices of about one time, or where that is not known.
    near: u64,
    /// Of two that are far apart; at least `near`.
    far: u64,
    /// Days from which on they are.
    days: i64,
}

impl Thresholds {
    fn new(config: &JoinConfig, voices: usize) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "0 to 1, checked"
        )]
        let dot = |cosine: f64| ((cosine.clamp(0.0, 1.0) * COSINE_ONE as f64).ceil() as u64).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a count of articles")]
        let doublings = (voices as f64 / config.far_voices.max(1) as f64).max(1.0).log2();
        let far = config.least_cosine + config.far_rise * doublings;
        Self { near: dot(config.least_cosine), far: dot(far), days: config.far_days }
    }

    /// The one for two voices of these days.
    fn of(&self, a: Option<i64>, b: Option<i64>) -> u64 {
        match (a, b) {
            (Some(a), Some(b)) if a.abs_diff(b) > self.days.unsigned_abs() => self.far,
            _ => self.near,
        }
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
