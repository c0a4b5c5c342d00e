//! The passages that two articles share, recomputed for what is shown.

use crate::article::DocId;
use crate::passages::{Passage, Run, Shared, passages_of};
use crate::pipeline::Analysis;

/// The passages of two articles in the order of their places in `a`, with the offsets of these very texts: of identical
/// texts only one was searched, and the others may differ from it in what stands between the words.
#[must_use]
pub fn passages_between(analysis: &Analysis, a: DocId, b: DocId) -> Vec<Passage> {
    let searched = &analysis.passages.same_text;
    let (x, y) = (searched[a.index()], searched[b.index()]);
    let runs: Vec<Run> = if x == y {
        let len = u32::try_from(analysis.normalised.stream(a).body.len()).unwrap_or(u32::MAX);
        if len == 0 { Vec::new() } else { vec![Run { a: 0, b: 0, len, spread: 2 }] }
    } else {
        let turned = |run: &Run| Run { a: run.b, b: run.a, ..*run };
        match analysis.passages.between(x, y) {
            None => Vec::new(),
            Some(shared) if shared.a == x => shared.runs.to_vec(),
            Some(shared) => shared.runs.iter().map(turned).collect(),
        }
    };
    let mut passages = passages_of(Shared { a, b, runs: &runs }, &analysis.normalised);
    passages.sort_unstable_by_key(|passage| (passage.a_span, passage.b_span));
    passages
}
