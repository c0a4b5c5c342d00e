//! From pairs to scored, explained links.

pub mod dates;
pub mod score;
pub mod shared_text;
pub mod who_and_what;

use rayon::prelude::*;

use crate::config::ScoreConfig;
use crate::join::Pair;
use crate::progress::Progress;

pub use score::{First, Material, Neighbours, Part, PartKind, Scorer};
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
    let apart = |a: usize, b: usize| {
        let (x, y) = scorer.dates()[a].zip(scorer.dates()[b])?;
        Some(x.days_apart(y) > config.crowd_days)
    };
    let voices = scorer.dates().len();
    let crowd = nth_nearest(pairs, voices, config.crowd_rank, |a, b| apart(a, b).unwrap_or(true));
    let house = |a, b| scorer.of_one_outlet(a, b) && apart(a, b) == Some(true);
    let house_style = nth_nearest(pairs, voices, config.house_style_rank, house);
    (scorer.neighbours.crowd, scorer.neighbours.house_style) = (crowd, house_style);
    let (first, other_words): (Vec<Link>, Vec<i64>) = pairs
        .par_iter()
        .map(|pair| {
            let First { affair, other_words } = scorer.first(*pair);
            (Link { a: pair.a, b: pair.b, score: affair, affair }, other_words)
        })
        .unzip();
    scorer.neighbours.doubtful_date = dates::doubtful(&first, scorer.dates(), config);
    scorer.neighbours.origins = scorer.origins(&first);
    let links = (first.par_iter().zip(other_words).zip(pairs))
        .filter_map(|((link, other_words), pair)| {
            let score = scorer.second(*pair, First { affair: link.affair, other_words });
            (link.affair > 0).then_some(Link { score: score.max(0), ..*link })
        })
        .collect();
    progress.advance(pairs.len() as u64);
    Graph { links, neighbours: scorer.neighbours.clone() }
}

/// By voice: its cosine with the `rank`th nearest (from 1) of the voices that `counts`, of its pairs; 0 where it has fewer.
/// O(pairs).
fn nth_nearest(pairs: &[Pair], voices: usize, rank: usize, counts: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let mut near: Vec<Vec<u32>> = vec![Vec::new(); voices];
    for &Pair { a, b, cosine } in pairs {
        let (a, b) = (a as usize, b as usize);
        if counts(a, b) {
            near[a].push(cosine);
            near[b].push(cosine);
        }
    }
    let nth = |mut cosines: Vec<u32>| match rank.checked_sub(1) {
        Some(at) if at < cosines.len() => *cosines.select_nth_unstable_by(at, |a, b| b.cmp(a)).1,
        _ => 0,
    };
    near.into_iter().map(nth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_nearest_is_of_those_that_count() {
        let pair = |a, b, cosine| Pair { a, b, cosine };
        let pairs = [pair(0, 1, 5), pair(0, 2, 3), pair(0, 3, 4), pair(1, 2, 9)];
        assert_eq!(nth_nearest(&pairs, 4, 2, |_, _| true), [4, 5, 3, 0]);
        assert_eq!(nth_nearest(&pairs, 4, 1, |a, b| (a, b) != (1, 2)), [5, 5, 3, 4]);
        assert_eq!(nth_nearest(&pairs, 4, 4, |_, _| true), [0; 4]);
        assert_eq!(nth_nearest(&pairs, 4, 0, |_, _| true), [0; 4]);
    }
}
