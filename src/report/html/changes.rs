//! What a copy changed: the sentences with what was replaced, and what it left out or added.

use std::ops::Range;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::normalise::{Marks, Normalised, Span, Tokens};
use crate::passages::{OperationKind, Passage, operations};
use crate::report::html::{beginning, line};
use crate::report::layout::count;

/// Edits, and stretches left out or added, that are shown.
const EDITS: usize = 12;
const STRETCHES: usize = 4;
/// The most words of a sentence before and behind an edit.
const CONTEXT: usize = 18;
/// Characters of a stretch that was left out or added, and of one side of an edit.
const TEXT: usize = 240;
/// Fewer words than this beside the passages are no stretch.
const LEAST: usize = 5;

/// What is to be shown of a copy.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// The whole in a sentence.
    pub(super) told: String,
    pub(super) edits: Vec<Vec<Piece>>,
    /// Edits that are not shown.
    pub(super) more: usize,
    pub(super) left_out: Vec<String>,
    pub(super) added: Vec<String>,
}

/// A piece of an edited sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// `same`, `del` or `ins`.
    pub(super) kind: &'static str,
    pub(super) text: String,
}

/// One of the two texts.
struct Side<'a> {
    text: &'a str,
    tokens: &'a Tokens<'a>,
}

impl Side<'_> {
    fn slice(&self, range: Range<usize>) -> String {
        let spans = self.tokens.spans.get(range).unwrap_or_default();
        match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => line(Span { begin: first.begin, end: last.end }.of(self.text)),
            _ => String::new(),
        }
    }

    fn is_furniture(&self, range: &Range<usize>) -> bool {
        let marks = self.tokens.marks.get(range.clone()).unwrap_or_default();
        let other = Marks::FURNITURE.and(Marks::HEAD);
        marks.iter().filter(|marks| marks.any(other)).count() * 2 > marks.len()
    }

    /// The stretches that no passage has, furniture and head lines apart.
    fn alone(&self, covered: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut free = Vec::new();
        let mut from = 0;
        let end = self.tokens.len();
        for range in covered.iter().cloned().chain(std::iter::once(end..end)) {
            if range.start >= from + LEAST && !self.is_furniture(&(from..range.start)) {
                free.push(from..range.start);
            }
            from = from.max(range.end);
        }
        free
    }

    fn begins_sentence(&self, at: usize) -> bool {
        self.tokens.marks.get(at).is_none_or(|marks| marks.has(Marks::SENTENCE))
    }
}

/// Compares a copy with what it was taken from: `passages` have that as `a`, and the copy as `b`. O(words).
pub(super) fn changes(
    corpus: &Corpus,
    normalised: &Normalised,
    (of, copy): (DocId, DocId),
    passages: &[Passage],
) -> Changes {
    let texts = [of, copy].map(|doc| corpus.text(doc));
    let streams = [of, copy].map(|doc| normalised.stream(doc));
    let [from, to] = [0, 1].map(|side| Side { text: &texts[side], tokens: &streams[side].body });
    let mut all: Vec<Vec<Piece>> = Vec::new();
    let mut places = 0;
    for passage in passages {
        places += edits(passage, &from, &to, &mut all);
    }
    let covered = |range: fn(&Passage) -> &Range<u32>| {
        let mut ranges: Vec<Range<usize>> =
            passages.iter().map(range).map(|r| r.start as usize..r.end as usize).collect();
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges
    };
    let left_out = from.alone(&covered(|passage| &passage.found.a));
    let added = to.alone(&covered(|passage| &passage.found.b));
    let words = |ranges: &[Range<usize>]| ranges.iter().map(ExactSizeIterator::len).sum::<usize>();
    let mut told = Vec::new();
    told.extend((places > 0).then(|| format!("{} changed", count(places, "place", "places"))));
    told.extend((!left_out.is_empty()).then(|| format!("{} left out", count(words(&left_out), "word", "words"))));
    told.extend((!added.is_empty()).then(|| format!("{} added", count(words(&added), "word", "words"))));
    let more = all.len().saturating_sub(EDITS);
    all.truncate(EDITS);
    let longest = |side: &Side<'_>, mut ranges: Vec<Range<usize>>| {
        ranges.sort_by_key(|range| std::cmp::Reverse(range.len()));
        ranges.truncate(STRETCHES);
        ranges.sort_by_key(|range| range.start);
        ranges.into_iter().map(|range| beginning(&side.slice(range), TEXT)).collect()
    };
    Changes {
        told: if told.is_empty() {
            "Nothing was changed".to_owned()
        } else {
            format!("What was changed: {}", told.join(", "))
        },
        edits: all,
        more,
        left_out: longest(&from, left_out),
        added: longest(&to, added),
    }
}

/// Adds the edited sentences of a passage; answers at how many places something was changed.
fn edits(passage: &Passage, from: &Side<'_>, to: &Side<'_>, all: &mut Vec<Vec<Piece>>) -> usize {
    let same = |range: Range<usize>| Piece { kind: "same", text: to.slice(range) };
    let mut open: Option<Vec<Piece>> = None;
    let mut before = 0..0;
    let mut places = 0;
    for op in operations(&passage.found) {
        let (a, b) = (op.a.start as usize..op.a.end as usize, op.b.start as usize..op.b.end as usize);
        match op.kind {
            OperationKind::Moved => {}
            OperationKind::Equal => {
                // To the end of the sentence; what follows in a later one begins anew.
                let end = (b.start..b.end).find(|&at| to.begins_sentence(at)).unwrap_or(b.end);
                if let Some(mut pieces) = open.take() {
                    let shown = end.min(b.start + CONTEXT);
                    if shown > b.start {
                        pieces.push(same(b.start..shown));
                    }
                    if end == b.end && shown == end { open = Some(pieces) } else { all.push(pieces) }
                }
                before = b;
            }
            OperationKind::Substituted | OperationKind::Inserted | OperationKind::Deleted => {
                if to.is_furniture(&b) && !b.is_empty() || b.is_empty() && from.is_furniture(&a) {
                    continue;
                }
                places += 1;
                let pieces = open.get_or_insert_with(|| {
                    let least = before.end.saturating_sub(CONTEXT).max(before.start);
                    let begin = (least..before.end).rev().find(|&at| to.begins_sentence(at)).unwrap_or(least);
                    // An edit at the beginning of a sentence has none of it before.
                    let starts = b.start > before.end || to.begins_sentence(b.start) && !b.is_empty();
                    if starts || before.is_empty() { Vec::new() } else { vec![same(begin..before.end)] }
                });
                let piece = |kind: &'static str, text: String| Piece { kind, text: beginning(&text, TEXT) };
                pieces.extend((!a.is_empty()).then(|| piece("del", from.slice(a))));
                pieces.extend((!b.is_empty()).then(|| piece("ins", to.slice(b))));
            }
        }
    }
    all.extend(open);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::config::Config;
    use crate::language::Lang;
    use crate::outlets::OutletTable;
    use crate::pipeline::compare_two;
    use crate::progress::Silent;

    #[test]
    fn the_changed_sentence_is_shown_with_both_wordings() {
        let first = "The river rose all night. At least six people were killed and some 2,300 driven from their homes \
                     early Tuesday when the spillway of the dam gave way. Nobody had been warned by the district at all.";
        let second = first
            .replace("six people", "seven villagers")
            .replace("Nobody had been warned by the district at all.", "");
        let added = format!("{second} The minister is to visit the valley on Thursday with two engineers.");
        let article = |name: &str, text: &str| Article {
            id: name.into(),
            title: Some(name.into()),
            text: text.into(),
            lang: Lang::ENGLISH,
            ..Article::default()
        };
        let corpus = Corpus::new(vec![article("first", first), article("second", &added)]).expect("two");
        let pair = (corpus.find("first").expect("there"), corpus.find("second").expect("there"));
        let found = compare_two(corpus, pair, &OutletTable::shipped(), &Config::default(), &Silent).expect("compared");
        let changes = changes(&found.corpus, &found.normalised, pair, &found.passages);
        assert_eq!(changes.edits.len(), 1, "{changes:?}");
        let told: Vec<(&str, &str)> = changes.edits[0].iter().map(|piece| (piece.kind, piece.text.as_str())).collect();
        assert_eq!(told[0], ("same", "At least"));
        assert_eq!((told[1], told[2]), (("del", "six people"), ("ins", "seven villagers")));
        assert!(told[3].1.starts_with("were killed and some 2,300"), "{told:?}");
        assert_eq!(changes.left_out, ["Nobody had been warned by the district at all"]);
        assert!(changes.added[0].starts_with("The minister is to visit"), "{changes:?}");
        assert_eq!(changes.told, "What was changed: 1 place changed, 9 words left out, 12 words added");
    }
}
