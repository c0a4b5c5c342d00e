//! Title, outlet and date lines of a plain text file, recognised by where they stand and what they look like. A line is
//! only marked; the text keeps it.

use std::ops::Range;

use super::date::{self, Moment};
use crate::article::{HeadKind, HeadSpan};
use crate::outlets::OutletTable;

/// What the lines around the prose say.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The marked lines, in order.
    pub(super) spans: Vec<HeadSpan>,
    pub(super) title: Option<String>,
    /// As it is written.
    pub(super) outlet: Option<String>,
    pub(super) date: Option<Moment>,
    /// Where the prose begins, in bytes.
    pub(super) prose: usize,
}

/// Lines before the prose that are looked at, and lines after it.
const HEAD_LINES: usize = 40;
const FOOT_LINES: usize = 4;

/// A line without its outer spaces.
#[derive(Clone)]
struct Line<'a> {
    text: &'a str,
    start: usize,
    /// An empty line stands before it.
    apart: bool,
}

impl Line<'_> {
    fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Finds the lines that say title, outlet and date.
pub(super) fn recognise(text: &str, table: &OutletTable) -> Head {
    let lines = lines(text);
    let body = first_prose(&lines);
    let mut head = Head { prose: lines.get(body).map_or(0, |l| l.start), ..Head::default() };
    let before = &lines[..body.min(HEAD_LINES)];

    let mut said = vec![false; before.len()];
    for (i, line) in before.iter().enumerate() {
        if let Some(moment) = date::read_line(line.text).filter(|_| head.date.is_none()) {
            head.date = Some(moment);
            head.mark(HeadKind::Date, line.range());
            said[i] = true;
        } else if let Some(name) = outlet_line(line.text, table).filter(|_| !opens_dateline(&lines, i)) {
            if head.outlet.is_none() {
                head.outlet = Some(name.to_owned());
                head.mark(HeadKind::Outlet, line.range());
            }
            said[i] = true;
        } else {
            said[i] = opens_dateline(&lines, i) || is_byline(line.text);
        }
    }
    if head.date.is_none()
        && let Some((moment, range)) = lines.get(body).and_then(inline_date)
    {
        head.date = Some(moment);
        head.mark(HeadKind::Date, range);
    }
    // A text that is all short lines has no prose to tell a title from.
    if body < lines.len()
        && let Some(line) = title(before, &said, &lines, body)
    {
        head.title = Some(line.text.split_whitespace().collect::<Vec<_>>().join(" "));
        head.mark(HeadKind::Title, line.range());
    }
    if head.outlet.is_none() {
        let foot = lines.len().saturating_sub(FOOT_LINES).max(body + 1).min(lines.len());
        if let Some(line) = lines[foot..].iter().rev().find(|l| foot_outlet(l.text, table).is_some()) {
            head.outlet = foot_outlet(line.text, table).map(str::to_owned);
            head.mark(HeadKind::Outlet, line.range());
        }
    }
    head.spans.sort_by_key(|s| s.range.start);
    head
}

impl Head {
    fn mark(&mut self, kind: HeadKind, range: Range<usize>) {
        self.spans.push(HeadSpan { kind, range });
    }
}

/// The lines that are not empty.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let mut start = 0;
    let mut apart = true;
    for raw in text.split_inclusive('\n') {
        let trimmed = raw.trim_start_matches(blank);
        let line = trimmed.trim_end_matches(blank);
        if line.is_empty() {
            apart = true;
        } else {
            out.push(Line { text: line, start: start + (raw.len() - trimmed.len()), apart });
            apart = false;
        }
        start += raw.len();
    }
    out
}

fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The index of the first line of prose: a long sentence, or a paragraph broken into lines of equal length.
fn first_prose(lines: &[Line<'_>]) -> usize {
    let wrapped = |i: usize| {
        let block = || {
            lines[i..]
                .iter()
                .enumerate()
                .take_while(|(k, l)| *k == 0 || !l.apart)
                .map(|(_, l)| l.text.chars().count())
                .take(4)
        };
        let full = block().filter(|n| (45..=110).contains(n)).count();
        block().count() >= 3 && full + 1 >= block().count()
    };
    (0..lines.len()).find(|&i| is_prose(lines[i].text) || wrapped(i)).unwrap_or(lines.len())
}

fn is_prose(line: &str) -> bool {
    let words = super::build::words(line, 40);
    words >= 30 || words >= 12 && ends_sentence(line)
}

fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(['"', '”', '’', '»', ')', '“', '\'', ']']);
    line.ends_with(['.', '!', '?', '…', '。', '！', '？', ':'])
}

/// The name that a line consists of, bullets and bars apart, if it is that of an outlet. Agencies are credits.
fn outlet_line<'a>(line: &'a str, table: &OutletTable) -> Option<&'a str> {
    let name = line.trim_matches(|c: char| blank(c) || "|•*·–—-_#>«»".contains(c));
    if name.is_empty() || name.chars().count() > 50 {
        return None;
    }
    let entry = table.resolve(name)?;
    // A word in small letters is a word, unless it is a domain.
    let proper = name.contains('.') || name.chars().next().is_some_and(char::is_uppercase) || entry.name == name;
    (!entry.is_agency() && proper).then_some(name)
}

/// The same for the end of a text, where only a line that is set apart says who published it.
fn foot_outlet<'a>(line: &'a str, table: &OutletTable) -> Option<&'a str> {
    outlet_line(line, table).filter(|name| !line.contains(['(', '[']) && name.len() > 2)
}

/// Whether a line is the first half of a dateline whose dash stands in the next line.
fn opens_dateline(lines: &[Line<'_>], i: usize) -> bool {
    let dash = |l: &Line<'_>| l.text.chars().all(|c| blank(c) || "-–—―".contains(c));
    lines.get(i).is_some_and(dash) || lines.get(i + 1).is_some_and(dash)
}

fn is_byline(line: &str) -> bool {
    let lower = line.to_lowercase();
    let starts =
        ["by ", "von ", "par ", "por ", "di ", "door ", "автор", "photo", "image", "file photo", "share", "source:"];
    starts.iter().any(|s| lower.starts_with(s)) && super::build::words(line, 12) <= 10 || lower.contains('@')
}

/// The title: the last short line before the prose that ends no sentence, or one that stands in the text again.
fn title<'a>(before: &[Line<'a>], said: &[bool], lines: &[Line<'_>], body: usize) -> Option<Line<'a>> {
    let fits = |line: &Line<'_>| {
        let words = super::build::words(line.text, 41);
        (3..=40).contains(&words)
            && !line.text.ends_with(['.', '。', ',', ';', ':'])
            && line.text.chars().count() <= 300
    };
    let candidates = || before.iter().zip(said).filter(|(line, said)| !**said && fits(line)).map(|(line, _)| line);
    let again = |line: &Line<'_>| {
        super::build::words(line.text, 5) >= 4
            && lines.iter().enumerate().any(|(i, l)| {
                // In prose a few words may well stand again.
                l.start != line.start
                    && l.text.contains(line.text)
                    && (i <= body || l.text.len() < line.text.len() + 40)
            })
    };
    candidates().find(|l| again(l)).or_else(|| candidates().next_back()).cloned()
}

/// A date before the first word of the prose, with or without a label: `date 2031-03-04 The bridge ...`.
fn inline_date(line: &Line<'_>) -> Option<(Moment, Range<usize>)> {
    let first = line.text.split_whitespace().next()?;
    let labelled = is_label(first);
    // "4 March was a cold day" is prose; a date that opens a line unlabelled is written in figures.
    if !labelled && first.bytes().filter(u8::is_ascii_digit).count() < 6 {
        return None;
    }
    let ends = || line.text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).take(7);
    let read = |end: usize| {
        let part = line.text[..end].trim_end_matches(|c: char| blank(c) || "|-–—:".contains(c));
        Some((date::read_line(part)?, line.start..line.start + part.len()))
    };
    // The most exact moment, without the words behind it that mean nothing ("on", "the").
    let (moment, _) = ends().filter_map(read).last()?;
    ends().filter_map(read).find(|(m, _)| *m == moment)
}

fn is_label(word: &str) -> bool {
    const LABELS: [&str; 14] = [
        "date",
        "published",
        "posted",
        "updated",
        "datum",
        "veröffentlicht",
        "aktualisiert",
        "publié",
        "fecha",
        "publicado",
        "data",
        "pubblicato",
        "gepubliceerd",
        "дата",
    ];
    LABELS.contains(&word.trim_end_matches(':').to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "The bridge over the Elm was closed on Tuesday after engineers found cracks in two of its piers, the \
                         town council said, and it will stay closed for at least a month while they are mended.";

    /// Title, outlet, day, marked lines.
    type Told = (Option<String>, Option<String>, Option<i64>, Vec<(HeadKind, String)>);

    fn told(text: &str) -> Told {
        let head = recognise(text, &OutletTable::shipped());
        let spans = head.spans.iter().map(|s| (s.kind, text[s.range.clone()].to_owned())).collect();
        (head.title, head.outlet, head.date.map(|d| d.at / crate::article::DAY), spans)
    }

    #[test]
    fn a_date_line_a_title_and_an_outlet_at_the_end_are_marked() {
        let text =
            format!("| 4 March 2031, Tuesday |\n\nElmford closes its bridge\n\n{PROSE}\nMore.\n\n  • The Guardian\n");
        let (title, outlet, day, spans) = told(&text);
        assert_eq!(title.as_deref(), Some("Elmford closes its bridge"));
        assert_eq!(outlet.as_deref(), Some("The Guardian"));
        assert_eq!(day, Some(22342));
        let kinds: Vec<_> = spans.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [HeadKind::Date, HeadKind::Title, HeadKind::Outlet]);
        assert_eq!(spans[2].1, "• The Guardian");
    }

    #[test]
    fn a_date_before_the_first_sentence_is_marked_and_the_sentence_is_not() {
        let text = format!(" date 2031-03-04 {PROSE}\n\n{PROSE}");
        let (title, outlet, day, spans) = told(&text);
        assert_eq!((title, outlet, day), (None, None, Some(22342)));
        assert_eq!(spans, [(HeadKind::Date, "date 2031-03-04".to_owned())]);
    }

    #[test]
    fn a_line_that_stands_again_is_the_title_and_a_dateline_is_no_outlet() {
        let text = format!(
            "Bridges\nDaily Bridge and Tunnel News\n\nElmford closes its bridge for a month\n\nWhat we know so far\nCNN\n  — \n\n{PROSE}\n\n\
             Read More: Elmford closes its bridge for a month\n\nSubscribe"
        );
        let (title, outlet, day, spans) = told(&text);
        assert_eq!(title.as_deref(), Some("Elmford closes its bridge for a month"));
        assert_eq!((outlet, day, spans.len()), (None, None, 1));
    }

    #[test]
    fn an_outlet_above_the_title_and_lines_of_equal_length() {
        let prose = "The bridge over the Elm was closed on Tuesday after some\nengineers found cracks in two of its piers, the council\n\
                     said, and it will stay closed for at least one month now.\n";
        let (title, outlet, _, spans) = told(&format!("BBC News\nBridge closed at Elmford\nBy Ann Other\n\n{prose}"));
        assert_eq!((title.as_deref(), outlet.as_deref()), (Some("Bridge closed at Elmford"), Some("BBC News")));
        assert_eq!(spans.len(), 2);
        assert_eq!(told(PROSE).3, []);
        assert_eq!(told(&format!("{PROSE}\n\n(Reuters)\n")).1, None);
    }

    proptest::proptest! {
        #[test]
        fn marks_are_in_order_and_apart(parts in proptest::collection::vec(
            proptest::sample::select(vec!["CNN\n", " — \n", "\n", "4 March 2031\n", "Bridge closed at Elmford\n", PROSE, "\u{feff}", " date 2031-03-04 ", "• BBC\n", "é"]), 0..12
        )) {
            let text = parts.concat();
            let head = recognise(&text, &OutletTable::shipped());
            let mut at = 0;
            for span in &head.spans {
                assert!(span.range.start >= at && text.get(span.range.clone()).is_some());
                at = span.range.end;
            }
            assert!(text.is_char_boundary(head.prose));
        }
    }
}
