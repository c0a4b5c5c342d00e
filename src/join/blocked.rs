//! The exact join by blocked accumulation.
//!
//! Voices are cut into blocks of 2,048; each block has an inverted index. A query adds up, for every voice of a block,
//! the products of the terms they share, but for the most frequent terms: those are bounded by the product of the norms of
//! the two frequent parts (Cauchy-Schwarz, as in L2AP, Anastasiu and Karypis, ICDE 2014), and only voices whose sum and
//! bound reach what the query still asks for are compared in full. It asks for the larger of the threshold and the cosine
//! of its `nearest`-th neighbour so far: a voice below that cannot be among its nearest. How many frequent terms are left
//! out is chosen for each query and block: as many as the bound allows while it stays well below what is asked for.
//!
//! Time O(postings of the shared terms that are not left out + verified pairs * row length); memory O(terms) and a block's
//! accumulator a thread.

use rayon::prelude::*;

use crate::config::JoinConfig;
use crate::join::{Neighbour, Pair, keep_nearest, pairs_of, threshold};
use crate::language::Lang;
use crate::progress::Progress;
use crate::vectorise::{Row, Vectors};

/// Voices of a block: small enough that the accumulator stays in the first cache.
const BLOCK: usize = 2048;
/// A term is left out at level i if it stands in more than one in `LEVELS[i]` voices.
const LEVELS: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
/// Share of what is asked for that the bound of the terms left out may reach, in hundredths.
const SLACK: u64 = 50;

/// A row with its terms in the order of their frequency, the most frequent first.
struct Ranked<'a> {
    row: Row<'a>,
    /// Terms by rank, and weights; terms that nobody shares are dropped.
    terms: Vec<(u32, u16)>,
    /// How many of `terms` are left out at each level.
    left_out: [u16; LEVELS.len()],
    /// Norm of what is left out at each level, rounded up.
    norms: [u64; LEVELS.len()],
}

struct Block {
    /// Place of its first voice among the rows.
    first: usize,
    len: usize,
    /// Largest of the norms at each level.
    norms: [u64; LEVELS.len()],
    /// Where the postings of each rank begin.
    starts: Vec<u32>,
    /// Voice in the block, weight.
    postings: Vec<(u16, u16)>,
}

/// The pairs of the join's definition.
#[must_use]
pub fn join(vectors: &Vectors, config: &JoinConfig, progress: &dyn Progress) -> Vec<Pair> {
    progress.stage("join", Some(vectors.langs.len() as u64));
    let mut langs: Vec<Lang> = vectors.langs.clone();
    langs.sort_unstable();
    langs.dedup();
    let mut found: Vec<(u32, Vec<Neighbour>)> = Vec::new();
    for lang in langs {
        let places = (0u32..).zip(&vectors.langs).filter(|(_, l)| **l == lang).map(|(at, _)| at);
        found.extend(neighbours(vectors, &places.collect::<Vec<_>>(), config, progress));
    }
    pairs_of(found.into_iter())
}

/// The nearest of each of these voices among them.
fn neighbours(
    vectors: &Vectors,
    places: &[u32],
    config: &JoinConfig,
    progress: &dyn Progress,
) -> Vec<(u32, Vec<Neighbour>)> {
    let words =
        places.iter().filter_map(|&at| vectors.all.row(at as usize).terms.last()).max().map_or(0, |&t| t as usize + 1);
    let mut df = vec![0u32; words];
    for &at in places {
        for &term in vectors.all.row(at as usize).terms {
            df[term as usize] += 1;
        }
    }
    let mut by_frequency: Vec<u32> = (0u32..).take(words).filter(|&term| df[term as usize] > 1).collect();
    by_frequency.sort_unstable_by_key(|&term| (std::cmp::Reverse(df[term as usize]), term));
    let mut ranks = vec![u32::MAX; words];
    for (rank, &term) in (0u32..).zip(&by_frequency) {
        ranks[term as usize] = rank;
    }
    // The first rank that is kept at each level.
    let n = places.len();
    let kept = LEVELS.map(|share| by_frequency.partition_point(|&term| df[term as usize] as usize * share > n));
    let rows: Vec<Ranked> = places.par_iter().map(|&at| rank(vectors.all.row(at as usize), &ranks, &kept)).collect();
    let firsts: Vec<usize> = (0..n).step_by(BLOCK).collect();
    let blocks: Vec<Block> = firsts.into_par_iter().map(|first| index(&rows, first, by_frequency.len())).collect();
    let least = threshold(config);
    rows.par_chunks(64)
        .enumerate()
        .flat_map_iter(|(chunk, queries)| {
            let mut sums = vec![0u32; BLOCK];
            let first = chunk * 64;
            let mut out: Vec<(Vec<Neighbour>, u64)> = vec![(Vec::new(), least); queries.len()];
            // The query's own neighbourhood first, so that what it asks for rises early.
            let own = first / BLOCK;
            let order = (0..blocks.len()).map(|i| (own + i) % blocks.len());
            for block in order.map(|i| &blocks[i]) {
                for (q, (query, (found, asked))) in queries.iter().zip(&mut out).enumerate() {
                    scan(block, &rows, first + q, query, &mut sums, found, asked, config.nearest);
                }
            }
            progress.advance(queries.len() as u64);
            let finish = move |(q, (mut found, _)): (usize, (Vec<Neighbour>, u64))| {
                keep_nearest(&mut found, config.nearest);
                for neighbour in &mut found {
                    neighbour.at = places[neighbour.at as usize];
                }
                (places[first + q], found)
            };
            out.into_iter().enumerate().map(finish).collect::<Vec<_>>()
        })
        .collect()
}

fn rank<'a>(row: Row<'a>, ranks: &[u32], kept: &[usize; LEVELS.len()]) -> Ranked<'a> {
    let ranked = row.terms.iter().zip(row.weights).map(|(&term, &weight)| (ranks[term as usize], weight));
    let mut terms: Vec<(u32, u16)> = ranked.filter(|(rank, _)| *rank != u32::MAX).collect();
    terms.sort_unstable_by_key(|(rank, _)| *rank);
    let (mut left_out, mut norms) = ([0; LEVELS.len()], [0; LEVELS.len()]);
    for (level, &first) in kept.iter().enumerate() {
        let out = terms.partition_point(|(rank, _)| (*rank as usize) < first);
        let square: u64 = terms[..out].iter().map(|(_, weight)| u64::from(*weight) * u64::from(*weight)).sum();
        let root = square.isqrt();
        norms[level] = root + u64::from(root * root < square);
        left_out[level] = u16::try_from(out).unwrap_or(u16::MAX);
    }
    Ranked { row, terms, left_out, norms }
}

fn index(rows: &[Ranked], first: usize, ranks: usize) -> Block {
    let members = &rows[first..rows.len().min(first + BLOCK)];
    let mut starts = vec![0u32; ranks + 1];
    let mut norms = [0; LEVELS.len()];
    for row in members {
        for &(rank, _) in &row.terms {
            starts[rank as usize + 1] += 1;
        }
        for (most, norm) in norms.iter_mut().zip(&row.norms) {
            *most = (*most).max(*norm);
        }
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut postings = vec![(0u16, 0u16); starts[ranks] as usize];
    for (at, row) in (0u16..).zip(members) {
        for &(rank, weight) in &row.terms {
            let slot = &mut next[rank as usize];
            postings[*slot as usize] = (at, weight);
            *slot += 1;
        }
    }
    Block { first, len: members.len(), norms, starts, postings }
}

/// Compares one query with one block.
#[expect(clippy::too_many_arguments, reason = "the inner loop's state, reused between calls")]
fn scan(
    block: &Block,
    rows: &[Ranked],
    at: usize,
    query: &Ranked,
    sums: &mut [u32],
    found: &mut Vec<Neighbour>,
    asked: &mut u64,
    nearest: usize,
) {
    // Sums are of products shifted right by 15 bits and rounded up, so that they fit 32 bits and never fall short.
    let sums = &mut sums[..block.len];
    sums.fill(0);
    let tolerable = |level: &usize| query.norms[*level] * block.norms[*level] * 100 <= *asked * SLACK;
    let level = (0..LEVELS.len()).rev().find(tolerable);
    let (out, norm) = level.map_or((0, 0), |level| (usize::from(query.left_out[level]), query.norms[level]));
    for &(rank, weight) in &query.terms[out..] {
        let list = &block.postings[block.starts[rank as usize] as usize..block.starts[rank as usize + 1] as usize];
        let weight = u32::from(weight);
        for &(voice, w) in list {
            sums[usize::from(voice)] += ((weight * u32::from(w)) >> 15) + 1;
        }
    }
    for (voice, &sum) in sums.iter().enumerate() {
        let other = &rows[block.first + voice];
        let bound = (u64::from(sum) << 15) + level.map_or(0, |level| norm * other.norms[level]);
        if bound < *asked || block.first + voice == at {
            continue;
        }
        let cosine = query.row.dot(other.row);
        if cosine < *asked {
            continue;
        }
        found.push(Neighbour { cosine, at: u32::try_from(block.first + voice).unwrap_or(u32::MAX) });
        if found.len() >= 2 * nearest {
            keep_nearest(found, nearest);
            // Equal cosines may still win by their smaller number, so the least one is asked for, not more.
            *asked = found.iter().map(|n| n.cosine).min().unwrap_or(0).max(*asked);
        }
    }
}
