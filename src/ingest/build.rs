//! From a record to an article: which value counts, and what is too little or too much to be one.

use super::date::{self, Unread};
use super::fields::{Aliases, Field, beside_text, name_of};
use super::markup;
use super::record::Record;
use crate::article::{Article, Date, Outlet, Provenance, Text};
use crate::config::IngestConfig;
use crate::language::{Lang, identify};
use crate::outlets::OutletTable;
use crate::progress::Progress;
use crate::spill::Spill;

/// What every reader is handed.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) config: &'a IngestConfig,
    pub(super) aliases: &'a Aliases,
    pub(super) table: &'a OutletTable,
    pub(super) progress: &'a dyn Progress,
    pub(super) spill: &'a Spill,
    pub(super) languages: Languages,
}

/// What is done about the languages of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Languages {
    /// They are identified, see [`crate::language::identify`].
    Identified,
    /// They are what the input says, if it says something: for those who do not ask.
    AsGiven,
}

impl Languages {
    /// The language of a text.
    pub(super) fn of(self, text: &str, given: Option<Lang>) -> Lang {
        match self {
            Self::Identified => identify(text, given),
            Self::AsGiven => given.unwrap_or_default(),
        }
    }
}

/// What becomes of every article as soon as it is read, in the thread that read it.
pub(super) type Reduce<'a, T> = &'a (dyn Fn(Article) -> T + Sync);

/// An article, or what it was reduced to, and what there is to say of how it came about.
#[derive(Debug)]
pub(super) struct Built<T = Article> {
    pub(super) article: T,
    /// Ranks of the names that its fields came from.
    pub(super) used: Vec<u16>,
    /// Fields that came from elsewhere: our name, and where from.
    pub(super) derived: Vec<(&'static str, &'static str)>,
    /// Fields that could not be read.
    pub(super) warnings: Vec<String>,
}

impl Built {
    /// Puts something else in the place of the article.
    pub(super) fn reduce<T>(self, reduce: Reduce<'_, T>) -> Built<T> {
        let Self { article, used, derived, warnings } = self;
        Built { article: reduce(article), used, derived, warnings }
    }
}

/// Makes an article of a record.
///
/// # Errors
/// The reason why it is none.
pub(super) fn build(mut record: Record, context: Context<'_>) -> Result<Built, String> {
    check_fields(&record, context.config)?;
    let mut built = Built { article: Article::default(), used: Vec::new(), derived: Vec::new(), warnings: Vec::new() };
    let mut take = |record: &mut Record, field: Field| {
        let found = record.take(field)?;
        built.used.push(found.rank);
        Some(found)
    };
    let text = take(&mut record, Field::Text).or_else(|| take(&mut record, Field::Stub));
    let text = text.map_or(String::new(), |found| {
        let is_markup = context.aliases.get(found.rank).markup || markup::is_markup(&found.value);
        if context.config.markup && is_markup { markup::to_text(&found.value) } else { found.value }
    });
    let title = take(&mut record, Field::Title).map(|found| trimmed(found.value));
    let title = title.map(|title| if title.contains('&') { markup::decode(&title) } else { title });
    if text.is_empty() && title.is_none() {
        return Err("neither text nor title; if they have other names, say --field text=NAME".to_owned());
    }
    check(title.as_deref(), &text, context.config)?;
    let url = take(&mut record, Field::Url).map(|found| trimmed(found.value));
    let outlet = take(&mut record, Field::Outlet).map(|found| found.value);
    let id = take(&mut record, Field::Id).map(|found| trimmed(found.value));
    let agency = take(&mut record, Field::Agency).map(|found| trimmed(found.value));
    let label = take(&mut record, Field::Label).map(|found| trimmed(found.value));
    let lang = take(&mut record, Field::Lang).and_then(|found| Lang::parse(&found.value));
    let outlet = outlet_of(outlet.as_deref(), url.as_deref(), context.table, &mut built.derived);
    let date = date_of(&record, url.as_deref(), context.aliases, &mut built);
    let spoken = if text.trim().is_empty() { title.as_deref().unwrap_or("") } else { &text };
    let lang = context.languages.of(spoken, lang);
    let fields = record.fields.take().map(|fields| {
        let json = serde_json::Value::Object(fields).to_string();
        Text::keep(json, context.spill)
    });
    built.article = Article {
        id: id.unwrap_or_default(),
        url,
        outlet,
        title,
        text: Text::keep(text, context.spill),
        date,
        lang,
        agency,
        label,
        fields,
        head: Vec::new(),
    };
    Ok(built)
}

/// A value without the white space around it.
fn trimmed(value: String) -> String {
    if value.trim().len() == value.len() { value } else { value.trim().to_owned() }
}

/// Whether no field but the text is too long: titles, ids and URLs stand in lists, and in every output.
///
/// # Errors
/// The reason why one is.
fn check_fields(record: &Record, config: &IngestConfig) -> Result<(), String> {
    for (field, name) in beside_text() {
        let bytes = record.get(field).map_or(0, |found| found.value.len());
        if bytes as u64 > config.max_field {
            return Err(format!("{bytes} bytes of {name}, above the limit of {} (ingest.max-field)", config.max_field));
        }
    }
    Ok(())
}

/// Whether title and text are neither too short, nor the text too long.
///
/// # Errors
/// The reason why they are.
pub(super) fn check(title: Option<&str>, text: &str, config: &IngestConfig) -> Result<(), String> {
    if text.len() as u64 > config.max_article {
        return Err(format!("{} bytes of text, above the limit of {} (--max-article)", text.len(), config.max_article));
    }
    let least = config.min_words as usize;
    let words = words(title.unwrap_or(""), least);
    let words = words + if words < least { self::words(text, least - words) } else { 0 };
    if words < least {
        return Err(match words {
            0 => "no words in it".to_owned(),
            n => format!("only {n} word{} of title and text, fewer than {least}", if n == 1 { "" } else { "s" }),
        });
    }
    Ok(())
}

/// Words of a text, counted up to `enough`; where words have no spaces between them each character counts.
pub(super) fn words(text: &str, enough: usize) -> usize {
    let mut count = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let wide = word
            .chars()
            .take(enough)
            .filter(|&c| ('\u{2e80}'..='\u{d7ff}').contains(&c) || ('\u{e00}'..='\u{eff}').contains(&c));
        count += wide.count().max(1);
        if count >= enough {
            break;
        }
    }
    count
}

/// The outlet from its field, else from the URL.
pub(super) fn outlet_of(
    raw: Option<&str>,
    url: Option<&str>,
    table: &OutletTable,
    derived: &mut Vec<(&'static str, &'static str)>,
) -> Option<Outlet> {
    let outlet = table.normalise(raw.unwrap_or(""), url);
    if raw.is_none() && !outlet.name.is_empty() {
        derived.push(("outlet", "domain of the url"));
    }
    (!outlet.name.is_empty()).then_some(outlet)
}

/// The most trustworthy date that can be read; each that cannot is a warning.
fn date_of(record: &Record, url: Option<&str>, aliases: &Aliases, built: &mut Built) -> Option<Date> {
    let field = |field: Field, provenance: Provenance, built: &mut Built| {
        let found = record.get(field)?;
        match date::read(&found.value) {
            Ok(moment) => {
                built.used.push(found.rank);
                Some(Date { at: moment.at, resolution: moment.resolution, provenance })
            }
            Err(why) => {
                built.warnings.push(unread(&aliases.get(found.rank).name, name_of(field), &found.value, why));
                None
            }
        }
    };
    if let Some(date) = field(Field::Published, Provenance::Published, built) {
        return Some(date);
    }
    if let Some(date) = field(Field::Modified, Provenance::Modified, built) {
        return Some(date);
    }
    if let Some(moment) = url.and_then(date::in_url) {
        built.derived.push(("date", "path of the url"));
        return Some(Date { at: moment.at, resolution: moment.resolution, provenance: Provenance::Url });
    }
    field(Field::Crawled, Provenance::Crawled, built)
}

fn unread(theirs: &str, ours: &str, value: &str, why: Unread) -> String {
    let shown: String = value.chars().take(60).collect();
    let what = if theirs == ours { theirs.to_owned() } else { format!("{theirs} ({ours})") };
    format!("date not used: {what} is {shown:?}, {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_far_as_needed() {
        assert_eq!(words("One, two.", 9), 2);
        assert_eq!(words("", 9), 0);
        assert_eq!(words("大桥重新开放", 9), 6);
        assert_eq!(words(&"word ".repeat(100), 3), 3);
    }
}
