//! Two texts side by side as a page, with what they share in both.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use askama::Template;
use foldhash::fast::FixedState;

use crate::article::DocId;
use crate::normalise::WordId;
use crate::passages::{Direction, Passage, PassageKind};
use crate::pipeline::Comparison;
use crate::report::html::material::label;
use crate::report::html::{Layout, Page, beginning, lang_of, line, render, shown, web_address, whole};
use crate::report::layout::{count, date_of, percent};
use crate::report::side_by_side::{Change, Compared, Segment, SideBySide};

/// Colours of passages, in turn.
const COLOURS: usize = 6;
/// Characters of a passage in the list, and others that have it.
const TEXT: usize = 140;
const OTHERS: usize = 12;

/// Where a page of two texts stands.
pub(in crate::report) struct Frame {
    /// The name that leads to it.
    pub(in crate::report) id: String,
    /// Where one came from, and what that is called; empty for a page of its own.
    pub(in crate::report) back: String,
    pub(in crate::report) back_told: String,
}

/// An article that has a passage too.
#[derive(Clone)]
pub(in crate::report) struct Other {
    pub(in crate::report) label: String,
    pub(in crate::report) href: String,
}

#[derive(Template)]
#[template(path = "comparison.html")]
struct View {
    id: String,
    back: String,
    back_told: String,
    title: String,
    shares: String,
    direction: String,
    sides: [SideView; 2],
    ribbons: Vec<Ribbon>,
    passages: Vec<PassageView>,
    passages_told: String,
}

struct SideView {
    /// `A` or `B`.
    mark: &'static str,
    /// `a` or `b`, and that of the other side.
    key: &'static str,
    other: &'static str,
    /// `earlier`, `later` or nothing.
    when: &'static str,
    label: String,
    date: String,
    words: String,
    title: String,
    url: String,
    lang: String,
    segments: Vec<SegmentView>,
}

struct SegmentView {
    text: String,
    /// From 1; 0 for what is in no passage.
    colour: usize,
    passage: usize,
    kind: &'static str,
    /// The number of the passage that begins here.
    number: Option<usize>,
    /// 1 for other words, 2 for words at another place.
    change: u8,
}

struct PassageView {
    number: usize,
    colour: usize,
    kind: &'static str,
    words: u32,
    shared: String,
    text: String,
    others: Vec<Other>,
    more: usize,
}

/// A passage on the map between the texts.
struct Ribbon {
    colour: usize,
    passage: usize,
    path: String,
}

/// The section of two texts; `others` says who else has a passage.
pub(in crate::report) fn section(
    compared: Compared<'_>,
    frame: Frame,
    others: &dyn Fn(usize, &Passage) -> Vec<Other>,
) -> io::Result<String> {
    let page = SideBySide::new(compared);
    let Compared { corpus, normalised, a, b, passages, judgement } = compared;
    let [x, y] = [a, b].map(|doc| label(corpus, doc));
    let shares = &page.shares;
    let shared = if passages.is_empty() {
        "They share no passage.".to_owned()
    } else {
        format!(
            "{} of A stands in B, {} of B stands in A; of their own words (quotations and repeated text apart) {} and {}.",
            percent(shares.of_a),
            percent(shares.of_b),
            percent(shares.of_a_prose),
            percent(shares.of_b_prose)
        )
    };
    let (reason, sure) = (line(&judgement.reason), judgement.confidence.name());
    let (direction, when) = match judgement.direction {
        _ if passages.is_empty() => (String::new(), ["", ""]),
        Direction::AToB => (format!("A had it earlier: {reason} ({sure} confidence)."), ["earlier", "later"]),
        Direction::BToA => (format!("B had it earlier: {reason} ({sure} confidence)."), ["later", "earlier"]),
        Direction::CommonOrigin => (format!("Both have it from elsewhere: {reason} ({sure} confidence)."), ["", ""]),
        Direction::Undecided => (format!("Which is earlier is undecided: {reason}."), ["", ""]),
    };
    let side = |doc: DocId, mark: &'static str, when: &'static str, segments: &[Segment]| {
        let article = corpus.get(doc);
        let (key, other) = if mark == "A" { ("a", "b") } else { ("b", "a") };
        SideView {
            mark,
            key,
            other,
            when,
            label: label(corpus, doc),
            date: article
                .date
                .map_or_else(|| "undated".to_owned(), |date| format!("{} ({})", date_of(date), date.provenance)),
            words: count(normalised.body_len(doc), "word", "words"),
            title: line(&article.headline(300)),
            url: web_address(article.url.as_deref()),
            lang: lang_of(article.lang),
            segments: segment_views(&corpus.text(doc), segments, passages),
        }
    };
    let sides = [side(a, "A", when[0], &page.a), side(b, "B", when[1], &page.b)];
    let view = View {
        title: format!("{x} and {y} side by side"),
        id: frame.id,
        back: frame.back,
        back_told: frame.back_told,
        shares: shared,
        direction,
        sides,
        ribbons: ribbons(&compared),
        passages: passages
            .iter()
            .enumerate()
            .map(|(at, passage)| passage_view(&compared, at, passage, others))
            .collect(),
        passages_told: count(passages.len(), "passage", "passages"),
    };
    render(&view)
}

/// The whole page for two articles that were compared by themselves. Of the others in the corpus those are named that have a
/// passage too.
///
/// # Errors
/// What `out` says.
pub fn write_comparison(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let compared = Compared::from(comparison);
    let elsewhere = elsewhere(&compared);
    let others = |at: usize, _: &Passage| {
        let docs = elsewhere.get(at).map_or(&[][..], Vec::as_slice);
        docs.iter().map(|&doc| Other { label: named(&compared, doc), href: String::new() }).collect()
    };
    let frame = Frame { id: "compare".to_owned(), back: String::new(), back_told: String::new() };
    let body = section(compared, frame, &others)?;
    let title = format!("{} and {}", label(compared.corpus, compared.a), label(compared.corpus, compared.b));
    let page = Page::new(&title, "two articles side by side", "#compare", Layout::OneFile, true);
    out.write_all(whole(&page, &body)?.as_bytes())
}

/// An article in a list of others.
fn named(compared: &Compared<'_>, doc: DocId) -> String {
    let article = compared.corpus.get(doc);
    let date = article.date.map_or_else(|| "undated".to_owned(), date_of);
    format!("{}, {date}: {} ({})", label(compared.corpus, doc), line(&article.headline(100)), line(&article.id))
}

fn segment_views(text: &str, segments: &[Segment], passages: &[Passage]) -> Vec<SegmentView> {
    let mut begun: HashSet<usize> = HashSet::new();
    let view = |segment: &Segment| {
        let at = segment.passages.last().copied();
        SegmentView {
            text: shown(segment.span.of(text)).into_owned(),
            colour: at.map_or(0, |at| at % COLOURS + 1),
            passage: at.map_or(0, |at| at + 1),
            kind: at.map_or("", |at| passages[at].kind.name()),
            number: at.filter(|&at| begun.insert(at)).map(|at| at + 1),
            change: match segment.change {
                Change::None => 0,
                Change::Changed => 1,
                Change::Moved => 2,
            },
        }
    };
    segments.iter().filter(|segment| segment.span.begin < segment.span.end).map(view).collect()
}

fn passage_view(
    compared: &Compared<'_>,
    at: usize,
    passage: &Passage,
    others: &dyn Fn(usize, &Passage) -> Vec<Other>,
) -> PassageView {
    let words = passage.found.matched();
    let (of_a, of_b) = (passage.found.a.len(), passage.found.b.len());
    let shared = if of_a == of_b && of_a == words as usize {
        format!("{}, word for word", count(of_a, "word", "words"))
    } else {
        format!("{words} words in common, of {of_a} in A and {of_b} in B")
    };
    let mut others = others(at, passage);
    let more = others.len().saturating_sub(OTHERS);
    others.truncate(OTHERS);
    PassageView {
        number: at + 1,
        colour: at % COLOURS + 1,
        kind: passage.kind.name(),
        words,
        shared,
        text: beginning(passage.a_span.of(&compared.corpus.text(compared.a)), TEXT),
        others,
        more,
    }
}

fn ribbons(compared: &Compared<'_>) -> Vec<Ribbon> {
    let length = |doc: DocId| compared.corpus.text(doc).len().max(1);
    let (of_a, of_b) = (length(compared.a), length(compared.b));
    let y = |byte: u32, length: usize| byte as usize * 400 / length;
    let ribbon = |(at, passage): (usize, &Passage)| {
        let [p, q] = [y(passage.a_span.begin, of_a), y(passage.a_span.end, of_a).max(1)];
        let [r, s] = [y(passage.b_span.begin, of_b), y(passage.b_span.end, of_b).max(1)];
        let path = format!("M0 {p}H8C30 {p} 30 {r} 52 {r}H60V{s}H52C30 {s} 30 {q} 8 {q}H0Z");
        Ribbon { colour: at % COLOURS + 1, passage: at + 1, path }
    };
    let shown = compared.passages.iter().enumerate().filter(|(_, passage)| passage.kind != PassageKind::Furniture);
    shown.map(ribbon).collect()
}

/// Words of a phrase by which a passage is found in other articles.
const PHRASE: usize = 4;

/// By passage: the other articles of the corpus with at least half of its phrases, in order of time. O(words of the corpus).
fn elsewhere(compared: &Compared<'_>) -> Vec<Vec<DocId>> {
    let Compared { corpus, normalised, a, b, passages, .. } = *compared;
    let mut phrases: HashMap<&[WordId], Vec<usize>, FixedState> = HashMap::default();
    let mut counts = vec![0usize; passages.len()];
    let words = normalised.words(a);
    for (at, passage) in passages.iter().enumerate() {
        let range = passage.found.a.start as usize..passage.found.a.end as usize;
        for phrase in words[range].windows(PHRASE) {
            let entry = phrases.entry(phrase).or_default();
            if entry.last() != Some(&at) {
                entry.push(at);
                counts[at] += 1;
            }
        }
    }
    let mut found = vec![Vec::new(); passages.len()];
    for (doc, _) in corpus.iter().filter(|&(doc, _)| doc != a && doc != b) {
        let mut seen: HashSet<&[WordId], FixedState> = HashSet::default();
        let mut hits = vec![0usize; passages.len()];
        let other = normalised.words(doc);
        for phrase in other.windows(PHRASE) {
            if let Some(of) = phrases.get(phrase).filter(|_| seen.insert(phrase)) {
                of.iter().for_each(|&at| hits[at] += 1);
            }
        }
        for (at, found) in found.iter_mut().enumerate() {
            if counts[at] > 0 && hits[at] * 2 >= counts[at] {
                found.push(doc);
            }
        }
    }
    let order = corpus.time_order();
    found.iter_mut().for_each(|docs| docs.sort_unstable_by_key(|doc| order[doc.index()]));
    found
}
