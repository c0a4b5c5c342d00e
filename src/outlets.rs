//! Outlet names: one table that turns domains, abbreviations and spellings into one name (`bbc.co.uk`, `BBC` and
//! `BBC News` are `BBC News`; `WSJ` is `The Wall Street Journal`) and says which publisher owns which outlet.
//!
//! The shipped table is `data/outlets.tsv`; a caller's own file of the same form adds to it and wins over it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use crate::article::{Article, Outlet};
use crate::error::{Error, ErrorKind};

const SHIPPED: &str = include_str!("../data/outlets.tsv");

/// What an outlet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutletKind {
    /// Sells its texts to other outlets.
    Agency,
    /// A newspaper and its site.
    Newspaper,
    /// A magazine and its site.
    Magazine,
    /// Television or radio.
    Broadcaster,
    /// Published on the web only.
    Site,
    /// Shows the texts of others.
    Aggregator,
}

impl OutletKind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "agency" => Self::Agency,
            "newspaper" => Self::Newspaper,
            "magazine" => Self::Magazine,
            "broadcaster" => Self::Broadcaster,
            "site" | "" => Self::Site,
            "aggregator" => Self::Aggregator,
            _ => return None,
        })
    }
}

/// One outlet of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletEntry {
    /// Its name, as output shows it.
    pub name: String,
    /// What it is.
    pub kind: OutletKind,
    /// The publisher that owns it, if the table says so.
    pub family: Option<String>,
    /// Other names, as they are written; `Time` and `time` are not the same in prose.
    pub aliases: Vec<String>,
}

impl OutletEntry {
    /// Whether it sells its texts to others.
    #[must_use]
    pub fn is_agency(&self) -> bool {
        self.kind == OutletKind::Agency
    }
}

/// All outlets that are known by name.
#[derive(Clone, Debug, Default)]
pub struct OutletTable {
    entries: Vec<OutletEntry>,
    by_domain: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl OutletTable {
    /// The table that comes with the library.
    #[must_use]
    pub fn shipped() -> Self {
        let mut table = Self::default();
        // The shipped file is checked by a test; a bad line in it would only be missing.
        for line in SHIPPED.lines() {
            let _ = table.add_line(line);
        }
        table
    }

    /// Adds a file of the same form as the shipped one: tab-separated columns name, kind, family, domains, aliases, the
    /// last two with commas between; lines that begin with `#` and a header line are left out, trailing columns may be
    /// missing. Its lines win over what the table has.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the file cannot be read, [`ErrorKind::Table`] with the line that cannot be used.
    pub fn extend(&mut self, path: &Path) -> Result<(), Error> {
        let text = std::fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
        for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
            self.add_line(line).map_err(|cause| ErrorKind::Table { path: path.to_path_buf(), line: number, cause })?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with("name\tkind") {
            return Ok(());
        }
        let mut columns = line.split('\t').map(str::trim);
        let mut next = || columns.next().unwrap_or("");
        let (name, kind, family, domains, aliases) = (next(), next(), next(), next(), next());
        if name.is_empty() {
            return Err("the first column, the outlet's name, is empty".to_owned());
        }
        let Some(kind) = OutletKind::parse(kind) else {
            return Err(format!("{kind:?} is no kind: agency, newspaper, magazine, broadcaster, site or aggregator"));
        };
        let list = |cell: &str| -> Vec<String> {
            cell.split(',').map(str::trim).filter(|x| !x.is_empty()).map(str::to_owned).collect()
        };
        let entry = OutletEntry {
            name: name.to_owned(),
            kind,
            family: (!family.is_empty()).then(|| family.to_owned()),
            aliases: list(aliases),
        };
        let index = match self.entries.iter().position(|e| e.name == name) {
            Some(index) => {
                self.entries[index] = entry;
                index
            }
            None => {
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        for domain in list(domains) {
            self.by_domain.insert(host(&domain).to_ascii_lowercase(), index);
        }
        for name in std::iter::once(&self.entries[index].name).chain(&self.entries[index].aliases) {
            self.by_name.insert(fold(name), index);
        }
        Ok(())
    }

    /// Every name and alias as it is written, with its outlet.
    pub fn names(&self) -> impl Iterator<Item = (&str, &OutletEntry)> {
        self.entries.iter().flat_map(|e| std::iter::once(&e.name).chain(&e.aliases).map(move |name| (name.as_str(), e)))
    }

    /// The outlet that a domain, a URL, a name or an alias stands for. A domain finds the longest known domain that it ends
    /// in; a name is compared without regard to case, spaces at its ends and a leading "The".
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<&OutletEntry> {
        let index = self.by_name.get(&fold(text)).copied().or_else(|| {
            let domain = as_domain(text)?;
            suffixes(&domain).find_map(|suffix| self.by_domain.get(suffix).copied())
        })?;
        self.entries.get(index)
    }

    /// The outlet of an article, from what the input calls it and, where that is empty, from its URL. Something that the
    /// table does not know keeps its name; an unknown domain loses `www.` and the like.
    #[must_use]
    pub fn normalise(&self, raw: &str, url: Option<&str>) -> Outlet {
        let domain_of_url = || url.and_then(as_domain);
        let raw = match raw.trim() {
            "" => domain_of_url().unwrap_or_default(),
            given => given.to_owned(),
        };
        if let Some(entry) = self.resolve(&raw).or_else(|| self.resolve(first_part(&raw)?)) {
            return Outlet { name: entry.name.clone(), raw, family: entry.family.clone() };
        }
        let name = match as_domain(&raw) {
            Some(domain) => registrable(&domain).to_owned(),
            None => raw.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        Outlet { name, raw, family: None }
    }
}

/// Gives one name to the outlets of an input that some articles name and others give only the domain of, where the table
/// knows neither: `meridianwire.example` becomes `Meridian Wire` if the input has that name. Of several names that fit the
/// one that most articles have is taken. O(articles).
pub fn unify(articles: &mut [Article]) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in articles.iter().filter_map(Article::outlet_name) {
        *counts.entry(name).or_default() += 1;
    }
    let letters = |name: &str| fold(name).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let key = |name: &str| match as_domain(name) {
        Some(domain) => letters(domain.split('.').next().unwrap_or("")),
        None => letters(name),
    };
    let mut best: HashMap<String, (usize, &str)> = HashMap::new();
    for (&name, &count) in counts.iter().filter(|(name, _)| as_domain(name).is_none()) {
        let best = best.entry(key(name)).or_insert((count, name));
        // Of names that as many have the first in order.
        if (count, Reverse(name)) > (best.0, Reverse(best.1)) {
            *best = (count, name);
        }
    }
    let renamed = counts.keys().filter_map(|name| Some((*name, best.get(&key(name))?.1)));
    let renamed: HashMap<String, String> = renamed.map(|(old, new)| (old.to_owned(), new.to_owned())).collect();
    for outlet in articles.iter_mut().filter_map(|a| a.outlet.as_mut()) {
        if let Some(name) = renamed.get(&outlet.name) {
            outlet.name.clone_from(name);
        }
    }
}

/// A name without case, outer spaces and a leading "The".
fn fold(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let lower = lower.replace('’', "'");
    match lower.strip_prefix("the ") {
        Some(rest) if !rest.trim().is_empty() => rest.trim().to_owned(),
        _ => lower,
    }
}

/// `CNN` of `CNN - Top Stories`: feeds call themselves by outlet and section.
fn first_part(name: &str) -> Option<&str> {
    [" - ", " | ", " – ", " — ", ": ", " » "]
        .iter()
        .filter_map(|mark| name.split_once(mark))
        .map(|(head, _)| head)
        .next()
}

/// The host of a URL, or the text itself where it is no URL.
fn host(text: &str) -> &str {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    host.split(':').next().unwrap_or("").trim_matches('.')
}

/// The host in lower case, if the text looks like a domain or a URL.
pub(crate) fn as_domain(text: &str) -> Option<String> {
    if text.trim().contains(char::is_whitespace) {
        return None;
    }
    let host = host(text).to_lowercase();
    let (_, top) = host.rsplit_once('.')?;
    let labels =
        host.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (labels && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)).then_some(host)
}

/// `a.b.c`, `b.c`.
fn suffixes(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |d| d.split_once('.').map(|(_, rest)| rest)).filter(|d| d.contains('.'))
}

/// The part of a domain that somebody registered, as far as it can be told without a list: two labels, three below
/// `co.uk` and its like and on hosts of blogs.
fn registrable(domain: &str) -> &str {
    const SECOND: [&str; 13] = ["co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "govt", "in"];
    const HOSTS: [&str; 14] = [
        "wordpress.com",
        "blogspot.com",
        "substack.com",
        "medium.com",
        "github.io",
        "tumblr.com",
        "typepad.com",
        "livejournal.com",
        "weebly.com",
        "wixsite.com",
        "ghost.io",
        "blogs.com",
        "squarespace.com",
        "over-blog.com",
    ];
    let labels: Vec<&str> = domain.split('.').collect();
    let [.., second, top] = labels.as_slice() else { return domain };
    let last_two = suffixes(domain).last().unwrap_or(domain);
    let three = top.len() == 2 && SECOND.contains(second) || HOSTS.contains(&last_two);
    let keep = if three { 3 } else { 2 };
    let mut rest = domain;
    for _ in keep..labels.len() {
        rest = rest.split_once('.').map_or(rest, |(_, tail)| tail);
    }
    rest.strip_prefix("www.").filter(|r| r.contains('.')).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_shipped_table_is_good_and_says_nothing_twice() {
        let mut table = OutletTable::default();
        let mut seen = HashMap::new();
        for line in SHIPPED.lines() {
            assert_eq!(table.add_line(line), Ok(()), "{line}");
            if line.starts_with('#') || line.starts_with("name\tkind") {
                continue;
            }
            assert_eq!(line.split('\t').count(), 5, "{line}");
            let name = line.split('\t').next().unwrap_or_default();
            for domain in line.split('\t').nth(3).unwrap_or_default().split(',').filter(|d| !d.is_empty()) {
                assert_eq!(as_domain(domain).as_deref(), Some(domain));
                assert_eq!(seen.insert(domain.to_owned(), name), None, "{domain}");
            }
        }
        let mut names = HashMap::new();
        for (alias, entry) in table.names() {
            let other = names.insert(fold(alias), &entry.name);
            assert!(other.is_none_or(|o| *o == entry.name), "{alias} of {} and {other:?}", entry.name);
        }
        assert!(table.entries.len() > 250);
    }

    #[test]
    fn domains_and_names_find_their_outlet() {
        let table = OutletTable::shipped();
        for (text, name) in [
            ("bbc.co.uk", "BBC News"),
            ("BBC", "BBC News"),
            ("https://www.bbc.com/news/1", "BBC News"),
            ("usnews.nbcnews.com", "NBC News"),
            ("edition.cnn.com:443", "CNN"),
            ("wsj", "The Wall Street Journal"),
            ("the wall street journal", "The Wall Street Journal"),
            ("abc.net.au", "ABC News (Australia)"),
            ("http://user@m.faz.net/x", "Frankfurter Allgemeine Zeitung"),
            ("oglobo.globo.com", "O Globo"),
            ("n-tv.de", "n-tv"),
            ("asharq Al-awsat", "Asharq Al-Awsat"),
        ] {
            assert_eq!(table.resolve(text).map(|e| e.name.as_str()), Some(name), "{text}");
        }
        for text in ["", "com", ".", "notbbc.co.uk", "The", "St. Nowhere Gazette"] {
            assert_eq!(table.resolve(text).map(|e| &e.name), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_outlet_keeps_its_name() {
        let table = OutletTable::shipped();
        let name = |raw: &str, url: Option<&str>| table.normalise(raw, url).name;
        assert_eq!(name("  The  Nowhere Gazette ", None), "The Nowhere Gazette");
        assert_eq!(name("www.nowhere-gazette.co.uk", None), "nowhere-gazette.co.uk");
        assert_eq!(name("news.nowhere-gazette.com", None), "nowhere-gazette.com");
        assert_eq!(name("ann.wordpress.com", None), "ann.wordpress.com");
        assert_eq!(name("", Some("https://amp.nowhere-gazette.com/a")), "nowhere-gazette.com");
        assert_eq!(name("CNN.com - World", None), "CNN");
        assert_eq!(table.normalise("wsj.com", None).family.as_deref(), Some("News Corp"));
    }

    #[test]
    fn a_file_of_the_caller_wins_and_its_bad_line_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.tsv");
        std::fs::write(
            &path,
            "name\tkind\tfamily\tdomains\taliases\nNowhere Wire\tagency\tNowhere Group\tbbc.co.uk\tNW\n",
        )
        .expect("written");
        let mut table = OutletTable::shipped();
        table.extend(&path).expect("read");
        assert_eq!(table.resolve("www.bbc.co.uk").map(|e| e.name.as_str()), Some("Nowhere Wire"));
        assert!(table.resolve("nw").is_some_and(OutletEntry::is_agency));
        std::fs::write(&path, "A\tsite\nB\tnonsense\n").expect("written");
        let error = table.extend(&path).expect_err("a bad kind").to_string();
        assert!(error.contains("line 2") && error.contains("nonsense"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn no_name_panics(raw in ".{0,40}", url in proptest::option::of("[a-z:/.?#@]{0,40}")) {
            let table = OutletTable::default();
            let _ = table.normalise(&raw, url.as_deref());
        }
    }
}
