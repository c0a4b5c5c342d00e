//! Measures of a partition against a labelled one.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

/// Precision, recall and their harmonic mean, each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Share of what was joined that belongs together.
    pub precision: f64,
    /// Share of what belongs together that was joined.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

impl Scores {
    pub(super) fn new(precision: f64, recall: f64) -> Self {
        let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        Self { precision, recall, f1 }
    }
}

/// How a partition agrees with a labelled one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Articles that have both a story and a label.
    pub articles: usize,
    /// Labelled stories.
    pub gold_stories: usize,
    /// Stories found, with at least one labelled article.
    pub stories: usize,
    /// Articles of the largest story found.
    pub largest: usize,
    /// Share of the articles that are alone in their story, 0 to 1.
    pub singletons: f64,
    /// B-cubed (Bagga and Baldwin, 1998): the mean over articles.
    pub b_cubed: Scores,
    /// Over pairs of articles.
    pub pairwise: Scores,
    /// Adjusted Rand index (Hubert and Arabie, 1985), -0.5 to 1.
    pub ari: f64,
}

/// Measures (story, label) of every labelled article. O(articles).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of articles")]
pub fn measure<S: Hash + Eq, L: Hash + Eq>(articles: &[(S, L)]) -> Measures {
    let (mut stories, mut labels, mut both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (story, label) in articles {
        *stories.entry(story).or_insert(0u64) += 1;
        *labels.entry(label).or_insert(0u64) += 1;
        *both.entry((story, label)).or_insert(0u64) += 1;
    }
    let n = articles.len();
    if n == 0 {
        return Measures::default();
    }
    // Integer sums where they can be, and floats added in a sorted order, so that the figures do not hang on hashing.
    let mut precision: Vec<f64> = both.iter().map(|((s, _), &k)| (k * k) as f64 / stories[s] as f64).collect();
    let mut recall: Vec<f64> = both.iter().map(|((_, l), &k)| (k * k) as f64 / labels[l] as f64).collect();
    precision.sort_by(f64::total_cmp);
    recall.sort_by(f64::total_cmp);
    let pairs = |k: u64| k * (k - 1) / 2;
    let joined: u64 = stories.values().map(|&k| pairs(k)).sum();
    let together: u64 = labels.values().map(|&k| pairs(k)).sum();
    let right: u64 = both.values().map(|&k| pairs(k)).sum();
    let all = pairs(n as u64);
    let share = |part: u64, whole: u64| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    let expected = if all == 0 { 0.0 } else { joined as f64 * together as f64 / all as f64 };
    let best = (joined + together) as f64 / 2.0;
    Measures {
        articles: n,
        gold_stories: labels.len(),
        stories: stories.len(),
        largest: stories.values().max().map_or(0, |&k| usize::try_from(k).unwrap_or(usize::MAX)),
        singletons: stories.values().filter(|&&k| k == 1).count() as f64 / n as f64,
        b_cubed: Scores::new(precision.iter().sum::<f64>() / n as f64, recall.iter().sum::<f64>() / n as f64),
        pairwise: Scores::new(share(right, joined), share(right, together)),
        ari: if (best - expected).abs() < f64::EPSILON { 1.0 } else { (right as f64 - expected) / (best - expected) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: stories {a b c} {d}, labels {a b} {c d}.
    #[test]
    fn a_small_case_by_hand() {
        let m = measure(&[(1, 'x'), (1, 'x'), (1, 'y'), (2, 'y')]);
        assert!((m.b_cubed.precision - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0 + 1.0) / 4.0).abs() < 1e-12);
        assert!((m.b_cubed.recall - 0.75).abs() < 1e-12);
        assert!((m.pairwise.precision - 1.0 / 3.0).abs() < 1e-12 && (m.pairwise.recall - 0.5).abs() < 1e-12);
        assert!(m.ari.abs() < 1e-12);
        assert_eq!((m.articles, m.gold_stories, m.stories, m.largest), (4, 2, 2, 3));
    }

    #[test]
    fn a_perfect_partition_measures_one() {
        let m = measure(&[(1, 'x'), (1, 'x'), (2, 'y')]);
        assert!(
            (m.b_cubed.f1 - 1.0).abs() < 1e-12 && (m.ari - 1.0).abs() < 1e-12 && (m.pairwise.f1 - 1.0).abs() < 1e-12
        );
        assert_eq!(measure::<u8, u8>(&[]), Measures::default());
    }
}
