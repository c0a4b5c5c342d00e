//! What comes in: one article, who published it, and when.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::language::Lang;
use crate::spill::{Address, Share, Spill};

/// An article's number in one run: dense, in the order of [`ArticleKey`], never stored or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub u32);

impl DocId {
    /// The number as an index into per-article tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What identifies an article by its content, the same in every run: a 128-bit xxh3 hash of outlet, URL (else title) and
/// text. Ties of every stage are broken by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(pub u128);

impl fmt::Display for ArticleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Who published an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outlet {
    /// The name after normalisation, for example `BBC News` for `bbc.co.uk`.
    pub name: String,
    /// As it stood in the input.
    pub raw: String,
    /// The publisher that owns it, where the outlet table says so. Outlets of one family are not independent.
    pub family: Option<String>,
}

/// Where a date was found, from the most trustworthy to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// A field that says when the article was published.
    Published,
    /// A field that says when it was last changed.
    Modified,
    /// The path of its URL.
    Url,
    /// A date named in the prose.
    Text,
    /// A date line at the head of a page or text file: often the day of a crawl or of printing.
    PageHeader,
    /// The day a crawler fetched it.
    Crawled,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Url => "url",
            Self::Text => "text",
            Self::PageHeader => "page header",
            Self::Crawled => "crawled",
        })
    }
}

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// Only the day is known.
    Day,
    /// The time of day is known, to the second or minute.
    Time,
}

/// A moment with its provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Date {
    /// Seconds since 1970-01-01 UTC; midnight where only the day is known. A time without a zone counts as UTC.
    pub at: i64,
    /// Day or time.
    pub resolution: Resolution,
    /// Where it was found.
    pub provenance: Provenance,
}

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl Date {
    /// Days since 1970-01-01.
    #[must_use]
    pub fn day(self) -> i64 {
        self.at.div_euclid(DAY)
    }

    /// Days between two dates, in whole days.
    #[must_use]
    pub fn days_apart(self, other: Self) -> i64 {
        (self.day() - other.day()).abs()
    }

    /// As people read it: `2031-03-04`, or `2031-03-04 09:15 UTC` where the time is known, with seconds if there are any.
    #[must_use]
    pub fn told(self) -> String {
        let written = self.to_string();
        match written.split_once('T') {
            Some((day, time)) => {
                let time = time.trim_end_matches('Z');
                format!("{day} {} UTC", time.strip_suffix(":00").unwrap_or(time))
            }
            None => written,
        }
    }
}

impl fmt::Display for Date {
    /// `2031-03-04`, with `T09:15:00Z` behind it where the time is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(stamp) = jiff::Timestamp::from_second(self.at) else { return write!(f, "?") };
        let moment = stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        match self.resolution {
            Resolution::Day => write!(f, "{}", moment.date()),
            Resolution::Time => {
                write!(f, "{}T{:02}:{:02}:{:02}Z", moment.date(), moment.hour(), moment.minute(), moment.second())
            }
        }
    }
}

/// A line at the head or foot of a text that is not prose of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadSpan {
    /// What the line is.
    pub kind: HeadKind,
    /// Bytes of [`Article::text`].
    pub range: Range<usize>,
}

/// What a marked line of a text file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// The article's title, standing in its text.
    Title,
    /// A line that names the outlet.
    Outlet,
    /// A line that is a date.
    Date,
}

/// A text in memory or, if it does not fit there, in a temporary file. Made of a string it is in memory.
#[derive(Clone, Debug)]
pub struct Text(Place);

#[derive(Clone, Debug)]
enum Place {
    Memory(String),
    Spilled(Spill, Address),
}

impl Text {
    /// Puts it where there is room.
    #[must_use]
    pub fn keep(text: String, spill: &Spill) -> Self {
        if text.is_empty() || spill.hold(Share::Texts, text.len()) {
            return Self(Place::Memory(text));
        }
        Self(Place::Spilled(spill.clone(), spill.put(text.as_bytes())))
    }

    /// The whole text. What cannot be read is empty, and [`Spill::check`] tells it.
    #[must_use]
    pub fn read(&self) -> Cow<'_, str> {
        match &self.0 {
            Place::Memory(text) => Cow::Borrowed(text),
            Place::Spilled(spill, address) => Cow::Owned(spill.text(*address)),
        }
    }

    /// A part of it, by bytes; empty if it does not fit.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Cow<'_, str> {
        match &self.0 {
            Place::Memory(text) => Cow::Borrowed(text.get(range).unwrap_or("")),
            Place::Spilled(spill, address) if range.start <= range.end && range.end <= address.bytes => {
                let part = Address { at: address.at + range.start as u64, bytes: range.len() };
                // Bytes that begin or end inside a character are no text.
                Cow::Owned(String::from_utf8(spill.get(part)).unwrap_or_default())
            }
            Place::Spilled(..) => Cow::Borrowed(""),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Place::Memory(text) => text.len(),
            Place::Spilled(_, address) => address.bytes,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Text {
    fn default() -> Self {
        String::new().into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Place::Memory(text))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.read() == other.read()
    }
}

/// One text published by one outlet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The id from the input; empty where there is none, until [`crate::corpus::Corpus`] gives it its key.
    pub id: String,
    /// Where it stands on the web.
    pub url: Option<String>,
    /// Who published it.
    pub outlet: Option<Outlet>,
    /// Its title.
    pub title: Option<String>,
    /// The whole text as it came in (decoded). Every offset refers to it.
    pub text: Text,
    /// Title, outlet and date lines that are part of `text`; in order, not overlapping.
    pub head: Vec<HeadSpan>,
    /// The most trustworthy date that could be read.
    pub date: Option<Date>,
    /// The language of the text; see [`crate::language::identify`].
    pub lang: Lang,
    /// The agency or original publisher that a field of the input names (RSS `source`, `creditline`).
    pub agency: Option<String>,
    /// The story label of a labelled set, for `evaluate`.
    pub label: Option<String>,
    /// Every field of the input record as a JSON object, if the reader was asked to keep them.
    pub fields: Option<Text>,
}

impl Article {
    /// The content key: outlet, URL (else title), text.
    #[must_use]
    pub fn key(&self) -> ArticleKey {
        // In one piece: the hash takes its time with pieces.
        let mut bytes = Vec::with_capacity(self.text.len() + 256);
        let outlet = self.outlet.as_ref().map_or("", |o| o.raw.as_str());
        let name = self.url.as_deref().or(self.title.as_deref()).unwrap_or("");
        for part in [outlet, name, &*self.text.read()] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        ArticleKey(xxh3_128(&bytes))
    }

    /// The normalised name of the outlet, if it has one.
    #[must_use]
    pub fn outlet_name(&self) -> Option<&str> {
        self.outlet.as_ref().map(|o| o.name.as_str())
    }

    /// The title, or the first words of the text where it has none; at most `limit` characters.
    #[must_use]
    pub fn headline(&self, limit: usize) -> String {
        let title = self.title.as_deref().filter(|t| !t.trim().is_empty());
        let text = if title.is_none() { self.text.read() } else { Cow::default() };
        let first_line = || text.lines().map(str::trim).find(|line| !line.is_empty());
        let source = title.or_else(first_line).unwrap_or("");
        let mut words = source.split_whitespace();
        let mut out = String::new();
        let mut count = 0;
        for word in words.by_ref() {
            let len = word.chars().count() + usize::from(!out.is_empty());
            if count + len > limit {
                if out.is_empty() {
                    out.extend(word.chars().take(limit));
                }
                out.push('…');
                return out;
            }
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            count += len;
        }
        out
    }
}
