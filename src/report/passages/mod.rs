//! The passages of a corpus, written out: one small file a form. `model` is what JSON, JSON lines and the table share.

mod csv;
mod json;
mod jsonl;
mod model;
mod shares;
mod terminal;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use crate::config::Config;
use crate::corpus::Corpus;
use crate::ingest::{Intake, LeftOut};
use crate::passages::PassageKind;
use crate::pipeline::{FoundPassages, PassageReport, ReportedPassage};
use crate::report::{Look, OffsetUnit};

pub use shares::{ArticleShares, PairShares, article_shares, pair_shares};

/// What there is to report.
#[derive(Clone, Copy, Debug)]
pub struct PassageRun<'a> {
    /// The articles and what was found in them.
    pub found: &'a FoundPassages,
    /// The passages with directions and groups; see [`PassageReport::keep`] and [`PassageReport::sort`].
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
}

impl PassageFormat {
    /// The form that the ending of a file asks for: `.json`, `.jsonl` or `.ndjson`, `.csv`, `.txt` (as on a terminal,
    /// without colours).
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "txt" => Some(Self::Terminal),
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
    }
}

impl PassageReport {
    /// Leaves only the passages of these kinds; all if there are none. Groups stay where they are.
    pub fn keep(&mut self, kinds: &[PassageKind]) {
        self.passages.retain(|one| kinds.is_empty() || kinds.contains(&one.passage.kind));
    }

    /// Sorts the passages by the ids of their articles, then by their places: the order of output.
    pub fn sort(&mut self, corpus: &Corpus) {
        self.passages.sort_by_key(|one| {
            let ReportedPassage { passage, .. } = one;
            let ids = (corpus.get(passage.a).id.as_str(), corpus.get(passage.b).id.as_str());
            (ids, passage.a_span, passage.b_span)
        });
    }

    /// The groups, by number, that a passage is in.
    fn shown(&self) -> HashSet<usize> {
        self.passages.iter().map(|one| one.group).collect()
    }

    /// The passages pair by pair; they are sorted.
    fn pairs(&self) -> impl Iterator<Item = &[ReportedPassage]> {
        self.passages.chunk_by(|x, y| (x.passage.a, x.passage.b) == (y.passage.a, y.passage.b))
    }
}
