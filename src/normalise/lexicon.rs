//! Words as numbers: every distinct folded word has one number in a run, and every distinct stem is a word of its own.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::language::Lang;
use crate::normalise::stem::Stemmer;
use crate::normalise::words::Word;

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

    /// Takes in the words of another lexicon; answers its numbers in this one, unless they stay as they are. O(words of the other),
    /// nothing of which is done for the first.
    pub(crate) fn absorb(&mut self, other: Self) -> Option<Vec<WordId>> {
        if self.is_empty() {
            *self = other;
            return None;
        }
        let words = (0u32..).map(WordId).zip(&other.hashes);
        Some(words.map(|(id, &hash)| self.intern_hashed(other.word(id), hash)).collect())
    }
}

/// A hash of some words in their order, in four lanes. Articles are numbered by their keys and words as they first stand in them, so
/// it is the same in every run.
pub(crate) fn hash_of_words(words: &[WordId]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (fours, rest) = words.as_chunks::<4>();
    let mut lanes = [words.len() as u64; 4];
    for four in fours.iter().map(|four| &four[..]).chain([rest]) {
        for (lane, word) in lanes.iter_mut().zip(four) {
            *lane = (*lane ^ u64::from(word.0)).wrapping_mul(FACTOR).rotate_left(29);
        }
    }
    lanes.into_iter().fold(0, |hash, lane| (hash ^ lane).wrapping_mul(FACTOR).rotate_left(29))
}

/// Short words that were interned: most of a text is some thousand of them, which are known again here by their bytes, without
/// being folded, hashed and looked up. There is room for so many that others are rare.
pub(crate) struct KnownWords {
    /// Those that came first, which are mostly the frequent ones, each in the place that its bytes give: few enough to stay in the
    /// memory nearest to a core.
    near: Vec<(Short, WordId)>,
    /// The others, each in the first free place from that on which its bytes give.
    far: Vec<(Short, WordId)>,
    /// How many are in `far`.
    known: usize,
    /// Some words of a text, and which of them are not near.
    asked: Vec<Short>,
    left: Vec<u16>,
}

/// A word of up to 16 bytes as a number: as it stands, or in lower case if it is ASCII. No word is 0.
type Short = [u64; 2];

/// No short word: bytes of no text.
const NONE: Short = [u64::MAX; 2];
/// The number of no word: there are fewer.
const UNSEEN: WordId = WordId(u32::MAX);
/// A place without a word.
const FREE: (Short, WordId) = ([0; 2], UNSEEN);

impl Default for KnownWords {
    fn default() -> Self {
        Self { near: vec![FREE; Self::NEAR], far: vec![FREE; 1 << 12], known: 0, asked: Vec::new(), left: Vec::new() }
    }
}

impl KnownWords {
    /// Places of the nearest.
    const NEAR: usize = 1 << 14;
    /// The most that are known besides.
    const MOST: usize = 1 << 17;
    /// As many are looked up together.
    const ASKED: usize = 512;

    /// Adds the number of each word, which is the one that it has had or, of an unknown one, what `new` gives. That is handed
    /// the bytes of the folded word if it is a short one of ASCII, and none otherwise.
    pub(crate) fn number(
        &mut self,
        text: &str,
        words: &[Word],
        ids: &mut Vec<WordId>,
        mut new: impl FnMut(Word, &[u8]) -> WordId,
    ) {
        for words in words.chunks(Self::ASKED) {
            let first = ids.len();
            self.asked.clear();
            self.asked.extend(words.iter().map(|&place| short(text.as_bytes(), place)));
            // One short loop for each table, so that many words are fetched from memory at a time.
            ids.extend(self.asked.iter().map(|&word| at_home(&self.near, word)));
            let ids = &mut ids[first..];
            put_unseen(ids, &mut self.left);
            for &at in &self.left {
                ids[usize::from(at)] = at_home(&self.far, self.asked[usize::from(at)]);
            }
            for left in 0..self.left.len() {
                let at = usize::from(self.left[left]);
                if ids[at] == UNSEEN {
                    ids[at] = self.find(self.asked[at], words[at], &mut new);
                }
            }
        }
    }

    fn find(&mut self, word: Short, place: Word, new: &mut impl FnMut(Word, &[u8]) -> WordId) -> WordId {
        if word == NONE {
            return new(place, &[]);
        }
        let near = home(&self.near, word);
        if self.near[near].0 == word {
            return self.near[near].1;
        }
        let far = slot(&self.far, word);
        if self.far[far].0 == word {
            return self.far[far].1;
        }
        let ascii = (word[0] | word[1]) & (EACH * 0x80) == 0;
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&word[0].to_le_bytes());
        bytes[8..].copy_from_slice(&word[1].to_le_bytes());
        let id = new(place, if ascii { &bytes[..(place.end - place.begin) as usize] } else { &[] });
        if self.near[near] == FREE {
            self.near[near] = (word, id);
        } else if self.known < Self::MOST {
            self.far[far] = (word, id);
            self.known += 1;
            if self.known * 2 > self.far.len() {
                self.grow();
            }
        }
        id
    }

    fn grow(&mut self) {
        let all = std::mem::take(&mut self.far);
        self.far = vec![FREE; all.len() * 2];
        // Those of one place stand as they came, the frequent ones mostly first.
        for known in all.into_iter().filter(|known| *known != FREE) {
            let slot = slot(&self.far, known.0);
            self.far[slot] = known;
        }
    }
}

/// Puts down the places of the words that have no number, without a branch, which nobody could predict.
fn put_unseen(ids: &[WordId], places: &mut Vec<u16>) {
    places.clear();
    places.resize(ids.len(), 0);
    let mut count = 0;
    for (at, id) in (0..).zip(ids) {
        places[count] = at;
        count += usize::from(*id == UNSEEN);
    }
    places.truncate(count);
}

/// The place that a word's bytes give in a table of a power of two.
#[inline]
fn home(table: &[(Short, WordId)], word: Short) -> usize {
    // Fibonacci hashing: the uppermost bits of the product depend on all bits.
    let mixed = (word[0] ^ word[1].rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> ((table.len() as u64).leading_zeros() + 1)) as usize & (table.len() - 1)
}

/// The number of the word that is in that place, if it is this one; told without a branch, at which many words would wait.
#[inline]
fn at_home(table: &[(Short, WordId)], word: Short) -> WordId {
    let (known, id) = table[home(table, word)];
    let differs = (word[0] ^ known[0]) | (word[1] ^ known[1]);
    std::hint::select_unpredictable(differs == 0, id, UNSEEN)
}

/// Where a word is, or belongs.
fn slot(table: &[(Short, WordId)], word: Short) -> usize {
    let mut slot = home(table, word);
    while table[slot] != FREE && table[slot].0 != word {
        slot = (slot + 1) & (table.len() - 1);
    }
    slot
}

/// [`NONE`] if the word is longer than that.
#[inline]
fn short(text: &[u8], place: Word) -> Short {
    let [begin, end] = [place.begin, place.end].map(|at| at as usize);
    let len = end - begin;
    if !(1..=16).contains(&len) {
        return NONE;
    }
    let bytes = text[begin..].first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; 16];
        padded[..len].copy_from_slice(&text[begin..end]);
        padded
    });
    let [low, high] = [0, 8].map(|at| bytes[at..].first_chunk().map_or(0, |half| u64::from_le_bytes(*half)));
    let (low, high) = (low & FIRST[len][0], high & FIRST[len][1]);
    // Of what stands in words of ASCII, letters are what has the bit 0x40, and small ones have the one below it too. Other words
    // are folded as a whole: a capital may go together with the mark behind it in another way than a small letter.
    let letter = if (low | high) & (EACH * 0x80) == 0 { EACH * 0x40 } else { 0 };
    [low | (low & letter) >> 1, high | (high & letter) >> 1]
}

/// All bits of so many first bytes of sixteen.
const FIRST: [Short; 17] = {
    let mut masks = [[0; 2]; 17];
    let mut len = 1;
    while len <= 16 {
        let mask = u128::MAX >> (128 - 8 * len);
        masks[len] = [mask as u64, (mask >> 64) as u64];
        len += 1;
    }
    masks
};

/// One in every byte.
const EACH: u64 = u64::MAX / 0xff;

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
    use crate::normalise::words::{Words, fold};

    #[test]
    fn words_of_one_beginning_are_told_apart() {
        let text: String = (0..1900).map(|n| format!("samehead{n} ")).collect();
        let (mut lexicon, mut known) = (Lexicon::default(), KnownWords::default());
        for _ in 0..2 {
            let mut ids = Vec::new();
            let mut finder = Words::default();
            known.number(&text, finder.find(&text).words, &mut ids, |word, _| lexicon.intern(word.of(&text)));
            let found: Vec<&str> = ids.iter().map(|id| lexicon.word(*id)).collect();
            assert_eq!(found, text.split_whitespace().collect::<Vec<_>>());
        }
    }

    proptest::proptest! {
        #[test]
        fn known_words_are_those_of_the_lexicon(words in proptest::collection::vec("[abB]{1,18}|[aAéÉã7]{1,5}|[jJaA]\u{30c}?\u{301}?[aA]{0,2}", 0..300)) {
            let (mut lexicon, mut known) = (Lexicon::default(), KnownWords::default());
            let (mut finder, text) = (Words::default(), words.join(" "));
            // The second time all are known.
            for _ in 0..2 {
                let mut ids = vec![WordId(5)];
                known.number(&text, finder.find(&text).words, &mut ids, |word, _| lexicon.intern(&fold(word.of(&text))));
                assert_eq!(ids.len(), words.len() + 1);
                for (word, id) in words.iter().zip(&ids[1..]) {
                    assert_eq!((lexicon.word(*id), lexicon.get(&fold(word))), (&*fold(word), Some(*id)));
                }
            }
        }
    }
}
