//! The reference: every pair of voices, one dot product each. O(n^2 log n) time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::config::JoinConfig;
use crate::join::{Pair, Thresholds, each_once, to_u32};
use crate::language::Lang;
use crate::vectorise::Vectors;

/// The pairs of the join's definition, computed as it is written.
#[must_use]
pub fn join(vectors: &Vectors, days: &[Option<i64>], config: &JoinConfig) -> Vec<Pair> {
    let thresholds = Thresholds::new(config);
    let mut known: BTreeMap<Lang, Vec<i64>> = BTreeMap::new();
    for (lang, day) in vectors.langs.iter().zip(days).filter_map(|(lang, day)| Some((*lang, (*day)?))) {
        known.entry(lang).or_default().push(day);
    }
    known.values_mut().for_each(|days| days.sort_unstable());
    // How many voices of a language lie on the days between two.
    let between = |lang: Lang, a: Option<i64>, b: Option<i64>| {
        let (Some(a), Some(b), Some(days)) = (a, b, known.get(&lang)) else { return 0 };
        let before = days.partition_point(|&day| day < a.max(b));
        before.saturating_sub(days.partition_point(|&day| day <= a.min(b)))
    };
    let voices = 0..u32::try_from(vectors.langs.len()).unwrap_or(u32::MAX);
    let nearest = |a: u32| {
        let near = |b: u32| {
            let (x, y) = (a as usize, b as usize);
            let cosine = vectors.all.row(x).dot(vectors.all.row(y));
            let lang = vectors.langs[x];
            let near =
                a != b && lang == vectors.langs[y] && cosine >= thresholds.between(between(lang, days[x], days[y]));
            near.then_some((Reverse(to_u32(cosine)), b))
        };
        let mut found: Vec<(Reverse<u32>, u32)> = voices.clone().filter_map(near).collect();
        found.sort_unstable();
        found.truncate(config.nearest);
        found.into_iter().map(move |(Reverse(cosine), b)| Pair::between(a, b, cosine))
    };
    each_once(voices.clone().flat_map(nearest).collect())
}
