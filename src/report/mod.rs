//! What a run has found, written out: one small file a form, all behind [`Report`].
//!
//! `model` is what JSON and CSV share, `offsets` and `clean` are what it needs, `output` opens the
//! files before the run so that a bad path fails early. Nothing here depends on threads, clocks or the order of the input.

pub mod articles;
pub mod assignments;
pub mod clean;
pub mod csv;
pub mod html;
pub mod json;
pub mod jsonl;
mod layout;
pub mod model;
pub mod offsets;
pub mod output;
pub mod passages;
pub mod side_by_side;
pub mod svg;
pub mod terminal;

use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use crate::config::Config;
use crate::ingest::{Intake, LeftOut};
use crate::pipeline::Analysis;

pub use crate::decimal::Micro;
pub use clean::{SafeJson, clean, read_id, write_id};
pub use offsets::OffsetUnit;
pub use output::{Output, Sink, Target};
pub use terminal::Look;

/// What there is to report.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was found.
    pub analysis: &'a Analysis,
    /// The settings that it was found with.
    pub config: &'a Config,
    /// What is to be said of the input; its articles are not looked at. Empty for articles that were never in a file.
    pub intake: &'a Intake,
    /// Articles that were read and not chosen.
    pub left_out: LeftOut,
}

/// One form of output.
pub trait Report {
    /// Writes a run. Fails only if `out` does.
    ///
    /// # Errors
    /// What `out` says.
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// The forms of output, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// To be read by people.
    #[default]
    Terminal,
    /// One JSON document with everything.
    Json,
    /// A story a line.
    Jsonl,
    /// An article a line, with every field that it came with.
    Articles,
    /// `id<TAB>story_id`.
    Assignments,
    /// Four flat tables.
    Csv,
    /// Pages to be opened in a browser: one file, or a folder.
    Html,
    /// Two drawings: the stories in time, and who republishes whom.
    Svg,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Terminal, Self::Json, Self::Jsonl, Self::Articles, Self::Assignments, Self::Csv, Self::Html, Self::Svg];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Articles => "articles",
            Self::Assignments => "assignments",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Svg => "svg",
        }
    }

    /// The form that the ending of a file asks for: `.json`, `.jsonl` or `.ndjson` (stories), `.csv`, `.tsv` (assignments),
    /// `.txt` (as on a terminal, without colours), `.html`, `.svg`.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Assignments),
            "txt" => Some(Self::Terminal),
            "html" | "htm" => Some(Self::Html),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }

    /// Whether it shows the fields that articles came with; then [`crate::config::IngestConfig::keep_fields`] must be set.
    #[must_use]
    pub fn wants_fields(self) -> bool {
        self == Self::Articles
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| format!("no form of output is called {name:?}"))
    }
}

/// How the forms are to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What offsets count.
    pub offsets: OffsetUnit,
    /// How much is shown to people, and how wide.
    pub look: Look,
}

/// A report with what its file is called beyond the name that was asked for.
struct Part {
    /// Stands before the ending: `articles` makes `out.articles.csv` of `out.csv`. Empty for the one file of a form.
    name: &'static str,
    report: Box<dyn Report>,
}

/// The reports that a form consists of; the first is the one for a stream.
fn parts(format: Format, options: Options) -> Vec<Part> {
    let offsets = options.offsets;
    let one = |report: Box<dyn Report>| vec![Part { name: "", report }];
    match format {
        Format::Terminal => one(Box::new(terminal::Terminal { look: options.look })),
        Format::Json => one(Box::new(json::Json { offsets })),
        Format::Jsonl => one(Box::new(jsonl::Jsonl { offsets })),
        Format::Articles => one(Box::new(articles::Articles)),
        Format::Assignments => one(Box::new(assignments::Assignments)),
        Format::Csv => {
            let part = |table: csv::Table| Part { name: table.name(), report: Box::new(csv::Csv { table, offsets }) };
            csv::Table::ALL.into_iter().map(part).collect()
        }
        Format::Html => one(Box::new(html::Html)),
        Format::Svg => {
            let part = |drawing: svg::Drawing| Part { name: drawing.name(), report: Box::new(svg::Svg { drawing }) };
            svg::Drawing::ALL.into_iter().map(part).collect()
        }
    }
}
