//! The passages that two articles share, recomputed for what is shown.

use crate::article::DocId;
use crate::passages::{Alignment, Passage, Shared, passages_of};
use crate::pipeline::Analysis;

/// The passages of two articles in the order of their places in `a`, with the offsets of these very texts: of identical
/// texts only one was searched, and the others may differ from it in what stands between the words.
#[must_use]
pub fn passages_between(analysis: &Analysis, a: DocId, b: DocId) -> Vec<Passage> {
    let searched = &analysis.passages.same_text;
    let (x, y) = (searched[a.index()], searched[b.index()]);
    let found: Vec<Alignment> = if x == y {
        let len = analysis.normalised.stream(a).body.len();
        if len == 0 { Vec::new() } else { vec![Alignment::whole(len)] }
    } else {
        match analysis.passages.between(x, y) {
            None => Vec::new(),
            Some(shared) if shared.a == x => shared.passages.to_vec(),
            Some(shared) => shared.passages.iter().map(Alignment::turned).collect(),
        }
    };
    let mut passages = passages_of(Shared { a, b, passages: &found }, &analysis.normalised);
    passages.sort_unstable_by_key(|passage| (passage.a_span, passage.b_span));
    passages
}
