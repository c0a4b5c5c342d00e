//! From pairs to scored, explained links.

pub mod dates;
pub mod score;
pub mod shared_text;

use rayon::prelude::*;

use crate::config::ScoreConfig;
use crate::join::Pair;
use crate::progress::Progress;

pub use score::{Part, PartKind, Scorer};
pub use shared_text::{SharedText, SharedTexts};

/// One, in the fixed point of scores.
pub const MICRO: i64 = 1_000_000;

/// A scored pair of voices, by their places, `a < b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The smaller place.
    pub a: u32,
    /// The larger place.
    pub b: u32,
    /// The score, in millionths.
    pub score: i64,
}

/// All links above 0 of a run, and what was found out about dates on the way.
#[derive(Debug, Default)]
pub struct Graph {
    /// Sorted by voices.
    pub links: Vec<Link>,
    /// By voice: whether its date disagrees with those of its near neighbours.
    pub doubtful: Vec<bool>,
}

/// Scores every pair. Twice: without dates, to find the dates that cannot be right, then with the others. Parallel.
#[must_use]
pub fn graph(pairs: &[Pair], scorer: &mut Scorer<'_>, config: &ScoreConfig, progress: &dyn Progress) -> Graph {
    progress.stage("graph", Some(pairs.len() as u64));
    let undated: Vec<Link> = pairs
        .par_iter()
        .map(|pair| Link { a: pair.a, b: pair.b, score: scorer.undated(*pair) })
        .collect();
    scorer.doubtful = dates::doubtful(&undated, scorer.dates(), config);
    let links = pairs
        .par_iter()
        .zip(&undated)
        .filter_map(|(pair, undated)| {
            let score = scorer.dated(pair.a, pair.b, undated.score);
            (score > 0).then_some(Link { a: pair.a, b: pair.b, score })
        })
        .collect();
    progress.advance(pairs.len() as u64);
    Graph { links, doubtful: scorer.doubtful.clone() }
}
