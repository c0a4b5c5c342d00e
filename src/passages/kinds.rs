//! What kind of text a passage is, and where it is parted: quotations that two articles share are no copied prose.

use std::ops::Range;

use crate::normalise::{Marks, Normalised};
use crate::passages::align::Alignment;
use crate::passages::runs::Run;
use crate::passages::{Passage, PassageKind, Shared};

/// The least common words of what a passage is parted into: of a quotation, and of the rest ("it was a" between two).
const QUOTED_WORDS: u32 = 3;
const PLAIN_WORDS: u32 = 5;

/// The passages of a pair with offsets and kinds, sorted by their place in `a`. Furniture is parted from what stands beside
/// it. A passage at least half of which is quotation is parted at the quotation marks; one that is mostly prose stays whole:
/// who copies a text copies the quotations in it. O(words + passages log passages).
#[must_use]
pub fn passages_of(shared: Shared<'_>, normalised: &Normalised) -> Vec<Passage> {
    let (x, y) = (normalised.placed(shared.a), normalised.placed(shared.b));
    let parts: Vec<Part> =
        shared.passages.iter().flat_map(|found| parts(found, &x.text.marks, &y.text.marks)).collect();
    let a_spans = x.spans(parts.iter().map(|part| part.found.a.clone()));
    let b_spans = y.spans(parts.iter().map(|part| part.found.b.clone()));
    let places = a_spans.into_iter().zip(b_spans);
    let passage =
        |(Part { found, kind }, (a_span, b_span))| Passage { a: shared.a, b: shared.b, a_span, b_span, found, kind };
    parts.into_iter().zip(places).map(passage).collect()
}

/// A piece of a passage that is of one kind.
struct Part {
    found: Alignment,
    kind: PassageKind,
}

/// What a common word is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Quoted,
    Headline,
    Furniture,
}

fn class(x: Marks, y: Marks) -> Class {
    if x.has(Marks::FURNITURE) || y.has(Marks::FURNITURE) {
        Class::Furniture
    } else if x.has(Marks::HEAD) || y.has(Marks::HEAD) {
        Class::Headline
    } else if x.has(Marks::QUOTED) && y.has(Marks::QUOTED) {
        Class::Quoted
    } else {
        Class::Plain
    }
}

/// The parts of a passage, given the marks of both texts.
fn parts(found: &Alignment, a: &[Marks], b: &[Marks]) -> Vec<Part> {
    let words = || {
        let places = found.runs.iter().flat_map(|run| (0..run.len).map(|i| (run.a + i, run.b + i, run.spread)));
        places.map(|(i, j, spread)| (i, j, spread, class(a[i as usize], b[j as usize])))
    };
    let count = |class: Class| words().filter(|word| word.3 == class).count();
    let (quoted, furniture, head) = (count(Class::Quoted), count(Class::Furniture), count(Class::Headline));
    let own = found.matched() as usize - furniture - head;
    let by_quotes = quoted * 2 >= own.max(1);
    if furniture == 0 && head == 0 && !by_quotes {
        return vec![Part { kind: plain_kind(found, a, b), found: found.clone() }];
    }
    let mut pieces: Vec<(Class, Vec<Run>)> = Vec::new();
    for (i, j, spread, mut class) in words() {
        if class == Class::Quoted && !by_quotes {
            class = Class::Plain;
        }
        let goes_on = pieces.last().is_some_and(|(last, runs)| {
            let before = runs.last().map_or(0, Run::a_end) as usize;
            let between = &a[before.min(i as usize)..i as usize];
            *last == class && (class != Class::Quoted || between.iter().all(|marks| marks.has(Marks::QUOTED)))
        });
        if !goes_on {
            pieces.push((class, Vec::new()));
        }
        let Some((_, runs)) = pieces.last_mut() else { continue };
        match runs.last_mut() {
            Some(run) if run.a_end() == i && run.b_end() == j => run.len += 1,
            _ => runs.push(Run { a: i, b: j, len: 1, spread }),
        }
    }
    let part = |(class, runs): (Class, Vec<Run>)| {
        let found = Alignment::of(runs)?;
        let kind = match class {
            Class::Furniture => PassageKind::Furniture,
            Class::Headline => PassageKind::Headline,
            Class::Quoted => PassageKind::Quote,
            Class::Plain if by_quotes && introduces(a, &found, Run::in_a) && introduces(b, &found, Run::in_b) => {
                PassageKind::Attributed
            }
            Class::Plain => plain_kind(&found, a, b),
        };
        Some(Part { found, kind })
    };
    let found: Vec<Part> = pieces.into_iter().filter_map(part).collect();
    let enough = |part: &Part| {
        let matched = part.found.matched();
        let least = if part.kind == PassageKind::Quote { QUOTED_WORDS } else { PLAIN_WORDS };
        let (short, long) = (part.found.a.len().min(part.found.b.len()), part.found.a.len().max(part.found.b.len()));
        matched >= least && matched as usize * 2 >= short && matched as usize * 3 >= long
    };
    let longest = found.iter().map(|part| part.found.matched()).max().unwrap_or(0);
    found.into_iter().filter(|part| enough(part) || part.found.matched() == longest).collect()
}

/// Whether most of the words beside a quotation stand in its sentence: they say whose it is.
fn introduces(marks: &[Marks], found: &Alignment, range: fn(&Run) -> Range<usize>) -> bool {
    let quoted = |at: usize| {
        let before = (0..=at).rev().take_while(|&i| i == at || !marks[i + 1].has(Marks::SENTENCE));
        let after = (at + 1..marks.len()).take_while(|&i| !marks[i].has(Marks::SENTENCE));
        before.chain(after).any(|i| marks[i].has(Marks::QUOTED))
    };
    let introducing: usize = found.runs.iter().map(|run| range(run).filter(|&at| quoted(at)).count()).sum();
    introducing * 10 >= found.matched() as usize * 7
}

/// The kind of text that is neither furniture nor headline nor quotation.
fn plain_kind(found: &Alignment, a: &[Marks], b: &[Marks]) -> PassageKind {
    let marks = |text: &[Marks], range: fn(&Run) -> Range<usize>, mark: Marks| -> usize {
        found.runs.iter().map(|run| text[range(run)].iter().filter(|marks| marks.has(mark)).count()).sum()
    };
    let matched = found.matched() as usize;
    let most = |count: usize| count * 10 >= matched * 7;
    let starts = |text: &[Marks], range: &Range<u32>| {
        let marks = &text[range.start as usize..range.end as usize];
        marks.iter().skip(1).filter(|marks| marks.has(Marks::PARAGRAPH)).count()
    };
    // Lines of a few words each, in both texts, or mostly numbers.
    let lines = starts(a, &found.a).min(starts(b, &found.b));
    if lines >= LIST_LINES && matched < lines * LINE_WORDS || marks(a, Run::in_a, Marks::DIGIT) * 2 >= matched {
        return PassageKind::List;
    }
    if most(marks(a, Run::in_a, Marks::CREDIT)) || most(marks(b, Run::in_b, Marks::CREDIT)) {
        return PassageKind::Attributed;
    }
    PassageKind::Prose
}

/// A list has at least so many lines,
const LIST_LINES: usize = 3;
/// of fewer words than this in the mean.
const LINE_WORDS: usize = 7;
