//! How much of an article stands in others. Shares are in millionths of all its words, those of prose of its own words.

use std::ops::Range;

use crate::article::DocId;
use crate::copies::coverage::NOT_OWN;
use crate::normalise::{Marks, Normalised, Tokens};
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

/// What a common word is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Own,
    Quoted,
    Furniture,
}

/// One side of a passage: an article, the other one, and the common words by place and class.
type Side = (DocId, DocId, Vec<(usize, Class)>);

/// Measures every article. `order` ranks them in time. O(words of the passages).
#[must_use]
pub fn article_shares<'a>(
    passages: impl Iterator<Item = &'a Passage>,
    normalised: &Normalised,
    order: &[u32],
) -> Vec<ArticleShares> {
    let mut sides: Vec<Side> = passages.flat_map(|passage| sides(passage, normalised)).collect();
    sides.sort_by_key(|side| (side.0, side.1));
    let words = |doc: DocId| u32::try_from(normalised.body_len(doc)).unwrap_or(u32::MAX);
    let mut shares: Vec<ArticleShares> =
        normalised.docs().map(|doc| ArticleShares { words: words(doc), ..ArticleShares::default() }).collect();
    for of_doc in sides.chunk_by(|x, y| x.0 == y.0) {
        let doc = of_doc[0].0;
        let tokens = &normalised.stream(doc).body;
        let earlier = |other: DocId| order[other.index()] < order[doc.index()];
        let measure = |wanted: &dyn Fn(DocId, Class) -> bool| {
            let places = of_doc.iter().flat_map(|(_, other, words)| {
                words.iter().filter(|word| wanted(*other, word.1)).map(|&(at, _)| at..at + 1)
            });
            share(union(places, tokens).len(), tokens.len())
        };
        let others = of_doc.chunk_by(|x, y| x.1 == y.1).map(|sides| sides[0].1).filter(|&other| earlier(other));
        let best = others.map(|other| (other, measure(&|of, class| of == other && class == Class::Own)));
        let entry = &mut shares[doc.index()];
        entry.copied = measure(&|other, class| earlier(other) && class == Class::Own);
        entry.quoted = measure(&|_, class| class == Class::Quoted);
        entry.furniture = measure(&|_, class| class == Class::Furniture);
        entry.best = best.filter(|best| best.1 > 0).min_by_key(|&(other, share)| (-share, order[other.index()]));
    }
    shares
}

fn sides(passage: &Passage, normalised: &Normalised) -> [Side; 2] {
    let (x, y) = (normalised.stream(passage.a), normalised.stream(passage.b));
    let (x, y) = (&x.body.marks, &y.body.marks);
    let places = passage.found.runs.iter().flat_map(|run| run.in_a().zip(run.in_b()));
    let class = |(i, j): (usize, usize)| match passage.kind {
        PassageKind::Furniture => Class::Furniture,
        PassageKind::Quote => Class::Quoted,
        _ if x[i].has(Marks::QUOTED) && y[j].has(Marks::QUOTED) => Class::Quoted,
        _ => Class::Own,
    };
    let (a, b) = places.map(|place| ((place.0, class(place)), (place.1, class(place)))).unzip();
    [(passage.a, passage.b, a), (passage.b, passage.a, b)]
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
