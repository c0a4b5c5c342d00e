//! Identical texts that people want in different stories: they are no longer one class, and each class has the whole
//! evidence of the text.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::article::DocId;
use crate::constraints::Classes;
use crate::copies::Coverage;

/// By article the earliest one with the same text that it may be in one story with, and what pairs of those share, sorted.
/// Joins in `classes` what stays one. O(articles), and where something is parted O(pairs log pairs).
#[must_use]
pub fn divide(
    same_text: &[DocId],
    coverages: Vec<Coverage>,
    order: &[u32],
    classes: &mut Classes,
) -> (Vec<DocId>, Vec<Coverage>) {
    let mut copies: Vec<DocId> = (0u32..).map(DocId).zip(same_text).filter(|(d, s)| d != *s).map(|(d, _)| d).collect();
    copies.sort_unstable_by_key(|doc| order[doc.index()]);
    let mut parted = same_text.to_vec();
    // By the earliest of a class: the earliest of those that were parted from it.
    let mut others: HashMap<DocId, Vec<DocId>, FixedState> = HashMap::default();
    for doc in copies {
        let first = same_text[doc.index()];
        if classes.join(first, doc) {
            continue;
        }
        let others = others.entry(first).or_default();
        parted[doc.index()] = others.iter().copied().find(|&other| classes.join(other, doc)).unwrap_or(doc);
        if parted[doc.index()] == doc {
            others.push(doc);
        }
    }
    if others.is_empty() {
        return (parted, coverages);
    }
    let all_of = |first: DocId| [first].into_iter().chain(others.get(&first).into_iter().flatten().copied());
    let mut shared: Vec<Coverage> = Vec::with_capacity(coverages.len());
    for c in &coverages {
        for a in all_of(c.a) {
            shared.extend(all_of(c.b).map(|b| {
                if a < b { Coverage { a, b, ..*c } } else { Coverage { a: b, b: a, of_a: c.of_b, of_b: c.of_a, ..*c } }
            }));
        }
    }
    for &first in others.keys() {
        let mut all: Vec<DocId> = all_of(first).collect();
        all.sort_unstable();
        let pairs = all.iter().enumerate().flat_map(|(i, &a)| all[i + 1..].iter().map(move |&b| (a, b)));
        let whole = |(a, b)| Coverage { a, b, of_a: 1_000_000, of_b: 1_000_000, quotations: 0, quoted_words: 0 };
        shared.extend(pairs.map(whole));
    }
    shared.sort_unstable_by_key(|c| (c.a, c.b));
    (parted, shared)
}
