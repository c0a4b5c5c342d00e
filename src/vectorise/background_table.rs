//! Making a background table ([`crate::survey::Background`]) of a corpus of news, or of word frequencies.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::error::{Error, ErrorKind};
use crate::language::Lang;
use crate::normalise::stem::Stemmer;
use crate::normalise::words::{Words, fold};
use crate::normalise::{Normalised, WordId};
use crate::survey::{Survey, VERSION, View};
use crate::vectorise::{ONE, Vectors};

/// A term in fewer articles is left out of a table: it is as good as unknown.
pub const LEAST_ARTICLES: u32 = 8;

/// As how many articles a table made from word frequencies counts.
const NOMINAL_ARTICLES: u32 = 100_000;

/// Words of an article of 400 whose places are independent of each other.
const CLUSTERED_WORDS: f64 = 200.0;

/// Makes the table of one language from a corpus: a header line (`retold-background`, version, language, articles) and
/// a line a term (term, articles that have it, mean weight in the view `all` in millionths), parted by tabs, sorted,
/// compressed with zstd. `vectors` hold every article of the language as a voice of its own.
///
/// # Errors
/// [`ErrorKind::Config`] if the corpus has no article of the language.
pub fn background_table(
    lang: Lang,
    normalised: &Normalised,
    survey: &Survey,
    vectors: &Vectors,
) -> Result<Vec<u8>, Error> {
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
pub fn background_from_frequencies(lang: Lang, frequencies: &[(String, f64)]) -> Result<Vec<u8>, Error> {
    let (mut words, stemmer) = (Words::default(), Stemmer::of(lang));
    let mut absent: BTreeMap<String, f64> = BTreeMap::new();
    for (word, frequency) in frequencies.iter().filter(|(_, f)| *f > 0.0 && *f < 1.0) {
        for part in words.find(word).words {
            // The chance that no form of the stem stands in an article.
            let stem = stemmer.stem(&fold(part.of(word))).into_owned();
            *absent.entry(stem).or_insert(1.0) *= (-frequency * CLUSTERED_WORDS).exp();
        }
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
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "shares of a hundred thousand and a million"
    )]
    let rows = rows.into_iter().map(|(term, present, idf)| {
        (term, (present * articles).round() as u32, (present * idf / length * 1e6).round() as u64)
    });
    pack(lang, NOMINAL_ARTICLES, rows.filter(|(_, articles, _)| *articles >= LEAST_ARTICLES).collect())
}

/// A header line and a line a term, sorted, compressed.
fn pack(lang: Lang, articles: u32, mut rows: Vec<(String, u32, u64)>) -> Result<Vec<u8>, Error> {
    rows.sort_unstable();
    let mut table = format!("retold-background\t{VERSION}\t{lang}\t{articles}\n");
    for (term, articles, mean) in rows {
        let _ = writeln!(table, "{term}\t{articles}\t{mean}");
    }
    zstd::encode_all(table.as_bytes(), 19)
        .map_err(|cause| ErrorKind::Config(format!("compressing the table: {cause}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_stand_in_more_articles() {
        let words = [("the", 0.06), ("harbours", 0.00002), ("harbour", 0.00004), ("nothing", 0.0)];
        let words: Vec<(String, f64)> = words.map(|(word, f)| (word.to_owned(), f)).into();
        let table = background_from_frequencies(Lang::ENGLISH, &words).expect("a table");
        let table = String::from_utf8(zstd::decode_all(table.as_slice()).expect("zstd")).expect("UTF-8");
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], format!("retold-background\t{VERSION}\ten\t{NOMINAL_ARTICLES}"));
        assert!(lines[1].starts_with("harbour\t1193\t") && lines[2].starts_with("the\t99999\t"), "{lines:?}");
        assert!(background_from_frequencies(Lang::ENGLISH, &[]).is_err());
    }
}
