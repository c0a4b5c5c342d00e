//! From pairs to scored, explained links.

pub mod dates;
pub mod score;
pub mod shared_text;

use rayon::prelude::*;

use crate::config::ScoreConfig;
use crate::join::Pair;
use crate::progress::Progress;

pub use score::{Material, Neighbours, Part, PartKind, Scorer};
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
    /// The score without what dates and other articles say: how far the two speak of one affair, if not of one event.
    pub affair: i64,
}

/// All links of a run that speak of one affair at all, and what was found out on the way.
#[derive(Debug, Default)]
pub struct Graph {
    /// Sorted by voices.
    pub links: Vec<Link>,
    /// What the near neighbours of each voice say of it.
    pub neighbours: Neighbours,
}

/// Scores every pair, in two passes: the first without dates, to learn from near neighbours which dates cannot be right and
/// whose reports are retold; the second with that. Parallel.
#[must_use]
pub fn graph(pairs: &[Pair], scorer: &mut Scorer<'_>, config: &ScoreConfig, progress: &dyn Progress) -> Graph {
    progress.stage("graph", Some(pairs.len() as u64));
    let first: Vec<Link> = pairs
        .par_iter()
        .map(|pair| {
            let affair = scorer.first(*pair);
            Link { a: pair.a, b: pair.b, score: affair, affair }
        })
        .collect();
    scorer.neighbours =
        Neighbours { doubtful_date: dates::doubtful(&first, scorer.dates(), config), origins: scorer.origins(&first) };
    let links = first
        .par_iter()
        .filter_map(|link| {
            let score = scorer.second(link.a, link.b, link.affair);
            (link.affair > 0).then_some(Link { score: score.max(0), ..*link })
        })
        .collect();
    progress.advance(pairs.len() as u64);
    Graph { links, neighbours: scorer.neighbours.clone() }
}
