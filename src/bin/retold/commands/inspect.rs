//! `retold inspect`: what the input holds, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use retold::article::{Article, Date};
use retold::corpus::Corpus;
use retold::ingest::{FileReport, LeftOut};
use retold::pipeline::furniture_of_corpus;
use retold::report::{SafeJson, clean};
use retold::survey::{RepeatedLine, RepeatedTitle};
use serde::Serialize;

use super::{TakenIn, read};
use crate::Outcome;
use crate::args::{InspectArgs, InspectFormat};

/// Outlets, files and skipped pieces that are listed before the rest is only counted.
const OUTLETS: usize = 20;
const FILES: usize = 20;
const SKIPPED: usize = 10;
/// Lines and titles of an outlet that are listed before the rest is only counted, and characters of each.
const FURNITURE: usize = 10;
const LINE: usize = 100;

/// Runs it.
pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<Outcome> {
    let Some(mut taken) = read(&args.input, |_| {})? else { return Ok(Outcome::Done) };
    let summary = Summary::of(&taken.intake.articles);
    let furniture = if args.furniture { Some(furniture(&mut taken)?) } else { None };
    taken.bar.clear();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        InspectFormat::Terminal => {
            print(&mut out, &taken, &summary)?;
            if let Some(furniture) = &furniture {
                print_furniture(&mut out, furniture)?;
            }
        }
        InspectFormat::Json => {
            let intake = &taken.intake;
            let all = Everything {
                files: &intake.files,
                articles: &summary,
                left_out: taken.left_out,
                skipped: &intake.skipped,
                warnings: &intake.warnings,
                furniture: furniture.as_ref(),
            };
            serde_json::to_writer_pretty(SafeJson(&mut out), &all)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    taken.outcome(&args.input)
}

/// What `--format json` gives.
#[derive(Serialize)]
struct Everything<'a> {
    files: &'a [FileReport],
    articles: &'a Summary,
    left_out: LeftOut,
    skipped: &'a [retold::error::Skipped],
    warnings: &'a [retold::error::Warning],
    /// By outlet, with `--furniture`.
    #[serde(skip_serializing_if = "Option::is_none")]
    furniture: Option<&'a BTreeMap<String, OutletFurniture>>,
}

/// What an outlet repeats, the most frequent first.
#[derive(Debug, Default, Serialize)]
struct OutletFurniture {
    /// Lines of its texts.
    lines: Vec<RepeatedLine>,
    /// Titles of columns, beginnings and endings of titles.
    titles: Vec<RepeatedTitle>,
}

/// What each outlet repeats; takes the articles.
fn furniture(taken: &mut TakenIn) -> anyhow::Result<BTreeMap<String, OutletFurniture>> {
    let corpus = Corpus::bounded(std::mem::take(&mut taken.intake.articles), taken.spill.clone())?;
    let learned = furniture_of_corpus(&corpus, &taken.bar)?;
    let mut outlets: BTreeMap<String, OutletFurniture> = BTreeMap::new();
    for (outlet, lines) in learned.lines {
        outlets.entry(outlet).or_default().lines = lines;
    }
    for (outlet, mut titles) in learned.titles {
        titles.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.text.cmp(&b.text)));
        outlets.entry(outlet).or_default().titles = titles;
    }
    Ok(outlets)
}

/// Prints what outlets repeat.
fn print_furniture(out: &mut impl Write, outlets: &BTreeMap<String, OutletFurniture>) -> io::Result<()> {
    writeln!(out, "\nFurniture  {}", outlets.len())?;
    let short = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut short: String = clean(&line).chars().take(LINE).collect();
        if line.chars().count() > LINE {
            short.push('…');
        }
        short
    };
    for (outlet, furniture) in outlets {
        writeln!(out, "  {}", clean(outlet))?;
        let lines: Vec<(usize, &str)> =
            furniture.lines.iter().map(|line| (line.articles, line.text.as_str())).collect();
        let titles = furniture.titles.iter().map(|title| (title.articles, title.text.as_str())).collect();
        for (what, list) in [("line", lines), ("title", titles)] {
            for (articles, text) in list.iter().take(FURNITURE) {
                writeln!(out, "  {articles:>7}  {what:<5}  {}", short(text))?;
            }
            rest(out, list.len(), FURNITURE)?;
        }
    }
    Ok(())
}

/// The articles in numbers.
#[derive(Debug, Default, Serialize)]
struct Summary {
    count: u64,
    /// Articles by language code.
    languages: BTreeMap<String, u64>,
    dates: BTreeMap<String, Dates>,
    undated: u64,
    outlets: Vec<OutletCount>,
    without_outlet: u64,
    without_title: u64,
    without_text: u64,
    /// Characters of text: the shortest, the middle one, the longest.
    length: Option<[usize; 3]>,
    labelled: u64,
}

/// Dates of one provenance.
#[derive(Debug, Serialize)]
struct Dates {
    count: u64,
    first: String,
    last: String,
    #[serde(skip)]
    range: (Date, Date),
}

/// Articles of one outlet.
#[derive(Debug, Serialize)]
struct OutletCount {
    name: String,
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    /// What the input calls it.
    raw: BTreeSet<String>,
}

impl Summary {
    fn of(articles: &[Article]) -> Self {
        let mut summary = Self { count: articles.len() as u64, ..Self::default() };
        let mut outlets: BTreeMap<&str, OutletCount> = BTreeMap::new();
        let mut lengths: Vec<usize> = Vec::with_capacity(articles.len());
        for article in articles {
            *summary.languages.entry(article.lang.to_string()).or_default() += 1;
            summary.without_title += u64::from(article.title.is_none());
            summary.without_text += u64::from(article.text.read().trim().is_empty());
            summary.labelled += u64::from(article.label.is_some());
            lengths.push(article.text.read().chars().count());
            match article.date {
                None => summary.undated += 1,
                Some(date) => {
                    let dates = summary.dates.entry(date.provenance.to_string()).or_insert_with(|| Dates {
                        count: 0,
                        first: String::new(),
                        last: String::new(),
                        range: (date, date),
                    });
                    dates.count += 1;
                    dates.range = (dates.range.0.min(date), dates.range.1.max(date));
                }
            }
            let Some(outlet) = &article.outlet else {
                summary.without_outlet += 1;
                continue;
            };
            let count = outlets.entry(&outlet.name).or_insert_with(|| OutletCount {
                name: outlet.name.clone(),
                count: 0,
                family: outlet.family.clone(),
                raw: BTreeSet::new(),
            });
            count.count += 1;
            if !count.raw.contains(&outlet.raw) {
                count.raw.insert(outlet.raw.clone());
            }
        }
        for dates in summary.dates.values_mut() {
            (dates.first, dates.last) = (dates.range.0.to_string(), dates.range.1.to_string());
        }
        summary.outlets = outlets.into_values().collect();
        summary.outlets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        lengths.sort_unstable();
        summary.length = lengths.first().zip(lengths.last()).map(|(a, b)| [*a, lengths[lengths.len() / 2], *b]);
        summary
    }
}

/// Prints it to be read.
fn print(out: &mut impl Write, taken: &TakenIn, summary: &Summary) -> io::Result<()> {
    let intake = &taken.intake;
    writeln!(out, "Files")?;
    for file in intake.files.iter().take(FILES) {
        let format = file.format.map_or_else(|| "-".to_owned(), |f| f.to_string());
        write!(out, "  {}  {format}, compression {}, {}", clean(&file.file), file.compression, file.encoding)?;
        writeln!(out, "; {} articles, {} skipped", file.articles, file.skipped)?;
    }
    rest(out, intake.files.len(), FILES)?;

    writeln!(out, "\nFields")?;
    let mut fields: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (ours, theirs) in intake.files.iter().flat_map(|f| &f.fields) {
        for (name, count) in theirs {
            *fields.entry(ours).or_default().entry(name).or_default() += count;
        }
    }
    for (ours, theirs) in &fields {
        let mut theirs: Vec<_> = theirs.iter().collect();
        theirs.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
        let list: Vec<String> = theirs.iter().map(|(name, count)| format!("{} {count}", clean(name))).collect();
        writeln!(out, "  {ours:<10} {}", list.join(", "))?;
    }

    writeln!(out, "\nArticles  {}", summary.count)?;
    let left = taken.left_out;
    if left.total() > 0 {
        let (date, lang, outlet) = (left.date, left.lang, left.outlet);
        writeln!(out, "  left out   {} (date {date}, language {lang}, outlet {outlet})", left.total())?;
    }
    if left.undated_kept > 0 {
        writeln!(out, "  undated    {} kept, although days were asked for", left.undated_kept)?;
    }
    let mut languages: Vec<_> = summary.languages.iter().collect();
    languages.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), (*code).clone()));
    let list: Vec<String> = languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    writeln!(out, "  languages  {}", list.join(", "))?;
    if let Some([shortest, middle, longest]) = summary.length {
        writeln!(out, "  length     {shortest} to {longest} characters, median {middle}")?;
    }
    for (what, count) in [
        ("title", summary.without_title),
        ("text", summary.without_text),
        ("outlet", summary.without_outlet),
        ("date", summary.undated),
    ] {
        if count > 0 {
            writeln!(out, "  no {what:<7} {count}")?;
        }
    }
    if summary.labelled > 0 {
        writeln!(out, "  labelled   {}", summary.labelled)?;
    }

    if !summary.dates.is_empty() {
        writeln!(out, "\nDates")?;
        for (provenance, dates) in &summary.dates {
            let (first, last) = dates.range;
            writeln!(out, "  {provenance:<12} {:>7}  {} to {}", dates.count, first.told(), last.told())?;
        }
    }
    if !summary.outlets.is_empty() {
        writeln!(out, "\nOutlets  {}", summary.outlets.len())?;
        for outlet in summary.outlets.iter().take(OUTLETS) {
            write!(out, "  {:>7}  {}", outlet.count, clean(&outlet.name))?;
            let raw: Vec<_> = outlet.raw.iter().filter(|r| **r != outlet.name).collect();
            if !raw.is_empty() {
                let shown: Vec<_> = raw.iter().take(3).map(|r| clean(r).into_owned()).collect();
                let dots = if raw.len() > 3 { ", ..." } else { "" };
                write!(out, "  ({}{dots})", shown.join(", "))?;
            }
            writeln!(out)?;
        }
        rest(out, summary.outlets.len(), OUTLETS)?;
    }

    if !intake.skipped.is_empty() {
        writeln!(out, "\nSkipped  {}", intake.skipped.len())?;
        for line in intake.skipped.iter().take(SKIPPED) {
            writeln!(out, "  {}  {}", clean(&line.place.to_string()), clean(&line.reason))?;
        }
        rest(out, intake.skipped.len(), SKIPPED)?;
    }
    if !intake.warnings.is_empty() {
        writeln!(out, "\nWarnings  {}", intake.warnings.len())?;
        for line in intake.warnings.iter().take(SKIPPED) {
            writeln!(out, "  {}  {}", clean(&line.place.to_string()), clean(&line.reason))?;
        }
        rest(out, intake.warnings.len(), SKIPPED)?;
    }
    Ok(())
}

fn rest(out: &mut impl Write, count: usize, shown: usize) -> io::Result<()> {
    if count > shown { writeln!(out, "  ... and {} more", count - shown) } else { Ok(()) }
}
