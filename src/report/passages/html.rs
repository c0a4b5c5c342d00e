//! The passages of a corpus as a page: pairs side by side, and each passage with all articles that have it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use askama::Template;
use serde_json::json;

use crate::article::DocId;
use crate::copies::shares::pair_shares;
use crate::passages::{Passage, PassageKind};
use crate::pipeline::ReportedPassage;
use crate::report::html::{Frame, Layout, Other, Page, beginning, label, line, range_told, render, section, split};
use crate::report::layout::{count, date_of, percent};
use crate::report::passages::{PassageRun, model};
use crate::report::side_by_side::Compared;

/// Pairs that stand side by side, passages that are listed at once, places of one.
const PAIRS: usize = 200;
const SHOWN: usize = 50;
const PLACES: usize = 12;
/// Characters of a passage.
const TEXT: usize = 420;
/// Outlets that the search offers.
const NAMES: usize = 2000;

#[derive(Template)]
#[template(path = "passages.html")]
struct View {
    title: String,
    counts: Vec<(String, String)>,
    pairs: Vec<PairView>,
    more_pairs: usize,
    kinds: Vec<(usize, &'static str)>,
    names: Vec<String>,
    groups: String,
    shown: usize,
    rows: String,
    rest: String,
    data: String,
}

struct PairView {
    id: String,
    a: String,
    b: String,
    of_a: String,
    of_b: String,
    words: u32,
}

#[derive(Template)]
#[template(path = "passage.html")]
struct Row {
    text: String,
    kind: &'static str,
    words: String,
    articles: String,
    places: Vec<String>,
    more: usize,
}

/// Writes the page.
pub(super) fn write(run: &PassageRun<'_>, out: &mut dyn Write) -> io::Result<()> {
    let corpus = &run.found.corpus;
    let mut pairs: Vec<&[ReportedPassage]> = run.pairs().collect();
    let words = |pair: &[ReportedPassage]| pair.iter().map(|one| one.passage.found.matched()).sum::<u32>();
    // What is only furniture is not what anybody looks for first.
    let own = |pair: &[ReportedPassage]| {
        let own = pair.iter().filter(|one| one.passage.kind != PassageKind::Furniture);
        own.map(|one| one.passage.found.matched()).sum::<u32>()
    };
    pairs.sort_by_key(|pair| Reverse(own(pair)));
    let more_pairs = pairs.len().saturating_sub(PAIRS);
    pairs.truncate(PAIRS);
    let mut views = Vec::new();
    let mut sections = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let Some(first) = pair.first() else { continue };
        let id = format!("x{at}");
        let (a, b) = (first.passage.a, first.passage.b);
        let shares = pair_shares(pair.iter().map(|one| &one.passage), a, b, &run.found.normalised);
        views.push(PairView {
            id: id.clone(),
            a: named(run, a),
            b: named(run, b),
            of_a: percent(shares.of_a),
            of_b: percent(shares.of_b),
            words: words(pair),
        });
        sections.push((id.clone(), side_by_side(run, id, pair)?));
    }
    let mut rows = Vec::new();
    let groups = model::in_order(run);
    for &(at, words) in &groups {
        rows.push(row(run, at, words)?);
    }
    let rest = rows.split_off(SHOWN.min(rows.len()));
    let summary = model::summary(run);
    let names: BTreeSet<&str> = corpus.articles().iter().filter_map(|article| article.outlet_name()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let kinds = PassageKind::ALL.into_iter().enumerate().filter(|(_, kind)| summary.kinds[kind.name()] > 0);
    let mut counts: Vec<(String, String)> = vec![(summary.articles_used.to_string(), "articles".to_owned())];
    counts.extend(summary.kinds.iter().filter(|(_, n)| **n > 0).map(|(kind, n)| (n.to_string(), (*kind).to_owned())));
    counts.extend((summary.skipped > 0).then(|| (summary.skipped.to_string(), "skipped".to_owned())));
    let passages = count(summary.passages, "passage", "passages");
    let view = View {
        title: format!("{passages} in {} of articles", count(summary.pairs, "pair", "pairs")),
        counts,
        pairs: views,
        more_pairs,
        kinds: kinds.map(|(at, kind)| (at, kind.name())).collect(),
        names: names.iter().take(NAMES).map(|name| line(name)).collect(),
        groups: count(groups.len(), "passage", "passages"),
        shown: rows.len(),
        rows: rows.join("\n"),
        rest: rest.join("\n"),
        data: data(run, &groups, &names),
    };
    let range = range_told(corpus.articles().iter().filter_map(|article| article.date));
    let what = format!("{}{range}", count(corpus.len(), "article", "articles"));
    let (before, after) = split(&Page::new("passages – retold", &what, "#top", Layout::OneFile, true))?;
    out.write_all(before.as_bytes())?;
    out.write_all(render(&view)?.as_bytes())?;
    for (id, section) in sections {
        write!(out, "\n<noscript data-ids=\"{id}\">{section}</noscript>")?;
    }
    out.write_all(after.as_bytes())
}

/// An article in a list.
fn named(run: &PassageRun<'_>, doc: DocId) -> String {
    let article = run.found.corpus.get(doc);
    let date = article.date.map_or_else(|| "undated".to_owned(), date_of);
    format!("{}, {date}: {}", label(&run.found.corpus, doc), line(&article.headline(90)))
}

fn side_by_side(run: &PassageRun<'_>, id: String, pair: &[ReportedPassage]) -> io::Result<String> {
    let Some(first) = pair.first() else { return Ok(String::new()) };
    let passages: Vec<Passage> = pair.iter().map(|one| one.passage.clone()).collect();
    let (a, b) = (first.passage.a, first.passage.b);
    let (corpus, normalised) = (&run.found.corpus, &run.found.normalised);
    let compared = Compared { corpus, normalised, a, b, passages: &passages, judgement: &first.judgement };
    let others = |at: usize, _: &Passage| {
        let places = pair.get(at).map_or(&[][..], |one| &run.report.groups[one.group].places);
        let mut docs: Vec<DocId> = places.iter().map(|place| place.doc).filter(|doc| ![a, b].contains(doc)).collect();
        docs.dedup();
        docs.into_iter().map(|doc| Other { label: named(run, doc), href: String::new() }).collect()
    };
    section(compared, Frame { id, back: "#top".to_owned(), back_told: "All passages".to_owned() }, &others)
}

/// A passage with its places, without a line break.
fn row(run: &PassageRun<'_>, at: usize, words: usize) -> io::Result<String> {
    let group = &run.report.groups[at];
    let mut docs: Vec<DocId> = group.places.iter().map(|place| place.doc).collect();
    docs.dedup();
    let row = Row {
        text: beginning(&model::text_of(run, group), TEXT),
        kind: group.kind.name(),
        words: count(words, "word", "words"),
        articles: count(docs.len(), "article", "articles"),
        places: docs.iter().take(PLACES).map(|&doc| named(run, doc)).collect(),
        more: docs.len().saturating_sub(PLACES),
    };
    Ok(render(&row)?.replace('\n', " "))
}

/// What the list is filtered by, as that of the stories: articles, first and last day, nothing, kind (a bit), outlets, words.
fn data(run: &PassageRun<'_>, groups: &[(usize, usize)], names: &[&str]) -> String {
    let places: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, &name)| (name, at)).collect();
    let group = |&(at, words): &(usize, usize)| {
        let group = &run.report.groups[at];
        let docs: BTreeSet<DocId> = group.places.iter().map(|place| place.doc).collect();
        let articles = || docs.iter().map(|&doc| run.found.corpus.get(doc));
        let days = || articles().filter_map(|article| Some(article.date?.day()));
        let outlets: BTreeSet<&str> = articles().filter_map(|article| article.outlet_name()).collect();
        let who: Vec<usize> = outlets.iter().filter_map(|name| places.get(name).copied()).collect();
        let kind = 1u32 << PassageKind::ALL.iter().position(|&kind| kind == group.kind).unwrap_or(0);
        let mut text = vec![beginning(&model::text_of(run, group), TEXT)];
        text.extend(outlets.iter().map(|name| line(name)));
        text.extend(articles().take(PLACES).map(|article| line(&article.id)));
        json!([docs.len(), days().min(), days().max(), null, kind, who, text.join(" "), words])
    };
    let all: Vec<_> = groups.iter().map(group).collect();
    let names: Vec<String> = names.iter().map(|name| line(name)).collect();
    json!({ "stories": all, "outlets": names, "languages": [] }).to_string().replace('<', "\\u003c")
}
