//! Words as numbers: every distinct folded word has one number in a run, and every distinct stem is a word of its own.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
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

/// All distinct words of a run. They stand in one string, and a word is hashed once: text passes through here token by
/// token.
#[derive(Debug, Default)]
pub struct Lexicon {
    ids: HashTable<WordId>,
    text: String,
    /// Where each word ends in `text`; it begins where the one before ends.
    ends: Vec<usize>,
    hashes: Vec<u64>,
}

impl Lexicon {
    /// The number of a folded word, a new one if it was not there. O(length).
    pub fn intern(&mut self, word: &str) -> WordId {
        self.intern_hashed(word, xxh3_64(word.as_bytes()))
    }

    fn intern_hashed(&mut self, word: &str, hash: u64) -> WordId {
        if let Some(id) = self.find(word, hash) {
            return id;
        }
        let id = WordId(u32::try_from(self.len()).unwrap_or(u32::MAX));
        self.text.push_str(word);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        self.ids.insert_unique(hash, id, |&id| self.hashes[id.index()]);
        id
    }

    /// The number of a word, if the run has it.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<WordId> {
        self.find(word, xxh3_64(word.as_bytes()))
    }

    fn find(&self, word: &str, hash: u64) -> Option<WordId> {
        self.ids.find(hash, |&id| self.word(id) == word).copied()
    }

    /// The folded word.
    #[must_use]
    pub fn word(&self, id: WordId) -> &str {
        let begin = id.index().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin..self.ends[id.index()]]
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
        self.hashes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Takes in the words of another lexicon; answers its numbers in this one.
    pub(crate) fn absorb(&mut self, other: &Self) -> Vec<WordId> {
        (0u32..).map(WordId).zip(&other.hashes).map(|(id, &hash)| self.intern_hashed(other.word(id), hash)).collect()
    }
}

/// The last words that were interned, each in a place that its bytes give. Most of a text is some thousand short words:
/// they are known again here without being hashed and looked up.
pub(crate) struct RecentWords(Vec<Recent>);

/// A word of up to 16 bytes: its first and last eight (four, or all, if it has no more), and its length.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Short {
    head: u64,
    tail: u64,
    len: usize,
}

#[derive(Clone, Copy)]
struct Recent {
    word: Short,
    id: WordId,
}

impl Default for RecentWords {
    fn default() -> Self {
        let nothing = Short { head: 0, tail: 0, len: usize::MAX };
        Self(vec![Recent { word: nothing, id: WordId(0) }; 1 << Self::BITS])
    }
}

impl RecentWords {
    const BITS: u32 = 14;

    /// What [`Lexicon::intern`] answers. All calls must be with the same lexicon.
    pub(crate) fn intern(&mut self, lexicon: &mut Lexicon, word: &str) -> WordId {
        let Some(short) = Short::of(word.as_bytes()) else { return lexicon.intern(word) };
        let recent = &mut self.0[short.place()];
        if recent.word != short {
            *recent = Recent { word: short, id: lexicon.intern(word) };
        }
        recent.id
    }
}

impl Short {
    fn of(word: &[u8]) -> Option<Self> {
        let len = word.len();
        if len > 16 {
            return None;
        }
        let (head, tail) = if let (Some(head), Some(tail)) = (word.first_chunk(), word.last_chunk()) {
            (u64::from_le_bytes(*head), u64::from_le_bytes(*tail))
        } else if let (Some(head), Some(tail)) = (word.first_chunk(), word.last_chunk()) {
            (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)))
        } else {
            (word.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)), 0)
        };
        Some(Self { head, tail, len })
    }

    fn place(self) -> usize {
        // Fibonacci hashing: the upper bits of the product depend on all bits.
        let mixed = (self.head ^ self.tail.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (u64::BITS - RecentWords::BITS)) as usize
    }
}

/// The stem of every word, by language.
#[derive(Debug, Default)]
pub struct Stems {
    tables: HashMap<Lang, Vec<WordId>, FixedState>,
}

impl Stems {
    /// Stems each distinct word of each language once, in parallel. `used` lists the words of each language.
    #[must_use]
    pub fn new(lexicon: &mut Lexicon, used: &[(Lang, Vec<WordId>)]) -> Self {
        let mut tables = HashMap::default();
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn recent_words_are_those_of_the_lexicon(words in proptest::collection::vec("[ab]{1,18}", 0..300)) {
            let (mut lexicon, mut recent) = (Lexicon::default(), RecentWords::default());
            for word in &words {
                let id = recent.intern(&mut lexicon, word);
                assert_eq!((lexicon.word(id), lexicon.get(word)), (word.as_str(), Some(id)));
            }
        }
    }
}
