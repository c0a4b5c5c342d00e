//! Passages: stretches of text that stand in two articles.

pub mod align;
pub mod find;
pub mod fingerprint;
pub mod rarity;
pub mod rewritten;
pub mod runs;
pub mod thorough;

use crate::article::DocId;
use crate::normalise::Span;

pub use align::Alignment;
pub use runs::Run;
pub use rarity::Rarity;
pub use find::{Passages, Shared, find, passages_of};

/// What kind of text a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassageKind {
    /// Mostly inside quotation marks in both articles.
    Quote,
    /// Its sentence carries a credit in one of them.
    Attributed,
    /// Mostly text that an outlet repeats.
    Furniture,
    /// Mostly a title standing in the text.
    Headline,
    /// Anything else.
    Prose,
}

impl PassageKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Attributed => "attributed",
            Self::Furniture => "furniture",
            Self::Headline => "headline",
            Self::Prose => "prose",
        }
    }
}

/// A passage with its places in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// One article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// Where it stands in the text of `a`, in bytes.
    pub a_span: Span,
    /// Where it stands in the text of `b`, in bytes.
    pub b_span: Span,
    /// Its length in words.
    pub words: u32,
    /// Its kind.
    pub kind: PassageKind,
}
