//! Background tables: how frequent terms are in news at large, so that a small corpus knows which of its words are rare and
//! how near two articles are that have nothing to do with each other.
//!
//! A table holds counts only. `retold background` makes one from a corpus of real news; docs/how-it-decides.md says from
//! which the shipped ones were made.

use std::collections::BTreeMap;
use std::io::Read;

use crate::error::{Error, ErrorKind};
use crate::language::Lang;
use crate::normalise::stem::Stemmer;
use crate::normalise::words::Words;
use crate::normalise::{Lexicon, Normalised, WordId};
use crate::survey::{Survey, VERSION, View};
use crate::vectorise::{ONE, Vectors};

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

/// A term in fewer articles is left out of a table: it is as good as unknown.
const LEAST_ARTICLES: u32 = 8;

/// As how many articles a table made from word frequencies counts.
const NOMINAL_ARTICLES: u32 = 100_000;

/// Words of an article of 400 whose places are independent of each other.
const CLUSTERED_WORDS: f64 = 200.0;

/// What is known of one language at large, looked up by the words of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Background {
    /// Articles that the table was counted on; 0 where there is no table.
    pub articles: u32,
    frequency: Vec<u32>,
    mean: Vec<u32>,
}

impl Background {
    /// The shipped table of a language for the words of a lexicon; an empty one where none is shipped.
    #[must_use]
    pub fn of(lang: Lang, lexicon: &Lexicon) -> Self {
        let Some((_, packed)) = SHIPPED.iter().find(|(code, _)| *code == lang.code()) else { return Self::default() };
        let mut table = String::new();
        let read = zstd::Decoder::new(*packed).and_then(|mut from| from.read_to_string(&mut table));
        // The tables are part of the program and tested; one that cannot be read is as good as none.
        read.ok().and_then(|_| Self::parse(&table, lexicon)).unwrap_or_default()
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

    /// Makes the table of one language from a corpus: a header line (`retold-background`, version, language, articles) and
    /// a line a term (term, articles that have it, mean weight in millionths), parted by tabs, sorted, compressed.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the corpus has no article of the language.
    pub fn table(lang: Lang, normalised: &Normalised, survey: &Survey, vectors: &Vectors) -> Result<Vec<u8>, Error> {
        let none = || ErrorKind::Config(format!("no article of the language {lang} to make a background table from"));
        let counts = survey.frequencies.of(lang).ok_or_else(none)?;
        let mut sums = vec![0u64; normalised.lexicon.len()];
        for at in (0..vectors.langs.len()).filter(|&at| vectors.langs[at] == lang) {
            let row = vectors.all.row(at);
            for (&term, &weight) in row.terms.iter().zip(row.weights) {
                sums[term as usize] += u64::from(weight);
            }
        }
        let rows = (0u32..).zip(&sums).filter_map(|(id, &sum)| {
            let term = WordId(id);
            let articles = counts.of_term(View::All, term);
            let mean = sum * 1_000_000 / u64::from(ONE) / u64::from(counts.articles.max(1));
            (articles >= LEAST_ARTICLES).then(|| (normalised.lexicon.word(term).to_owned(), articles, mean))
        });
        pack(lang, counts.articles, rows.collect())
    }

    /// Makes a table from the frequencies of words (occurrences a word of running text, 0 to 1), for languages in which no
    /// news is at hand. A word of frequency f is taken to stand in `1 - exp(-f * words)` of the articles, as if words fell
    /// at random; `words` is less than an article has, because words come in clusters.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if no word has a frequency between 0 and 1.
    pub fn from_frequencies(lang: Lang, frequencies: &[(String, f64)]) -> Result<Vec<u8>, Error> {
        let (mut words, stemmer) = (Words::default(), Stemmer::of(lang));
        let mut absent: BTreeMap<String, f64> = BTreeMap::new();
        for (word, frequency) in frequencies.iter().filter(|(_, f)| *f > 0.0 && *f < 1.0) {
            words.each(word, |word, _| {
                // The chance that no form of the stem stands in an article.
                *absent.entry(stemmer.stem(word).into_owned()).or_insert(1.0) *= (-frequency * CLUSTERED_WORDS).exp();
            });
        }
        if absent.is_empty() {
            return Err(ErrorKind::Config("no word with a frequency between 0 and 1".to_owned()).into());
        }
        let articles = f64::from(NOMINAL_ARTICLES);
        let rows: Vec<(String, f64, f64)> = absent
            .into_iter()
            .map(|(term, absent)| {
                let present = 1.0 - absent;
                (term, present, ((articles + 1.0) / (articles * present + 0.5)).ln().max(0.0))
            })
            .collect();
        let length = rows.iter().map(|(_, present, idf)| present * idf * idf).sum::<f64>().sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares of a hundred thousand and a million")]
        let rows = rows.into_iter().map(|(term, present, idf)| {
            (term, (present * articles).round() as u32, (present * idf / length * 1e6).round() as u64)
        });
        pack(lang, NOMINAL_ARTICLES, rows.filter(|(_, articles, _)| *articles >= LEAST_ARTICLES).collect())
    }
}

/// A header line and a line a term, sorted, compressed.
fn pack(lang: Lang, articles: u32, mut rows: Vec<(String, u32, u64)>) -> Result<Vec<u8>, Error> {
    rows.sort_unstable();
    let mut table = format!("retold-background\t{VERSION}\t{lang}\t{articles}\n");
    for (term, articles, mean) in rows {
        table.push_str(&format!("{term}\t{articles}\t{mean}\n"));
    }
    zstd::encode_all(table.as_bytes(), 19).map_err(|cause| ErrorKind::Config(format!("compressing the table: {cause}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_table_can_be_read() {
        for (code, _) in SHIPPED {
            let mut lexicon = Lexicon::default();
            let the = lexicon.intern("the");
            let rare = lexicon.intern("zzzzzz");
            let background = Background::of(Lang::parse(code).unwrap_or_default(), &lexicon);
            assert!(background.articles > 10_000);
            assert!(background.frequency(the) > background.articles / 2 && background.mean(the) > 0);
            assert_eq!((background.frequency(rare), background.mean(rare)), (0, 0));
        }
    }
}
