//! Copies: which articles are made of the text of which, and which are the same text altogether.

pub mod coverage;
pub mod divide;
pub mod fold;
pub mod forms;
pub mod groups;
pub mod shares;

use crate::article::DocId;
use crate::corpus::Corpus;

pub use coverage::{Coverage, coverages, each_alone};
pub use divide::divide;
pub use fold::{Voices, fold, share_to_micro};
pub use forms::Form;
pub use groups::{Compilation, Grounds, compilations, groups};
pub use shares::{ArticleShares, PairShares, article_shares, pair_shares};

/// A copy and what it was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyLink {
    /// The later article.
    pub copy: DocId,
    /// The earlier one.
    pub of: DocId,
    /// Share of the copy's own words that stand in the other, in millionths.
    pub coverage: i64,
    /// Share of the other's own words that stand in the copy, in millionths.
    pub back: i64,
}

/// A text and its republications: a tree of copy links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyGroup {
    /// Stable: made of the key of its root.
    pub id: String,
    /// The earliest article, which the others were taken from.
    pub root: DocId,
    /// All articles, the root first, then by date and key.
    pub members: Vec<DocId>,
    /// One link for every member but the root.
    pub links: Vec<CopyLink>,
}

impl CopyGroup {
    /// The id of a group with this root.
    pub(crate) fn id_of(root: DocId, corpus: &Corpus) -> String {
        format!("c{:016x}", corpus.key(root).0 >> 64)
    }
}
