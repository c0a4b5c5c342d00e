//! The reference: every pair of voices, one dot product each. O(n^2) time.

use crate::config::JoinConfig;
use crate::join::{Neighbour, Pair, keep_nearest, pairs_of, threshold};
use crate::vectorise::Vectors;

/// The pairs of the join's definition, computed as it is written.
#[must_use]
pub fn join(vectors: &Vectors, config: &JoinConfig) -> Vec<Pair> {
    let least = threshold(config);
    let voices = 0..u32::try_from(vectors.langs.len()).unwrap_or(u32::MAX);
    pairs_of(voices.clone().map(|a| {
        let near = |b: u32| {
            let (x, y) = (a as usize, b as usize);
            let cosine = vectors.all.row(x).dot(vectors.all.row(y));
            (a != b && vectors.langs[x] == vectors.langs[y] && cosine >= least).then_some(Neighbour { cosine, at: b })
        };
        let mut found: Vec<Neighbour> = voices.clone().filter_map(near).collect();
        keep_nearest(&mut found, config.nearest);
        (a, found)
    }))
}
