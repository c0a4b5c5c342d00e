//! Exact shared runs of words between all articles, through one index of fingerprints.
//!
//! Texts that are the same word for word are one class and searched once. Fingerprints that come once are left out first; those
//! that stand in two or more articles give anchors, anchors are sorted by pair and diagonal, and each is grown to the longest common run,
//! word by word, so no hash is ever trusted. Both are sorted in parts that fit into the cache of a core. A fingerprint in more
//! than `common` articles is joined to the earliest of them only: every republication still meets its original, and the work
//! stays linear.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::article::DocId;
use crate::config::{PassagesConfig, ThoroughConfig};
use crate::corpus::Corpus;
use crate::normalise::{Lexicon, Normalised, WordId, hash_of_words};
use crate::passages::align::{Alignment, Texts, align};
use crate::passages::fingerprint::{self, winnow};
use crate::passages::parts::{PARTS, Record, Writer, in_parts, u32_at};
use crate::passages::repeated::{self, Repeated};
use crate::passages::rewritten::Sentences;
use crate::passages::runs::{Anchor, REPEATS, grow, to_u32};
use crate::passages::thorough::compare;
use crate::progress::Progress;
use crate::survey::Rarity;
use crate::survey::repeats::Repeats;

/// The runs of one pair of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared<'a> {
    /// The smaller article.
    pub a: DocId,
    /// The larger one.
    pub b: DocId,
    /// Sorted by their place in `a`.
    pub passages: &'a [Alignment],
}

/// All shared runs of a corpus.
#[derive(Debug, Default)]
pub struct Passages {
    /// By article: the earliest one with the same text, itself where there is none.
    pub same_text: Vec<DocId>,
    /// Phrases of the length of a fingerprint that more than `passages.common` texts have: they were looked for in the earliest of
    /// these only, so that of two texts which many have alike each met the first and not the other.
    pub frequent_phrases: usize,
    pairs: Vec<(DocId, DocId, usize)>,
    found: Vec<Alignment>,
}

impl Passages {
    /// The pairs that share at least one run, sorted; of identical texts only the earliest takes part.
    pub fn pairs(&self) -> impl Iterator<Item = Shared<'_>> {
        (0..self.pairs.len()).map(|at| self.pair(at))
    }

    /// The runs of two articles, each standing for those with the same text; `None` if they share none.
    #[must_use]
    pub fn between(&self, a: DocId, b: DocId) -> Option<Shared<'_>> {
        let (a, b) = (a.min(b), a.max(b));
        let at = self.pairs.binary_search_by_key(&(a, b), |&(a, b, _)| (a, b)).ok()?;
        Some(self.pair(at))
    }

    /// The tokens of one article that stand in another, in the order of the runs.
    #[must_use]
    pub fn places(&self, of: DocId, other: DocId) -> Vec<Range<usize>> {
        let [of, other] = [of, other].map(|doc| self.same_text[doc.index()]);
        let Some(shared) = self.between(of, other) else { return Vec::new() };
        let runs = shared.passages.iter().flat_map(|passage| &passage.runs);
        runs.map(|run| if of < other { run.in_a() } else { run.in_b() }).collect()
    }

    fn pair(&self, at: usize) -> Shared<'_> {
        let (a, b, start) = self.pairs[at];
        let end = self.pairs.get(at + 1).map_or(self.found.len(), |next| next.2);
        Shared { a, b, passages: &self.found[start..end] }
    }
}

/// A fingerprint of an article.
#[derive(Clone, Copy, Default)]
struct Posting {
    /// Its hash, with the tags of the words around it in the place of the last bits.
    key: u64,
    doc: u32,
    token: u32,
}

impl Posting {
    /// That of the words from a token on, with its whole hash.
    fn new(words: &[WordId], lexicon: &Lexicon, shingle: usize, doc: u32, token: usize) -> (u64, Self) {
        let hash = fingerprint::hash(&words[token..token + shingle], lexicon);
        // With words that are none on either side of the text.
        let before = (1..=SIDE).rev().map(|far| token.checked_sub(far));
        let behind = (token + shingle..).take(SIDE).map(Some);
        let tag_at = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or(0, |word| tag(*word));
        let around = before.chain(behind).fold(0, |tags, at| tags << TAG | tag_at(at));
        (hash, Self { key: hash >> TAGS << TAGS | u64::from(around), doc, token: to_u32(token) })
    }

    /// The hash without its last bits. They may meet by chance, as hashes may.
    fn hash(&self) -> u64 {
        self.key >> TAGS
    }

    /// How many of the tagged words before and of those behind may be common too, from the fingerprint outwards.
    fn goes_on_as(&self, other: &Self) -> [u8; 2] {
        let same = |&place: &usize| {
            let [ours, theirs] = [self.key, other.key].map(|key| key >> (TAG * place) & ((1 << TAG) - 1));
            ours != 0 && ours == theirs
        };
        // Those before stand in the upper half, and the last of them, which is the nearest, lowest.
        let [before, behind] = [(SIDE..2 * SIDE).take_while(same).count(), (0..SIDE).rev().take_while(same).count()];
        [before as u8, behind as u8]
    }
}

impl Record for Posting {
    const BYTES: usize = 16;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.key.to_le_bytes());
        bytes.extend(self.doc.to_le_bytes());
        bytes.extend(self.token.to_le_bytes());
    }

    fn take(bytes: &[u8]) -> Self {
        let key = bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        Self { key, doc: u32_at(bytes, 8), token: u32_at(bytes, 12) }
    }
}

/// So many words on either side of a fingerprint have tags, of so many bits, and all of them together.
const SIDE: usize = 4;
const TAG: usize = 3;
const TAGS: usize = 2 * SIDE * TAG;

/// Some bits that are the same for the same word, and never 0.
fn tag(word: WordId) -> u32 {
    (word.0.wrapping_mul(0x9e37_79b1) >> (32 - TAG)).max(1)
}

/// Two places with the same fingerprint.
#[derive(Clone, Copy, Default)]
struct Meeting {
    a: u32,
    b: u32,
    /// Difference of the two places, by which runs are found in one pass. A text has less than 2^32 bytes and half as many
    /// words, so it fits.
    diagonal: i32,
    at: u32,
    spread: u32,
    /// How many words before and behind may be common too; [`SIDE`] are as many or more.
    goes_on: [u8; 2],
}

impl Meeting {
    /// What the meetings of one first article are sorted by: the second, diagonal, place.
    fn key(&self) -> u128 {
        let diagonal = self.diagonal.wrapping_sub(i32::MIN).cast_unsigned();
        [self.b, diagonal, self.at].into_iter().fold(0, |key, part| key << 32 | u128::from(part))
    }

    fn anchor(&self) -> Anchor {
        Anchor { a: self.at, b: self.at.wrapping_add_signed(self.diagonal), spread: self.spread }
    }
}

impl Record for Meeting {
    const BYTES: usize = 22;

    fn put(&self, bytes: &mut Vec<u8>) {
        for number in [self.a, self.b, self.diagonal.cast_unsigned(), self.at, self.spread] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.goes_on);
    }

    fn take(bytes: &[u8]) -> Self {
        let [a, b, diagonal, at, spread] = [0, 4, 8, 12, 16].map(|at| u32_at(bytes, at));
        Self { a, b, diagonal: diagonal.cast_signed(), at, spread, goes_on: [bytes[20], bytes[21]] }
    }
}

/// The fingerprints of an article, and how many of them are frequent.
#[derive(Default)]
struct Counts {
    all: AtomicU32,
    frequent: AtomicU32,
}

impl Counts {
    /// Whether most of a text stands in many others.
    fn is_version(&self) -> bool {
        2 * self.frequent.load(Relaxed) > self.all.load(Relaxed)
    }
}

/// Two versions of frequent texts both meet the earliest that has theirs. Beside that they are compared if they share so many
/// fingerprints: thousands of texts that were changed or filled in alike share a word or two by chance with each of many others.
const OWN: usize = 4;
/// Of a phrase that is frequent itself this share of the shorter text, one in ..., is enough: the takes of a short text that grew
/// are each the earliest that has some of it.
const OWN_SHARE: u32 = 10;

/// Whether what a pair shares is only what two versions of frequent texts share by chance.
fn is_chance(meetings: &[Meeting], counts: [&Counts; 2], common: usize) -> bool {
    let few = || {
        let fewest = counts.map(|counts| counts.all.load(Relaxed) / OWN_SHARE).into_iter().min().unwrap_or(0);
        meetings.len() < fewest as usize || !meetings.iter().any(|meeting| meeting.spread as usize > common)
    };
    meetings.len() < OWN && counts.iter().all(|counts| counts.is_version()) && few()
}

/// Finds all passages. `order` ranks the articles in time. O(fingerprints log fingerprints + places where they meet).
#[must_use]
pub fn find<'a>(
    corpus: &Corpus,
    normalised: &'a Normalised,
    rarity: &Rarity,
    order: &[u32],
    config: &PassagesConfig,
    progress: &dyn Progress,
) -> Passages {
    let same_text = same_texts(normalised, order);
    let searched: Vec<u32> =
        (0u32..).zip(&same_text).filter(|(doc, same)| *doc == same.0).map(|(doc, _)| doc).collect();
    progress.stage("passages", Some(searched.len() as u64));
    let (shingle, window) = match config.thorough.everywhere {
        false => (config.shingle, config.window),
        true => (config.thorough.shingle, 1),
    };
    let counts: Vec<Counts> = corpus.articles().iter().map(|_| Counts::default()).collect();
    let spill = corpus.spill();
    let lengths = searched.iter().map(|&doc| normalised.body_len(DocId(doc)));
    let repeated = Repeated::find(lengths, spill, |at| {
        let doc = searched[at];
        let prints = winnow(&normalised.words(DocId(doc)), &normalised.lexicon, shingle, window);
        counts[doc as usize].all.store(to_u32(prints.len()), Relaxed);
        progress.advance(1);
        prints
    });
    let postings = in_parts((0..searched.len()).collect(), spill, |at, parts: &mut Writer<'_, Posting>| {
        let doc = searched[at];
        let mut tokens = repeated.of(at).peekable();
        if tokens.peek().is_some() {
            let words = normalised.words(DocId(doc));
            for token in tokens {
                let (hash, posting) = Posting::new(&words, &normalised.lexicon, shingle, doc, token);
                parts.push(repeated::part(hash), posting);
            }
        }
    });
    drop(repeated);
    let outlets = outlets(corpus, &same_text, config);
    let frequent_phrases = AtomicUsize::new(0);
    let meetings = in_parts(postings, spill, |part, parts: &mut Writer<'_, Meeting>| {
        let frequent = meetings(&shared(&part.load(spill)), order, &outlets, config, &counts, |meeting| {
            parts.push(meeting.a as usize * PARTS / corpus.len(), meeting);
        });
        frequent_phrases.fetch_add(frequent, Relaxed);
    });
    // Many pairs are compared by sentences, few articles have them: each is cut once.
    let cut: Vec<OnceLock<Sentences>> = corpus.articles().iter().map(|_| OnceLock::new()).collect();
    let sentences = |doc: DocId| {
        cut[doc.index()].get_or_init(|| Sentences::of(&normalised.marked(doc).body, normalised.terms(doc)))
    };
    // `words` are those of the first article, which stands in many pairs one behind the other: read once, if at all.
    let passages_of = |meetings: &[Meeting], words: &OnceCell<Cow<'a, [WordId]>>| {
        let (a, b) = (DocId(meetings[0].a), DocId(meetings[0].b));
        if is_chance(meetings, [a, b].map(|doc| &counts[doc.index()]), config.common) {
            return None;
        }
        let (words, bits) = (words.get_or_init(|| normalised.words(a)), rarity.of_lang(normalised.lang(a)));
        if !config.thorough.everywhere && !worth_aligning(meetings, words, bits, config) {
            return None;
        }
        let others = normalised.words(b);
        let found = match config.thorough.everywhere {
            false => {
                let runs = grow(meetings.iter().map(Meeting::anchor), words, &others, shingle);
                align(&runs, Texts { a: words, b: &others, bits }, config)
            }
            true if worth_comparing(meetings, words, bits, &config.thorough) => {
                compare([a, b], sentences, normalised, rarity, config)
            }
            true => Vec::new(),
        };
        (!found.is_empty()).then_some((a, b, found))
    };
    let found: Vec<(DocId, DocId, Vec<Alignment>)> = meetings
        .into_par_iter()
        .flat_map_iter(|part| {
            let mut meetings = by_first(&part.load(spill));
            let of_article = |meetings: &mut [Meeting]| {
                meetings.sort_unstable_by_key(Meeting::key);
                let words = OnceCell::new();
                let pairs = meetings.chunk_by(|x, y| x.b == y.b);
                pairs.filter_map(|meetings| passages_of(meetings, &words)).collect::<Vec<_>>()
            };
            meetings.chunk_by_mut(|x, y| x.a == y.a).flat_map(of_article).collect::<Vec<_>>()
        })
        .collect();
    let frequent_phrases = frequent_phrases.into_inner();
    let mut passages = Passages { same_text, frequent_phrases, ..Passages::default() };
    for (a, b, found) in found {
        passages.pairs.push((a, b, passages.found.len()));
        passages.found.extend(found);
    }
    passages
}

/// The postings of a part whose hash stands in it more than once, those of one hash side by side and as they came. O(postings).
fn shared(lists: &[Vec<Posting>]) -> Vec<Posting> {
    // Counting them first, in a table where few meet by chance, says where each belongs, and leaves out those that came here
    // by chance.
    let slots = (lists.iter().map(Vec::len).sum::<usize>() * 2).next_power_of_two();
    let slot = |posting: &Posting| posting.hash() as usize & (slots - 1);
    let mut ends = vec![0u32; slots];
    for posting in lists.iter().flat_map(|list| list.iter()) {
        ends[slot(posting)] += 1;
    }
    let mut count = 0;
    for end in &mut ends {
        let postings = std::mem::replace(end, if *end > 1 { count } else { ALONE });
        count += if postings > 1 { postings } else { 0 };
    }
    let mut found = vec![Posting::default(); count as usize];
    for posting in lists.iter().flat_map(|list| list.iter()) {
        let end = &mut ends[slot(posting)];
        if *end != ALONE {
            found[*end as usize] = *posting;
            *end += 1;
        }
    }
    for met in found.chunk_by_mut(|x, y| slot(x) == slot(y)) {
        if met.iter().any(|posting| posting.hash() != met[0].hash()) {
            met.sort_by_key(Posting::hash);
        }
    }
    found
}

/// The meetings of a part, those of one first article side by side and as they came; a part holds those of few articles in a
/// row. O(meetings + articles).
fn by_first(lists: &[Vec<Meeting>]) -> Vec<Meeting> {
    let all = || lists.iter().flatten();
    let (first, last) = all().fold((u32::MAX, 0), |(least, most), meeting| (least.min(meeting.a), most.max(meeting.a)));
    let place = |meeting: &Meeting| (meeting.a - first) as usize;
    // By article: behind the last of its meetings that is in its place.
    let mut ends = vec![0u32; (last.saturating_sub(first) + 1) as usize];
    for meeting in all() {
        ends[place(meeting)] += 1;
    }
    let mut count = 0;
    for end in &mut ends {
        count += std::mem::replace(end, count);
    }
    let mut found = vec![Meeting::default(); count as usize];
    for meeting in all() {
        let end = &mut ends[place(meeting)];
        found[*end as usize] = *meeting;
        *end += 1;
    }
    found
}

/// In the place of the end of a slot: one posting is in it, or none.
const ALONE: u32 = u32::MAX;

/// Whether the runs that these are in can be worth more than the phrase that most pairs share and no more, which is seen without
/// the second text: what [`align`] asks of runs is asked of the longest that they may be. Only long, or rare, ones are left.
fn worth_aligning(meetings: &[Meeting], words: &[WordId], bits: &[u16], config: &PassagesConfig) -> bool {
    let shingle = to_u32(config.shingle);
    let (mut longest, mut sum, mut says) = (0, 0, 0);
    let mut last = (0, 0);
    for meeting in meetings {
        let [before, behind] = meeting.goes_on.map(u32::from);
        if before.max(behind) as usize >= SIDE {
            return true;
        }
        let run = meeting.at - before..meeting.at + shingle + behind;
        longest = longest.max(run.end - run.start);
        let new = if last.0 == meeting.diagonal { run.start.max(last.1) } else { run.start }..run.end;
        sum += to_u32(new.len());
        says += new.map(|at| u32::from(bits[words[at as usize].index()])).sum::<u32>();
        last = (meeting.diagonal, run.end);
    }
    longest >= config.core_words && (sum >= config.least_words_in_story || f64::from(says) / 100.0 >= config.least_bits)
}

/// Whether a pair shares so many rare phrases near each other that it may share a rewritten passage.
/// O(meetings * meetings in a window).
fn worth_comparing(meetings: &[Meeting], words: &[WordId], bits: &[u16], config: &ThoroughConfig) -> bool {
    let mut places: Vec<(u32, i64)> =
        meetings.iter().map(|m| (m.at, i64::from(m.at) + i64::from(m.diagonal))).collect();
    places.sort_unstable();
    let (near, len) = (config.near, to_u32(config.shingle));
    let mut first = 0;
    (0..places.len()).any(|at| {
        while places[first].0 + near < places[at].0 {
            first += 1;
        }
        let (mut sum, mut reached) = (0, 0);
        for place in places[first..=at].iter().filter(|p| (p.1 - places[at].1).unsigned_abs() <= u64::from(near)) {
            let fresh = place.0.max(reached)..place.0 + len;
            sum += fresh.map(|i| u32::from(bits[words[i as usize].index()])).sum::<u32>();
            reached = place.0 + len;
        }
        f64::from(sum) >= config.least_shared_bits * 100.0
    })
}

/// By article: the earliest with the same words in its text.
fn same_texts(normalised: &Normalised, order: &[u32]) -> Vec<DocId> {
    let words = |doc: usize| normalised.words(DocId(to_u32(doc)));
    let hashes = |of: &(dyn Fn(usize) -> u64 + Sync)| (0..order.len()).into_par_iter().map(of).collect::<Vec<u64>>();
    // Most texts are told from all others by how long they are and how they begin.
    let heads = hashes(&|doc| {
        let words = words(doc);
        hash_of_words(&words[..words.len().min(HEAD)]) ^ words.len() as u64
    });
    let mut repeats = Repeats::new(order.len() * 16);
    heads.iter().for_each(|head| repeats.note(*head));
    let hashes = hashes(&|doc| if repeats.has(heads[doc]) { hash_of_words(&words(doc)) } else { 0 });
    let mut in_time: Vec<usize> = (0..order.len()).filter(|&doc| repeats.has(heads[doc])).collect();
    in_time.sort_unstable_by_key(|&doc| order[doc]);
    // Texts whose hashes meet by chance stand in one list and are told apart by their words.
    let mut classes: HashMap<u64, Vec<usize>, FixedState> = HashMap::default();
    let mut same: Vec<DocId> = (0u32..).take(order.len()).map(DocId).collect();
    for doc in in_time {
        let own = words(doc);
        if own.is_empty() {
            continue;
        }
        let firsts = classes.entry(hashes[doc]).or_default();
        match firsts.iter().find(|&&first| words(first) == own) {
            Some(&first) => same[doc] = DocId(u32::try_from(first).unwrap_or(u32::MAX)),
            None => firsts.push(doc),
        }
    }
    same
}

/// Words at the beginning of a text that are looked at first.
const HEAD: usize = 32;

/// By article: a number of its outlet, its own where it may share with any. A text that several outlets published alike, or
/// nobody is known to have, has no outlet.
fn outlets(corpus: &Corpus, same_text: &[DocId], config: &PassagesConfig) -> Vec<u32> {
    let mut numbers: HashMap<&str, u32, FixedState> = HashMap::default();
    let mut outlets: Vec<u32> = (0..to_u32(corpus.len())).collect();
    if config.same_outlet {
        return outlets;
    }
    for (doc, article) in corpus.iter() {
        let Some(name) = article.outlet_name() else { continue };
        outlets[doc.index()] = *numbers.entry(name).or_insert(doc.0);
    }
    for (doc, same) in same_text.iter().enumerate() {
        if outlets[doc] != outlets[same.index()] {
            outlets[same.index()] = same.0;
        }
    }
    outlets
}

/// Calls `each` with the pairs of places of different outlets that share a fingerprint; the postings of each stand side by side. One that is
/// frequent is counted, and joined to the earliest article only, and where that is of the same outlet to the earliest of another.
/// Answers how many are frequent.
fn meetings(
    postings: &[Posting],
    order: &[u32],
    outlets: &[u32],
    config: &PassagesConfig,
    counts: &[Counts],
    mut each: impl FnMut(Meeting),
) -> usize {
    let mut frequent = 0;
    let outlet = |list: &[Posting]| outlets[list[0].doc as usize];
    let mut docs: Vec<&[Posting]> = Vec::new();
    for group in postings.chunk_by(|x, y| x.hash() == y.hash()).filter(|group| group.len() > 1) {
        docs.clear();
        docs.extend(group.chunk_by(|x, y| x.doc == y.doc));
        let spread = to_u32(docs.len());
        let mut join = |x: &[Posting], y: &[Posting]| {
            let (x, y) = if x[0].doc < y[0].doc { (x, y) } else { (y, x) };
            if outlet(x) == outlet(y) {
                return;
            }
            for p in x.iter().take(REPEATS) {
                for q in y.iter().take(REPEATS) {
                    let diagonal = q.token.wrapping_sub(p.token).cast_signed();
                    each(Meeting { a: p.doc, b: q.doc, diagonal, at: p.token, spread, goes_on: p.goes_on_as(q) });
                }
            }
        };
        if docs.len() <= config.common {
            for (i, x) in docs.iter().enumerate() {
                for y in &docs[i + 1..] {
                    join(x, y);
                }
            }
            continue;
        }
        frequent += 1;
        for doc in &docs {
            counts[doc[0].doc as usize].frequent.fetch_add(to_u32(doc.len()), Relaxed);
        }
        if let Some(first) = docs.iter().min_by_key(|list| order[list[0].doc as usize]) {
            let others = docs.iter().filter(|list| outlet(list) != outlet(first));
            let second = others.min_by_key(|list| order[list[0].doc as usize]);
            for other in docs.iter().filter(|other| other[0].doc != first[0].doc) {
                match second {
                    Some(second) if outlet(other) == outlet(first) => join(second, other),
                    _ => join(first, other),
                }
            }
        }
    }
    frequent
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text, and the same with some words exchanged or left out.
    fn versions() -> impl Strategy<Value = [Vec<WordId>; 2]> {
        let edits = proptest::collection::vec(prop_oneof![6 => Just(0u32), 1 => Just(1), 1 => Just(2)], 10..60);
        edits.prop_map(|edits| {
            let text = (0u32..).map(WordId).take(edits.len()).collect();
            let edited = (0u32..).zip(edits).filter(|(_, edit)| *edit < 2);
            [text, edited.map(|(word, edit)| WordId(word + 100 * edit)).collect()]
        })
    }

    /// All places where two texts meet, in order.
    fn all_meetings(words: [&[WordId]; 2], shingle: usize) -> Vec<Meeting> {
        let mut lexicon = Lexicon::default();
        for number in 0..200 {
            lexicon.intern(&format!("word{number}"));
        }
        let postings = |doc: u32| {
            let words = words[doc as usize];
            let tokens = 0..(words.len() + 1).saturating_sub(shingle);
            tokens.map(|token| Posting::new(words, &lexicon, shingle, doc, token).1).collect::<Vec<_>>()
        };
        let (ours, theirs) = (postings(0), postings(1));
        let mut found = Vec::new();
        for p in &ours {
            for q in theirs.iter().filter(|q| q.hash() == p.hash()) {
                let diagonal = q.token.wrapping_sub(p.token).cast_signed();
                found.push(Meeting { a: 0, b: 1, diagonal, at: p.token, spread: 2, goes_on: p.goes_on_as(q) });
            }
        }
        found.sort_unstable_by_key(Meeting::key);
        found
    }

    proptest! {
        #[test]
        fn a_pair_that_is_not_aligned_has_no_passage(
            texts in versions(), shingle in 1usize..8, least_words in 6u32..14, least_bits in 10.0f64..60.0,
            kept in proptest::collection::vec(any::<bool>(), 60),
        ) {
            let [a, b] = &texts;
            let config = PassagesConfig { shingle, least_words, least_words_in_story: least_words, least_bits, ..PassagesConfig::default() };
            let bits = vec![500; 200];
            // Some fingerprints are not kept.
            let mut meetings = all_meetings([a, b], config.shingle);
            let mut kept = kept.into_iter();
            meetings.retain(|_| kept.next().unwrap_or(true));
            if !meetings.is_empty() && !worth_aligning(&meetings, a, &bits, &config) {
                let runs = grow(meetings.iter().map(Meeting::anchor), a, b, config.shingle);
                prop_assert_eq!(align(&runs, Texts { a, b, bits: &bits }, &config), []);
            }
        }
    }

    proptest! {
        #[test]
        fn tags_count_no_fewer_words_than_are_common(texts in versions(), shingle in 1usize..8) {
            let [a, b] = &texts;
            for meeting in all_meetings([a, b], shingle) {
                let Anchor { a: at, b: there, .. } = meeting.anchor();
                let [at, there] = [at, there].map(|at| at as usize);
                let before = a[..at].iter().rev().zip(b[..there].iter().rev());
                let behind = a[at + shingle..].iter().zip(&b[there + shingle..]);
                let room = [before.len(), behind.len()].map(|room| room.min(SIDE));
                let common = [before.take_while(|(x, y)| x == y).count(), behind.take_while(|(x, y)| x == y).count()];
                for (told, (common, room)) in meeting.goes_on.iter().zip(common.into_iter().zip(room)) {
                    prop_assert!((common.min(SIDE)..=room).contains(&usize::from(*told)), "{told} of {common}, {room}");
                }
            }
        }
    }

    #[test]
    fn a_short_phrase_is_not_worth_aligning_and_a_long_one_is() {
        let config = PassagesConfig::default();
        let worth = |common: u32| {
            let a: Vec<WordId> = (0..30).map(WordId).collect();
            // Words with other tags.
            let b: Vec<WordId> = (0..30).map(|at| WordId(if at < common { at } else { at + 101 })).collect();
            worth_aligning(&all_meetings([&a, &b], config.shingle), &a, &[100; 200], &config)
        };
        // So few bits are worth something from eight words on.
        assert_eq!([5, 6, 7, 8].map(worth), [false, false, false, true]);
    }
}
