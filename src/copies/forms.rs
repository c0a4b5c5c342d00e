//! Articles that are made of others by their very form: they come after what they hold, whatever their dates say.

use crate::normalise::{Lexicon, Marked, Marks};
use crate::survey::document_frequency::words;

/// A form whose texts are made of others'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Several stories in one article.
    RoundUp,
    /// One story told in many dated entries.
    LiveBlog,
}

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

/// Lines that begin with a time of day before a piece counts as a live blog.
const LIVE_ENTRIES: usize = 4;
/// The least words of an entry.
const ENTRY_WORDS: usize = 10;
/// What one article is by its title and its lines.
pub(super) fn form(article: &Marked<'_>, lexicon: &Lexicon) -> Option<Form> {
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
        let mut found = phrases.iter().filter(|phrase| title.contains(**phrase));
        found.any(|phrase| title == *phrase || opens(phrase) || title.ends_with(&format!(" {phrase}")))
    };
    let entries = timed_entries(article, lexicon);
    if entries >= LIVE_ENTRIES || entries >= 2 && says(&LIVE_TITLES) {
        return Some(Form::LiveBlog);
    }
    says(&ROUND_UP_TITLES).then_some(Form::RoundUp)
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
