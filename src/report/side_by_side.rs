//! Two texts beside each other, with what they share marked in both. [`SideBySide`] is what there is to see, whoever draws
//! it; the rest of the file draws it in two columns of a terminal.
//!
//! Every text that comes from the input is cleaned where it is drawn.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::article::DocId;
use crate::normalise::Span;
use crate::passages::{Direction, OperationKind, Passage, operations};
use crate::pipeline::Comparison;
use crate::report::layout::{BOLD, DIM, count, date_of, paint, percent, wrap};
use crate::report::passages::{PairShares, pair_shares};
use crate::report::{Look, clean};

/// What two articles share, ready to be drawn.
#[derive(Clone, Debug)]
pub struct SideBySide<'a> {
    /// What was compared.
    pub comparison: &'a Comparison,
    /// How much of each stands in the other.
    pub shares: PairShares,
    /// The text of `a` in segments, which together are all of it.
    pub a: Vec<Segment>,
    /// The text of `b`.
    pub b: Vec<Segment>,
}

/// A stretch of a text in which nothing changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// The passages that it is part of, by their place in [`Comparison::passages`]; seldom more than one.
    pub passages: Vec<usize>,
    /// Whether the other text has it too.
    pub change: Change,
}

/// What became of the words of a segment in the other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// They stand there, or are in no passage.
    None,
    /// Other words stand in their place, or nothing.
    Changed,
    /// They stand at another place of the passage.
    Moved,
}

impl<'a> SideBySide<'a> {
    /// Cuts both texts where a passage or a change begins or ends. O(passages * segments).
    #[must_use]
    pub fn new(comparison: &'a Comparison) -> Self {
        let Comparison { normalised, a, b, passages, .. } = comparison;
        Self {
            comparison,
            shares: pair_shares(passages.iter(), *a, *b, normalised),
            a: segments(comparison, *a, |passage| passage.a_span, |op| op.0),
            b: segments(comparison, *b, |passage| passage.b_span, |op| op.1),
        }
    }
}

/// The tokens of an operation in both texts.
type Sides = (std::ops::Range<u32>, std::ops::Range<u32>);

fn segments(
    comparison: &Comparison,
    doc: DocId,
    span: fn(&Passage) -> Span,
    side: fn(Sides) -> std::ops::Range<u32>,
) -> Vec<Segment> {
    let text = &comparison.corpus.get(doc).text;
    let tokens = &comparison.normalised.stream(doc).body;
    let mut changes: Vec<(Span, Change)> = Vec::new();
    for op in comparison.passages.iter().flat_map(|passage| operations(&passage.found)) {
        let range = side((op.a, op.b));
        let change = match op.kind {
            OperationKind::Equal => continue,
            OperationKind::Moved => Change::Moved,
            OperationKind::Substituted | OperationKind::Inserted | OperationKind::Deleted => Change::Changed,
        };
        let spans = tokens.spans.get(range.start as usize..range.end as usize).unwrap_or_default();
        if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
            changes.push((Span { begin: first.begin, end: last.end }, change));
        }
    }
    let passages: Vec<Span> = comparison.passages.iter().map(span).collect();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let all = passages.iter().copied().chain(changes.iter().map(|change| change.0));
    let mut cuts: Vec<u32> = all.flat_map(|span| [span.begin, span.end]).chain([0, end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let holds = |outer: &Span, inner: Span| outer.begin <= inner.begin && inner.end <= outer.end;
    let segment = |cut: &[u32]| {
        let here = Span { begin: cut[0], end: cut[1] };
        let inside = passages.iter().enumerate().filter(|(_, passage)| holds(passage, here)).map(|(at, _)| at);
        let change = changes.iter().find(|(span, _)| holds(span, here)).map_or(Change::None, |change| change.1);
        Segment { span: here, passages: inside.collect(), change }
    };
    cuts.windows(2).map(segment).collect()
}

/// Colours of passages, in turn.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Green,
    AnsiColor::Yellow,
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::Red,
];
/// From so many columns on there are two.
const TWO_COLUMNS: usize = 80;
/// Between the columns.
const GAP: &str = " │ ";
/// An unshared stretch of more words than this is cut
const LONG: usize = 30;
/// to so many words at each end.
const ENDS: usize = 8;

impl SideBySide<'_> {
    /// Draws it: who and when, the shares, both texts, the list of passages. With `look.top` unset nothing is cut.
    ///
    /// # Errors
    /// What `out` says.
    pub fn draw(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let Comparison { corpus, a, b, .. } = self.comparison;
        let look = Look { width: look.width.max(40), ..look };
        let sides = [Side::new(self, *a, &self.a, ["{-", "-}"], look), Side::new(self, *b, &self.b, ["{+", "+}"], look)];
        let width = if look.width < TWO_COLUMNS { look.width } else { (look.width - GAP.width()) / 2 };
        let head = |doc: DocId, mark: &str| -> Vec<String> {
            let article = corpus.get(doc);
            let outlet = article.outlet_name().map_or_else(|| "unknown outlet".into(), clean);
            let date = article.date.map_or_else(|| "undated".to_owned(), date_of);
            let mut lines: Vec<(Style, String)> = Vec::new();
            let mut add = |style: Style, text: &str| lines.extend(wrap(text, width).into_iter().map(|l| (style, l)));
            add(BOLD, &format!("{mark}  {}", clean(&article.id)));
            add(Style::new(), &format!("{outlet}, {date}"));
            add(BOLD, &clean(&article.headline(300)));
            lines.iter().map(|(style, line)| pad_painted(look.colour, *style, line, width)).collect()
        };
        rows(out, look, width, &head(*a, "A"), &head(*b, "B"))?;
        self.shares(look, out)?;
        writeln!(out)?;
        self.texts(look, width, &sides, out)?;
        self.list(look, out)
    }

    fn shares(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let PairShares { of_a, of_b, of_a_prose, of_b_prose } = self.shares;
        let line = if self.comparison.passages.is_empty() {
            "They share no passage.".to_owned()
        } else {
            format!(
                "{} of A stands in B, {} of B stands in A; of their own words (quotations and repeated text apart) {} and {}.",
                percent(of_a),
                percent(of_b),
                percent(of_a_prose),
                percent(of_b_prose)
            )
        };
        writeln!(out)?;
        for line in wrap(&line, look.width) {
            writeln!(out, "{}", paint(look.colour, BOLD, &line))?;
        }
        Ok(())
    }

    /// Both texts. Where the same passages follow each other in both they begin on the same line.
    fn texts(&self, look: Look, width: usize, sides: &[Side; 2], out: &mut dyn Write) -> io::Result<()> {
        let anchors = if look.width < TWO_COLUMNS { Vec::new() } else { self.in_order() };
        let [left, right] = [0, 1].map(|side| sides[side].blocks(&anchors));
        for (left, right) in left.iter().zip(&right) {
            let [left, right] = [left, right].map(|words| lines(words, width, look.colour));
            rows(out, look, width, &left, &right)?;
        }
        Ok(())
    }

    /// The passages that stand in the same order in both texts, as many words of them as there can be. O(passages²).
    fn in_order(&self) -> Vec<usize> {
        let passages = &self.comparison.passages;
        // (words of the best chain that ends here, the one before in it)
        let mut best: Vec<(u32, Option<usize>)> = Vec::new();
        for (at, passage) in passages.iter().enumerate() {
            let before = (0..at).filter(|&i| {
                passages[i].a_span.end <= passage.a_span.begin && passages[i].b_span.end <= passage.b_span.begin
            });
            let before = before.max_by_key(|&i| (best[i].0, std::cmp::Reverse(i)));
            best.push((passage.found.matched() + before.map_or(0, |i| best[i].0), before));
        }
        let mut at = (0..best.len()).max_by_key(|&i| (best[i].0, std::cmp::Reverse(i)));
        let mut chain = Vec::new();
        while let Some(i) = at {
            chain.push(i);
            at = best[i].1;
        }
        chain.reverse();
        chain
    }

    fn list(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let Comparison { passages, judgement, .. } = self.comparison;
        if passages.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", paint(look.colour, BOLD, &count(passages.len(), "passage", "passages")))?;
        for (at, passage) in passages.iter().enumerate() {
            let words = passage.found.matched();
            let (of_a, of_b) = (passage.found.a.len(), passage.found.b.len());
            let shared = if of_a == of_b && of_a == words as usize {
                format!("{}, word for word", count(of_a, "word", "words"))
            } else {
                let longer = i64::try_from(of_a.max(of_b).max(1)).unwrap_or(i64::MAX);
                let density = percent(i64::from(words) * 1_000_000 / longer);
                format!("{words} words in common, of {of_a} in A and {of_b} in B (density {density})")
            };
            let number = format!("{:>4}", format!("[{}]", at + 1));
            let line = format!("{}, {shared}", passage.kind.name());
            writeln!(out, "{}  {line}", paint(look.colour, colour(at), &number))?;
        }
        let (reason, sure) = (clean(&judgement.reason), judgement.confidence.name());
        let line = match judgement.direction {
            Direction::AToB => format!("A had it earlier: {reason} ({sure} confidence)"),
            Direction::BToA => format!("B had it earlier: {reason} ({sure} confidence)"),
            Direction::CommonOrigin => format!("Both have it from elsewhere: {reason} ({sure} confidence)"),
            Direction::Undecided => format!("Direction undecided: {reason}"),
        };
        writeln!(out)?;
        wrap(&line, look.width).iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

fn colour(passage: usize) -> Style {
    COLOURS[passage % COLOURS.len()].on_default()
}

/// Pieces without white space between them; a line may be broken before it, and must be where `breaks` says so.
#[derive(Clone, Debug, Default)]
struct Word {
    pieces: Vec<(Style, String)>,
    breaks: bool,
}

impl Word {
    fn of(style: Style, text: impl Into<String>) -> Self {
        Self { pieces: vec![(style, text.into())], breaks: false }
    }

    fn width(&self) -> usize {
        self.pieces.iter().map(|piece| piece.1.width()).sum()
    }
}

/// One text as words, and before which of them passages begin.
struct Side {
    words: Vec<Word>,
    begins: Vec<(usize, usize)>,
}

impl Side {
    /// Goes through the segments: marks where passages begin and end, and what was changed, and cuts what is not shared.
    fn new(all: &SideBySide<'_>, doc: DocId, segments: &[Segment], marks: [&str; 2], look: Look) -> Self {
        let text = &all.comparison.corpus.get(doc).text;
        let mut side = Self { words: Vec::new(), begins: Vec::new() };
        let mut open: &[usize] = &[];
        for (at, segment) in segments.iter().enumerate() {
            for &ended in open.iter().rev().filter(|one| !segment.passages.contains(one)) {
                side.words.push(Word::of(colour(ended), format!(":{}]", ended + 1)));
            }
            for &begun in segment.passages.iter().filter(|one| !open.contains(one)) {
                side.begins.push((begun, side.words.len()));
                side.words.push(Word::of(colour(begun), format!("[{}:", begun + 1)));
            }
            let fresh = open != segment.passages.as_slice();
            open = &segment.passages;
            let style = segment.passages.last().map_or(Style::new(), |&passage| colour(passage));
            let here = segment.span.of(text);
            // Within a passage, pieces may be parts of one word.
            let joined = !fresh && at > 0 && !here.starts_with(char::is_whitespace);
            let joined = joined && !segments[at - 1].span.of(text).ends_with(char::is_whitespace);
            let words = if open.is_empty() && look.top.is_some() { shortened(here) } else { split(here, style) };
            side.add(changed(words, segment.change, marks, look.colour), joined);
        }
        for &ended in open.iter().rev() {
            side.words.push(Word::of(colour(ended), format!(":{}]", ended + 1)));
        }
        side
    }

    fn add(&mut self, words: Vec<Word>, joined: bool) {
        let mut words = words.into_iter();
        if let (true, Some(last)) = (joined, self.words.last_mut()) {
            last.pieces.extend(words.next().into_iter().flat_map(|word| word.pieces));
        }
        self.words.extend(words);
    }

    /// The words cut before each of these passages.
    fn blocks(&self, anchors: &[usize]) -> Vec<&[Word]> {
        let mut from = 0;
        let mut blocks = Vec::new();
        for anchor in anchors {
            let begin = self.begins.iter().find(|begin| begin.0 == *anchor).map_or(from, |begin| begin.1).max(from);
            blocks.push(&self.words[from..begin]);
            from = begin;
        }
        blocks.push(&self.words[from..]);
        blocks
    }
}

/// The words of a text; one that begins a line there begins one here.
fn split(text: &str, style: Style) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, line) in text.split('\n').enumerate() {
        for (nth, word) in line.split_whitespace().enumerate() {
            words.push(Word { breaks: at > 0 && nth == 0, ..Word::of(style, clean(word)) });
        }
    }
    words
}

/// The words of a text that nobody shares, the middle of a long one left out.
fn shortened(text: &str) -> Vec<Word> {
    let mut words = split(text, Style::new());
    let hidden = words.len().saturating_sub(2 * ENDS);
    if words.len() > LONG {
        let dots = format!("… ({}) …", count(hidden, "word", "words"));
        words.splice(ENDS..ENDS + hidden, dots.split(' ').map(|part| Word::of(DIM, part)));
    }
    words
}

/// Marks words that were changed or moved: by what a terminal can do, else by brackets.
fn changed(mut words: Vec<Word>, change: Change, [begin, end]: [&str; 2], colour: bool) -> Vec<Word> {
    let [begin, end] = match change {
        Change::None => return words,
        Change::Changed => [begin, end],
        Change::Moved => ["{~", "~}"],
    };
    if colour {
        for piece in words.iter_mut().flat_map(|word| &mut word.pieces) {
            piece.0 = if change == Change::Moved { piece.0.italic() } else { piece.0.bold().underline() };
        }
        return words;
    }
    if let Some(piece) = words.first_mut().and_then(|word| word.pieces.first_mut()) {
        piece.1.insert_str(0, begin);
    }
    if let Some(piece) = words.last_mut().and_then(|word| word.pieces.last_mut()) {
        piece.1.push_str(end);
    }
    words
}

/// Lines of exactly so many columns.
fn lines(words: &[Word], width: usize, colour: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    let mut end = |line: &mut String, used: &mut usize| {
        if *used > 0 {
            line.push_str(&" ".repeat(width.saturating_sub(*used)));
            lines.push(std::mem::take(line));
        }
        *used = 0;
    };
    for word in words {
        if used > 0 && (word.breaks || used + 1 + word.width() > width) {
            end(&mut line, &mut used);
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for (style, text) in &word.pieces {
            // A word that no line can hold goes on in the next.
            let mut part = String::new();
            for c in text.chars() {
                let wide = c.width().unwrap_or(0);
                if used + wide > width {
                    line.push_str(&paint(colour, *style, &part));
                    part.clear();
                    end(&mut line, &mut used);
                }
                part.push(c);
                used += wide;
            }
            line.push_str(&paint(colour, *style, &part));
        }
    }
    end(&mut line, &mut used);
    lines
}

/// A text in a style, in a field of so many columns.
fn pad_painted(colour: bool, style: Style, text: &str, width: usize) -> String {
    format!("{}{}", paint(colour, style, text), " ".repeat(width.saturating_sub(text.width())))
}

/// Two lists of lines of so many columns, beside each other if there is room, else one below the other.
fn rows(out: &mut dyn Write, look: Look, width: usize, left: &[String], right: &[String]) -> io::Result<()> {
    if look.width < TWO_COLUMNS {
        for line in left {
            writeln!(out, "{}", line.trim_end())?;
        }
        if !left.is_empty() && !right.is_empty() {
            writeln!(out)?;
        }
        return right.iter().try_for_each(|line| writeln!(out, "{}", line.trim_end()));
    }
    let empty = " ".repeat(width);
    for at in 0..left.len().max(right.len()) {
        let [left, right] = [left.get(at), right.get(at)].map(|line| line.unwrap_or(&empty));
        writeln!(out, "{}", format!("{left}{GAP}{right}").trim_end())?;
    }
    Ok(())
}
