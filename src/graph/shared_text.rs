//! Text shared word for word, as evidence between voices.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::config::CopiesConfig;
use crate::copies::{Coverage, Voices, share_to_micro};
use crate::join::Pair;
use crate::vectorise::Vectors;

/// What two voices share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedText {
    /// Separate rare quotations that both have.
    pub quotations: u32,
    /// The larger share of either's own words that stands in the other, in millionths; 0 below that of a partial copy.
    pub coverage: i64,
}

/// The pairs of voices that share text which is evidence.
#[derive(Clone, Debug, Default)]
pub struct SharedTexts {
    by_pair: HashMap<(u32, u32), SharedText, FixedState>,
}

impl SharedTexts {
    /// From the pairs of articles; of several articles of a voice the best pair counts. O(pairs).
    #[must_use]
    pub fn new(coverages: &[Coverage], voices: &Voices, config: &CopiesConfig) -> Self {
        let mut by_pair: HashMap<(u32, u32), SharedText, FixedState> = HashMap::default();
        let partial = share_to_micro(config.partial_copy);
        for c in coverages {
            let (a, b) = (voices.of[c.a.index()], voices.of[c.b.index()]);
            let coverage = Some(c.of_a.max(c.of_b)).filter(|share| *share >= partial).unwrap_or(0);
            if a == b || c.quotations == 0 && coverage == 0 {
                continue;
            }
            let best = by_pair.entry((a.min(b), a.max(b))).or_default();
            best.quotations = best.quotations.max(c.quotations);
            best.coverage = best.coverage.max(coverage);
        }
        Self { by_pair }
    }

    /// What two voices share; nothing where that is no evidence.
    #[must_use]
    pub fn between(&self, a: u32, b: u32) -> SharedText {
        self.by_pair.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }

    /// Adds these pairs to those of the join, however few their common terms: sorted, each once.
    #[must_use]
    pub fn with_pairs(&self, mut pairs: Vec<Pair>, vectors: &Vectors) -> Vec<Pair> {
        let same_language = |(a, b): &&(u32, u32)| vectors.langs[*a as usize] == vectors.langs[*b as usize];
        pairs.extend(self.by_pair.keys().filter(same_language).map(|&(a, b)| Pair::of(a, b, vectors)));
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}
