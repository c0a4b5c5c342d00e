//! How much a common word says: a word that half of all articles have says little about where a text comes from.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::language::Lang;
use crate::normalise::{Normalised, WordId};
use crate::survey::Background;

/// As how many articles news at large counts beside those of the corpus.
const BACKGROUND_ARTICLES: f64 = 1000.0;
/// The share of articles that a word is taken to stand in where nothing is known of its language.
const UNKNOWN_SHARE: f64 = 0.004;

/// The most that a number says, in hundredths of a bit: rare ones meet by chance, in tables above all.
const NUMBER_BITS: u16 = 400;

/// The information of every word, by language: the binary logarithm of the share of articles without it, in hundredths of a bit.
#[derive(Debug, Default)]
pub struct Rarity {
    by_lang: HashMap<Lang, Vec<u16>, FixedState>,
}

impl Rarity {
    /// Counts the articles that have each word, beside news at large. O(tokens), a language at a time.
    #[must_use]
    pub fn of(normalised: &Normalised, backgrounds: &HashMap<Lang, Background, FixedState>) -> Self {
        let words = normalised.lexicon.len();
        let of = |lang: Lang| {
            let (mut seen, mut count, mut articles) = (vec![u32::MAX; words], vec![0u32; words], 0u32);
            for stream in normalised.streams.iter().filter(|stream| stream.lang == lang) {
                for word in &stream.body.words {
                    if seen[word.index()] != articles {
                        seen[word.index()] = articles;
                        count[word.index()] += 1;
                    }
                }
                articles += 1;
            }
            let (terms, background) = (normalised.stems.of(lang), backgrounds.get(&lang));
            let bits = (0u32..).zip(&count).map(|(word, &count)| {
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
