//! The worst mistakes of a run: labels that were put into one story, and labels that were torn into several.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use serde::Serialize;

use crate::article::DocId;
use crate::config::Config;
use crate::evaluate::Gold;
use crate::graph::{MICRO, Part, Scorer};
use crate::pipeline::Analysis;

/// A wrong merge (two labels in one story) or a wrong split (one label in two stories).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The story, or the first of the two, by the headline of its central article.
    pub stories: Vec<String>,
    /// The label, or the two labels.
    pub labels: Vec<String>,
    /// Pairs of articles that are wrong.
    pub pairs: usize,
    /// Of those the two with the best score.
    pub examples: [Example; 2],
    /// The score of the two; `None` where both are one text.
    pub score: Option<f64>,
    /// What the score is made of: name and value.
    pub parts: Vec<(&'static str, f64)>,
}

/// An article of a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its id.
    pub id: String,
    /// Its title, or the beginning of its text.
    pub title: String,
}

/// The worst mistakes of both kinds, the most wrong pairs first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Errors {
    /// Labels that were put into one story.
    pub merges: Vec<Mistake>,
    /// Labels that were torn apart.
    pub splits: Vec<Mistake>,
}

/// Characters of a title.
const TITLE: usize = 90;

/// One side of a mistake: a story and a label.
type Side = (usize, usize);

/// The articles that mistakes are made of.
struct Cells<'a> {
    analysis: &'a Analysis,
    scorer: Scorer<'a>,
    /// Labels by number.
    names: Vec<&'a str>,
    /// The articles of each story and label.
    docs: BTreeMap<Side, Vec<DocId>>,
    /// The best link between two cells, by voices.
    best: HashMap<(Side, Side), (i64, DocId, DocId), FixedState>,
}

/// Finds the `limit` worst mistakes of each kind. O(links + labels of a story squared).
#[must_use]
pub fn worst(analysis: &Analysis, gold: &Gold, config: &Config, limit: usize) -> Errors {
    let cells = Cells::new(analysis, gold, config);
    let (mut merges, mut splits) = (Vec::new(), Vec::new());
    let sides: Vec<(&Side, usize)> = cells.docs.iter().map(|(side, docs)| (side, docs.len())).collect();
    let pair_up = |group: &[(&Side, usize)], out: &mut Vec<(usize, Side, Side)>| {
        for (i, (a, n)) in group.iter().enumerate() {
            out.extend(group[i + 1..].iter().map(|(b, m)| (n * m, **a, **b)));
        }
    };
    for story in sides.chunk_by(|(a, _), (b, _)| a.0 == b.0) {
        pair_up(story, &mut merges);
    }
    let mut by_label = sides;
    by_label.sort_by_key(|((story, label), _)| (*label, *story));
    for label in by_label.chunk_by(|(a, _), (b, _)| a.1 == b.1) {
        pair_up(label, &mut splits);
    }
    let told = |mut mistakes: Vec<(usize, Side, Side)>| {
        mistakes.sort_by_key(|(pairs, a, b)| (std::cmp::Reverse(*pairs), *a, *b));
        mistakes.into_iter().take(limit).filter_map(|(pairs, a, b)| cells.mistake(pairs, a, b)).collect()
    };
    Errors { merges: told(merges), splits: told(splits) }
}

impl<'a> Cells<'a> {
    fn new(analysis: &'a Analysis, gold: &'a Gold, config: &'a Config) -> Self {
        let mut names: Vec<&str> = gold.of.iter().flatten().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let mut docs: BTreeMap<Side, Vec<DocId>> = BTreeMap::new();
        let mut cells_of_voice: Vec<BTreeMap<Side, DocId>> = vec![BTreeMap::new(); analysis.voices.speakers.len()];
        for (at, story) in analysis.stories.iter().enumerate() {
            for doc in story.members.iter().map(|member| member.doc) {
                let Some(label) = gold.label(doc).and_then(|label| names.binary_search(&label).ok()) else { continue };
                docs.entry((at, label)).or_default().push(doc);
                cells_of_voice[analysis.voices.of[doc.index()] as usize].entry((at, label)).or_insert(doc);
            }
        }
        let mut best: HashMap<(Side, Side), (i64, DocId, DocId), FixedState> = HashMap::default();
        for link in &analysis.graph.links {
            for (&x, &a) in &cells_of_voice[link.a as usize] {
                for (&y, &b) in &cells_of_voice[link.b as usize] {
                    let (key, docs) = if x <= y { ((x, y), (a, b)) } else { ((y, x), (b, a)) };
                    let known = best.entry(key).or_insert((link.score, docs.0, docs.1));
                    if link.score > known.0 {
                        *known = (link.score, docs.0, docs.1);
                    }
                }
            }
        }
        Self { analysis, scorer: analysis.scorer(config), names, docs, best }
    }

    fn mistake(&self, pairs: usize, x: Side, y: Side) -> Option<Mistake> {
        let (x, y) = (x.min(y), x.max(y));
        let first = |side: &Side| self.docs.get(side)?.first().copied();
        let (a, b) = match self.best.get(&(x, y)) {
            Some(&(_, a, b)) => (a, b),
            None => (first(&x)?, first(&y)?),
        };
        let voice = |doc: DocId| self.analysis.voices.of[doc.index()];
        let one_text = voice(a) == voice(b);
        let parts: Vec<Part> = if one_text { Vec::new() } else { self.scorer.parts(voice(a), voice(b)) };
        let corpus = &self.analysis.corpus;
        let example = |doc: DocId| Example { id: corpus.get(doc).id.clone(), title: corpus.get(doc).headline(TITLE) };
        let mut stories: Vec<String> = [x.0, y.0].map(|at| self.analysis.stories[at].headline.clone()).into();
        stories.truncate(if x.0 == y.0 { 1 } else { 2 });
        let mut labels: Vec<String> = [x.1, y.1].map(|at| self.names[at].to_owned()).into();
        labels.truncate(if x.1 == y.1 { 1 } else { 2 });
        Some(Mistake {
            stories,
            labels,
            pairs,
            examples: [example(a), example(b)],
            score: (!one_text).then(|| decimal(parts.iter().map(|part| part.value).sum())),
            parts: parts.iter().map(|part| (part.kind.name(), decimal(part.value))).collect(),
        })
    }
}

/// Millionths as a number.
#[expect(clippy::cast_precision_loss, reason = "a score")]
fn decimal(micro: i64) -> f64 {
    micro as f64 / MICRO as f64
}
