//! Passages: stretches of text that stand in two articles.

pub mod align;
pub mod direction;
pub mod find;
pub mod fingerprint;
pub mod groups;
pub mod kinds;
pub mod operations;
mod parts;
mod repeated;
pub mod rewritten;
pub mod runs;
pub mod thorough;

use crate::article::DocId;
use crate::normalise::Span;

pub use align::Alignment;
pub use direction::{Confidence, Direction, Judgement};
pub use find::{Passages, Shared, find};
pub use groups::{PassageGroup, Place};
pub use kinds::passages_of;
pub use operations::{Operation, OperationKind, operations};
pub use runs::Run;

/// What kind of text a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassageKind {
    /// Inside quotation marks in both articles.
    Quote,
    /// Its sentences carry a credit in one of them, or it says in both whose the quotation beside it is.
    Attributed,
    /// Text that an outlet repeats.
    Furniture,
    /// A title standing in the text.
    Headline,
    /// Lines of a few words, or mostly numbers.
    List,
    /// Anything else.
    Prose,
}

impl PassageKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Prose, Self::Quote, Self::Attributed, Self::Headline, Self::List, Self::Furniture];

    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Attributed => "attributed",
            Self::Furniture => "furniture",
            Self::Headline => "headline",
            Self::List => "list",
            Self::Prose => "prose",
        }
    }
}

/// A passage with its places in both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// One article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// Where it stands in the text of `a`, in bytes: from its first common word to its last.
    pub a_span: Span,
    /// Where it stands in the text of `b`, in bytes.
    pub b_span: Span,
    /// Its tokens in both bodies, and the common ones.
    pub found: Alignment,
    /// Its kind.
    pub kind: PassageKind,
}
