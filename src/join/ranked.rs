//! Rows with their terms in the order of their frequency, the most frequent first, and how much of them may be left out.

use rayon::prelude::*;

use crate::vectorise::{Row, Sparse};

/// A term may be left out at level i if it stands in more than one of `LEVELS[i]` rows.
pub(super) const LEVELS: [u32; 16] = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384];

/// Rows of one language, one behind the other. Terms that only one row has are dropped: nobody meets them.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    starts: Vec<usize>,
    ranks: Vec<u32>,
    weights: Vec<u16>,
    /// By row and level: how many of its terms are left out.
    left_out: Vec<[u32; LEVELS.len()]>,
    /// By level: how many ranks are left out.
    heads: [u32; LEVELS.len()],
    /// How many ranks there are.
    terms: usize,
}

impl Ranked {
    /// Ranks the terms of some rows. O(terms of the rows × log), parallel.
    pub(super) fn new(all: &Sparse, places: &[u32]) -> Self {
        let rows = || places.iter().map(|&at| all.row(at as usize));
        let words = rows().filter_map(|row| row.terms.last()).max().map_or(0, |&t| t as usize + 1);
        let mut df = vec![0u32; words];
        for row in rows() {
            for &term in row.terms {
                df[term as usize] += 1;
            }
        }
        let mut by_frequency: Vec<u32> = (0u32..).take(words).filter(|&term| df[term as usize] > 1).collect();
        by_frequency.sort_unstable_by_key(|&term| (std::cmp::Reverse(df[term as usize]), term));
        let mut ranks = vec![u32::MAX; words];
        for (rank, &term) in (0u32..).zip(&by_frequency) {
            ranks[term as usize] = rank;
        }
        let frequent = |share: u32| {
            let many = |&term: &u32| u64::from(df[term as usize]) * u64::from(share) > places.len() as u64;
            by_frequency.partition_point(many).try_into().unwrap_or(u32::MAX)
        };
        let heads = LEVELS.map(frequent);
        let parts: Vec<Self> = places
            .par_chunks(4096)
            .map(|places| {
                let mut part = Self { heads, ..Self::default() };
                let mut terms = Vec::new();
                for &at in places {
                    part.push(all.row(at as usize), &ranks, &mut terms);
                }
                part
            })
            .collect();
        let mut whole = Self { heads, terms: by_frequency.len(), starts: vec![0], ..Self::default() };
        let entries = parts.iter().map(|part| part.ranks.len()).sum();
        whole.ranks.reserve_exact(entries);
        whole.weights.reserve_exact(entries);
        for part in parts {
            let base = whole.ranks.len();
            whole.starts.extend(part.starts.iter().map(|end| base + end));
            whole.ranks.extend(part.ranks);
            whole.weights.extend(part.weights);
            whole.left_out.extend(part.left_out);
        }
        whole
    }

    /// Adds a row; `starts` holds the ends of the rows until the parts are put together.
    fn push(&mut self, row: Row<'_>, ranks: &[u32], terms: &mut Vec<(u32, u16)>) {
        terms.clear();
        let ranked = row.terms.iter().zip(row.weights).map(|(&term, &weight)| (ranks[term as usize], weight));
        terms.extend(ranked.filter(|(rank, _)| *rank != u32::MAX));
        terms.sort_unstable_by_key(|(rank, _)| *rank);
        let out = |head: &u32| u32::try_from(terms.partition_point(|(rank, _)| rank < head)).unwrap_or(u32::MAX);
        self.left_out.push(std::array::from_fn(|level| out(&self.heads[level])));
        self.ranks.extend(terms.iter().map(|(rank, _)| rank));
        self.weights.extend(terms.iter().map(|(_, weight)| weight));
        self.starts.push(self.ranks.len());
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.left_out.len()
    }

    /// How many ranks there are.
    pub(super) fn terms(&self) -> usize {
        self.terms
    }

    /// How many of the first ranks are left out at a level.
    pub(super) fn head(&self, level: usize) -> usize {
        self.heads[level] as usize
    }

    /// A row, its terms being ranks.
    pub(super) fn row(&self, at: usize) -> Row<'_> {
        let range = self.starts[at]..self.starts[at + 1];
        Row { terms: &self.ranks[range.clone()], weights: &self.weights[range] }
    }

    /// A row as what is left out at a level, and the rest; nothing is left out without one.
    pub(super) fn parted(&self, at: usize, level: Option<usize>) -> (Row<'_>, Row<'_>) {
        let row = self.row(at);
        let out = level.map_or(0, |level| self.left_out[at][level] as usize);
        let (head, tail) = row.terms.split_at(out);
        let (head_weights, tail_weights) = row.weights.split_at(out);
        (Row { terms: head, weights: head_weights }, Row { terms: tail, weights: tail_weights })
    }

    /// The norm of what a row leaves out at each level, times [`crate::vectorise::ONE`], rounded up.
    pub(super) fn norms(&self, at: usize) -> [u64; LEVELS.len()] {
        let row = self.row(at);
        let (mut square, mut done) = (0u64, 0);
        // Levels leave out more and more.
        self.left_out[at].map(|out| {
            let more = &row.weights[done..out as usize];
            square += more.iter().map(|&weight| u64::from(weight) * u64::from(weight)).sum::<u64>();
            done = out as usize;
            let root = square.isqrt();
            root + u64::from(root * root < square)
        })
    }
}
