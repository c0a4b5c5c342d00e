//! The words that flags take for what the library has types for.

use clap::ValueEnum;
use retold::config::InputFormat;
use retold::evaluate::Deletion;
use retold::pairs::write::PairFormat;
use retold::passages::PassageKind;
use retold::report::passages::PassageFormat;
use retold::report::{Format, OffsetUnit};

/// Which article is kept, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliKeep {
    /// The first in the input.
    First,
    /// The earliest by date; undated ones last.
    Earliest,
    /// The one with most words.
    Longest,
    /// The one whose outlet comes first in --outlet-order.
    OutletOrder,
}

/// [`PairFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliPairFormat {
    /// An object a line.
    Jsonl,
    /// A table.
    Csv,
    /// A table with tabs.
    Tsv,
}

impl From<CliPairFormat> for PairFormat {
    fn from(format: CliPairFormat) -> Self {
        match format {
            CliPairFormat::Jsonl => Self::Jsonl,
            CliPairFormat::Csv => Self::Csv,
            CliPairFormat::Tsv => Self::Tsv,
        }
    }
}

/// [`PassageFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliPassageFormat {
    /// To be read.
    Terminal,
    /// One document: pairs with their passages, shares of articles, groups of passages.
    Json,
    /// A passage a line.
    Jsonl,
    /// A passage a row.
    Csv,
    /// A page for a browser.
    Html,
}

impl From<CliPassageFormat> for PassageFormat {
    fn from(format: CliPassageFormat) -> Self {
        match format {
            CliPassageFormat::Terminal => Self::Terminal,
            CliPassageFormat::Json => Self::Json,
            CliPassageFormat::Jsonl => Self::Jsonl,
            CliPassageFormat::Csv => Self::Csv,
            CliPassageFormat::Html => Self::Html,
        }
    }
}

/// [`PassageKind`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliKind {
    /// Running text in an article's own words.
    Prose,
    /// Inside quotation marks in both articles.
    Quote,
    /// Sentences that carry a credit.
    Attributed,
    /// A title standing in the text.
    Headline,
    /// Short lines, or mostly numbers.
    List,
    /// Text that an outlet repeats.
    Furniture,
}

impl From<CliKind> for PassageKind {
    fn from(kind: CliKind) -> Self {
        match kind {
            CliKind::Prose => Self::Prose,
            CliKind::Quote => Self::Quote,
            CliKind::Attributed => Self::Attributed,
            CliKind::Headline => Self::Headline,
            CliKind::List => Self::List,
            CliKind::Furniture => Self::Furniture,
        }
    }
}

/// [`Deletion`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliDeletion {
    /// The dates of the articles, wherever they came from.
    Dates,
    /// The texts: only titles are left, and articles without one go.
    Bodies,
}

impl From<CliDeletion> for Deletion {
    fn from(deletion: CliDeletion) -> Self {
        match deletion {
            CliDeletion::Dates => Self::Dates,
            CliDeletion::Bodies => Self::Bodies,
        }
    }
}

/// [`Format`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliOutput {
    /// To be read.
    Terminal,
    /// One document with everything.
    Json,
    /// A story a line.
    Jsonl,
    /// An article a line, with every field of the input and its story, copy group and role.
    Articles,
    /// A line `id<TAB>story_id` an article.
    Assignments,
    /// Tables of articles, stories, links and passages; on standard output that of the articles.
    Csv,
    /// Pages for a browser: one file, or, where -o ends with a slash or is a folder, a page a story.
    Html,
    /// Drawings of the stories in time and of who republishes whom; on standard output the first.
    Svg,
}

impl From<CliOutput> for Format {
    fn from(format: CliOutput) -> Self {
        match format {
            CliOutput::Terminal => Self::Terminal,
            CliOutput::Json => Self::Json,
            CliOutput::Jsonl => Self::Jsonl,
            CliOutput::Articles => Self::Articles,
            CliOutput::Assignments => Self::Assignments,
            CliOutput::Csv => Self::Csv,
            CliOutput::Html => Self::Html,
            CliOutput::Svg => Self::Svg,
        }
    }
}

/// [`OffsetUnit`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliOffsets {
    /// Unicode code points, as in Python.
    Codepoints,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units, as in JavaScript and Java.
    Utf16,
}

impl From<CliOffsets> for OffsetUnit {
    fn from(unit: CliOffsets) -> Self {
        match unit {
            CliOffsets::Codepoints => Self::CodePoints,
            CliOffsets::Bytes => Self::Bytes,
            CliOffsets::Utf16 => Self::Utf16,
        }
    }
}

/// [`InputFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CliFormat {
    /// By content.
    Auto,
    /// An article a file.
    Text,
    /// A JSON document.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// A table.
    Csv,
    /// A table with tabs.
    Tsv,
}

impl From<CliFormat> for InputFormat {
    fn from(format: CliFormat) -> Self {
        match format {
            CliFormat::Auto => Self::Auto,
            CliFormat::Text => Self::Text,
            CliFormat::Json => Self::Json,
            CliFormat::Jsonl => Self::Jsonl,
            CliFormat::Csv => Self::Csv,
            CliFormat::Tsv => Self::Tsv,
        }
    }
}
