//! Texts as numbers of words, two bytes for most words: what is kept of an article whose text is let go of, when all that is
//! asked of it is which words follow each other. A fifth of the memory of the hashes of its shingles, which can be made of it
//! any number of times.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::normalise::lexicon::{KnownWords, WordId};
use crate::normalise::words::{Words, fold};
use crate::pool::Pool;

/// Stands before a number of a word that has no room in two bytes, which follows in two codes.
const ESCAPE: u16 = u16::MAX;
/// Codes that are laid out together.
const CHUNK: usize = 1 << 20;

/// Where the codes of a text stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodedText {
    coder: u32,
    chunk: u32,
    begin: u32,
    /// How many words it has.
    pub words: u32,
}

/// Turns texts into codes, in any number of threads.
#[derive(Default)]
pub struct WordCoder {
    desks: Pool<Desk>,
    made: AtomicU32,
}

/// What one thread codes with. Its numbers of words are its own.
struct Desk {
    number: u32,
    words: Words,
    numbers: Numbers,
    known: KnownWords,
    ids: Vec<WordId>,
    codes: Vec<u16>,
    chunks: Vec<Vec<u16>>,
}

/// Words by their hashes: shingles are told apart by hashes too.
#[derive(Default)]
struct Numbers {
    /// The hash stands beside the number, so that one place in memory answers.
    table: HashTable<(u64, u32)>,
    hashes: Vec<u64>,
}

impl Numbers {
    /// The number of a folded word.
    fn of(&mut self, word: &[u8]) -> WordId {
        let hash = xxh3_64(word);
        let Self { table, hashes } = self;
        if let Some(&(_, id)) = table.find(hash, |known| known.0 == hash) {
            return WordId(id);
        }
        let id = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        hashes.push(hash);
        table.insert_unique(hash, (hash, id), |known| known.0);
        WordId(id)
    }
}

/// The codes of many texts.
#[derive(Default)]
pub struct Codes {
    /// By desk: the hash of each word by its number, and the codes.
    desks: Vec<(Vec<u64>, Vec<Vec<u16>>)>,
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codes").field("desks", &self.desks.len()).finish()
    }
}

impl WordCoder {
    /// Codes the words of a text, as [`crate::normalise::words`] finds and folds them. O(length).
    pub fn code(&self, text: &str) -> CodedText {
        let make = || Desk {
            number: self.made.fetch_add(1, Ordering::Relaxed),
            words: Words::default(),
            numbers: Numbers::default(),
            known: KnownWords::default(),
            ids: Vec::new(),
            codes: Vec::new(),
            chunks: Vec::new(),
        };
        self.desks.with(make, |desk| desk.code(text))
    }

    /// The codes of all texts.
    #[must_use]
    pub fn finish(self) -> Codes {
        let mut desks = self.desks.into_all();
        desks.sort_by_key(|desk| desk.number);
        Codes { desks: desks.into_iter().map(|desk| (desk.numbers.hashes, desk.chunks)).collect() }
    }
}

impl Desk {
    fn code(&mut self, text: &str) -> CodedText {
        let Self { words, numbers, known, ids, codes, .. } = self;
        let words = words.find(text).words;
        ids.clear();
        known.number(text, words, ids, |word, folded| match folded {
            [] => numbers.of(fold(word.of(text)).as_bytes()),
            _ => numbers.of(folded),
        });
        codes.clear();
        for id in ids.iter().map(|id| id.0) {
            match u16::try_from(id) {
                Ok(code) if code != ESCAPE => codes.push(code),
                _ => codes.extend([ESCAPE, (id >> 16) as u16, id as u16]),
            }
        }
        let count = u32::try_from(words.len()).unwrap_or(u32::MAX);
        let room = self.chunks.last().is_some_and(|chunk| chunk.capacity() - chunk.len() >= self.codes.len());
        if !room {
            self.chunks.push(Vec::with_capacity(CHUNK.max(self.codes.len())));
        }
        let chunk = self.chunks.len() - 1;
        let begin = self.chunks[chunk].len();
        self.chunks[chunk].extend_from_slice(&self.codes);
        // A text has less than 2^32 bytes, and a chunk that is shared fewer codes.
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        CodedText { coder: self.number, chunk: number(chunk), begin: number(begin), words: count }
    }
}

impl Codes {
    /// Puts the hashes of a text's words into `hashes`, which is emptied first: the same word has the same 64 bits in every text
    /// and run. O(words).
    pub fn word_hashes(&self, text: &CodedText, hashes: &mut Vec<u64>) {
        hashes.clear();
        let (table, chunks) = &self.desks[text.coder as usize];
        let mut codes = &chunks[text.chunk as usize][text.begin as usize..];
        let words = text.words as usize;
        hashes.reserve(words);
        while hashes.len() < words {
            // Several at a time while none of them has its number behind it.
            if let Some((block, rest)) = codes.split_first_chunk::<BLOCK>()
                && words - hashes.len() >= BLOCK
                && block.iter().fold(0, |most, code| *code.max(&most)) < ESCAPE
            {
                hashes.extend(block.iter().map(|&code| table[usize::from(code)]));
                codes = rest;
                continue;
            }
            let id = match *codes {
                [ESCAPE, high, low, ref rest @ ..] => {
                    codes = rest;
                    usize::from(high) << 16 | usize::from(low)
                }
                [code, ref rest @ ..] => {
                    codes = rest;
                    usize::from(code)
                }
                [] => return,
            };
            hashes.push(table[id]);
        }
    }
}

/// Codes that are looked at together.
const BLOCK: usize = 8;

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::normalise::words::fold;

    #[test]
    fn the_same_words_have_the_same_hashes_in_every_text() {
        let coder = WordCoder::default();
        // More words than there are numbers of two bytes, and than are known by their bytes.
        let mut texts: Vec<String> =
            (0..70).map(|t| (0..2_000).map(|w| format!("W{} ", t * 2_000 + w)).collect()).collect();
        texts.extend(["", "Ünïcode ﬁne, w3 W79999", "北京时间星期一上午"].map(str::to_owned));
        texts.extend(texts.clone());
        let coded: Vec<CodedText> = texts.iter().map(|text| coder.code(text)).collect();
        let codes = coder.finish();
        let mut known: HashMap<String, u64> = HashMap::new();
        let mut hashes = Vec::new();
        for (text, coded) in texts.iter().zip(&coded) {
            codes.word_hashes(coded, &mut hashes);
            let mut finder = Words::default();
            let words: Vec<_> = finder.find(text).words.iter().map(|word| fold(word.of(text)).into_owned()).collect();
            assert_eq!((words.len(), coded.words as usize), (hashes.len(), hashes.len()));
            for (word, &hash) in words.into_iter().zip(&hashes) {
                assert_eq!(*known.entry(word).or_insert(hash), hash);
            }
        }
        assert_eq!(known.values().collect::<std::collections::HashSet<_>>().len(), known.len());
    }
}
