//! Background tables: how frequent terms are in news at large, so that a small corpus knows which of its words are rare and
//! how near two articles are that have nothing to do with each other.
//!
//! A table holds counts only. `retold background` makes one from a corpus of real news; docs/how-it-decides.md says from
//! which the shipped ones were made.

use crate::language::Lang;
use crate::normalise::{Lexicon, WordId};
use crate::survey::VERSION;

/// The shipped tables, compressed with zstd.
const SHIPPED: [(&str, &[u8]); 9] = [
    ("de", include_bytes!("../../data/background/de.tsv.zst")),
    ("en", include_bytes!("../../data/background/en.tsv.zst")),
    ("es", include_bytes!("../../data/background/es.tsv.zst")),
    ("fr", include_bytes!("../../data/background/fr.tsv.zst")),
    ("it", include_bytes!("../../data/background/it.tsv.zst")),
    ("nl", include_bytes!("../../data/background/nl.tsv.zst")),
    ("pt", include_bytes!("../../data/background/pt.tsv.zst")),
    ("ru", include_bytes!("../../data/background/ru.tsv.zst")),
    ("vi", include_bytes!("../../data/background/vi.tsv.zst")),
];

/// What is known of one language at large, looked up by the words of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Background {
    /// Articles that the table was counted on.
    pub articles: u32,
    frequency: Vec<u32>,
    mean: Vec<u32>,
}

impl Background {
    /// The shipped table of a language for the words of a lexicon; `None` where none is shipped.
    #[must_use]
    pub fn of(lang: Lang, lexicon: &Lexicon) -> Option<Self> {
        let (_, packed) = SHIPPED.iter().find(|(code, _)| *code == lang.code())?;
        // The tables are part of the program and tested; one that cannot be read is as good as none.
        let table = zstd::decode_all(*packed).ok()?;
        Self::parse(std::str::from_utf8(&table).ok()?, lexicon)
    }

    /// Share of the background's articles that have the term, 0 to 1.
    #[must_use]
    pub fn share(&self, term: WordId) -> f64 {
        f64::from(self.frequency(term)) / f64::from(self.articles.max(1))
    }

    /// Articles of the background that have the term.
    #[must_use]
    pub fn frequency(&self, term: WordId) -> u32 {
        self.frequency.get(term.index()).copied().unwrap_or(0)
    }

    /// Mean weight of the term in the view `all` over the background's articles, in millionths.
    #[must_use]
    pub fn mean(&self, term: WordId) -> u32 {
        self.mean.get(term.index()).copied().unwrap_or(0)
    }

    fn parse(table: &str, lexicon: &Lexicon) -> Option<Self> {
        let mut lines = table.lines();
        let mut header = lines.next()?.split('\t');
        let version: u32 = header.nth(1)?.parse().ok()?;
        let articles: u32 = header.nth(1)?.parse().ok()?;
        if version != VERSION {
            return None;
        }
        let words = lexicon.len();
        let mut background = Self { articles, frequency: vec![0; words], mean: vec![0; words] };
        for line in lines {
            let mut fields = line.split('\t');
            let (term, frequency, mean) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            if let Some(term) = lexicon.get(term) {
                background.frequency[term.index()] = frequency;
                background.mean[term.index()] = mean;
            }
        }
        Some(background)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word of each language that hardly any article lacks.
    const FREQUENT: [(&str, &str); 9] = [
        ("de", "die"),
        ("en", "the"),
        ("es", "de"),
        ("fr", "de"),
        ("it", "di"),
        ("nl", "de"),
        ("pt", "de"),
        ("ru", "и"),
        ("vi", "của"),
    ];

    #[test]
    fn every_shipped_table_can_be_read() {
        for (code, _) in SHIPPED {
            let mut lexicon = Lexicon::default();
            let frequent = FREQUENT.iter().find(|(lang, _)| *lang == code).expect("a word of every language").1;
            let frequent = lexicon.intern(frequent);
            let rare = lexicon.intern("zzzzzz");
            let background = Background::of(Lang::parse(code).unwrap_or_default(), &lexicon).unwrap_or_default();
            assert!(background.articles > 10_000, "{code}");
            assert!(background.frequency(frequent) > background.articles / 2, "{code}");
            assert_eq!((background.frequency(rare), background.mean(rare)), (0, 0), "{code}");
        }
    }
}
