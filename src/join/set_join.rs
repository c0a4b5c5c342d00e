//! The set join: all pairs of texts whose sets of shingles are similar, exactly.
//!
//! Definition. The set of a text holds every run of `shingle` words, or the one run of all its words where it has fewer; a
//! text without words is in no pair. Two texts are a pair if the Jaccard similarity of their sets, |A ∩ B| / |A ∪ B|, is at
//! least the threshold, a whole number of millionths. Texts with the same set are one class, and pairs are between the first of
//! each class. [`brute_force`] computes just that.
//!
//! Shingles are told apart by hashes of 60 bits: two texts of a thousand shingles each are measured wrongly with a
//! probability of 10^-12. Everything else is exact. docs/joins.md has the bounds and where they come from.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::set_index::{Entries, Index};
use super::shingles::{Counting, Counts, Frequencies, HASH_BITS, NumberSet, Shingler, each_shingle, shingles};
use crate::normalise::codes::{CodedText, Codes};
use crate::pool::Pool;
use crate::progress::Progress;

/// One in millionths.
const ONE: u64 = 1_000_000;
/// Shingles whose frequencies are looked up together.
const BLOCK: usize = 64;
/// Sets that one thread takes at a time.
const GRAIN: usize = 64;
/// Sets that are indexed before it is asked whether the index is large enough.
const STEP: usize = 1 << 14;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetJoin {
    /// The least Jaccard similarity in millionths, 1 to 1,000,000.
    pub least: u32,
    /// Words of a shingle, at least 1.
    pub shingle: usize,
    /// Entries of the index that are held at a time, 10 bytes each: a larger input is joined in several rounds.
    pub entries: usize,
}

impl SetJoin {
    /// Pairs from a Jaccard similarity on, 0 to 1, of runs of `shingle` words. The similarity is rounded to millionths, of
    /// which one is the least.
    #[must_use]
    pub fn new(jaccard: f64, shingle: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to a million")]
        let least = (jaccard * 1e6).round().clamp(1.0, 1e6) as u32;
        Self { least, shingle: shingle.max(1), entries: 1 << 25 }
    }

    /// Whether a similarity is enough.
    fn reached(&self, shared: u64, union: u64) -> bool {
        shared > 0 && shared * ONE >= u64::from(self.least) * union
    }

    /// How much two sets of these sizes share at least if they are similar.
    fn least_shared(&self, a: u64, b: u64) -> u64 {
        let least = u64::from(self.least);
        (least * (a + b)).div_ceil(ONE + least)
    }

    /// Whether two sets of so many shingles in all may be similar if they share at most `most`: [`Self::least_shared`] without
    /// its division.
    fn may_reach(&self, most: u64, sizes: u64) -> bool {
        let least = u64::from(self.least);
        most * (ONE + least) >= least * sizes
    }

    /// The size of the smallest set that may be similar to one of this size; that is also what the two share at least.
    fn least_size(&self, size: u64) -> u64 {
        (u64::from(self.least) * size).div_ceil(ONE)
    }

    /// Of how many shingles, the rarest first, a set shares one at least with every similar set that is no larger.
    fn probed(&self, size: u64) -> u64 {
        size - self.least_size(size) + 1
    }

    /// The same with every similar set that is no smaller.
    fn indexed(&self, size: u64) -> u64 {
        size - self.least_shared(size, size) + 1
    }
}

/// Two texts by their places, `a < b`, each the first of its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetPair {
    /// The smaller place.
    pub a: u32,
    /// The larger place.
    pub b: u32,
    /// Shingles that both have.
    pub shared: u32,
    /// Shingles that one of them has.
    pub union: u32,
}

/// Texts with the same set of shingles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetClass {
    /// Their places, sorted; two at least.
    pub members: Vec<u32>,
    /// Shingles of each.
    pub shingles: u32,
}

/// What the join has had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetWork {
    /// Sets, one a class.
    pub sets: u64,
    /// Sets that share enough of their shingles with others to be looked for.
    pub searched: u64,
    /// Entries of the index.
    pub entries: u64,
    /// Pairs that were measured.
    pub measured: u64,
}

impl SetWork {
    fn add(&mut self, other: Self) {
        self.sets += other.sets;
        self.searched += other.searched;
        self.entries += other.entries;
        self.measured += other.measured;
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimilarSets {
    /// The number of shingles of each text.
    pub sizes: Vec<u32>,
    /// Classes of two or more texts, by their first members.
    pub classes: Vec<SetClass>,
    /// All pairs, sorted.
    pub pairs: Vec<SetPair>,
    /// What it took.
    pub work: SetWork,
}

/// Looks at all pairs of texts: the definition, for tests. O(texts² · words).
#[must_use]
pub fn brute_force(codes: &Codes, texts: &[CodedText], join: &SetJoin) -> SimilarSets {
    let mut shingler = Shingler::default();
    let sets: Vec<std::collections::BTreeSet<u64>> = texts
        .iter()
        .map(|text| {
            shingler.read(codes, text, join.shingle, None);
            shingler.distinct.iter().copied().collect()
        })
        .collect();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut found = SimilarSets { sizes: sets.iter().map(|set| number(set.len())).collect(), ..SimilarSets::default() };
    let first = |at: usize| sets.iter().position(|set| *set == sets[at]) == Some(at) && !sets[at].is_empty();
    for a in (0..sets.len()).filter(|&at| first(at)) {
        let members: Vec<u32> = (a..sets.len()).filter(|&at| sets[at] == sets[a]).map(number).collect();
        if members.len() > 1 {
            found.classes.push(SetClass { members, shingles: number(sets[a].len()) });
        }
        for b in (a + 1..sets.len()).filter(|&at| first(at)) {
            let (shared, union) = (sets[a].intersection(&sets[b]).count(), sets[a].union(&sets[b]).count());
            if join.reached(shared as u64, union as u64) {
                found.pairs.push(SetPair { a: number(a), b: number(b), shared: number(shared), union: number(union) });
            }
        }
    }
    found
}

/// All similar pairs, and the classes of texts with one set.
#[must_use]
pub fn set_join(codes: &Codes, texts: &[CodedText], join: &SetJoin, progress: &dyn Progress) -> SimilarSets {
    progress.stage("count", Some(texts.len() as u64));
    let (counts, prints) = count(codes, texts, join, progress);
    let (classes, order) = classes(&prints);
    let sizes: Vec<u32> = order.iter().map(|&text| prints[text as usize].size).collect();
    let search = Search { codes, texts, join, counts, order, sizes, desks: Pool::default() };
    let (mut pairs, work) = search.all(progress);
    pairs.par_sort_unstable();
    SimilarSets { sizes: prints.iter().map(|print| print.size).collect(), classes, pairs, work }
}

/// What identifies a set: its size, and two sums of hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Print {
    size: u32,
    sums: [u64; 2],
}

/// Counts texts by shingle. O(words), parallel.
fn count(codes: &Codes, texts: &[CodedText], join: &SetJoin, progress: &dyn Progress) -> (Counts, Vec<Print>) {
    let counting = Counting::new(texts.iter().map(|text| u64::from(text.words)).sum());
    let desks = Pool::default();
    let make = || (Shingler::default(), counting.waiting());
    let read = |text: &CodedText| {
        desks.with(make, |(shingler, waiting)| {
            shingler.read(codes, text, join.shingle, None);
            let mut print = Print { size: u32::try_from(shingler.distinct.len()).unwrap_or(u32::MAX), sums: [0; 2] };
            for &hash in &shingler.distinct {
                let mixed = (hash ^ hash >> 31).wrapping_mul(0xff51_afd7_ed55_8ccd);
                print.sums[0] = print.sums[0].wrapping_add(hash);
                print.sums[1] = print.sums[1].wrapping_add(mixed ^ mixed >> 33);
                counting.add(hash, waiting);
            }
            progress.advance(1);
            print
        })
    };
    let prints = texts.par_iter().with_min_len(GRAIN).map(read).collect();
    let waiting = desks.into_all().into_iter().map(|(_, waiting)| waiting).collect();
    (counting.finish(waiting), prints)
}

/// The classes of two or more, and the first text of every class, the smallest sets first. O(texts log texts).
fn classes(prints: &[Print]) -> (Vec<SetClass>, Vec<u32>) {
    let mut texts: Vec<u32> = (0u32..).zip(prints).filter(|(_, print)| print.size > 0).map(|(text, _)| text).collect();
    texts.par_sort_unstable_by_key(|&text| (prints[text as usize], text));
    let (mut classes, mut order) = (Vec::new(), Vec::new());
    for class in texts.chunk_by(|&a, &b| prints[a as usize] == prints[b as usize]) {
        order.push(class[0]);
        if class.len() > 1 {
            classes.push(SetClass { members: class.to_vec(), shingles: prints[class[0] as usize].size });
        }
    }
    classes.sort_unstable_by_key(|class| class.members[0]);
    // Not by the hash: places in the order say what was in the input, if only to who reads the work.
    order.par_sort_unstable_by_key(|&text| (prints[text as usize].size, text));
    (classes, order)
}

/// What is known while pairs are looked for. Sets are named by their places in `order`.
struct Search<'a> {
    codes: &'a Codes,
    texts: &'a [CodedText],
    join: &'a SetJoin,
    counts: Counts,
    order: Vec<u32>,
    /// By set; they never fall.
    sizes: Vec<u32>,
    desks: Pool<Desk>,
}

/// What one thread works with.
#[derive(Default)]
struct Desk {
    shingler: Shingler,
    /// How frequent each is.
    frequencies: Vec<u8>,
    /// Shingles that others may have too, with how frequent they are above the hash.
    common: Vec<u64>,
    own: NumberSet,
    candidates: Candidates,
    entries: Entries,
    pairs: Vec<SetPair>,
    work: SetWork,
}

fn hash_of(shingle: u64) -> u64 {
    shingle & ((1 << HASH_BITS) - 1)
}

impl Search<'_> {
    /// Joins in rounds: some sets are indexed, and all that may be similar and are no smaller are held against them.
    fn all(mut self, progress: &dyn Progress) -> (Vec<SetPair>, SetWork) {
        progress.stage("pairs", Some(self.order.len() as u64));
        let (mut pairs, mut work) = (Vec::new(), SetWork { sets: self.order.len() as u64, ..SetWork::default() });
        // By set: how frequent its shingles are, if it may have a similar one, once that was asked.
        let known: Vec<OnceLock<Option<Frequencies>>> = self.order.iter().map(|_| OnceLock::new()).collect();
        let mut begin = 0;
        while begin < self.order.len() {
            let mut end = begin;
            let mut entries = 0;
            while end < self.order.len() && entries < self.join.entries {
                let step = end..(end + STEP.min(self.join.entries)).min(self.order.len());
                let index = |set| self.index(set, &known[set]);
                entries += step.clone().into_par_iter().with_min_len(GRAIN).map(index).sum::<usize>();
                end = step.end;
            }
            if end == self.order.len() {
                // All is known that is asked from here on.
                self.counts = Counts::default();
            }
            let desks = std::mem::take(&mut self.desks).into_all();
            let index = Index::new(desks.into_iter().map(|desk| desk.entries).collect());
            // The largest that may be similar to the last one indexed.
            let most = u64::from(self.sizes[end - 1]);
            let last = self.sizes.partition_point(|&size| self.join.least_size(u64::from(size)) <= most);
            (begin..last.max(end)).into_par_iter().with_min_len(GRAIN).for_each(|set| {
                self.probe(set, &known[set], begin..end, &index);
                if set < end {
                    progress.advance(1);
                }
            });
            for desk in std::mem::take(&mut self.desks).into_all() {
                pairs.extend(desk.pairs);
                work.add(desk.work);
            }
            work.entries += entries as u64;
            begin = end;
        }
        work.searched = known.iter().filter(|known| matches!(known.get(), Some(Some(_)))).count() as u64;
        (pairs, work)
    }

    /// Reads a set and finds its shingles that other sets may have, and how many it has alone. `None` if these are so many that no
    /// set is similar. How frequent they are is asked once.
    fn common(&self, set: usize, known: &OnceLock<Option<Frequencies>>, desk: &mut Desk) -> Option<u64> {
        if let Some(None) = known.get() {
            return None;
        }
        let Desk { shingler, frequencies, common, .. } = desk;
        let text = &self.texts[self.order[set] as usize];
        shingler.read(self.codes, text, self.join.shingle, Some(self.sizes[set]));
        let known = known.get_or_init(|| self.ask(set, &shingler.distinct, frequencies)).as_ref()?;
        common.resize(shingler.distinct.len(), 0);
        let mut count = 0;
        for (&hash, frequency) in shingler.distinct.iter().zip(known.iter()) {
            common[count] = u64::from(frequency) << HASH_BITS | hash;
            count += usize::from(frequency > 1);
        }
        common.truncate(count);
        Some((shingler.distinct.len() - count) as u64)
    }

    /// How frequent the shingles of a set are; `None` as soon as so many stand alone that no set is similar.
    fn ask(&self, set: usize, shingles: &[u64], frequencies: &mut Vec<u8>) -> Option<Frequencies> {
        let enough = usize::try_from(self.join.probed(u64::from(self.sizes[set]))).unwrap_or(usize::MAX);
        let mut alone = 0;
        frequencies.clear();
        for block in shingles.chunks(BLOCK) {
            // Nothing is asked in between, so that the memory is asked for many at a time.
            let begin = frequencies.len();
            frequencies.extend(block.iter().map(|&hash| self.counts.of(hash)));
            alone += frequencies[begin..].iter().filter(|&&frequency| frequency == 1).count();
            if alone >= enough {
                return None;
            }
        }
        Some(Frequencies::new(frequencies))
    }

    /// Indexes a set if it may have a similar one; how many entries it has.
    fn index(&self, set: usize, known: &OnceLock<Option<Frequencies>>) -> usize {
        self.desks.with(Desk::default, |desk| {
            let Some(alone) = self.common(set, known, desk) else { return 0 };
            let wanted = self.join.indexed(u64::from(self.sizes[set])).saturating_sub(alone);
            let rarest = rarest(&mut desk.common, wanted);
            for (place, &shingle) in (alone..).zip(rarest.iter()) {
                desk.entries.push(hash_of(shingle), u32::try_from(set).unwrap_or(u32::MAX), place);
            }
            rarest.len()
        })
    }

    /// Finds the indexed sets that stand before a set and are similar to it.
    fn probe(&self, set: usize, known: &OnceLock<Option<Frequencies>>, indexed: Range<usize>, index: &Index) {
        self.desks.with(Desk::default, |desk| {
            let Some(alone) = self.common(set, known, desk) else { return };
            let size = u64::from(self.sizes[set]);
            let smallest = self.join.least_size(size);
            let least = self.sizes.partition_point(|&size| u64::from(size) < smallest).max(indexed.start);
            let behind = set.min(indexed.end);
            if least >= behind {
                return;
            }
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let (least, behind) = (number(least), number(behind));
            desk.candidates.clear();
            let wanted = self.join.probed(size) - alone;
            let Desk { common, candidates, .. } = desk;
            let mut place = alone;
            for block in rarest(common, wanted).chunks(BLOCK) {
                index.find(block, least, behind, |at, entry| {
                    if candidates.has(entry.set) {
                        return;
                    }
                    // If this is the first shingle that they share, no more than what stands behind it follows.
                    let other = u64::from(self.sizes[entry.set as usize]);
                    let most = (size - place - at as u64).min(other - entry.before());
                    if self.join.may_reach(most, size + other) {
                        candidates.add(entry.set);
                    }
                });
                place += block.len() as u64;
            }
            if desk.candidates.list.is_empty() {
                return;
            }
            desk.own.reset(desk.common.len());
            for &shingle in &desk.common {
                desk.own.insert(hash_of(shingle));
            }
            desk.own.open();
            desk.work.measured += desk.candidates.list.len() as u64;
            for at in 0..desk.candidates.list.len() {
                self.measure(set, desk.candidates.list[at], number(at + 1), desk);
            }
        });
    }

    /// Counts what a candidate shares with the set whose shingles stand in `desk.own`; gives up as soon as it cannot be enough.
    fn measure(&self, set: usize, other: u32, visitor: u32, desk: &mut Desk) {
        let (size, other_size) = (u64::from(self.sizes[set]), u64::from(self.sizes[other as usize]));
        let least = self.join.least_shared(size, other_size);
        let (a, b) = (self.order[set], self.order[other as usize]);
        let Desk { shingler, own, .. } = desk;
        self.codes.word_hashes(&self.texts[b as usize], &mut shingler.words);
        let mut left = shingles(shingler.words.len(), self.join.shingle) as u64;
        let mut shared = 0;
        each_shingle(&shingler.words, self.join.shingle, |hash| {
            if shared + left >= least {
                shared += u64::from(own.visit(hash, visitor));
                left -= 1;
            }
        });
        let union = size + other_size - shared;
        if left == 0 && self.join.reached(shared, union) {
            let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
            desk.pairs.push(SetPair { a: a.min(b), b: a.max(b), shared: number(shared), union: number(union) });
        }
    }
}

/// Sets, each once.
#[derive(Default)]
struct Candidates {
    list: Vec<u32>,
    seen: NumberSet,
}

impl Candidates {
    fn clear(&mut self) {
        self.list.clear();
        self.seen.reset(64);
    }

    fn has(&self, set: u32) -> bool {
        self.seen.has(u64::from(set) + 1)
    }

    fn add(&mut self, set: u32) {
        // 0 is no number of the table.
        if self.seen.insert(u64::from(set) + 1) {
            self.list.push(set);
            if self.seen.is_half_full(self.list.len()) {
                self.seen.reset(self.list.len() * 2);
                for &set in &self.list {
                    self.seen.insert(u64::from(set) + 1);
                }
            }
        }
    }
}

/// The rarest of some shingles, sorted. O(shingles + wanted log wanted).
fn rarest(shingles: &mut [u64], wanted: u64) -> &[u64] {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(shingles.len());
    if wanted < shingles.len() && wanted > 0 {
        shingles.select_nth_unstable(wanted - 1);
    }
    let rarest = &mut shingles[..wanted];
    rarest.sort_unstable();
    rarest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::codes::WordCoder;
    use crate::progress::Silent;

    /// Both joins; they must agree but for the work.
    fn both(texts: &[String], join: &SetJoin) -> SimilarSets {
        let coder = WordCoder::default();
        let coded: Vec<CodedText> = texts.iter().map(|text| coder.code(text)).collect();
        let codes = coder.finish();
        let expected = brute_force(&codes, &coded, join);
        let mut found = set_join(&codes, &coded, join, &Silent);
        found.work = SetWork::default();
        assert_eq!(found, expected, "{join:?}");
        found
    }

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn thresholds_are_met_exactly() {
        // Four of five words are shared: 4 / 6; and 5 of 5, 4 of 5.
        let texts = texts(&["a b c d e", "a b c d f", "E D C B A a", "a b c d", "", "..."]);
        let pairs = |jaccard: f64| {
            let found = both(&texts, &SetJoin::new(jaccard, 1));
            found.pairs.iter().map(|pair| (pair.a, pair.b, pair.shared, pair.union)).collect::<Vec<_>>()
        };
        assert_eq!(pairs(0.8), [(0, 3, 4, 5), (1, 3, 4, 5)]);
        assert_eq!(pairs(0.800001), []);
        assert_eq!(pairs(0.666666), [(0, 1, 4, 6), (0, 3, 4, 5), (1, 3, 4, 5)]);
        assert_eq!(pairs(0.666667), pairs(0.8), "two thirds are less");
        let found = both(&texts, &SetJoin::new(0.8, 1));
        assert_eq!(found.classes, [SetClass { members: vec![0, 2], shingles: 5 }]);
        assert_eq!(found.sizes, [5, 5, 5, 4, 0, 0]);
    }

    #[test]
    fn short_texts_are_one_shingle() {
        let texts = texts(&["one two", "One, two!", "two one", "one", "one two three", "one two three four"]);
        let found = both(&texts, &SetJoin::new(0.5, 3));
        assert_eq!(found.classes, [SetClass { members: vec![0, 1], shingles: 1 }]);
        assert_eq!(found.pairs, [SetPair { a: 4, b: 5, shared: 1, union: 2 }]);
    }

    #[test]
    fn places_that_two_bytes_do_not_hold_lose_no_pair() {
        let text = |numbers: Range<u32>| numbers.map(|number| format!("w{number} ")).collect::<String>();
        let found = both(&[text(0..200_000), text(70_000..270_000)], &SetJoin::new(0.48, 1));
        assert_eq!(found.pairs, [SetPair { a: 0, b: 1, shared: 130_000, union: 270_000 }]);
    }

    /// A word list so small that sizes, overlaps and frequencies collide.
    fn corpus() -> impl proptest::strategy::Strategy<Value = Vec<String>> {
        use proptest::prelude::*;
        let text = proptest::collection::vec(0u8..12, 0..24);
        let edit = (0usize..200, 0usize..200, 0u8..12, 0usize..200);
        (proptest::collection::vec(text, 1..12), proptest::collection::vec(edit, 0..40)).prop_map(
            |(mut texts, edits)| {
                for (from, at, word, cut) in edits {
                    let mut text = texts[from % texts.len()].clone();
                    if let Some(len) = text.len().checked_sub(1) {
                        text[at % (len + 1)] = word;
                        text.truncate((cut % 40).max(1));
                    }
                    texts.push(text);
                }
                let spell = |text: &Vec<u8>| text.iter().map(|word| format!("w{word} ")).collect::<String>();
                texts.iter().map(spell).collect()
            },
        )
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(300))]
        #[test]
        fn it_finds_what_brute_force_finds(texts in corpus(), least in 1u32..=20, shingle in 1usize..5, entries in 1usize..60) {
            // Shares of small sets lie on such thresholds.
            let join = SetJoin { least: least * 50_000, shingle, entries };
            both(&texts, &join);
        }

        #[test]
        fn at_any_threshold(texts in corpus(), least in 1u32..=1_000_000, shingle in 1usize..4) {
            both(&texts, &SetJoin { least, shingle, entries: 1 << 20 });
        }
    }
}
