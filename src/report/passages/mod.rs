//! The passages of a corpus, written out: one small file a form. `model` is what JSON, JSON lines and the table share.

mod csv;
mod html;
mod json;
mod jsonl;
mod model;
mod terminal;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use crate::article::DocId;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::ingest::{Intake, LeftOut};
use crate::passages::{Passage, PassageKind};
use crate::pipeline::{FoundPassages, PassageReport, ReportedPassage};
use crate::report::{Look, OffsetUnit};

/// What there is to report.
#[derive(Clone, Copy, Debug)]
pub struct PassageRun<'a> {
    /// The articles and what was found in them.
    pub found: &'a FoundPassages,
    /// The passages with directions and groups; [`arrange`]d.
    pub report: &'a PassageReport,
    /// The settings that they were found with.
    pub config: &'a Config,
    /// What is to be said of the input; its articles are not looked at.
    pub intake: &'a Intake,
    /// Articles that were read and not chosen.
    pub left_out: LeftOut,
}

/// The forms of output, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PassageFormat {
    /// To be read by people.
    #[default]
    Terminal,
    /// One JSON document with everything.
    Json,
    /// A passage a line.
    Jsonl,
    /// A passage a row.
    Csv,
    /// A page to be opened in a browser.
    Html,
}

impl PassageFormat {
    /// The form that the ending of a file asks for: `.json`, `.jsonl` or `.ndjson`, `.csv`, `.txt` (as on a terminal,
    /// without colours), `.html`.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "txt" => Some(Self::Terminal),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// How the forms are to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct PassageOptions {
    /// What offsets count.
    pub offsets: OffsetUnit,
    /// Whether JSON says what was changed, word by word.
    pub edits: bool,
    /// How much is shown to people, and how wide; `top` counts passage groups.
    pub look: Look,
}

/// Writes a run in one of the forms.
///
/// # Errors
/// What `out` says.
pub fn write(
    format: PassageFormat,
    run: &PassageRun<'_>,
    options: PassageOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        PassageFormat::Terminal => terminal::write(run, options.look, out),
        PassageFormat::Json => json::write(run, options, out),
        PassageFormat::Jsonl => jsonl::write(run, options, out),
        PassageFormat::Csv => csv::write(run, options, out),
        PassageFormat::Html => html::write(run, out),
    }
}

/// Leaves only the passages of these kinds, all if none is named, with at least so many common words (a quotation that was
/// parted from a passage can be shorter than passages are), and sorts them by the ids of their articles, then by their places:
/// the order of output.
pub fn arrange(report: &mut PassageReport, kinds: &[PassageKind], least: u32, corpus: &Corpus) {
    let wanted = |passage: &Passage| kinds.is_empty() || kinds.contains(&passage.kind);
    report.passages.retain(|one| wanted(&one.passage) && one.passage.found.matched() >= least);
    let id = |doc: DocId| corpus.get(doc).id.as_str();
    report.passages.sort_by(|x, y| {
        let key = |one: &ReportedPassage| (one.passage.a_span, one.passage.b_span);
        let ids = |one: &ReportedPassage| (id(one.passage.a), id(one.passage.b));
        ids(x).cmp(&ids(y)).then_with(|| key(x).cmp(&key(y)))
    });
}

impl<'a> PassageRun<'a> {
    /// The groups, by number, that a passage is in.
    fn groups(&self) -> HashSet<usize> {
        self.report.passages.iter().map(|one| one.group).collect()
    }

    /// The passages pair by pair; they are arranged.
    fn pairs(&self) -> impl Iterator<Item = &'a [ReportedPassage]> + use<'a> {
        self.report.passages.chunk_by(|x, y| (x.passage.a, x.passage.b) == (y.passage.a, y.passage.b))
    }
}
