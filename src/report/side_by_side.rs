//! Two texts beside each other, with what they share marked in both. [`SideBySide`] is what there is to see, whoever draws
//! it; the rest of the file draws it in two columns of a terminal.
//!
//! Every text that comes from the input is cleaned where it is drawn.

use std::cmp::Reverse;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::article::DocId;
use crate::copies::shares::{PairShares, pair_shares};
use crate::corpus::Corpus;
use crate::normalise::{Normalised, Span};
use crate::passages::{Direction, Judgement, OperationKind, Passage, operations};
use crate::pipeline::Comparison;
use crate::report::layout::{BOLD, DIM, count, date_of, paint, percent, wrap};
use crate::report::{Look, clean};

/// Two articles and what they share, wherever that was found.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The articles that they are two of.
    pub corpus: &'a Corpus,
    /// Their tokens.
    pub normalised: &'a Normalised,
    /// The one article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// What both have, by its place in `a`.
    pub passages: &'a [Passage],
    /// Who had it first.
    pub judgement: &'a Judgement,
}

impl<'a> From<&'a Comparison> for Compared<'a> {
    fn from(comparison: &'a Comparison) -> Self {
        let Comparison { corpus, normalised, a, b, passages, judgement } = comparison;
        Self { corpus, normalised, a: *a, b: *b, passages, judgement }
    }
}

/// What two articles share, ready to be drawn.
#[derive(Clone, Debug)]
pub struct SideBySide<'a> {
    /// What was compared.
    pub comparison: Compared<'a>,
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
    /// The passages that it is part of, by their place in [`Compared::passages`]; seldom more than one, and then the shortest
    /// last, which says what became of it.
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
    pub fn new(comparison: impl Into<Compared<'a>>) -> Self {
        let comparison = comparison.into();
        let Compared { normalised, a, b, passages, .. } = comparison;
        Self {
            comparison,
            shares: pair_shares(passages.iter(), a, b, normalised),
            a: segments(&comparison, a, |passage| passage.a_span, |op| op.0),
            b: segments(&comparison, b, |passage| passage.b_span, |op| op.1),
        }
    }
}

/// The tokens of an operation in both texts.
type Sides = (std::ops::Range<u32>, std::ops::Range<u32>);

fn segments(
    comparison: &Compared<'_>,
    doc: DocId,
    span: fn(&Passage) -> Span,
    side: fn(Sides) -> std::ops::Range<u32>,
) -> Vec<Segment> {
    let text = comparison.corpus.text(doc);
    let tokens = &comparison.normalised.stream(doc).body;
    let passages: Vec<Span> = comparison.passages.iter().map(span).collect();
    let ops = comparison.passages.iter().map(|passage| operations(&passage.found)).enumerate();
    let mut changes: Vec<(usize, Span, Change)> = Vec::new();
    for (passage, op) in ops.flat_map(|(passage, ops)| ops.into_iter().map(move |op| (passage, op))) {
        let range = side((op.a, op.b));
        let change = match op.kind {
            OperationKind::Equal => continue,
            OperationKind::Moved => Change::Moved,
            OperationKind::Substituted | OperationKind::Inserted | OperationKind::Deleted => Change::Changed,
        };
        let spans = tokens.spans.get(range.start as usize..range.end as usize).unwrap_or_default();
        if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
            changes.push((passage, Span { begin: first.begin, end: last.end }, change));
        }
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let all = passages.iter().copied().chain(changes.iter().map(|change| change.1));
    let mut cuts: Vec<u32> = all.flat_map(|span| [span.begin, span.end]).chain([0, end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let holds = |outer: &Span, inner: Span| outer.begin <= inner.begin && inner.end <= outer.end;
    let segment = |cut: &[u32]| {
        let here = Span { begin: cut[0], end: cut[1] };
        let mut inside: Vec<usize> = (0..passages.len()).filter(|&at| holds(&passages[at], here)).collect();
        inside.sort_by_key(|&at| Reverse(passages[at].end - passages[at].begin));
        let change = changes.iter().find(|(at, span, _)| inside.last() == Some(at) && holds(span, here));
        Segment { span: here, passages: inside, change: change.map_or(Change::None, |change| change.2) }
    };
    cuts.windows(2).map(segment).collect()
}

/// Colours of passages, in turn.
const COLOURS: [AnsiColor; 6] =
    [AnsiColor::Green, AnsiColor::Yellow, AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Red];
/// From so many columns on there are two.
const TWO_COLUMNS: usize = 80;
/// Between the columns.
const GAP: &str = " │ ";
/// An unshared stretch of more words than this is cut
const LONG: usize = 30;
/// to so many words at each end.
const ENDS: usize = 8;

impl SideBySide<'_> {
    /// Draws it: who and when, the shares, both texts, the list of passages. Unless the texts are to be `whole`, long
    /// stretches that are not shared are cut. Of `look` the width and the colours count.
    ///
    /// # Errors
    /// What `out` says.
    pub fn draw(&self, look: Look, whole: bool, out: &mut dyn Write) -> io::Result<()> {
        let Compared { corpus, a, b, .. } = self.comparison;
        let look = Look { width: look.width.max(40), ..look };
        let sides = [(a, &self.a, ["{-", "-}"]), (b, &self.b, ["{+", "+}"])];
        let sides = sides.map(|(doc, segments, marks)| {
            let marks = (!look.colour).then_some(marks);
            Side::new(&corpus.text(doc), segments, marks, whole)
        });
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
        rows(out, look, width, &head(a, "A"), &head(b, "B"))?;
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
    pub(super) fn in_order(&self) -> Vec<usize> {
        let passages = self.comparison.passages;
        // (words of the best chain that ends here, the one before in it)
        let mut best: Vec<(u32, Option<usize>)> = Vec::new();
        for (at, passage) in passages.iter().enumerate() {
            let before = (0..at).filter(|&i| {
                passages[i].a_span.end <= passage.a_span.begin && passages[i].b_span.end <= passage.b_span.begin
            });
            let before = before.max_by_key(|&i| (best[i].0, Reverse(i)));
            best.push((passage.found.matched() + before.map_or(0, |i| best[i].0), before));
        }
        let mut at = (0..best.len()).max_by_key(|&i| (best[i].0, Reverse(i)));
        let mut chain = Vec::new();
        while let Some(i) = at {
            chain.push(i);
            at = best[i].1;
        }
        chain.reverse();
        chain
    }

    fn list(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let Compared { passages, judgement, .. } = self.comparison;
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
    /// Goes through the segments of a text: marks where passages begin and end, and what was changed, and cuts what is not
    /// shared. Without `marks` changes are shown by the style of the words alone.
    fn new(text: &str, segments: &[Segment], marks: Option<[&str; 2]>, whole: bool) -> Self {
        let mut side = Self { words: Vec::new(), begins: Vec::new() };
        let mut open: &[usize] = &[];
        let mut apart = true;
        for segment in segments {
            let here = segment.span.of(text);
            // What stands without white space behind something, such as a comma, stays with it.
            let joined = !apart && !here.starts_with(char::is_whitespace);
            let ended: Vec<usize> = open.iter().rev().filter(|at| !segment.passages.contains(at)).copied().collect();
            let begun: Vec<usize> = segment.passages.iter().filter(|at| !open.contains(at)).copied().collect();
            for &passage in &ended {
                side.words.push(Word::of(colour(passage), format!(":{}]", passage + 1)));
            }
            for &passage in &begun {
                let mark = Word::of(colour(passage), format!("[{}:", passage + 1));
                side.add(vec![mark], joined && ended.is_empty());
                side.begins.push((passage, side.words.len() - 1));
            }
            open = &segment.passages;
            let style = open.last().map_or(Style::new(), |&passage| colour(passage));
            let mut words = split(here, style);
            if open.is_empty() && !whole {
                shorten(&mut words);
            }
            mark_changes(&mut words, segment.change, marks);
            side.add(words, joined && begun.is_empty());
            apart = here.ends_with(char::is_whitespace);
        }
        for &passage in open.iter().rev() {
            side.words.push(Word::of(colour(passage), format!(":{}]", passage + 1)));
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

/// Leaves out the middle of a long text that is not shared.
fn shorten(words: &mut Vec<Word>) {
    let hidden = words.len().saturating_sub(2 * ENDS);
    if words.len() > LONG {
        let dots = format!("… ({}) …", count(hidden, "word", "words"));
        words.splice(ENDS..ENDS + hidden, dots.split(' ').map(|part| Word::of(DIM, part)));
    }
}

/// Marks words that were changed or moved: by brackets if there are some, and by what a terminal can do.
fn mark_changes(words: &mut [Word], change: Change, marks: Option<[&str; 2]>) {
    if change == Change::None {
        return;
    }
    let moved = change == Change::Moved;
    for piece in words.iter_mut().flat_map(|word| &mut word.pieces) {
        piece.0 = if moved { piece.0.italic() } else { piece.0.bold().underline() };
    }
    let Some(marks) = marks else { return };
    let [begin, end] = if moved { ["{~", "~}"] } else { marks };
    if let Some(piece) = words.first_mut().and_then(|word| word.pieces.first_mut()) {
        piece.1.insert_str(0, begin);
    }
    if let Some(piece) = words.last_mut().and_then(|word| word.pieces.last_mut()) {
        piece.1.push_str(end);
    }
}

/// A line in the making.
#[derive(Default)]
struct Line {
    /// Neighbours differ in style.
    pieces: Vec<(Style, String)>,
    used: usize,
}

impl Line {
    fn push(&mut self, style: Style, c: char) {
        self.used += c.width().unwrap_or(0);
        match self.pieces.last_mut() {
            Some((last, text)) if *last == style => text.push(c),
            _ => self.pieces.push((style, c.to_string())),
        }
    }

    /// Takes the line out, with exactly so many columns.
    fn finish(&mut self, width: usize, colour: bool) -> String {
        let Self { pieces, used } = std::mem::take(self);
        let painted: String = pieces.iter().map(|(style, text)| paint(colour, *style, text)).collect();
        format!("{painted}{}", " ".repeat(width.saturating_sub(used)))
    }
}

/// Lines of exactly so many columns.
fn lines(words: &[Word], width: usize, colour: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    for word in words {
        if line.used > 0 && (word.breaks || line.used + 1 + word.width() > width) {
            lines.push(line.finish(width, colour));
        }
        if line.used > 0 {
            // The space between two words of one style is of that style.
            let before = line.pieces.last().map(|piece| piece.0);
            let style = before.filter(|style| word.pieces.first().is_some_and(|piece| piece.0 == *style));
            line.push(style.unwrap_or_default(), ' ');
        }
        for (style, text) in &word.pieces {
            for c in text.chars() {
                // A word that no line can hold goes on in the next.
                if line.used > 0 && line.used + c.width().unwrap_or(0) > width {
                    lines.push(line.finish(width, colour));
                }
                line.push(*style, c);
            }
        }
    }
    if line.used > 0 {
        lines.push(line.finish(width, colour));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::config::Config;
    use crate::corpus::Corpus;
    use crate::language::Lang;
    use crate::outlets::OutletTable;
    use crate::pipeline::compare_two;
    use crate::progress::Silent;

    const SHARED: &str = "the old ferry to Skerrin ran aground on a sandbank before dawn and forty lorries";

    fn compared(a: &str, b: &str) -> Comparison {
        let article = |id: &str, text: &str| Article {
            id: id.to_owned(),
            title: Some(format!("Title of {id}")),
            text: text.into(),
            lang: Lang::ENGLISH,
            ..Article::default()
        };
        let corpus = Corpus::new(vec![article("one", a), article("two", b)]).expect("two articles");
        let docs = ["one", "two"].map(|id| corpus.find(id).expect("it is there"));
        compare_two(corpus, (docs[0], docs[1]), &OutletTable::shipped(), &Config::default(), &Silent)
            .expect("all in memory")
    }

    fn drawn(comparison: &Comparison, width: usize, colour: bool, whole: bool) -> String {
        let mut out = Vec::new();
        let look = Look { width, colour, top: None };
        SideBySide::new(comparison).draw(look, whole, &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn segments_are_all_of_both_texts() {
        let (a, b) = (
            format!("Nobody knew. “{SHARED} waited.”"),
            format!("{} crept home. Ends.", SHARED.replace("before ", "")),
        );
        let comparison = compared(&a, &b);
        let model = SideBySide::new(&comparison);
        for (segments, text) in [(&model.a, &a), (&model.b, &b)] {
            let joined: String = segments.iter().map(|segment| segment.span.of(text)).collect();
            assert_eq!(&joined, text);
            assert!(segments.iter().any(|segment| segment.passages == [0]));
        }
        let gone: Vec<&str> = model.a.iter().filter(|s| s.change == Change::Changed).map(|s| s.span.of(&a)).collect();
        assert_eq!(gone, ["before"]);
    }

    #[test]
    fn signs_stand_for_colours() {
        let comparison =
            compared(&format!("Nobody knew: “{SHARED}” was all."), &SHARED.replace("sandbank", "mud bank"));
        let page = drawn(&comparison, 60, false, true);
        let line = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(line.contains("knew: “[1: the old ferry"), "{page}");
        assert!(line.contains("a {-sandbank-} before"), "{page}");
        assert!(line.contains("a {+mud bank+} before"), "{page}");
        assert!(line.contains("forty lorries :1]” was all."), "{page}");
        assert!(!page.contains('\u{1b}'));
        assert!(drawn(&comparison, 100, true, true).contains('\u{1b}'));
    }

    #[test]
    fn lines_fit_and_hostile_text_is_made_harmless() {
        let long = "filler ".repeat(50);
        let a = format!("{long}\u{1b}[31m {SHARED} {}", "x".repeat(150));
        let comparison = compared(&a, &format!("大桥重新开放大桥重新开放 {SHARED}"));
        for width in [40, 79, 80, 100] {
            for whole in [true, false] {
                let page = drawn(&comparison, width, false, whole);
                assert!(page.lines().all(|line| line.width() <= width), "{page}");
                assert!(!page.contains('\u{1b}'));
                assert_eq!(page.contains("words) …"), !whole);
            }
        }
    }

    #[test]
    fn texts_without_a_passage_are_shown_too() {
        let page = drawn(&compared("Rain in the north.", "Goats win a race."), 100, false, false);
        assert!(page.contains("They share no passage.") && page.contains("Goats win a race."), "{page}");
    }
}
