//! Runs of words as numbers: the set of shingles of a text, and how many texts have each.

use std::sync::{Mutex, PoisonError};

use crate::normalise::codes::{CodedText, Codes};

/// Bits of the hash of a shingle. The four above them hold how frequent it is.
pub(super) const HASH_BITS: u32 = 60;
/// What the hashes of words are the digits of, odd and no neighbour of a multiple of 8, so that words that change places change
/// the sum.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15 - 2;

/// Calls `each` with the hash of every run of `shingle` words, or of all words where there are fewer. It is not 0. O(words).
pub(super) fn each_shingle(words: &[u64], shingle: usize, mut each: impl FnMut(u64)) {
    let push = |sum: u64, word: &u64| sum.wrapping_mul(BASE).wrapping_add(*word);
    if words.len() < shingle {
        if !words.is_empty() {
            // Lengths are told apart: a word is no run of several.
            each(finish(words.iter().fold(words.len() as u64, push)));
        }
        return;
    }
    let out = (0..shingle).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = words[..shingle].iter().fold(0, push);
    each(finish(sum));
    for (old, new) in words.iter().zip(&words[shingle..]) {
        sum = push(sum, new).wrapping_sub(old.wrapping_mul(out));
        each(finish(sum));
    }
}

/// How many shingles a text of so many words has, the same one counted as often as it stands there.
pub(super) fn shingles(words: usize, shingle: usize) -> usize {
    if words < shingle { words.min(1) } else { words - shingle + 1 }
}

/// Makes every bit depend on all.
fn finish(sum: u64) -> u64 {
    let mixed = (sum ^ sum >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    ((mixed ^ mixed >> 29) >> (u64::BITS - HASH_BITS)).max(1)
}

/// Numbers other than 0, each once: a table that is filled anew for every text.
#[derive(Debug, Default)]
pub(super) struct NumberSet {
    slots: Vec<u64>,
    /// By slot: the last visitor that was counted there.
    visitors: Vec<u32>,
}

impl NumberSet {
    /// Empties it and makes room for so many numbers.
    pub(super) fn reset(&mut self, room: usize) {
        self.slots.clear();
        self.slots.resize((room * 2).next_power_of_two().max(16), 0);
    }

    fn slot(&self, number: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = number as usize & mask;
        while self.slots[at] != number && self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Whether it has the number.
    pub(super) fn has(&self, number: u64) -> bool {
        self.slots[self.slot(number)] != 0
    }

    /// Adds a number; whether it is new.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let at = self.slot(number);
        let new = self.slots[at] == 0;
        self.slots[at] = number;
        new
    }

    /// Whether it should have more room for so many numbers.
    pub(super) fn is_half_full(&self, numbers: usize) -> bool {
        numbers * 2 >= self.slots.len()
    }

    /// Gets ready for [`Self::visit`].
    pub(super) fn open(&mut self) {
        self.visitors.clear();
        self.visitors.resize(self.slots.len(), 0);
    }

    /// Whether the number is there and this visitor has not been at it yet.
    pub(super) fn visit(&mut self, number: u64, visitor: u32) -> bool {
        let at = self.slot(number);
        let new = self.slots[at] != 0 && self.visitors[at] != visitor;
        if new {
            self.visitors[at] = visitor;
        }
        new
    }
}

/// Makes the sets of shingles of texts, one after the other.
#[derive(Debug, Default)]
pub(super) struct Shingler {
    pub(super) words: Vec<u64>,
    set: NumberSet,
    /// The shingles of the last text, each once, in the order of the text.
    pub(super) distinct: Vec<u64>,
}

impl Shingler {
    /// Fills `distinct`; `size` is how many that will be, where that is known. O(words).
    pub(super) fn read(&mut self, codes: &Codes, text: &CodedText, shingle: usize, size: Option<u32>) {
        codes.word_hashes(text, &mut self.words);
        let Self { words, set, distinct } = self;
        distinct.clear();
        if size.is_some_and(|size| size as usize == shingles(words.len(), shingle)) {
            // No shingle stands there twice.
            each_shingle(words, shingle, |hash| distinct.push(hash));
            return;
        }
        set.reset(words.len());
        each_shingle(words, shingle, |hash| {
            if set.insert(hash) {
                distinct.push(hash);
            }
        });
    }
}

/// The most that is counted.
const MOST: u8 = 15;
/// Slots for a shingle: of those that stand alone seven of ten have a slot alone.
const SLOTS: u64 = 3;
/// Slots of a segment: as many as stay in the near cache while they are counted up.
const SEGMENT: u64 = 1 << 21;
/// Hashes that are gathered before they are counted.
const GATHERED: usize = 1024;

/// Counts texts by shingle, in slots of half a byte that several shingles may share: never too few, sometimes too many.
#[derive(Debug)]
pub(super) struct Counting {
    segments: Vec<Mutex<Vec<u8>>>,
    slots: u64,
}

/// Shingles that wait to be counted, by segment.
#[derive(Debug)]
pub(super) struct Waiting(Vec<Vec<u32>>);

/// How many texts have each shingle.
#[derive(Debug, Default)]
pub(super) struct Counts {
    segments: Vec<Vec<u8>>,
    slots: u64,
}

impl Counting {
    /// Room for about so many shingles.
    pub(super) fn new(shingles: u64) -> Self {
        let slots = (SLOTS * shingles).clamp(1 << 12, 1 << 33);
        let begins = (0..slots).step_by(SEGMENT as usize);
        let segments = begins.map(|begin| Mutex::new(vec![0; (slots - begin).min(SEGMENT).div_ceil(2) as usize]));
        Self { segments: segments.collect(), slots }
    }

    pub(super) fn waiting(&self) -> Waiting {
        Waiting(self.segments.iter().map(|_| Vec::with_capacity(GATHERED)).collect())
    }

    /// Counts a shingle, sooner or later.
    pub(super) fn add(&self, hash: u64, waiting: &mut Waiting) {
        let (segment, slot) = place(hash, self.slots);
        let list = &mut waiting.0[segment];
        list.push(slot);
        if list.len() == GATHERED {
            self.count(segment, list);
        }
    }

    fn count(&self, segment: usize, list: &mut Vec<u32>) {
        let mut counts = self.segments[segment].lock().unwrap_or_else(PoisonError::into_inner);
        for slot in list.drain(..) {
            let (byte, shift) = (&mut counts[slot as usize / 2], slot % 2 * 4);
            let more = u8::from((*byte >> shift) & MOST < MOST);
            *byte += more << shift;
        }
    }

    /// Counts what waits.
    pub(super) fn finish(self, waiting: Vec<Waiting>) -> Counts {
        for mut lists in waiting {
            for (segment, list) in lists.0.iter_mut().enumerate() {
                self.count(segment, list);
            }
        }
        let segments =
            self.segments.into_iter().map(|counts| counts.into_inner().unwrap_or_else(PoisonError::into_inner));
        Counts { segments: segments.collect(), slots: self.slots }
    }
}

/// The segment of a hash and its slot there.
fn place(hash: u64, slots: u64) -> (usize, u32) {
    let at = ((u128::from(hash) * u128::from(slots)) >> HASH_BITS) as u64;
    ((at / SEGMENT) as usize, (at % SEGMENT) as u32)
}

/// How frequent each shingle of one text is, half a byte each, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Frequencies(Box<[u8]>);

impl Frequencies {
    pub(super) fn new(of: &[u8]) -> Self {
        Self(of.chunks(2).map(|two| two[0] | two.get(1).copied().unwrap_or(0) << 4).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u8> {
        self.0.iter().flat_map(|byte| [byte & MOST, byte >> 4])
    }
}

impl Counts {
    /// At least as many texts as have the shingle, up to 15: where it is 1, no other text has it.
    pub(super) fn of(&self, hash: u64) -> u8 {
        let (segment, slot) = place(hash, self.slots);
        (self.segments[segment][slot as usize / 2] >> (slot % 2 * 4)) & MOST
    }
}
