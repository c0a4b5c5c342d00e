//! The exact join by blocked accumulation.
//!
//! Rows stand in the order of their days and are cut into blocks of 2,048; each block has an inverted index. Two blocks are
//! compared as a tile: a row of the one adds up, for every row of the other, the products of the terms they share, but for the
//! most frequent terms. Those are bounded by the product of the norms of the two frequent parts (Cauchy-Schwarz, as in L2AP,
//! Anastasiu and Karypis, ICDE 2014), and only rows whose sum and bound reach what one of the two still asks for are compared
//! in full. A row asks for the larger of the threshold and the cosine of its `nearest`-th neighbour so far: a row below that
//! cannot be among its nearest. Tiles of near days come first, so that this rises early, and a tile whose days are all far
//! apart asks for the threshold of those. How many frequent terms are left out is chosen for each row and tile: as many as
//! keep the bound well below what is asked for.
//!
//! Time O(postings of the shared terms that are not left out + rows × blocks + compared pairs × row length); memory
//! O(terms of the rows + rows × nearest).

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use crate::config::JoinConfig;
use crate::join::block::{BLOCK, Block, PerRow};
use crate::join::ranked::{LEVELS, Ranked};
use crate::join::{Pair, Thresholds, each_once, to_u32};
use crate::language::Lang;
use crate::progress::Progress;
use crate::vectorise::{Row, Vectors};

/// Of what is asked for, the bound of the terms left out may reach, by its mean over a block, `SLACK` hundredths; or `RISE` hundredths
/// less [`ROOM`], where that is more. What rows have in common by chance, in the other terms, is about the same whatever is asked for;
/// how far the bound of a row lies from the mean grows with it.
const SLACK: u64 = 40;
const RISE: u64 = 70;
/// In units of 2^-15.
const ROOM: u64 = (1 << 15) / 25;
/// Neighbours that a row gathers above `nearest` before the nearest are kept.
const SPARE: usize = 60;
/// Terms of a row with which a sum of 16 bits might run over: each is rounded up, and a cosine is 2^15.
const MANY: usize = 30_000;
/// A sum for each row of a block, in units of 2^-15; behind them is where the sum of no row stands.
type Accumulator = [u16; 2 * BLOCK];
/// Rows of a tile after which others are told what was found for them.
const FLUSH: usize = 64;

/// The pairs of the join's definition.
#[must_use]
pub fn join(vectors: &Vectors, days: &[Option<i64>], config: &JoinConfig, progress: &dyn Progress) -> Vec<Pair> {
    let mut langs: Vec<Lang> = vectors.langs.clone();
    langs.sort_unstable();
    langs.dedup();
    progress.stage("join", Some(vectors.langs.len() as u64));
    let pairs = langs.into_iter().flat_map(|lang| {
        let places = (0u32..).zip(&vectors.langs).filter(|(_, l)| **l == lang).map(|(at, _)| at);
        let search = Search::new(vectors, days, places.collect(), config);
        search.run(progress);
        progress.count("candidates", search.candidates.load(Relaxed));
        progress.count("verified", search.verified.load(Relaxed));
        search.pairs()
    });
    let pairs = each_once(pairs.collect());
    progress.count("pairs", pairs.len() as u64);
    pairs
}

/// The search among the rows of one language.
struct Search {
    /// By row: its place in the vectors. In the order of their days, those without one last.
    places: Vec<u32>,
    days: Days,
    rows: Ranked,
    blocks: Vec<Block>,
    thresholds: Thresholds,
    nearest: usize,
    /// By row: the least cosine that is still of use to it. It only rises.
    asked: Vec<AtomicU32>,
    /// By block and row: what may be among its nearest.
    found: Vec<Mutex<Vec<Vec<Candidate>>>>,
    /// Pairs of rows whose bound reached what is asked for.
    candidates: AtomicU64,
    /// Those of them that still did with their frequent terms added up.
    verified: AtomicU64,
}

/// The days of rows that stand in the order of their days, those without one last.
struct Days {
    /// By row: the first row of its day, and the one behind the last. Whoever has no day begins before all and ends behind them.
    of: Vec<(u32, u32)>,
}

impl Days {
    fn new(days: impl Iterator<Item = Option<i64>>) -> Self {
        let days: Vec<Option<i64>> = days.collect();
        let mut of = Vec::with_capacity(days.len());
        for same in days.chunk_by(|a, b| a == b) {
            let known = (to_u32(of.len() as u64), to_u32((of.len() + same.len()) as u64));
            of.resize(of.len() + same.len(), if same[0].is_some() { known } else { (0, u32::MAX) });
        }
        Self { of }
    }

    /// How many rows lie on days between those of two, of which the first stands before the second.
    fn between(&self, earlier: usize, later: usize) -> usize {
        self.of[later].0.saturating_sub(self.of[earlier].1) as usize
    }

    /// How many do at least, whichever row it is of two blocks, of which the first stands before the second.
    fn between_all(&self, earlier: &Block, later: &Block) -> usize {
        // Of rows in the order of their days it is enough to look at those that stand nearest, but for those without one.
        let first = self.of[later.first..later.first + later.len].iter().map(|day| day.0).min();
        let last = self.of[earlier.first..earlier.first + earlier.len].iter().map(|day| day.1).max();
        first.unwrap_or(0).saturating_sub(last.unwrap_or(0)) as usize
    }
}

/// A row that may be a neighbour, and what its cosine is known to lie between.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    least: u32,
    most: u32,
    row: u32,
}

impl Search {
    fn new(vectors: &Vectors, days: &[Option<i64>], mut places: Vec<u32>, config: &JoinConfig) -> Self {
        places.sort_unstable_by_key(|&at| (days[at as usize].unwrap_or(i64::MAX), at));
        let days = Days::new(places.iter().map(|&at| days[at as usize]));
        let rows = Ranked::new(&vectors.all, &places);
        let firsts: Vec<usize> = (0..rows.len()).step_by(BLOCK).collect();
        let blocks: Vec<Block> = firsts.into_par_iter().map(|first| Block::new(&rows, first)).collect();
        let thresholds = Thresholds::new(config);
        let asked = (0..rows.len()).map(|_| AtomicU32::new(to_u32(thresholds.near))).collect();
        let found = blocks.iter().map(|block| Mutex::new(vec![Vec::new(); block.len])).collect();
        Self {
            places,
            days,
            rows,
            blocks,
            thresholds,
            nearest: config.nearest,
            asked,
            found,
            candidates: AtomicU64::new(0),
            verified: AtomicU64::new(0),
        }
    }

    /// Compares all blocks with each other, the nearest first.
    fn run(&self, progress: &dyn Progress) {
        let blocks = self.blocks.len();
        let mut apart = 0..1;
        while apart.start < blocks && self.nearest > 0 {
            let tiles: Vec<(usize, usize)> = apart.clone().flat_map(|d| (d..blocks).map(move |y| (y - d, y))).collect();
            tiles.into_par_iter().with_max_len(1).for_each(|(x, y)| self.tile(x, y));
            // Told as if all tiles took as long: the share of rows that are through.
            let done = |d: usize| (2 * blocks - d + 1) * d * self.rows.len() / (blocks * (blocks + 1));
            progress.advance((done(apart.end) - done(apart.start)) as u64);
            apart = apart.end..(apart.end * 2).min(blocks);
        }
    }

    /// What a row asks for, in units of 2^-15, rounded down; at least `least`.
    fn asks(&self, row: usize, least: u16) -> u16 {
        units(self.asked[row].load(Relaxed)).max(least)
    }

    /// Compares the rows of two blocks; of one block with itself every pair once.
    fn tile(&self, x: usize, y: usize) {
        let (queries, block) = (&self.blocks[x], &self.blocks[y]);
        let threshold = self.thresholds.between(self.days.between_all(queries, block));
        let least = units(to_u32(threshold));
        let mut asked: PerRow = [u16::MAX; BLOCK];
        let mut mean = 0;
        let mut sums: Accumulator = [0; 2 * BLOCK];
        let mut places = Vec::new();
        let mut head = vec![0u16; self.rows.head(LEVELS.len() - 1)];
        let mut reached: Vec<u16> = Vec::new();
        let mut pairs: Vec<(u32, Candidate)> = Vec::new();
        let (mut candidates, mut verified) = (0, 0);
        for query in queries.first..queries.first + queries.len {
            if (query - queries.first).is_multiple_of(FLUSH) {
                self.keep(x, y, &mut pairs);
                for (slot, row) in asked.iter_mut().zip(block.first..block.first + block.len) {
                    *slot = self.asks(row, least);
                }
                mean = asked[..block.len].iter().map(|&asked| u64::from(asked)).sum::<u64>() / block.len.max(1) as u64;
            }
            let own = self.asks(query, least);
            let norm = |level: usize| queries.norms(level)[query - queries.first];
            // Norms and what is asked for are in units of 2^-15.
            let most = tolerable_bound(u64::from(own).min(mean)) << 15;
            let tolerable =
                |level: &usize| u64::from(norm(*level)) * block.mean_norm(*level) <= most && norm(*level) < 1 << 15;
            let level = (0..LEVELS.len()).rev().find(tolerable);
            let (left_out, tail) = self.rows.parted(query, level);
            accumulate(block, tail, &mut places, &mut sums);
            let (sums, _) = sums.split_at(BLOCK);
            reached.clear();
            match level {
                Some(level) => {
                    reaching(sums, block.norms(level), norm(level) * 2, own, &asked, &mut reached);
                }
                None => reaching(sums, &[0; BLOCK], 0, own, &asked, &mut reached),
            }
            // In the block itself each pair once.
            let behind = if x == y { query - queries.first + 1 } else { 0 };
            candidates += reached.len() as u64;
            let mut ready = false;
            for at in reached.iter().map(|&at| usize::from(at)).filter(|&at| at >= behind && at < block.len) {
                let row = block.first + at;
                if !ready {
                    set(&mut head, left_out);
                    ready = true;
                }
                let (frequent, rest) = self.rows.parted(row, level);
                let product = (frequent.terms.iter().zip(frequent.weights))
                    .map(|(&rank, &weight)| u64::from(head[rank as usize]) * u64::from(weight))
                    .sum::<u64>();
                let most = product + (u64::from(sums[at]) << 15);
                if most < u64::from(own.min(asked[at])) << 15 {
                    continue;
                }
                verified += 1;
                // Each term of the rest was rounded up by one unit at most.
                let mut between = (most.saturating_sub((tail.terms.len() as u64) << 15), most);
                let threshold = self.thresholds.between(self.days.between(query, row));
                if between.0 < threshold || sums[at] == u16::MAX {
                    let cosine = product + tail.dot(rest);
                    if cosine < threshold {
                        continue;
                    }
                    between = (cosine, cosine);
                }
                pairs.push((
                    to_u32(query as u64),
                    Candidate { least: to_u32(between.0), most: to_u32(between.1), row: to_u32(row as u64) },
                ));
            }
            if ready {
                for &rank in left_out.terms {
                    head[rank as usize] = 0;
                }
            }
        }
        self.keep(x, y, &mut pairs);
        self.candidates.fetch_add(candidates, Relaxed);
        self.verified.fetch_add(verified, Relaxed);
    }

    /// Gives the rows of two blocks what was found.
    fn keep(&self, x: usize, y: usize, pairs: &mut Vec<(u32, Candidate)>) {
        self.keep_in(x, pairs.iter().copied());
        self.keep_in(y, pairs.iter().map(|&(row, candidate)| (candidate.row, Candidate { row, ..candidate })));
        pairs.clear();
    }

    fn keep_in(&self, block: usize, pairs: impl Iterator<Item = (u32, Candidate)>) {
        let first = self.blocks[block].first;
        let Ok(mut found) = self.found[block].lock() else { return };
        for (row, candidate) in pairs {
            let row = row as usize;
            if candidate.most < self.asked[row].load(Relaxed) {
                continue;
            }
            let candidates = &mut found[row - first];
            candidates.push(candidate);
            if candidates.len() >= self.nearest.saturating_add(SPARE) {
                self.asked[row].fetch_max(self.best(row, candidates), Relaxed);
            }
        }
    }

    /// Keeps those that may be among the nearest of a row, about `nearest` of them; gives the least cosine that the last of so many
    /// can have. Equal cosines may still win by their smaller number, so that is asked for, not more.
    fn best(&self, row: usize, candidates: &mut Vec<Candidate>) -> u32 {
        let last = self.nearest - 1;
        let asked = candidates.select_nth_unstable_by(last, |a, b| b.least.cmp(&a.least)).1.least;
        candidates.retain(|candidate| candidate.most >= asked);
        if candidates.len() < self.nearest + SPARE * 3 / 4 {
            return asked;
        }
        // Too many that are nearly the same.
        self.settle(row, candidates);
        candidates.iter().map(|candidate| candidate.least).min().unwrap_or(0)
    }

    /// Keeps the nearest of a row, by the cosines that they have.
    fn settle(&self, row: usize, candidates: &mut Vec<Candidate>) {
        for candidate in candidates.iter_mut().filter(|candidate| candidate.least < candidate.most) {
            let cosine = to_u32(self.rows.row(row).dot(self.rows.row(candidate.row as usize)));
            (candidate.least, candidate.most) = (cosine, cosine);
        }
        if candidates.len() > self.nearest {
            let place = |candidate: &Candidate| self.places[candidate.row as usize];
            candidates
                .select_nth_unstable_by(self.nearest, |a, b| b.most.cmp(&a.most).then_with(|| place(a).cmp(&place(b))));
            candidates.truncate(self.nearest);
        }
    }

    /// Every row with each of its nearest.
    fn pairs(self) -> impl Iterator<Item = Pair> {
        let Self { found, blocks, .. } = &self;
        found.par_iter().zip(blocks).for_each(|(found, block)| {
            let Ok(mut found) = found.lock() else { return };
            for (row, candidates) in (block.first..).zip(found.iter_mut()) {
                self.settle(row, candidates);
            }
        });
        let places = self.places;
        let found = self.found.into_iter().flat_map(|block| block.into_inner().unwrap_or_default());
        found.enumerate().flat_map(move |(row, candidates)| {
            let pair = |c: Candidate| Pair::between(places[row], places[c.row as usize], c.most);
            candidates.into_iter().map(pair).collect::<Vec<_>>()
        })
    }
}

/// Adds up the products of some terms of a query with the rows of a block, each rounded up to units of 2^-15, so that sums never
/// fall short. With so many terms that a sum might run over all are `u16::MAX`.
fn accumulate(block: &Block, query: Row<'_>, places: &mut Vec<(Range<u32>, u32)>, sums: &mut Accumulator) {
    if query.terms.len() > MANY {
        sums.fill(u16::MAX);
        return;
    }
    sums[..BLOCK].fill(0);
    // First where all postings are, then what they say: neither waits for the other.
    places.resize(query.terms.len(), (0..0, 0));
    let mut met = 0;
    for (&rank, &weight) in query.terms.iter().zip(query.weights) {
        let place = block.place(rank);
        let any = usize::from(!place.is_empty());
        places[met] = (place, u32::from(weight));
        met += any;
    }
    for (place, weight) in places[..met].iter().cloned() {
        for postings in block.postings(place) {
            for &(row, w) in postings {
                #[expect(clippy::cast_possible_truncation, reason = "weights are at most 2^15, and so is this")]
                let product = ((weight * u32::from(w)) >> 15) as u16;
                let sum = &mut sums[usize::from(row) % (2 * BLOCK)];
                *sum = sum.wrapping_add(product).wrapping_add(1);
            }
        }
    }
}

/// The rows whose sum, with the most that their frequent terms can add, reaches what they or the query (`own`) ask for. `norm` is
/// that of the query in units of 2^-16, `norms` are those of the rows in units of 2^-15. Written so that compilers vectorise it.
fn reaching(sums: &[u16], norms: &PerRow, norm: u16, own: u16, asked: &PerRow, reached: &mut Vec<u16>) {
    const STEP: usize = 64;
    // What is missing; none where the bound reaches what is asked for.
    let missing = |((&sum, &most), &asked): ((&u16, &u16), &u16)| {
        let most = ((u32::from(most) * u32::from(norm)) >> 16) as u16;
        own.min(asked).saturating_sub(sum.saturating_add(most)).saturating_sub(1)
    };
    let steps = sums.chunks_exact(STEP).zip(norms.chunks_exact(STEP)).zip(asked.chunks_exact(STEP));
    for (step, ((sums, norms), asked)) in steps.enumerate() {
        let rows = || sums.iter().zip(norms).zip(asked).map(missing);
        if rows().fold(u16::MAX, u16::min) == 0 {
            let hits = rows().enumerate().filter(|(_, missing)| *missing == 0);
            #[expect(clippy::cast_possible_truncation, reason = "below BLOCK")]
            reached.extend(hits.map(|(at, _)| (step * STEP + at) as u16));
        }
    }
}

/// The mean of the bounds up to which terms are left out where this is asked for, both in units of 2^-15.
fn tolerable_bound(asked: u64) -> u64 {
    (asked * SLACK).max((asked * RISE).saturating_sub(ROOM * 100)) / 100
}

fn set(dense: &mut [u16], row: Row<'_>) {
    for (&rank, &weight) in row.terms.iter().zip(row.weights) {
        dense[rank as usize] = weight;
    }
}

/// A cosine in units of 2^-15, rounded down.
fn units(cosine: u32) -> u16 {
    u16::try_from(cosine >> 15).unwrap_or(u16::MAX)
}
