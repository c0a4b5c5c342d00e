//! A block of rows: an inverted index small enough for the caches, and what is left out of it.

use crate::join::ranked::{LEVELS, Ranked};

/// Rows of a block: small enough that the sums of one query stay in the first cache, and that a row has 16 bits.
pub(super) const BLOCK: usize = 2048;

/// Sums, norms and thresholds of a block: a number for each of its rows, in units of 2^-15.
pub(super) type Sums = [u16; BLOCK];

/// Rows that lie one behind the other, as an inverted index.
pub(super) struct Block {
    /// The first of its rows.
    pub(super) first: usize,
    /// How many it has.
    pub(super) len: usize,
    /// First and last day, where all rows have one.
    pub(super) days: Option<(i64, i64)>,
    /// By level and row: the norm of what is left out, rounded up.
    norms: Vec<Sums>,
    /// By level: the mean of those.
    mean_norms: [u64; LEVELS.len()],
    /// By 64 ranks: which of them the block has, and how many it has before them.
    present: Vec<(u64, u32)>,
    /// By rank that it has: where its postings begin.
    starts: Vec<u32>,
    /// Row in the block, weight.
    postings: Vec<(u16, u16)>,
}

impl Block {
    /// Indexes the rows from `first` on. O(their terms + ranks / 64).
    pub(super) fn new(rows: &Ranked, first: usize, days: &[Option<i64>]) -> Self {
        let len = (rows.len() - first).min(BLOCK);
        let members = first..first + len;
        // Rank, row, weight, packed to be sorted quickly.
        let mut entries: Vec<u64> = Vec::new();
        let mut norms = vec![[0; BLOCK]; LEVELS.len()];
        let mut mean_norms = [0; LEVELS.len()];
        for (at, row) in (0u16..).zip(members.clone()) {
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
        let mut postings = Vec::with_capacity(entries.len());
        for same in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            let rank = (same[0] >> 32) as usize;
            present[rank / 64].0 |= 1 << (rank % 64);
            starts.push(to_u32(postings.len()));
            #[expect(clippy::cast_possible_truncation, reason = "what was packed")]
            postings.extend(same.iter().map(|entry| ((entry >> 16) as u16, *entry as u16)));
        }
        starts.push(to_u32(postings.len()));
        let mut before = 0;
        for (bits, count) in &mut present {
            *count = before;
            before += bits.count_ones();
        }
        let known: Option<Vec<i64>> = days[members].iter().copied().collect();
        let days = known.and_then(|days| Some((*days.iter().min()?, *days.iter().max()?)));
        let mean_norms = mean_norms.map(|sum| sum / len.max(1) as u64);
        Self { first, len, days, norms, mean_norms, present, starts, postings }
    }

    /// The rows that have a term, and its weight in them.
    #[inline]
    pub(super) fn postings(&self, rank: u32) -> &[(u16, u16)] {
        let (bits, before) = self.present[rank as usize / 64];
        let bit = rank % 64;
        if bits >> bit & 1 == 0 {
            return &[];
        }
        let slot = (before + (bits & ((1 << bit) - 1)).count_ones()) as usize;
        &self.postings[self.starts[slot] as usize..self.starts[slot + 1] as usize]
    }

    /// The norms of what is left out of its rows at a level, rounded up.
    pub(super) fn norms(&self, level: usize) -> &Sums {
        &self.norms[level]
    }

    /// The mean of those.
    pub(super) fn mean_norm(&self, level: usize) -> u64 {
        self.mean_norms[level]
    }

    /// Days that surely lie between any row of this and any of the other; 0 where that is not known.
    pub(super) fn days_apart(&self, other: &Self) -> i64 {
        match (self.days, other.days) {
            (Some((a_first, a_last)), Some((b_first, b_last))) => (b_first - a_last).max(a_first - b_last).max(0),
            _ => 0,
        }
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
