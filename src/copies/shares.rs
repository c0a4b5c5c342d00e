//! Shares: how much of a text stands in others, as readers ask for it: how much is copied prose, how much quotation, how much
//! furniture, and which earlier article most of it stands in.

use std::ops::Range;

use rayon::prelude::*;

use crate::article::DocId;
use crate::normalise::{Marks, Normalised, Tokens};
use crate::passages::{Passages, Run, Shared};

/// One, in the fixed point of shares.
const WHOLE: i64 = 1_000_000;

/// How much of two articles stands in the other, in millionths of the words of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairShares {
    /// Share of the words of `a` that stand in `b`, furniture and head lines apart.
    pub of_a: i64,
    /// Share of the words of `b` that stand in `a`, furniture and head lines apart.
    pub of_b: i64,
    /// Share of the words of `a` that stand in `b` and are quotation in neither.
    pub of_a_prose: i64,
    /// Share of the words of `b` that stand in `a` and are quotation in neither.
    pub of_b_prose: i64,
}

/// What an article is made of, in millionths of its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArticleShares {
    /// Its words.
    pub words: u32,
    /// Share that stands in earlier articles and is quotation in one of the two at most.
    pub copied: i64,
    /// Share that stands in earlier articles as quotation in both.
    pub quoted: i64,
    /// Share that its outlet repeats.
    pub furniture: i64,
    /// The earlier article that most of it stands in, with the share, furniture and head lines apart; the earliest of equals.
    pub best: Option<(DocId, i64)>,
}

/// What is shared of a text, word by word: the more it says, the higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    #[default]
    Nowhere,
    Quotation,
    Prose,
}

/// The shares of a pair. O(words of the two).
#[must_use]
pub fn pair_shares(shared: Shared<'_>, normalised: &Normalised) -> PairShares {
    let (a, b) = (&normalised.stream(shared.a).body, &normalised.stream(shared.b).body);
    let mut found = [vec![Found::default(); a.len()], vec![Found::default(); b.len()]];
    for run in shared.passages.iter().flat_map(|passage| &passage.runs) {
        for (i, j) in run.in_a().zip(run.in_b()) {
            let what = what(a.marks[i], b.marks[j]);
            found[0][i] = what.max(found[0][i]);
            found[1][j] = what.max(found[1][j]);
        }
    }
    let of =
        |side: usize, least: Found| share(found[side].iter().filter(|what| **what >= least).count(), found[side].len());
    PairShares {
        of_a: of(0, Found::Quotation),
        of_b: of(1, Found::Quotation),
        of_a_prose: of(0, Found::Prose),
        of_b_prose: of(1, Found::Prose),
    }
}

/// The shares of every article, by article. `order` ranks the articles in time; of articles with the same text all but the
/// earliest are wholly copied from it. O(words of the passages and the articles), parallel.
#[must_use]
pub fn article_shares(passages: &Passages, normalised: &Normalised, order: &[u32]) -> Vec<ArticleShares> {
    // By later article of a pair: the pairs, by their places.
    let pairs: Vec<Shared> = passages.pairs().collect();
    let later = |shared: &Shared| if order[shared.a.index()] > order[shared.b.index()] { shared.a } else { shared.b };
    let mut by_later: Vec<usize> = (0..pairs.len()).collect();
    by_later.sort_by_key(|&at| later(&pairs[at]));
    let from_earlier = |doc: DocId| {
        let first = by_later.partition_point(|&at| later(&pairs[at]) < doc);
        let end = by_later.partition_point(|&at| later(&pairs[at]) <= doc);
        by_later[first..end].iter().map(|&at| pairs[at])
    };
    let docs: Vec<DocId> = (0u32..).take(normalised.streams.len()).map(DocId).collect();
    docs.into_par_iter()
        .map(|doc| match passages.same_text[doc.index()] {
            same if same == doc => of_article(doc, from_earlier(doc), normalised, order),
            same => of_repeated(doc, same, normalised),
        })
        .collect()
}

/// The shares of an article of which these pairs are what it has in common with earlier ones.
fn of_article<'a>(
    doc: DocId,
    pairs: impl Iterator<Item = Shared<'a>>,
    normalised: &Normalised,
    order: &[u32],
) -> ArticleShares {
    let own = &normalised.stream(doc).body;
    let mut found = vec![Found::default(); own.len()];
    let mut best: Option<(usize, DocId)> = None;
    for shared in pairs {
        let mine = shared.a == doc;
        let other = if mine { shared.b } else { shared.a };
        let theirs = &normalised.stream(other).body;
        let runs = shared.passages.iter().flat_map(|passage| &passage.runs);
        let mut places: Vec<(Range<usize>, Range<usize>)> = runs.map(|run| sides(run, mine)).collect();
        places.sort_unstable_by_key(|(here, there)| (here.start, there.start));
        let (mut reached, mut words) = (0, 0);
        for (here, there) in places {
            for (i, j) in here.zip(there) {
                let what = what(own.marks[i], theirs.marks[j]);
                found[i] = what.max(found[i]);
                if what > Found::Nowhere && i >= reached {
                    words += 1;
                    reached = i + 1;
                }
            }
        }
        let earlier = |best: DocId| order[other.index()] < order[best.index()];
        if words > 0 && best.is_none_or(|(most, from)| words > most || words == most && earlier(from)) {
            best = Some((words, other));
        }
    }
    let count = |wanted: Found| share(found.iter().filter(|what| **what == wanted).count(), own.len());
    ArticleShares {
        words: u32::try_from(own.len()).unwrap_or(u32::MAX),
        copied: count(Found::Prose),
        quoted: count(Found::Quotation),
        furniture: furniture(own),
        best: best.map(|(words, from)| (from, share(words, own.len()))),
    }
}

/// The shares of an article whose text is word for word that of an earlier one.
fn of_repeated(doc: DocId, same: DocId, normalised: &Normalised) -> ArticleShares {
    let (own, theirs) = (&normalised.stream(doc).body, &normalised.stream(same).body);
    let quoted = own.marks.iter().zip(&theirs.marks).filter(|(x, y)| what(**x, **y) == Found::Quotation).count();
    let (quoted, furniture) = (share(quoted, own.len()), furniture(own));
    ArticleShares {
        words: u32::try_from(own.len()).unwrap_or(u32::MAX),
        copied: WHOLE - quoted - furniture,
        quoted,
        furniture,
        best: Some((same, WHOLE)),
    }
}

/// The places of a run in this text and in the other.
fn sides(run: &Run, mine: bool) -> (Range<usize>, Range<usize>) {
    if mine { (run.in_a(), run.in_b()) } else { (run.in_b(), run.in_a()) }
}

/// What a common word says; furniture and head lines of either text say nothing.
fn what(x: Marks, y: Marks) -> Found {
    let nothing = Marks::FURNITURE.and(Marks::HEAD);
    match (x.any(nothing) || y.any(nothing), x.has(Marks::QUOTED) && y.has(Marks::QUOTED)) {
        (true, _) => Found::Nowhere,
        (_, true) => Found::Quotation,
        _ => Found::Prose,
    }
}

/// Share of a text that its outlet repeats.
fn furniture(tokens: &Tokens) -> i64 {
    share(tokens.marks.iter().filter(|marks| marks.has(Marks::FURNITURE)).count(), tokens.len())
}

/// A number of words of so many, in millionths, rounded down.
fn share(words: usize, of: usize) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / WHOLE);
    count(words) * WHOLE / count(of).max(1)
}
