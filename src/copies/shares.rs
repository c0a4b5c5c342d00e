//! How much of an article stands in others. Shares are in millionths of all its words, those of prose of its own words.

use std::ops::Range;

use crate::article::DocId;
use crate::copies::coverage::NOT_OWN;
use crate::normalise::{Normalised, Tokens};
use crate::passages::{Passage, PassageKind, Run};

/// What two articles share, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairShares {
    /// Of the words of `a`, those that stand in `b`.
    pub of_a: i64,
    /// Of the words of `b`, those that stand in `a`.
    pub of_b: i64,
    /// The same of the own words of `a` (quotations, furniture and head lines apart).
    pub of_a_prose: i64,
    /// The same of `b`.
    pub of_b_prose: i64,
}

/// How much of an article stands elsewhere, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArticleShares {
    /// Its words.
    pub words: u32,
    /// Those in passages that earlier articles have too, furniture and quotations apart.
    pub copied: i64,
    /// Those in quotations that others have too.
    pub quoted: i64,
    /// Those in furniture that others have too.
    pub furniture: i64,
    /// The earlier article that most of it stands in, with the share.
    pub best: Option<(DocId, i64)>,
}

/// Measures a pair by its passages. O(words).
#[must_use]
pub fn pair_shares<'a>(
    passages: impl Iterator<Item = &'a Passage>,
    a: DocId,
    b: DocId,
    normalised: &Normalised,
) -> PairShares {
    let runs: Vec<&Run> = passages.flat_map(|passage| &passage.found.runs).collect();
    let side = |doc: DocId, range: fn(&Run) -> Range<usize>| {
        let tokens = &normalised.stream(doc).body;
        let common = union(runs.iter().map(|run| range(run)), tokens);
        let own = |at: &usize| !tokens.marks[*at].any(NOT_OWN);
        let all = (0..tokens.len()).filter(own).count();
        (share(common.len(), tokens.len()), share(common.iter().filter(|at| own(at)).count(), all))
    };
    let ((of_a, of_a_prose), (of_b, of_b_prose)) = (side(a, Run::in_a), side(b, Run::in_b));
    PairShares { of_a, of_b, of_a_prose, of_b_prose }
}

/// Measures every article. `order` ranks them in time. O(words of the passages).
#[must_use]
pub fn article_shares<'a>(
    passages: impl Iterator<Item = &'a Passage>,
    normalised: &Normalised,
    order: &[u32],
) -> Vec<ArticleShares> {
    let mut sides: Vec<(DocId, DocId, PassageKind, Vec<Range<usize>>)> = Vec::new();
    for passage in passages {
        let runs = &passage.found.runs;
        sides.push((passage.a, passage.b, passage.kind, runs.iter().map(Run::in_a).collect()));
        sides.push((passage.b, passage.a, passage.kind, runs.iter().map(Run::in_b).collect()));
    }
    sides.sort_by_key(|side| (side.0, side.1));
    let words = |doc: usize| u32::try_from(normalised.streams[doc].body.len()).unwrap_or(u32::MAX);
    let mut shares: Vec<ArticleShares> =
        (0..order.len()).map(|doc| ArticleShares { words: words(doc), ..ArticleShares::default() }).collect();
    for of_doc in sides.chunk_by(|x, y| x.0 == y.0) {
        let doc = of_doc[0].0;
        let tokens = &normalised.stream(doc).body;
        let earlier = |other: DocId| order[other.index()] < order[doc.index()];
        let measure = |wanted: &dyn Fn(DocId, PassageKind) -> bool| {
            let ranges = of_doc.iter().filter(|side| wanted(side.1, side.2)).flat_map(|side| side.3.clone());
            share(union(ranges, tokens).len(), tokens.len())
        };
        let no_prose = |kind: PassageKind| matches!(kind, PassageKind::Furniture | PassageKind::Quote);
        let others = of_doc.chunk_by(|x, y| x.1 == y.1).map(|sides| sides[0].1).filter(|&other| earlier(other));
        let best = others.map(|other| (other, measure(&|of, kind| of == other && !no_prose(kind))));
        let entry = &mut shares[doc.index()];
        entry.copied = measure(&|other, kind| earlier(other) && !no_prose(kind));
        entry.quoted = measure(&|_, kind| kind == PassageKind::Quote);
        entry.furniture = measure(&|_, kind| kind == PassageKind::Furniture);
        entry.best = best.filter(|best| best.1 > 0).min_by_key(|&(other, share)| (-share, order[other.index()]));
    }
    shares
}

/// The tokens in any of the ranges, sorted.
fn union(ranges: impl Iterator<Item = Range<usize>>, tokens: &Tokens) -> Vec<usize> {
    let mut all: Vec<usize> = ranges.flatten().filter(|&at| at < tokens.len()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn share(part: usize, whole: usize) -> i64 {
    i64::try_from(part * 1_000_000 / whole.max(1)).unwrap_or(i64::MAX)
}
