//! How much a common word says: a word that half of all articles have says little about where a text comes from.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::article::DocId;
use crate::language::Lang;
use crate::normalise::{Marks, Normalised, WordId};
use crate::survey::Background;
use crate::survey::versions::{Sketches, versions};

/// As how many articles news at large counts beside those of the corpus.
const BACKGROUND_ARTICLES: f64 = 1000.0;
/// The share of articles that a word is taken to stand in where nothing is known of its language.
const UNKNOWN_SHARE: f64 = 0.004;

/// The most that a number says, in hundredths of a bit: rare ones meet by chance, in tables above all.
const NUMBER_BITS: u16 = 400;

/// The fewest texts that are counted for themselves.
const LEAST_PART: usize = 4096;

/// By word: how many of the texts have it.
fn count(texts: &[DocId], words: usize, normalised: &Normalised) -> Vec<u32> {
    // The last text that had a word spares sorting every text.
    let mut counts = vec![(0u32, u32::MAX); words];
    for (number, &doc) in (0u32..).zip(texts) {
        for word in &*normalised.words(doc) {
            let (count, last) = &mut counts[word.index()];
            *count += u32::from(*last != number);
            *last = number;
        }
    }
    counts.into_iter().map(|(count, _)| count).collect()
}

fn add(mut counts: Vec<u32>, others: Vec<u32>) -> Vec<u32> {
    for (count, other) in counts.iter_mut().zip(others) {
        *count += other;
    }
    counts
}

/// The information of every word, by language: the binary logarithm of the share of articles without it, in hundredths of a bit.
#[derive(Debug, Default)]
pub struct Rarity {
    by_lang: HashMap<Lang, Vec<u16>, FixedState>,
}

impl Rarity {
    /// Counts the texts that have each word, beside news at large; versions of one text count once, or the words of what is
    /// copied most would say least. O(tokens), a language at a time.
    #[must_use]
    pub fn of(normalised: &Normalised, backgrounds: &HashMap<Lang, Background, FixedState>) -> Self {
        let words = normalised.lexicon.len();
        let docs: Vec<DocId> = normalised.docs().collect();
        let of_texts = |docs: &[DocId]| {
            let mut sketches = Sketches::default();
            for doc in docs {
                let body = normalised.marked(*doc).body;
                let own = body.words.iter().zip(&*body.marks).filter(|(_, marks)| !marks.has(Marks::FURNITURE));
                sketches.add(own.map(|(word, _)| *word), &normalised.lexicon);
            }
            sketches
        };
        let mut sketches = Sketches::default();
        let parts: Vec<Sketches> = docs.par_chunks(LEAST_PART).map(of_texts).collect();
        parts.into_iter().for_each(|part| sketches.append(part));
        let versions = versions(&sketches);
        drop(sketches);
        let of = |lang: Lang| {
            let texts = |doc: &&DocId| normalised.lang(**doc) == lang && versions[doc.index()] == doc.index();
            let texts: Vec<DocId> = docs.iter().filter(texts).copied().collect();
            let articles = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            let part = texts.len().div_ceil(rayon::current_num_threads()).max(LEAST_PART);
            let counts = texts.par_chunks(part).map(|texts| count(texts, words, normalised)).reduce_with(add);
            let counts = counts.unwrap_or_else(|| vec![0; words]);
            let (terms, background) = (normalised.stems.of(lang), backgrounds.get(&lang));
            let bits = (0u32..).zip(&counts).map(|(word, &count)| {
                let share = background.map_or(UNKNOWN_SHARE, |table| table.share(terms.term(WordId(word))));
                let (all, with) =
                    (f64::from(articles) + BACKGROUND_ARTICLES, f64::from(count) + BACKGROUND_ARTICLES * share);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 32 bits")]
                let bits = ((all / with.max(1.0)).log2().max(0.0) * 100.0) as u16;
                let number = normalised.lexicon.word(WordId(word)).starts_with(|c: char| c.is_numeric());
                if number { bits.min(NUMBER_BITS) } else { bits }
            });
            (lang, bits.collect())
        };
        Self { by_lang: normalised.languages().into_par_iter().map(of).collect() }
    }

    /// Of the words of a language, by number.
    #[must_use]
    pub fn of_lang(&self, lang: Lang) -> &[u16] {
        self.by_lang.get(&lang).map_or(&[], Vec::as_slice)
    }
}
