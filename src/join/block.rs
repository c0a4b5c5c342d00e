//! A block of rows: an inverted index small enough for the caches, and what is left out of it.

use std::ops::Range;

use crate::join::ranked::{LEVELS, Ranked};

/// Rows of a block: small enough that the sums of one query stay in the first cache, and that a row has 16 bits.
pub(super) const BLOCK: usize = NO_ROW as usize;

/// The place behind the last row of a block: the sums of a query have room for it, and nobody reads what is added there.
pub(super) const NO_ROW: u16 = 2048;

/// Norms or thresholds of a block: a number for each of its rows, in units of 2^-15.
pub(super) type PerRow = [u16; BLOCK];

/// How many postings are added up in one go. Most terms have few in a block, so that a fixed number, filled up with
/// [`NO_ROW`], costs less than a branch that nobody can foresee.
const IN_ONE_GO: usize = 4;

/// Postings that are added up in one go: row in the block, weight.
pub(super) type Postings = [(u16, u16); IN_ONE_GO];

/// Rows that lie one behind the other, as an inverted index.
pub(super) struct Block {
    /// The first of its rows.
    pub(super) first: usize,
    /// How many it has.
    pub(super) len: usize,
    /// By level and row: the norm of what is left out, rounded up.
    norms: Vec<PerRow>,
    /// By level: the mean of those.
    mean_norms: [u64; LEVELS.len()],
    /// By 64 ranks: which of them the block has, and how many it has before them.
    present: Vec<(u64, u32)>,
    /// By rank that it has: where its postings begin.
    starts: Vec<u32>,
    postings: Vec<Postings>,
}

impl Block {
    /// Indexes the rows from `first` on. O(their terms + ranks / 64).
    pub(super) fn new(rows: &Ranked, first: usize) -> Self {
        let len = (rows.len() - first).min(BLOCK);
        // Rank, row, weight, packed to be sorted quickly.
        let mut entries: Vec<u64> = Vec::new();
        let mut norms = vec![[0; BLOCK]; LEVELS.len()];
        let mut mean_norms = [0; LEVELS.len()];
        for (at, row) in (0u16..).zip(first..first + len) {
            let terms = rows.row(row);
            let pack = |(&rank, &weight)| u64::from(rank) << 32 | u64::from(at) << 16 | u64::from(weight);
            entries.extend(terms.terms.iter().zip(terms.weights).map(pack));
            for (level, norm) in rows.norms(row).into_iter().enumerate() {
                norms[level][usize::from(at)] = u16::try_from(norm).unwrap_or(u16::MAX);
                mean_norms[level] += norm;
            }
        }
        entries.sort_unstable();
        let mut present = vec![(0u64, 0u32); rows.terms().div_ceil(64)];
        let mut starts = Vec::new();
        let mut postings = Vec::with_capacity(entries.len() / 2);
        for same in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            let rank = (same[0] >> 32) as usize;
            present[rank / 64].0 |= 1 << (rank % 64);
            starts.push(to_u32(postings.len()));
            #[expect(clippy::cast_possible_truncation, reason = "what was packed")]
            let posting = |entry: &u64| ((entry >> 16) as u16, *entry as u16);
            postings.extend(same.chunks(IN_ONE_GO).map(|entries| {
                let mut postings = [(NO_ROW, 0); IN_ONE_GO];
                postings.iter_mut().zip(entries).for_each(|(to, entry)| *to = posting(entry));
                postings
            }));
        }
        // Twice: a term behind the last has the slot behind that of the last.
        starts.extend([to_u32(postings.len()); 2]);
        postings.shrink_to_fit();
        let mut before = 0;
        for (bits, count) in &mut present {
            *count = before;
            before += bits.count_ones();
        }
        let mean_norms = mean_norms.map(|sum| sum / len.max(1) as u64);
        Self { first, len, norms, mean_norms, present, starts, postings }
    }

    /// Where the postings of a term stand; nowhere if it has none. Without a branch.
    #[inline]
    pub(super) fn place(&self, rank: u32) -> Range<u32> {
        let (bits, before) = self.present[rank as usize / 64];
        let bit = rank % 64;
        let slot = (before + (bits & ((1 << bit) - 1)).count_ones()) as usize;
        let begin = self.starts[slot];
        // The last slot is behind the last term.
        begin..if bits >> bit & 1 == 0 { begin } else { self.starts[slot + 1] }
    }

    /// The postings that stand there.
    #[inline]
    pub(super) fn postings(&self, place: Range<u32>) -> &[Postings] {
        &self.postings[place.start as usize..place.end as usize]
    }

    /// The norms of what is left out of its rows at a level, rounded up.
    pub(super) fn norms(&self, level: usize) -> &PerRow {
        &self.norms[level]
    }

    /// The mean of those.
    pub(super) fn mean_norm(&self, level: usize) -> u64 {
        self.mean_norms[level]
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
