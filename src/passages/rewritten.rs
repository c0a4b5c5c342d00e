//! Rewritten passages: neighbouring sentences of two texts that share most of what tells them from the other sentences, in
//! whatever order and form.
//!
//! The method is that of Sanchez-Perez, Sidorov and Gelbukh ("A Winning Approach to Text Alignment for Text Reuse Detection at
//! PAN 2014"): sentences as vectors of term counts weighted by how few sentences of the two texts have the term; pairs of
//! similar sentences; groups of pairs that lie together in both texts; a group counts if it is similar as a whole, else it is
//! taken apart at smaller gaps.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::config::ThoroughConfig;
use crate::normalise::{MarkedWords, Marks, Terms, WordId};

/// Fewer words make no sentence of their own.
const SENTENCE_WORDS: usize = 3;
/// The most sentences of the one text times those of the other that are compared.
const SENTENCE_PAIRS: usize = 1 << 22;

/// The sentences of a text, as ranges of tokens, and the terms of each with their counts, sorted.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    spans: Vec<Range<u32>>,
    /// (term, sentence, occurrences), sorted.
    terms: Vec<(WordId, u32, u32)>,
}

impl Sentences {
    /// Of a text. O(tokens log tokens).
    #[must_use]
    pub fn of(tokens: &MarkedWords<'_>, terms: Terms<'_>) -> Self {
        let mut spans = Vec::new();
        let mut begin = 0;
        for at in 1..=tokens.len() {
            if at == tokens.len() || tokens.marks[at].has(Marks::SENTENCE) && at - begin >= SENTENCE_WORDS {
                spans.push(index(begin)..index(at));
                begin = at;
            }
        }
        let mut all: Vec<(WordId, u32)> = Vec::with_capacity(tokens.len());
        for (number, span) in (0u32..).zip(&spans) {
            all.extend(tokens.words[as_range(span)].iter().map(|&word| (terms.term(word), number)));
        }
        all.sort_unstable();
        let counted = all.chunk_by(|x, y| x == y).map(|same| (same[0].0, same[0].1, index(same.len())));
        Self { terms: counted.collect(), spans }
    }
}

/// The stretches of two texts, as ranges of tokens, that say the same. O(common terms' sentences, pairwise).
#[must_use]
pub fn rewritten(a: &Sentences, b: &Sentences, config: &ThoroughConfig) -> Vec<(Range<u32>, Range<u32>)> {
    if a.spans.is_empty() || b.spans.is_empty() || a.spans.len() * b.spans.len() > SENTENCE_PAIRS {
        return Vec::new();
    }
    let mut pair = Pair::new(a, b);
    let seeds = pair.similar_sentences(config.sentence_similarity);
    let mut groups = |gap_a: u32, gap_b: u32| {
        let mut found = Vec::new();
        pair.group(seeds.clone(), [gap_a, gap_b], config, &mut found);
        found
    };
    let near = groups(config.sentence_gap, config.sentence_gap);
    // A summary: what stands together in the one text comes from all over the other.
    let from_b = groups(config.sentence_gap, config.summary_gap);
    let from_a = groups(config.summary_gap, config.sentence_gap);
    let in_a = |groups: &[Block]| groups.iter().map(|block| block.0.len()).sum::<usize>();
    let in_b = |groups: &[Block]| groups.iter().map(|block| block.1.len()).sum::<usize>();
    if !from_a.is_empty() && in_a(&from_a) >= SUMMARISED * in_b(&from_a) {
        from_a
    } else if !from_b.is_empty() && in_b(&from_b) >= SUMMARISED * in_a(&from_b) {
        from_b
    } else {
        near
    }
}

/// How many times its length a summary stands for at least.
const SUMMARISED: usize = 3;

/// Tokens of one text and of the other.
type Block = (Range<u32>, Range<u32>);

/// One sentence of each text.
type Seed = [u32; 2];

/// Two texts with the weights of their terms.
struct Pair<'a> {
    a: &'a Sentences,
    b: &'a Sentences,
    /// Per common term: where its entries begin and end in both, and its weight.
    common: Vec<(Range<usize>, Range<usize>, f64)>,
    /// Length of the vector of each sentence.
    norms: [Vec<f64>; 2],
    /// Distinct terms of each sentence.
    distinct: [Vec<u32>; 2],
    /// The weight of each entry of `terms`.
    weights: [Vec<f64>; 2],
    /// What is known of stretches of sentences: whether they are similar. Mostly all gaps part the seeds alike.
    similar: HashMap<[Range<u32>; 2], bool, FixedState>,
}

impl<'a> Pair<'a> {
    fn new(a: &'a Sentences, b: &'a Sentences) -> Self {
        let mut pair = Self {
            a,
            b,
            common: Vec::new(),
            norms: [vec![0.0; a.spans.len()], vec![0.0; b.spans.len()]],
            distinct: [vec![0; a.spans.len()], vec![0; b.spans.len()]],
            weights: [vec![0.0; a.terms.len()], vec![0.0; b.terms.len()]],
            similar: HashMap::default(),
        };
        #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
        let all = (a.spans.len() + b.spans.len()) as f64;
        let (mut i, mut j) = (0, 0);
        while i < a.terms.len() || j < b.terms.len() {
            let term = match (a.terms.get(i), b.terms.get(j)) {
                (Some(x), Some(y)) => x.0.min(y.0),
                (Some(x), None) | (None, Some(x)) => x.0,
                (None, None) => break,
            };
            let end = |terms: &[(WordId, u32, u32)], from: usize| {
                from + terms[from..].iter().take_while(|entry| entry.0 == term).count()
            };
            let (x, y) = (i..end(&a.terms, i), j..end(&b.terms, j));
            #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
            let weight = (all / (x.len() + y.len()) as f64).ln();
            for (side, range, terms) in [(0, &x, &a.terms), (1, &y, &b.terms)] {
                for at in range.clone() {
                    let (_, sentence, count) = terms[at];
                    let value = f64::from(count) * weight;
                    pair.weights[side][at] = value;
                    pair.norms[side][sentence as usize] += value * value;
                    pair.distinct[side][sentence as usize] += 1;
                }
            }
            (i, j) = (x.end, y.end);
            if !x.is_empty() && !y.is_empty() {
                pair.common.push((x, y, weight));
            }
        }
        for norm in pair.norms.iter_mut().flatten() {
            *norm = norm.sqrt();
        }
        pair
    }

    /// Pairs of sentences whose cosine and whose Dice coefficient of distinct terms exceed `least`, sorted.
    fn similar_sentences(&self, least: f64) -> Vec<Seed> {
        let width = self.b.spans.len();
        // Sum of products, and common terms.
        let mut sums = vec![(0.0f64, 0u32); self.a.spans.len() * width];
        for (x, y, _) in &self.common {
            for i in x.clone() {
                let row = self.a.terms[i].1 as usize * width;
                for j in y.clone() {
                    let cell = &mut sums[row + self.b.terms[j].1 as usize];
                    cell.0 += self.weights[0][i] * self.weights[1][j];
                    cell.1 += 1;
                }
            }
        }
        let mut seeds = Vec::new();
        for (at, &(dot, common)) in sums.iter().enumerate().filter(|(_, cell)| cell.1 > 0) {
            let (i, j) = (at / width, at % width);
            let dice = 2.0 * f64::from(common) / f64::from(self.distinct[0][i] + self.distinct[1][j]);
            if dice > least && dot > least * self.norms[0][i] * self.norms[1][j] {
                seeds.push([index(i), index(j)]);
            }
        }
        seeds
    }

    /// Parts seeds where neither text goes on, and keeps the groups that are similar as a whole.
    fn group(&mut self, seeds: Vec<Seed>, gaps: [u32; 2], config: &ThoroughConfig, found: &mut Vec<Block>) {
        let mut groups = vec![seeds];
        loop {
            let before = groups.len();
            for side in [0, 1] {
                groups = groups.into_iter().flat_map(|group| part(group, side, gaps[side])).collect();
            }
            if groups.len() == before {
                break;
            }
        }
        for group in groups {
            let Some(sentences) = hull(&group) else { continue };
            let similar = match self.similar.get(&sentences) {
                Some(&similar) => similar,
                None => self.similarity(&sentences) > config.passage_similarity,
            };
            self.similar.insert(sentences.clone(), similar);
            if similar {
                let tokens = |range: &Range<u32>, of: &Sentences| {
                    of.spans[range.start as usize].start..of.spans[range.end as usize - 1].end
                };
                let block = (tokens(&sentences[0], self.a), tokens(&sentences[1], self.b));
                if block.0.len().min(block.1.len()) >= config.least_words {
                    found.push(block);
                }
            } else if group.len() > 1 && gaps != [0, 0] {
                self.group(group, gaps.map(|gap| gap.saturating_sub(1)), config, found);
            }
        }
    }

    /// Cosine of two stretches of sentences.
    fn similarity(&self, [x, y]: &[Range<u32>; 2]) -> f64 {
        let sum = |terms: &[(WordId, u32, u32)], weights: &[f64], entries: &Range<usize>, sentences: &Range<u32>| {
            let entries = entries.clone().filter(|&at| sentences.contains(&terms[at].1));
            entries.map(|at| weights[at]).sum::<f64>()
        };
        let dot: f64 = self
            .common
            .iter()
            .map(|(i, j, _)| match sum(&self.a.terms, &self.weights[0], i, x) {
                // Most terms are not in the stretch.
                0.0 => 0.0,
                of_a => of_a * sum(&self.b.terms, &self.weights[1], j, y),
            })
            .sum();
        let norm = |of: &Sentences, weights: &[f64], sentences: &Range<u32>| {
            let mut at = 0;
            let squares = of.terms.chunk_by(|p, q| p.0 == q.0).map(|entries| {
                let range = at..at + entries.len();
                at = range.end;
                sum(&of.terms, weights, &range, sentences).powi(2)
            });
            squares.sum::<f64>().sqrt()
        };
        let norms = norm(self.a, &self.weights[0], x) * norm(self.b, &self.weights[1], y);
        if norms > 0.0 { dot / norms } else { 0.0 }
    }
}

/// Parts a group where the sentences of one text leave a larger gap.
fn part(mut group: Vec<Seed>, side: usize, gap: u32) -> Vec<Vec<Seed>> {
    group.sort_unstable_by_key(|seed| (seed[side], seed[1 - side]));
    group.chunk_by(|x, y| y[side] - x[side] <= gap + 1).map(<[Seed]>::to_vec).collect()
}

/// The sentences from the first to the last of a group.
fn hull(group: &[Seed]) -> Option<[Range<u32>; 2]> {
    let side = |side: usize| {
        let numbers = || group.iter().map(|seed| seed[side]);
        Some(numbers().min()?..numbers().max()? + 1)
    };
    Some([side(0)?, side(1)?])
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn as_range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
