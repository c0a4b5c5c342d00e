//! From pairs to scored, explained links.

pub mod dates;
pub mod score;
pub mod shared_text;

use rayon::prelude::*;

use crate::article::Date;
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
    scorer.neighbours.crowd = crowd(pairs, scorer.dates(), config);
    let first: Vec<Link> = pairs
        .par_iter()
        .map(|pair| {
            let affair = scorer.first(*pair);
            Link { a: pair.a, b: pair.b, score: affair, affair }
        })
        .collect();
    scorer.neighbours.doubtful_date = dates::doubtful(&first, scorer.dates(), config);
    scorer.neighbours.origins = scorer.origins(&first);
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

/// By voice: its cosine with the `crowd_rank`th nearest (from 1) of its pairs, 0 where it has fewer. What is dated within
/// `crowd_days` of it is left out: sixty reports of one great event are no crowd. O(pairs).
fn crowd(pairs: &[Pair], dates: &[Option<Date>], config: &ScoreConfig) -> Vec<u64> {
    let mut near: Vec<Vec<u64>> = vec![Vec::new(); dates.len()];
    for &Pair { a, b, cosine } in pairs {
        let (a, b) = (a as usize, b as usize);
        if dates[a].zip(dates[b]).is_none_or(|(x, y)| x.days_apart(y) > config.crowd_days) {
            near[a].push(cosine);
            near[b].push(cosine);
        }
    }
    let nth = |mut cosines: Vec<u64>| match config.crowd_rank.checked_sub(1) {
        Some(at) if at < cosines.len() => *cosines.select_nth_unstable_by(at, |a, b| b.cmp(a)).1,
        _ => 0,
    };
    near.into_iter().map(nth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{DAY, Provenance, Resolution};

    #[test]
    fn a_crowd_is_as_near_as_its_last_and_of_other_times() {
        let pair = |a, b, cosine| Pair { a, b, cosine };
        let pairs = [pair(0, 1, 5), pair(0, 2, 3), pair(0, 3, 4), pair(1, 2, 9)];
        let ranked = |crowd_rank, dates: &[Option<Date>]| {
            crowd(&pairs, dates, &ScoreConfig { crowd_rank, ..ScoreConfig::default() })
        };
        assert_eq!(ranked(2, &[None; 4]), [4, 5, 3, 0]);
        assert_eq!(ranked(4, &[None; 4]), [0; 4]);
        assert_eq!(ranked(0, &[None; 4]), [0; 4]);
        let on = |day| Some(Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published });
        assert_eq!(ranked(1, &[on(0), on(7), on(8), None]), [4, 0, 3, 4]);
    }
}
