//! What each article is inside its story.

use crate::article::{Article, DocId};
use crate::cluster::story::Role;
use crate::config::CopiesConfig;
use crate::copies::CopyLink;
use crate::normalise::{Lexicon, Marked, Marks};
use crate::survey::document_frequency::words;

/// Titles of pieces that list several stories, in the languages we read; matched as whole words
/// at the beginning of a title (one word may stand before) or at its end.
const ROUND_UP_TITLES: [&str; 24] = [
    "things to know this",
    "things to know today",
    "things to know on",
    "things to know for",
    "morning briefing",
    "evening briefing",
    "daily briefing",
    "news in brief",
    "round up",
    "roundup",
    "week in review",
    "top stories",
    "headlines today",
    "what you missed",
    "morning update",
    "der tag im überblick",
    "die nacht im überblick",
    "kurz notiert",
    "l essentiel de l actualité",
    "en bref",
    "las noticias del día",
    "en breve",
    "le notizie di oggi",
    "em resumo",
];

/// Titles of pieces that follow one event as it unfolds.
const LIVE_TITLES: [&str; 12] = [
    "live updates",
    "live blog",
    "liveblog",
    "as it happened",
    "live",
    "latest updates",
    "liveticker",
    "ticker",
    "en direct",
    "en directo",
    "ao vivo",
    "minuto a minuto",
];

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

/// Lines that begin with a time of day before a piece counts as a live blog.
const LIVE_ENTRIES: usize = 4;
/// The least words of an entry.
const ENTRY_WORDS: usize = 10;
/// A text with more words than this is no stub.
const STUB_WORDS: usize = 160;

/// What an article is by itself, whatever others there are: a round-up, a live blog, or neither. A text that holds those of
/// several strangers (`holds_strangers`) is a round-up whatever its title.
#[must_use]
pub fn form(article: &Marked<'_>, lexicon: &Lexicon, holds_strangers: bool) -> Option<Role> {
    // What an outlet puts behind its titles is its own name or section; what it puts before them, or above many texts, is the
    // title of a column, and says what the piece is.
    let column = article.title.marks.first().is_some_and(|marks| marks.has(Marks::FURNITURE));
    let title: Vec<&str> = if column {
        article.title.words.iter().map(|&word| lexicon.word(word)).collect()
    } else {
        words(&article.title.words, &article.title.marks).map(|(_, word, _)| lexicon.word(word)).collect()
    };
    let title = title.join(" ");
    // "Five things to know today", "City roundup"; not "What to know about the Roundup verdict".
    let opens = |phrase: &&str| {
        let before = title.find(&format!("{phrase} ")).map(|at| title[..at].split_whitespace().count());
        before.is_some_and(|words| words <= 1) && (title.starts_with(*phrase) || title.contains(&format!(" {phrase} ")))
    };
    let says = |phrases: &[&str]| {
        phrases.iter().any(|phrase| title == *phrase || opens(phrase) || title.ends_with(&format!(" {phrase}")))
    };
    let entries = timed_entries(article, lexicon);
    if entries >= LIVE_ENTRIES || says(&LIVE_TITLES) && entries >= 2 {
        return Some(Role::LiveBlog);
    }
    (holds_strangers || says(&ROUND_UP_TITLES)).then_some(Role::RoundUp)
}

/// Entries under a time of day ("09:15", "9.15", "9h15") at the head of a line, if they run on in time, all forwards or all
/// backwards, each with some words under it: the times of comments and captions do not.
fn timed_entries(article: &Marked<'_>, lexicon: &Lexicon) -> usize {
    let body = &article.body;
    let number = |i: usize, digits: std::ops::RangeInclusive<usize>| {
        let word = body.words.get(i).map_or("", |&w| lexicon.word(w));
        word.parse::<u32>().ok().filter(|_| digits.contains(&word.len()))
    };
    let time = |i: usize| {
        let together = lexicon.word(body.words[i]).split_once(['.', 'h']).filter(|(_, minutes)| minutes.len() == 2);
        let parts = together.map(|(h, m)| (h.parse::<u32>().ok(), m.parse::<u32>().ok()));
        let (hours, minutes) = parts.unwrap_or_else(|| (number(i, 1..=2), number(i + 1, 2..=2)));
        hours.zip(minutes).filter(|(hours, minutes)| *hours < 24 && *minutes < 60)
    };
    let heads = (0..body.len()).filter(|&i| body.marks[i].has(Marks::PARAGRAPH.and(Marks::DIGIT)));
    let entries: Vec<(usize, (u32, u32))> = heads.filter_map(|i| Some((i, time(i)?))).collect();
    let ends = entries.iter().skip(1).map(|(i, _)| *i).chain([body.len()]);
    let filled = entries.iter().zip(ends).all(|((i, _), end)| end - i >= ENTRY_WORDS);
    let forwards = entries.windows(2).all(|w| w[0].1 < w[1].1);
    let backwards = entries.windows(2).all(|w| w[0].1 > w[1].1);
    if filled && (forwards || backwards) { entries.len() } else { 0 }
}

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
    form: Option<Role>,
    stub: bool,
    hangs: Option<(&CopyLink, bool)>,
    is_copied: bool,
    config: &CopiesConfig,
) -> Role {
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
