//! What each article is inside its story.

use crate::article::{Article, DocId};
use crate::cluster::story::Role;
use crate::config::CopiesConfig;
use crate::copies::CopyLink;
use crate::normalise::{Lexicon, Marks, TokenStream};

/// Titles of pieces that list several stories, in the languages we read; matched as whole words.
const ROUND_UP_TITLES: [&str; 22] = [
    "things to know", "things you need to know", "morning briefing", "evening briefing", "daily briefing", "news in brief",
    "round up", "roundup", "week in review", "top stories", "headlines today", "what you missed", "morning update",
    "der tag im überblick", "die nacht im überblick", "kurz notiert", "l essentiel de l actualité", "en bref", "las noticias del día",
    "en breve", "le notizie di oggi", "em resumo",
];

/// Titles of pieces that follow one event as it unfolds.
const LIVE_TITLES: [&str; 12] = [
    "live updates", "live blog", "liveblog", "as it happened", "live", "latest updates", "liveticker", "ticker", "en direct", "en directo",
    "ao vivo", "minuto a minuto",
];

/// Last words of a text that was cut off for those who have not paid.
const PAYWALL: [&str; 18] = [
    "continue reading", "keep reading", "to read the full", "read the full", "read the rest", "subscribe to", "subscribers only", "sign in to",
    "log in to", "already a subscriber", "weiterlesen", "jetzt abonnieren", "lire la suite", "réservé aux abonnés", "seguir leyendo",
    "suscríbase", "continua a leggere", "para assinantes",
];

/// Lines that begin with a time of day before a piece counts as a live blog.
const LIVE_ENTRIES: usize = 4;
/// A text with more words than this is no stub.
const STUB_WORDS: usize = 160;

/// What an article is by itself, whatever others there are: a round-up, a live blog, or neither. A text that holds those of
/// several strangers (`holds_strangers`) is a round-up whatever its title.
#[must_use]
pub fn form(stream: &TokenStream, lexicon: &Lexicon, holds_strangers: bool) -> Option<Role> {
    let title: Vec<&str> = stream.title.words.iter().map(|&word| lexicon.word(word)).collect();
    let title = format!(" {} ", title.join(" "));
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| title.contains(&format!(" {phrase} ")));
    if timed_entries(stream, lexicon) >= LIVE_ENTRIES || says(&LIVE_TITLES) && timed_entries(stream, lexicon) >= 2 {
        return Some(Role::LiveBlog);
    }
    (holds_strangers || says(&ROUND_UP_TITLES)).then_some(Role::RoundUp)
}

/// Lines that begin with a time of day: "09:15", "9.15", "9h15".
fn timed_entries(stream: &TokenStream, lexicon: &Lexicon) -> usize {
    let body = &stream.body;
    let small = |i: usize, below: u32, digits: usize| {
        let word = body.words.get(i).map_or("", |&w| lexicon.word(w));
        word.len() <= digits && word.parse::<u32>().is_ok_and(|n| n < below)
    };
    let is_time = |i: usize| {
        let word = lexicon.word(body.words[i]);
        let parts: Vec<&str> = word.split(['.', 'h']).collect();
        let whole = |part: &&str| part.parse::<u32>().is_ok();
        parts.len() == 2 && parts[1].len() == 2 && parts.iter().all(whole)
            || small(i, 24, 2) && small(i + 1, 60, 2) && lexicon.word(body.words[i + 1]).len() == 2 && !body.marks[i + 1].has(Marks::SENTENCE)
    };
    (0..body.len()).filter(|&i| body.marks[i].has(Marks::PARAGRAPH) && body.marks[i].has(Marks::DIGIT) && is_time(i)).count()
}

/// Whether a text breaks off behind its beginning: it is short and its end asks to pay or to read on.
#[must_use]
pub fn is_stub(article: &Article, stream: &TokenStream) -> bool {
    if stream.body.is_empty() || stream.body.len() > STUB_WORDS {
        return false;
    }
    let tail: Vec<char> = article.text.trim_end().chars().rev().take(200).collect();
    let tail: String = tail.into_iter().rev().collect::<String>().to_lowercase();
    PAYWALL.iter().any(|cue| tail.contains(cue))
}

/// The role of an article, given how it hangs in its copy group and what hangs on it.
#[must_use]
pub fn role(form: Option<Role>, stub: bool, hangs: Option<(&CopyLink, bool)>, is_copied: bool, config: &CopiesConfig) -> Role {
    if let Some(form) = form {
        return form;
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
