//! The one token stream that every later stage reads.

use std::borrow::Cow;

use crate::article::Text;
use crate::language::Lang;
use crate::normalise::lexicon::WordId;

/// Bytes of a text, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub begin: u32,
    /// Behind the last byte.
    pub end: u32,
}

impl Span {
    /// The part of a text that it names; empty if it does not fit.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.begin as usize..self.end as usize).unwrap_or("")
    }

    /// The same of the text of an article, which may have to be read.
    #[must_use]
    pub fn part_of(self, text: &Text) -> Cow<'_, str> {
        text.part(self.begin as usize..self.end as usize)
    }
}

/// What is known of a token besides its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(pub u8);

impl Marks {
    /// Inside quotation marks.
    pub const QUOTED: Self = Self(1);
    /// Begins with a capital letter.
    pub const CAPITAL: Self = Self(2);
    /// Begins with a digit.
    pub const DIGIT: Self = Self(4);
    /// Part of a title, outlet or date line that stands in the text.
    pub const HEAD: Self = Self(8);
    /// Its sentence carries a credit.
    pub const CREDIT: Self = Self(16);
    /// Text that the outlet repeats; set once the survey knows it.
    pub const FURNITURE: Self = Self(32);
    /// More than white space stands between it and the token before, and no sentence begins with it.
    pub const APART: Self = Self(64);
    /// First token of a sentence.
    pub const SENTENCE: Self = Self(128);
    /// First token of a paragraph (a line), and so of a sentence: the bits of both, which no other token has.
    pub const PARAGRAPH: Self = Self(128 | 64);

    /// Whether all marks of `other` are set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any mark of `other` is set.
    #[must_use]
    pub fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Sets the marks of `other`.
    pub fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The tokens of one field, as parallel columns of equal length. Words and marks may be those of a stream in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens<'a> {
    /// The folded words.
    pub words: Cow<'a, [WordId]>,
    /// Where they stand in the field as it came in.
    pub spans: Vec<Span>,
    /// What is known of them.
    pub marks: Cow<'a, [Marks]>,
}

impl Tokens<'_> {
    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// An article as tokens: words as they stand (passages, pairs), stems by way of [`crate::normalise::Stems`] (vectors),
/// marks (kinds, credits).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenStream<'a> {
    /// The language it was read in.
    pub lang: Lang,
    /// The title.
    pub title: Tokens<'a>,
    /// The text.
    pub body: Tokens<'a>,
}
