//! The names that fields of a record have in the wild, and which of our fields each of them fills.

use std::collections::{BTreeMap, HashMap};

/// A field of an article that a record can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Url,
    Outlet,
    Title,
    Text,
    /// A text that stands in only where there is no other.
    Stub,
    Published,
    Modified,
    Crawled,
    Lang,
    Agency,
    Label,
}

/// How many fields there are.
pub(super) const FIELDS: usize = 12;

/// Our fields and the names that others give them, the best first.
const ALIASES: [(Field, &str, &[&str]); FIELDS] = [
    (Field::Id, "id", &["id", "_id", "uri", "guid", "stories_id", "uid", "doc_id", "docid", "article_id"]),
    (
        Field::Url,
        "url",
        &[
            "url",
            "link",
            "href",
            "source",
            "canonical_link",
            "canonical_url",
            "original_url",
            "normalized_url",
            "external_url",
            "mainEntityOfPage",
            "og:url",
            "WARC-Target-URI",
        ],
    ),
    (
        Field::Outlet,
        "outlet",
        &[
            "outlet",
            "source_domain",
            "hostname",
            "source-hostname",
            "sitename",
            "domain",
            "canonical_domain",
            "media_name",
            "publisher",
            "publisher.name",
            "name_source",
            "source_name",
            "site_name",
            "og:site_name",
            "source.title",
            "source.name",
            "source",
            "series",
            "publication",
            "newspaper",
        ],
    ),
    (
        Field::Title,
        "title",
        &["title", "headline", "headlines", "headlines.value", "article_title", "title_rss", "title_page", "og:title"],
    ),
    (
        Field::Text,
        "text",
        &[
            "maintext",
            "text",
            "raw_text",
            "articleBody",
            "body",
            "body_text",
            "bodies",
            "bodies.value",
            "body_html",
            "content",
            "content:encoded",
            "content_html",
            "content_text",
            "text_content",
            "article_text",
            "full_text",
            "article",
        ],
    ),
    (Field::Stub, "text", &["description", "excerpt", "summary", "abstract", "snippet"]),
    (
        Field::Published,
        "published",
        &[
            "date_publish",
            "publish_date",
            "published_date",
            "publication_date",
            "datePublished",
            "date",
            "dateTimePub",
            "contentCreated",
            "firstCreated",
            "pubDate",
            "published",
            "article:published_time",
            "dc:date",
            "date_published",
            "published_at",
            "publishedAt",
            "pub_date",
            "timestamp",
        ],
    ),
    (
        Field::Modified,
        "modified",
        &[
            "date_modify",
            "updated_date",
            "dateModified",
            "versionCreated",
            "updated",
            "article:modified_time",
            "date_modified",
            "updated_at",
            "modified",
        ],
    ),
    (
        Field::Crawled,
        "crawled",
        &["date_download", "filedate", "indexed_date", "parse_date", "WARC-Date", "dateTime", "crawled", "scraped_at"],
    ),
    (Field::Lang, "lang", &["language", "lang", "inLanguage", "meta_lang"]),
    (
        Field::Agency,
        "agency",
        &["agency", "infoSources", "sourceOrganization", "isBasedOn", "creditline", "copyrightHolder"],
    ),
    (
        Field::Label,
        "label",
        &["story", "cluster", "cluster_id", "newsCluster", "newsCluster.EventId", "storyUri", "eventUri", "label"],
    ),
];

/// The fields that are not the text, with our names for them.
pub(super) fn beside_text() -> impl Iterator<Item = (Field, &'static str)> {
    let fields = ALIASES.iter().map(|(field, name, _)| (*field, *name));
    fields.filter(|(field, _)| !matches!(field, Field::Text | Field::Stub))
}

/// One name of a field; its number in [`Aliases`] is its rank, the lowest wins.
#[derive(Debug)]
pub(super) struct Alias {
    /// The field that it fills.
    pub(super) field: Field,
    /// As it is written in the table or by the user.
    pub(super) name: String,
    /// The keys below the first, where the user named a path (`content.body`).
    pub(super) path: Vec<String>,
    /// Whether its values are HTML.
    pub(super) markup: bool,
}

/// Every name of every field, found by key without regard to case, `-` and `_` being the same.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    list: Vec<Alias>,
    by_key: HashMap<String, Vec<u16>, foldhash::fast::FixedState>,
}

impl Aliases {
    /// The table with the user's names (`text = "body"`) before it.
    ///
    /// # Errors
    /// A message if a name on the left is none of our fields.
    pub(super) fn new(overrides: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut aliases = Self::default();
        for (ours, theirs) in overrides {
            let Some(field) = by_name(ours) else {
                let known: Vec<&str> = ALIASES.iter().filter(|a| a.0 != Field::Stub).map(|a| a.1).collect();
                return Err(format!("{ours:?} is no field of an article; these are: {}", known.join(", ")));
            };
            aliases.add(field, theirs, Vec::new());
            // A key may have a dot in it; only then a path.
            if let Some((first, rest)) = theirs.split_once('.') {
                let path = rest.split('.').map(str::to_owned).collect();
                aliases.add_key(first, field, theirs, path);
            }
        }
        for (field, _, names) in ALIASES {
            for name in names {
                aliases.add(field, name, Vec::new());
            }
        }
        Ok(aliases)
    }

    fn add(&mut self, field: Field, name: &str, path: Vec<String>) {
        self.add_key(name, field, name, path);
    }

    fn add_key(&mut self, key: &str, field: Field, name: &str, path: Vec<String>) {
        let rank = u16::try_from(self.list.len()).unwrap_or(u16::MAX);
        let markup = ["content:encoded", "content_html", "body_html"].contains(&name);
        self.list.push(Alias { field, name: name.to_owned(), path, markup });
        self.by_key.entry(fold(key)).or_default().push(rank);
    }

    /// The names that a key stands for, the best first.
    pub(super) fn of_key(&self, key: &str) -> &[u16] {
        if key.is_empty() || key.len() > 200 {
            return &[];
        }
        // Most keys are in lower case already.
        let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let found = if plain { self.by_key.get(key) } else { self.by_key.get(&fold(key)) };
        found.map_or(&[], Vec::as_slice)
    }

    /// One of them.
    pub(super) fn get(&self, rank: u16) -> &Alias {
        &self.list[usize::from(rank)]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}

/// The field that the user calls by this name.
fn by_name(name: &str) -> Option<Field> {
    let name = fold(name);
    let name = if name == "date" { "published" } else { &name };
    ALIASES.iter().filter(|a| a.0 != Field::Stub).find(|a| a.1 == name).map(|a| a.0)
}

/// What output calls a field.
pub(super) fn name_of(field: Field) -> &'static str {
    ALIASES.iter().find(|a| a.0 == field).map_or("", |a| a.1)
}

fn fold(key: &str) -> String {
    key.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(aliases: &Aliases, key: &str) -> Vec<(Field, String)> {
        aliases.of_key(key).iter().map(|&r| (aliases.get(r).field, aliases.get(r).name.clone())).collect()
    }

    #[test]
    fn keys_are_found_in_any_case() {
        let aliases = Aliases::new(&BTreeMap::new()).expect("the table");
        for key in ["dateTimePub", "datetimepub", "DATETIMEPUB"] {
            assert_eq!(names(&aliases, key), [(Field::Published, "dateTimePub".to_owned())]);
        }
        assert_eq!(names(&aliases, "Source Hostname")[0].0, Field::Outlet);
        assert_eq!(aliases.of_key("source").len(), 2);
        assert!(aliases.of_key("").is_empty());
    }

    #[test]
    fn the_users_names_come_first() {
        let overrides = BTreeMap::from([("text".to_owned(), "content.main".to_owned())]);
        let aliases = Aliases::new(&overrides).expect("good names");
        let first = aliases.get(aliases.of_key("content")[0]);
        assert_eq!((first.field, first.path.as_slice()), (Field::Text, ["main".to_owned()].as_slice()));
        let wrong = BTreeMap::from([("body".to_owned(), "x".to_owned())]);
        assert!(Aliases::new(&wrong).expect_err("no field of ours").contains("body"));
    }
}
