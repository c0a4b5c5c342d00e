//! The same passage in many articles: one thing with many places.

use std::ops::Range;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::normalise::Span;
use crate::passages::{Passage, PassageKind};

/// Where a passage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The article.
    pub doc: DocId,
    /// From its first to its last word, in bytes of the text; the widest of the passages that were joined here.
    pub span: Span,
}

/// A passage with all its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageGroup {
    /// Stable: made of the key of the article that has it first, and the place there.
    pub id: String,
    /// What it is in most pairs.
    pub kind: PassageKind,
    /// One or more an article, by date.
    pub places: Vec<Place>,
}

/// Groups passages: two are one if in an article that both are in they have more in common than apart. Answers the groups, and
/// the group of each passage. `order` ranks the articles in time. O(passages log passages).
#[must_use]
pub fn groups(passages: &[Passage], corpus: &Corpus, order: &[u32]) -> (Vec<PassageGroup>, Vec<usize>) {
    // A node for every side of every passage.
    let node = |at: usize| {
        let passage = &passages[at / 2];
        if at.is_multiple_of(2) { (passage.a, &passage.found.a) } else { (passage.b, &passage.found.b) }
    };
    let mut sets = petgraph::unionfind::UnionFind::<usize>::new(passages.len());
    let mut sides: Vec<usize> = (0..passages.len() * 2).collect();
    sides.sort_unstable_by_key(|&at| (node(at).0, node(at).1.start, node(at).1.end, at));
    for in_article in sides.chunk_by(|&x, &y| node(x).0 == node(y).0) {
        // Of those that begin before, the ones that may still reach here; a few, since what is the same was joined.
        let mut open: Vec<usize> = Vec::new();
        for &at in in_article {
            let range = node(at).1;
            open.retain(|&other| node(other).1.end > range.start);
            let mut known = false;
            for &other in &open {
                if same(range, node(other).1) {
                    sets.union(at / 2, other / 2);
                    known |= range == node(other).1;
                }
            }
            if !known {
                open.push(at);
            }
        }
    }
    let labels = sets.into_labeling();
    let mut by_label: Vec<usize> = (0..passages.len()).collect();
    by_label.sort_by_key(|&at| labels[at]);
    let mut found: Vec<(PassageGroup, Vec<usize>)> = Vec::new();
    for members in by_label.chunk_by(|&x, &y| labels[x] == labels[y]) {
        found.extend(group(members, passages, corpus, order).map(|group| (group, members.to_vec())));
    }
    // In most articles first, then the longest; furniture, of which there is most, last.
    let size = |group: &PassageGroup| {
        let first = group.places[0];
        let mut docs: Vec<DocId> = group.places.iter().map(|place| place.doc).collect();
        docs.dedup();
        let furniture = group.kind == PassageKind::Furniture;
        (
            furniture,
            std::cmp::Reverse(docs.len()),
            std::cmp::Reverse(first.span.end - first.span.begin),
            first.doc,
            first.span,
        )
    };
    found.sort_by_cached_key(|(group, _)| size(group));
    let mut of = vec![0; passages.len()];
    for (at, (_, members)) in found.iter().enumerate() {
        for &member in members {
            of[member] = at;
        }
    }
    (found.into_iter().map(|(group, _)| group).collect(), of)
}

/// Whether two stretches of one text have more in common than apart.
fn same(x: &Range<u32>, y: &Range<u32>) -> bool {
    let common = x.end.min(y.end).saturating_sub(x.start.max(y.start));
    let whole = x.end.max(y.end) - x.start.min(y.start);
    common * 2 > whole
}

fn group(members: &[usize], passages: &[Passage], corpus: &Corpus, order: &[u32]) -> Option<PassageGroup> {
    let sides = members.iter().flat_map(|&at| {
        let passage = &passages[at];
        [(passage.a, passage.a_span), (passage.b, passage.b_span)]
    });
    let mut sides: Vec<(DocId, Span)> = sides.collect();
    sides.sort_unstable_by_key(|&(doc, span)| (order[doc.index()], span));
    let mut places: Vec<Place> = Vec::new();
    for (doc, span) in sides {
        match places.last_mut().filter(|last| last.doc == doc && span.begin < last.span.end) {
            Some(last) => last.span.end = last.span.end.max(span.end),
            None => places.push(Place { doc, span }),
        }
    }
    let first = places.first()?;
    let id = format!("p{:016x}", (corpus.key(first.doc).0 >> 64) as u64 ^ u64::from(first.span.begin));
    let count = |kind: PassageKind| members.iter().filter(|&&at| passages[at].kind == kind).count();
    let kind = PassageKind::ALL.into_iter().rev().max_by_key(|&kind| count(kind)).unwrap_or(PassageKind::Prose);
    Some(PassageGroup { id, kind, places })
}
