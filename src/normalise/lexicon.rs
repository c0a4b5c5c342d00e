//! Words as numbers: every distinct folded word has one number in a run, and every distinct stem is a word of its own.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::language::Lang;
use crate::normalise::stem::Stemmer;

/// The number of a folded word in one run. The order of the numbers means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(pub u32);

impl WordId {
    /// As an index into per-word tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All distinct words of a run.
#[derive(Debug, Default)]
pub struct Lexicon {
    ids: HashMap<Box<str>, WordId, FixedState>,
    words: Vec<Box<str>>,
    hashes: Vec<u64>,
}

impl Lexicon {
    /// The number of a folded word, a new one if it was not there. O(length).
    pub fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = WordId(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let word: Box<str> = word.into();
        self.hashes.push(xxh3_64(word.as_bytes()));
        self.words.push(word.clone());
        self.ids.insert(word, id);
        id
    }

    /// The number of a word, if the run has it.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// The folded word.
    #[must_use]
    pub fn word(&self, id: WordId) -> &str {
        &self.words[id.index()]
    }

    /// A hash of the word that is the same in every run.
    #[must_use]
    pub fn hash(&self, id: WordId) -> u64 {
        self.hashes[id.index()]
    }

    /// The hashes of all words, by number.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// How many distinct words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Takes in the words of another lexicon; answers its numbers in this one.
    pub(crate) fn absorb(&mut self, other: &Self) -> Vec<WordId> {
        other.words.iter().map(|word| self.intern(word)).collect()
    }
}

/// The stem of every word, by language.
#[derive(Debug, Default)]
pub struct Stems {
    tables: HashMap<Lang, Vec<WordId>>,
}

impl Stems {
    /// Stems each distinct word of each language once, in parallel. `used` lists the words of each language.
    #[must_use]
    pub fn new(lexicon: &mut Lexicon, used: &[(Lang, Vec<WordId>)]) -> Self {
        let mut tables = HashMap::new();
        for (lang, words) in used {
            let stemmed: Vec<Option<String>> = words
                .par_chunks(4096)
                .flat_map_iter(|chunk| {
                    let stemmer = Stemmer::of(*lang);
                    let stem = |&id: &WordId| {
                        let word = lexicon.word(id);
                        let stem = stemmer.stem(word);
                        (stem != word).then(|| stem.into_owned())
                    };
                    chunk.iter().map(stem).collect::<Vec<_>>()
                })
                .collect();
            // Up to the last word of this language only: the tables of rare languages stay as short as they can.
            let len = words.iter().map(|word| word.index() + 1).max().unwrap_or(0);
            let mut table: Vec<WordId> = (0u32..).take(len).map(WordId).collect();
            for (word, stem) in words.iter().zip(stemmed) {
                if let Some(stem) = stem {
                    table[word.index()] = lexicon.intern(&stem);
                }
            }
            tables.insert(*lang, table);
        }
        Self { tables }
    }

    /// The terms of a language: the stem of each word by its number, or the word itself where it has none.
    #[must_use]
    pub fn of(&self, lang: Lang) -> Terms<'_> {
        Terms(self.tables.get(&lang).map_or(&[], Vec::as_slice))
    }
}

/// The stems of one language.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a>(&'a [WordId]);

impl Terms<'_> {
    /// The stem of a word.
    #[must_use]
    pub fn term(self, word: WordId) -> WordId {
        self.0.get(word.index()).copied().unwrap_or(word)
    }
}
