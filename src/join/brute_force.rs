//! The reference: every pair of voices, one dot product each. O(n^2) time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::config::JoinConfig;
use crate::join::{Neighbour, Pair, Thresholds, pairs_of};
use crate::language::Lang;
use crate::vectorise::Vectors;

/// The pairs of the join's definition, computed as it is written.
#[must_use]
pub fn join(vectors: &Vectors, days: &[Option<i64>], config: &JoinConfig) -> Vec<Pair> {
    let thresholds = |lang| Thresholds::new(config, vectors.langs.iter().filter(|l| **l == lang).count());
    let thresholds: BTreeMap<Lang, Thresholds> = vectors.langs.iter().map(|&lang| (lang, thresholds(lang))).collect();
    let voices = 0..u32::try_from(vectors.langs.len()).unwrap_or(u32::MAX);
    pairs_of(voices.clone().map(|a| {
        let near = |b: u32| {
            let (x, y) = (a as usize, b as usize);
            let cosine = vectors.all.row(x).dot(vectors.all.row(y));
            let lang = vectors.langs[x];
            let near = a != b && lang == vectors.langs[y] && cosine >= thresholds[&lang].of(days[x], days[y]);
            near.then_some(Neighbour { cosine, at: b })
        };
        let mut found: Vec<Neighbour> = voices.clone().filter_map(near).collect();
        found.sort_unstable_by_key(|neighbour| (Reverse(neighbour.cosine), neighbour.at));
        found.truncate(config.nearest);
        (a, found)
    }))
}
