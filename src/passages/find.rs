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
use crate::config::PassagesConfig;
use crate::normalise::{Marks, Normalised, Span, Tokens};
use crate::passages::fingerprint::winnow;
use crate::passages::{Passage, PassageKind};
use crate::progress::Progress;

/// A common run of words: tokens `[a, a + len)` of one body and `[b, b + len)` of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// First token in the body of the first article.
    pub a: u32,
    /// First token in the body of the second.
    pub b: u32,
    /// Length in tokens.
    pub len: u32,
    /// Articles (classes of identical texts) that share its rarest fingerprint, two or more.
    pub spread: u32,
}

/// The runs of one pair of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared<'a> {
    /// The smaller article.
    pub a: DocId,
    /// The larger one.
    pub b: DocId,
    /// Sorted by their place in `a`.
    pub runs: &'a [Run],
}

/// All shared runs of a corpus.
#[derive(Debug, Default)]
pub struct Passages {
    /// By article: the earliest one with the same text, itself where there is none.
    pub same_text: Vec<DocId>,
    pairs: Vec<(DocId, DocId, usize)>,
    runs: Vec<Run>,
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
        let end = self.pairs.get(at + 1).map_or(self.runs.len(), |next| next.2);
        Shared { a, b, runs: &self.runs[start..end] }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    hash: u64,
    doc: u32,
    token: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Anchor {
    a: u32,
    b: u32,
    /// Difference of the two places.
    diagonal: i64,
    at: u32,
    spread: u32,
}

/// Places of one fingerprint in one article that take part: a phrase repeated more often is a list, not a passage.
const REPEATS: usize = 8;

/// Finds all shared runs. `order` ranks the articles in time. Time O(fingerprints log fingerprints + anchors).
#[must_use]
pub fn find(normalised: &Normalised, order: &[u32], config: &PassagesConfig, progress: &dyn Progress) -> Passages {
    let same_text = same_texts(normalised, order);
    let searched: Vec<u32> =
        (0u32..).zip(&same_text).filter(|(doc, same)| *doc == same.0).map(|(doc, _)| doc).collect();
    progress.stage("passages", Some(searched.len() as u64));
    let mut postings: Vec<Posting> = searched
        .par_chunks(256)
        .flat_map_iter(|docs| {
            let mut found = Vec::new();
            for &doc in docs {
                let body = &normalised.streams[doc as usize].body;
                winnow(body, &normalised.lexicon, config.shingle, config.window, |hash, token| {
                    found.push(Posting { hash, doc, token: u32::try_from(token).unwrap_or(u32::MAX) });
                });
            }
            progress.advance(docs.len() as u64);
            found
        })
        .collect();
    postings.par_sort_unstable();
    let mut anchors = anchors(&postings, order, config);
    drop(postings);
    anchors.par_sort_unstable();
    let mut bounds: Vec<usize> = (0..anchors.len())
        .filter(|&i| i == 0 || (anchors[i - 1].a, anchors[i - 1].b) != (anchors[i].a, anchors[i].b))
        .collect();
    bounds.push(anchors.len());
    let found: Vec<(DocId, DocId, Vec<Run>)> = bounds
        .par_windows(2)
        .filter_map(|pair| {
            let anchors = &anchors[pair[0]..pair[1]];
            let (a, b) = (DocId(anchors[0].a), DocId(anchors[0].b));
            let runs = grow(anchors, &normalised.stream(a).body, &normalised.stream(b).body, config);
            (!runs.is_empty()).then_some((a, b, runs))
        })
        .collect();
    let mut passages = Passages { same_text, ..Passages::default() };
    for (a, b, runs) in found {
        passages.pairs.push((a, b, passages.runs.len()));
        passages.runs.extend(runs);
    }
    passages
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

/// The pairs of places that share a fingerprint.
fn anchors(postings: &[Posting], order: &[u32], config: &PassagesConfig) -> Vec<Anchor> {
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
                let mut join = |x: &[Posting], y: &[Posting]| {
                    for p in x.iter().take(REPEATS) {
                        for q in y.iter().take(REPEATS) {
                            let diagonal = i64::from(q.token) - i64::from(p.token);
                            found.push(Anchor { a: p.doc, b: q.doc, diagonal, at: p.token, spread });
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
                    for other in docs.iter().filter(|other| other[0].doc != first[0].doc) {
                        let (x, y) = if first[0].doc < other[0].doc { (first, other) } else { (other, first) };
                        join(x, y);
                    }
                }
            }
            found
        })
        .collect()
}

/// The longest common run around every anchor of one pair, sorted; runs that are too short are dropped.
fn grow(anchors: &[Anchor], a: &Tokens, b: &Tokens, config: &PassagesConfig) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for on_diagonal in anchors.chunk_by(|x, y| x.diagonal == y.diagonal) {
        let mut reached = 0usize;
        // Whether the stretch up to `reached` was long enough to be the last run.
        let mut kept = false;
        for anchor in on_diagonal {
            let i = anchor.at as usize;
            if i < reached {
                if let Some(run) = runs.last_mut().filter(|_| kept) {
                    run.spread = run.spread.min(anchor.spread);
                }
                continue;
            }
            let Ok(j) = usize::try_from(i64::from(anchor.at) + anchor.diagonal) else { continue };
            let same = |d: usize| a.words[i + d] == b.words[j + d];
            let ahead = (0..(a.len() - i).min(b.len() - j)).take_while(|&d| same(d)).count();
            let behind = (1..=i.min(j)).take_while(|&d| a.words[i - d] == b.words[j - d]).count();
            reached = i + ahead;
            let run = i - behind..reached;
            let letters = a.marks[run.clone()].iter().filter(|marks| !marks.has(Marks::DIGIT)).count();
            kept = run.len() >= config.least_words.max(1) && letters >= config.least_letters;
            if !kept {
                continue;
            }
            let [start, other, len] = [run.start, j - behind, run.len()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            runs.push(Run { a: start, b: other, len, spread: anchor.spread });
        }
    }
    runs.sort_unstable();
    runs
}

/// The runs of a pair as passages with offsets and kinds.
#[must_use]
pub fn passages_of(shared: Shared<'_>, normalised: &Normalised) -> Vec<Passage> {
    let (x, y) = (&normalised.stream(shared.a).body, &normalised.stream(shared.b).body);
    let passage = |run: &Run| {
        let span = |tokens: &Tokens, at: u32| Span {
            begin: tokens.spans[at as usize].begin,
            end: tokens.spans[(at + run.len) as usize - 1].end,
        };
        let a_span = span(x, run.a);
        Passage { a: shared.a, b: shared.b, a_span, b_span: span(y, run.b), words: run.len, kind: kind(run, x, y) }
    };
    shared.runs.iter().map(passage).collect()
}

/// The kind of a run: what at least 70 % of its words are in both texts.
fn kind(run: &Run, a: &Tokens, b: &Tokens) -> PassageKind {
    let (x, y) = (&a.marks[run.a as usize..][..run.len as usize], &b.marks[run.b as usize..][..run.len as usize]);
    let most = |count: usize| count * 10 >= run.len as usize * 7;
    let both = |mark: Marks| x.iter().zip(y).filter(|(p, q)| p.has(mark) && q.has(mark)).count();
    let either = |mark: Marks| x.iter().zip(y).filter(|(p, q)| p.has(mark) || q.has(mark)).count();
    if most(either(Marks::FURNITURE)) {
        PassageKind::Furniture
    } else if most(either(Marks::HEAD)) {
        PassageKind::Headline
    } else if most(both(Marks::QUOTED)) {
        PassageKind::Quote
    } else if most(either(Marks::CREDIT)) {
        PassageKind::Attributed
    } else {
        PassageKind::Prose
    }
}
