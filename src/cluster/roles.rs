//! What each article is inside its story.

use crate::article::{Article, DocId};
use crate::cluster::story::Role;
use crate::config::CopiesConfig;
use crate::copies::{CopyLink, Form};

/// Last words of a text that was cut off for those who have not paid.
const PAYWALL: [&str; 18] = [
    "continue reading",
    "keep reading",
    "to read the full",
    "read the full",
    "read the rest",
    "subscribe to",
    "subscribers only",
    "sign in to",
    "log in to",
    "already a subscriber",
    "weiterlesen",
    "jetzt abonnieren",
    "lire la suite",
    "réservé aux abonnés",
    "seguir leyendo",
    "suscríbase",
    "continua a leggere",
    "para assinantes",
];

/// A text with more words than this is no stub.
const STUB_WORDS: usize = 160;

/// Whether a text of so many words breaks off behind its beginning: it is short and its end asks to pay or to read on.
#[must_use]
pub fn is_stub(article: &Article, words: usize) -> bool {
    if words == 0 || words > STUB_WORDS {
        return false;
    }
    let tail: Vec<char> = article.text.read().trim_end().chars().rev().take(200).collect();
    let tail: String = tail.into_iter().rev().collect::<String>().to_lowercase();
    PAYWALL.iter().any(|cue| tail.contains(cue))
}

/// The role of an article, given how it hangs in its copy group and what hangs on it.
#[must_use]
pub fn role(
    form: Option<Form>,
    stub: bool,
    hangs: Option<(&CopyLink, bool)>,
    is_copied: bool,
    config: &CopiesConfig,
) -> Role {
    match form {
        Some(Form::RoundUp) => return Role::RoundUp,
        Some(Form::LiveBlog) => return Role::LiveBlog,
        None => {}
    }
    if stub {
        return Role::Stub;
    }
    let least = crate::copies::fold::share_to_micro(config.copy);
    match hangs {
        Some((link, true)) if link.coverage.max(link.back) >= least => Role::Revision,
        Some((link, _)) if link.coverage >= least => Role::Copy,
        Some(_) => Role::PartialCopy,
        None if is_copied => Role::Original,
        None => Role::Report,
    }
}

/// Whether a copy link is between two articles of one outlet.
#[must_use]
pub fn same_outlet(articles: &[Article], link: &CopyLink) -> bool {
    let name = |doc: DocId| articles[doc.index()].outlet_name();
    name(link.copy).is_some() && name(link.copy) == name(link.of)
}
