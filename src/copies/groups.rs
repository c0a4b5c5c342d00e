//! Copy groups: trees of copy links. Each copy hangs on the earlier article that covers it best, and every member of a
//! group is covered by the text of its root, so that chains of partial overlap weld nothing together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::article::{DocId, Resolution};
use crate::config::{Config, CopiesConfig};
use crate::copies::fold::share_to_micro;
use crate::copies::{CopyGroup, CopyLink, Coverage, Form};
use crate::corpus::Corpus;
use crate::normalise::Normalised;
use crate::passages::Passages;
use crate::passages::direction::credits_between;

/// An article that holds the texts of others which share nothing with each other: a round-up, or a report made of several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compilation {
    /// The article.
    pub whole: DocId,
    /// Three or more articles, most of each of which it holds, no two of them with common text.
    pub parts: Vec<DocId>,
}

/// The least parts of a compilation: that a report takes over two texts happens.
const LEAST_PARTS: usize = 3;
/// Parts of one article that are compared with each other, the longest first: they say most of what it is made of.
const MOST_PARTS: usize = 32;

/// All compilations, by article, given how many words of each article are its own. O(pairs log pairs).
#[must_use]
pub fn compilations(
    passages: &Passages,
    coverages: &[Coverage],
    own_words: &[u32],
    config: &Config,
) -> Vec<Compilation> {
    let least = share_to_micro(config.copies.copy);
    let mut parts: BTreeMap<DocId, Vec<DocId>> = BTreeMap::new();
    for c in coverages {
        for (whole, part, share, back) in [(c.a, c.b, c.of_b, c.of_a), (c.b, c.a, c.of_a, c.of_b)] {
            if share >= least && back < least {
                parts.entry(whole).or_default().push(part);
            }
        }
    }
    let met = |x: DocId, y: DocId| coverages.binary_search_by_key(&(x.min(y), x.max(y)), |c| (c.a, c.b)).is_ok();
    // Copies of a text that thousands have were never held against each other, but what they have of it tells: the words of a
    // passage in common, and they are no strangers.
    let passage = config.passages.least_words_in_story as usize;
    let common = |x: &[Range<usize>], y: &[Range<usize>]| {
        let overlaps = x.iter().flat_map(|p| y.iter().map(move |q| p.start.max(q.start)..p.end.min(q.end)));
        overlaps.map(|range| range.len()).sum::<usize>() >= passage
    };
    let strangers = |(whole, mut parts): (DocId, Vec<DocId>)| {
        parts.sort_unstable_by_key(|&part| (std::cmp::Reverse(own_words[part.index()]), part));
        let mut chosen: Vec<(DocId, Vec<Range<usize>>)> = Vec::new();
        for part in parts.into_iter().take(MOST_PARTS) {
            let places = passages.places(whole, part);
            if chosen.iter().all(|(other, theirs)| !met(part, *other) && !common(&places, theirs)) {
                chosen.push((part, places));
            }
        }
        let parts: Vec<DocId> = chosen.into_iter().map(|(part, _)| part).collect();
        (parts.len() >= LEAST_PARTS).then_some(Compilation { whole, parts })
    };
    parts.into_iter().filter_map(strangers).collect()
}

/// What copy groups are made from.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// The articles.
    pub corpus: &'a Corpus,
    /// Their credits.
    pub normalised: &'a Normalised,
    /// By article: the earliest one with the same text.
    pub same_text: &'a [DocId],
    /// What pairs of articles share, by pair.
    pub coverages: &'a [Coverage],
    /// Articles that hang on none and that none hang on, sorted.
    pub compilations: &'a [Compilation],
    /// By article: what is made of others by its form, on which only its like hangs.
    pub forms: &'a [Option<Form>],
    /// The rank of each article in time.
    pub order: &'a [u32],
}

/// The copy groups of two or more articles, the largest first, then by root. `part` says which part each article is in;
/// groups lie inside parts, and articles with the same text are in one. O(pairs log pairs).
#[must_use]
pub fn groups(grounds: &Grounds<'_>, part: impl Fn(DocId) -> u32, config: &CopiesConfig) -> Vec<CopyGroup> {
    let Grounds { corpus, normalised, same_text, coverages, compilations, forms, order } = *grounds;
    let partial = share_to_micro(config.partial_copy);
    let is_compilation = |doc: &DocId| compilations.binary_search_by_key(doc, |c| c.whole).is_ok();
    let by_pair: HashMap<(DocId, DocId), &Coverage, FixedState> = coverages.iter().map(|c| ((c.a, c.b), c)).collect();
    let covered = |copy: DocId, of: DocId| {
        let c = by_pair.get(&(copy.min(of), copy.max(of)))?;
        Some(if copy < of { c.of_a } else { c.of_b })
    };
    let mut candidates: Vec<CopyLink> = coverages
        .iter()
        .filter(|c| part(c.a) == part(c.b))
        .flat_map(|c| {
            [
                CopyLink { copy: c.a, of: c.b, coverage: c.of_a, back: c.of_b },
                CopyLink { copy: c.b, of: c.a, coverage: c.of_b, back: c.of_a },
            ]
        })
        .filter(|link| link.coverage >= partial && !is_compilation(&link.of) && !is_compilation(&link.copy))
        .filter(|link| forms[link.of.index()].is_none() || forms[link.copy.index()].is_some())
        .filter(|link| copied_from(link, corpus, normalised, order))
        .collect();
    candidates.sort_unstable_by_key(|link| {
        (std::cmp::Reverse(link.coverage), order[link.of.index()], order[link.copy.index()])
    });

    // Best links first. A text that others hang on brings them along, so the new root must cover them all.
    let n = same_text.len();
    let mut of: Vec<Option<CopyLink>> = vec![None; n];
    let mut trees = Trees::new(n);
    let mut refused: HashSet<(DocId, DocId), FixedState> = HashSet::default();
    for link in candidates {
        let (top, copy) = (trees.root(link.of), link.copy);
        // A tree only grows: what is refused once stays refused.
        if of[copy.index()].is_some() || top == copy || refused.contains(&(copy, top)) {
            continue;
        }
        if trees.members(copy).all(|doc| covered(doc, top).is_some_and(|share| share >= partial)) {
            of[copy.index()] = Some(link);
            trees.hang(copy, top);
        } else {
            refused.insert((copy, top));
        }
    }
    for (doc, &same) in (0u32..).map(DocId).zip(same_text) {
        if doc != same {
            of[doc.index()] = Some(CopyLink { copy: doc, of: same, coverage: 1_000_000, back: 1_000_000 });
            trees.hang(doc, same);
        }
    }
    let mut members: HashMap<DocId, Vec<DocId>, FixedState> = HashMap::default();
    for doc in (0u32..).take(n).map(DocId) {
        members.entry(trees.root(doc)).or_default().push(doc);
    }
    let mut groups: Vec<CopyGroup> = members
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|(root, mut members)| {
            members.sort_unstable_by_key(|&doc| (doc != root, order[doc.index()]));
            let links = members.iter().filter_map(|doc| of[doc.index()]).collect();
            CopyGroup { id: CopyGroup::id_of(root, corpus), root, members, links }
        })
        .collect();
    groups.sort_unstable_by_key(|group| (std::cmp::Reverse(group.members.len()), group.root));
    groups
}

/// Which root each article hangs under, whatever lies between, and which hang under each root: a forest of disjoint sets
/// whose representatives are the roots, their members in rings.
struct Trees {
    up: Vec<DocId>,
    next: Vec<DocId>,
}

impl Trees {
    /// Every article a tree of its own.
    fn new(articles: usize) -> Self {
        let own: Vec<DocId> = (0u32..).take(articles).map(DocId).collect();
        Self { up: own.clone(), next: own }
    }

    /// The root of an article's tree. O(log articles) in the mean, since every way that is walked is halved.
    fn root(&mut self, mut doc: DocId) -> DocId {
        while self.up[doc.index()] != doc {
            let above = self.up[doc.index()];
            self.up[doc.index()] = self.up[above.index()];
            doc = self.up[doc.index()];
        }
        doc
    }

    /// The articles under a root, itself first.
    fn members(&self, root: DocId) -> impl Iterator<Item = DocId> {
        let next = move |doc: &DocId| Some(self.next[doc.index()]).filter(|next| *next != root);
        std::iter::successors(Some(root), next)
    }

    /// Hangs a root with all that is under it under another article.
    fn hang(&mut self, root: DocId, under: DocId) {
        let top = self.root(under);
        self.up[root.index()] = top;
        self.next.swap(root.index(), top.index());
    }
}

/// Whether the first article of a link was taken from the second rather than the other way round. A credit that one gives
/// the other's outlet decides; then the dates; where they tell nothing, the text that holds more of the other comes first.
fn copied_from(link: &CopyLink, corpus: &Corpus, normalised: &Normalised, order: &[u32]) -> bool {
    match credits_between(link.copy, link.of, corpus, normalised) {
        [Some(_), None] => return true,
        [None, Some(_)] => return false,
        _ => {}
    }
    let later = order[link.copy.index()] > order[link.of.index()];
    if let (Some(x), Some(y)) = (corpus.get(link.copy).date, corpus.get(link.of).date)
        && (x.day() != y.day() || x.resolution == Resolution::Time || y.resolution == Resolution::Time)
    {
        return later;
    }
    link.coverage > link.back || link.coverage == link.back && later
}
