//! Making a background table ([`crate::survey::Background`]) of a corpus of news.

use crate::error::{Error, ErrorKind};
use crate::language::Lang;
use crate::normalise::{Normalised, WordId};
use crate::survey::{Survey, VERSION, View};
use crate::vectorise::{ONE, Vectors};

/// A term in fewer articles is left out of a table: it is as good as unknown.
pub const LEAST_ARTICLES: u32 = 8;

/// Makes the table of one language from a corpus: a header line (`retold-background`, version, language, articles) and
/// a line a term (term, articles that have it, mean weight in the view `all` in millionths), parted by tabs, sorted,
/// compressed with zstd. `vectors` hold every article of the language as a voice of its own.
///
/// # Errors
/// [`ErrorKind::Config`] if the corpus has no article of the language.
pub fn background_table(lang: Lang, normalised: &Normalised, survey: &Survey, vectors: &Vectors) -> Result<Vec<u8>, Error> {
    let none = || ErrorKind::Config(format!("no article of the language {lang} to make a background table from"));
    let counts = survey.frequencies.of(lang).ok_or_else(none)?;
    let mut sums = vec![0u64; normalised.lexicon.len()];
    for at in (0..vectors.langs.len()).filter(|&at| vectors.langs[at] == lang) {
        let row = vectors.all.row(at);
        for (&term, &weight) in row.terms.iter().zip(row.weights) {
            sums[term as usize] += u64::from(weight);
        }
    }
    let mut lines: Vec<String> = (0u32..)
        .zip(&sums)
        .filter_map(|(id, &sum)| {
            let term = WordId(id);
            let articles = counts.of_term(View::All, term);
            let mean = sum * 1_000_000 / u64::from(ONE) / u64::from(counts.articles.max(1));
            (articles >= LEAST_ARTICLES).then(|| format!("{}\t{articles}\t{mean}\n", normalised.lexicon.word(term)))
        })
        .collect();
    lines.sort_unstable();
    let table = format!("retold-background\t{VERSION}\t{lang}\t{}\n{}", counts.articles, lines.concat());
    zstd::encode_all(table.as_bytes(), 19).map_err(|cause| ErrorKind::Config(format!("compressing the table: {cause}")).into())
}
