//! Errors of the library, and what a reader says of input that it could not use. The latter is data: one bad article
//! never stops a run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

/// What stops a run.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error {
    kind: ErrorKind,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    pub(crate) fn io(path: &Path, cause: std::io::Error) -> Self {
        ErrorKind::Io { path: path.to_path_buf(), cause }.into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind }
    }
}

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder named by the caller cannot be opened or written.
    #[error("{path}: {cause}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The configuration cannot be used.
    #[error("configuration: {0}")]
    Config(String),
    /// A table that the caller handed in (outlets, gold labels) cannot be read.
    #[error("{path}, line {line}: {cause}", path = path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        cause: String,
    },
    /// Must-links join articles that a cannot-link keeps apart; with the lines of the file, in words.
    #[error("{0}")]
    Contradiction(String),
    /// An article was asked for that is not in the input.
    #[error("no article has the id {0:?}; `retold cluster INPUT --format assignments` lists the ids")]
    UnknownArticle(String),
    /// A temporary file, which a run makes that does not fit its memory, cannot be made, written or read.
    #[error(
        "temporary files in {dir}: {cause} (--temp-dir names another folder; with more --memory less is written)",
        dir = dir.display()
    )]
    Spill {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        #[source]
        cause: Arc<std::io::Error>,
    },
    /// More articles than a run can number.
    #[error("{0} articles are more than one run can number (limit: 4294967295)")]
    TooManyArticles(usize),
}

/// Where in the input something stood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file; `-` is standard input.
    pub file: String,
    /// The line in it, from 1, where there are lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// An article, or a whole file, that could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Skipped {
    /// Where it stood.
    #[serde(flatten)]
    pub place: Place,
    /// Why, in words that say what to do where that helps.
    pub reason: String,
}

/// A field that could not be read, or an oddity; the article itself was taken in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// Where it stood.
    #[serde(flatten)]
    pub place: Place,
    /// What was wrong.
    pub reason: String,
}
