//! Exact shared runs of words between all articles, through one index of fingerprints.
//!
//! Texts that are the same word for word are one class and searched once. Fingerprints are sorted; those that stand in two
//! or more articles give anchors, anchors are sorted by pair and diagonal, and each is grown to the longest common run,
//! word by word, so no hash is ever trusted. A fingerprint in more than `common` articles is joined to the earliest of them
//! only: every republication still meets its original, and the work stays linear.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::DocId;
use crate::config::{PassagesConfig, ThoroughConfig};
use crate::corpus::Corpus;
use crate::normalise::{Normalised, WordId};
use crate::passages::align::{Alignment, Texts, align};
use crate::passages::fingerprint::winnow;
use crate::passages::runs::{Anchor, REPEATS, grow, to_u32};
use crate::passages::thorough::compare;
use crate::progress::Progress;
use crate::survey::Rarity;

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

    fn pair(&self, at: usize) -> Shared<'_> {
        let (a, b, start) = self.pairs[at];
        let end = self.pairs.get(at + 1).map_or(self.found.len(), |next| next.2);
        Shared { a, b, passages: &self.found[start..end] }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    hash: u64,
    doc: u32,
    token: u32,
}

/// Two places with the same fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Meeting {
    a: u32,
    b: u32,
    /// Difference of the two places, by which runs are found in one pass.
    diagonal: i64,
    at: u32,
    spread: u32,
}

/// Finds all passages. `order` ranks the articles in time. O(fingerprints log fingerprints + places where they meet).
#[must_use]
pub fn find(
    corpus: &Corpus,
    normalised: &Normalised,
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
    let mut postings: Vec<Posting> = searched
        .par_chunks(256)
        .flat_map_iter(|docs| {
            let mut found = Vec::new();
            for &doc in docs {
                let body = &normalised.streams[doc as usize].body;
                winnow(body, &normalised.lexicon, shingle, window, |hash, token| {
                    found.push(Posting { hash, doc, token: to_u32(token) });
                });
            }
            progress.advance(docs.len() as u64);
            found
        })
        .collect();
    postings.par_sort_unstable();
    let outlets = outlets(corpus, &same_text, config);
    let mut meetings = meetings(&postings, order, &outlets, config);
    drop(postings);
    meetings.par_sort_unstable();
    let mut bounds: Vec<usize> = (0..meetings.len())
        .filter(|&i| i == 0 || (meetings[i - 1].a, meetings[i - 1].b) != (meetings[i].a, meetings[i].b))
        .collect();
    bounds.push(meetings.len());
    let found: Vec<(DocId, DocId, Vec<Alignment>)> = bounds
        .par_windows(2)
        .filter_map(|pair| {
            let meetings = &meetings[pair[0]..pair[1]];
            let (a, b) = (DocId(meetings[0].a), DocId(meetings[0].b));
            let found = match config.thorough.everywhere {
                false => {
                    let (x, y) = (normalised.stream(a), normalised.stream(b));
                    let anchor =
                        |m: &Meeting| Anchor { a: m.at, b: (i64::from(m.at) + m.diagonal) as u32, spread: m.spread };
                    let anchors: Vec<Anchor> = meetings.iter().map(anchor).collect();
                    let runs = grow(&anchors, &x.body.words, &y.body.words, shingle);
                    let texts = Texts { a: &x.body.words, b: &y.body.words, bits: rarity.of_lang(x.lang) };
                    align(&runs, texts, config)
                }
                true => {
                    let (words, bits) = (&normalised.stream(a).body.words, rarity.of_lang(normalised.stream(a).lang));
                    let worth = worth_comparing(meetings, words, bits, &config.thorough);
                    if worth { compare(a, b, normalised, rarity, config) } else { Vec::new() }
                }
            };
            (!found.is_empty()).then_some((a, b, found))
        })
        .collect();
    let mut passages = Passages { same_text, ..Passages::default() };
    for (a, b, found) in found {
        passages.pairs.push((a, b, passages.found.len()));
        passages.found.extend(found);
    }
    passages
}

/// Whether a pair shares so many rare phrases near each other that it may share a rewritten passage.
/// O(meetings * meetings in a window).
fn worth_comparing(meetings: &[Meeting], words: &[WordId], bits: &[u16], config: &ThoroughConfig) -> bool {
    let mut places: Vec<(u32, i64)> = meetings.iter().map(|m| (m.at, i64::from(m.at) + m.diagonal)).collect();
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
    let words = |doc: usize| &normalised.streams[doc].body.words;
    let hash = |doc: usize| {
        let bytes: Vec<u8> = words(doc).iter().flat_map(|word| word.0.to_le_bytes()).collect();
        xxh3_64(&bytes)
    };
    let hashes: Vec<u64> = (0..order.len()).into_par_iter().map(hash).collect();
    let mut in_time: Vec<usize> = (0..order.len()).collect();
    in_time.sort_unstable_by_key(|&doc| order[doc]);
    // Texts whose hashes meet by chance stand in one list and are told apart by their words.
    let mut classes: HashMap<u64, Vec<usize>, FixedState> = HashMap::default();
    let mut same: Vec<DocId> = (0u32..).take(order.len()).map(DocId).collect();
    for doc in in_time {
        if words(doc).is_empty() {
            continue;
        }
        let firsts = classes.entry(hashes[doc]).or_default();
        match firsts.iter().find(|&&first| words(first) == words(doc)) {
            Some(&first) => same[doc] = DocId(u32::try_from(first).unwrap_or(u32::MAX)),
            None => firsts.push(doc),
        }
    }
    same
}

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

/// The pairs of places of different outlets that share a fingerprint. One that is frequent is joined to the earliest article
/// only, and where that is of the same outlet to the earliest of another.
fn meetings(postings: &[Posting], order: &[u32], outlets: &[u32], config: &PassagesConfig) -> Vec<Meeting> {
    // Cut where a new hash begins, so that each part has whole groups.
    let part = postings.len().div_ceil(64).max(1);
    let mut cuts: Vec<usize> = vec![0];
    while let Some(&last) = cuts.last().filter(|last| **last < postings.len()) {
        let mut next = (last + part).min(postings.len());
        while next < postings.len() && postings[next].hash == postings[next - 1].hash {
            next += 1;
        }
        cuts.push(next);
    }
    cuts.par_windows(2)
        .flat_map_iter(|cut| {
            let mut found = Vec::new();
            for group in postings[cut[0]..cut[1]].chunk_by(|x, y| x.hash == y.hash).filter(|group| group.len() > 1) {
                let docs: Vec<&[Posting]> = group.chunk_by(|x, y| x.doc == y.doc).collect();
                let spread = u32::try_from(docs.len()).unwrap_or(u32::MAX);
                let outlet = |list: &[Posting]| outlets[list[0].doc as usize];
                let mut join = |x: &[Posting], y: &[Posting]| {
                    let (x, y) = if x[0].doc < y[0].doc { (x, y) } else { (y, x) };
                    if outlet(x) == outlet(y) {
                        return;
                    }
                    for p in x.iter().take(REPEATS) {
                        for q in y.iter().take(REPEATS) {
                            let diagonal = i64::from(q.token) - i64::from(p.token);
                            found.push(Meeting { a: p.doc, b: q.doc, diagonal, at: p.token, spread });
                        }
                    }
                };
                if docs.len() <= config.common {
                    for (i, x) in docs.iter().enumerate() {
                        for y in &docs[i + 1..] {
                            join(x, y);
                        }
                    }
                } else if let Some(first) = docs.iter().min_by_key(|list| order[list[0].doc as usize]) {
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
            found
        })
        .collect()
}
