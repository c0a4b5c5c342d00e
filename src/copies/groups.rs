//! Copy groups: trees of copy links. Each copy hangs on the earlier article that covers it best, and every member of a
//! group is covered by the text of its root, so that chains of partial overlap weld nothing together.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use crate::article::{DocId, Resolution};
use crate::config::CopiesConfig;
use crate::copies::fold::share_to_micro;
use crate::copies::{CopyGroup, CopyLink, Coverage};
use crate::corpus::Corpus;
use crate::normalise::Normalised;

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
/// Parts of one article that are compared with each other.
const MOST_PARTS: usize = 32;

/// All compilations, by article. O(pairs).
#[must_use]
pub fn compilations(coverages: &[Coverage], config: &CopiesConfig) -> Vec<Compilation> {
    let least = share_to_micro(config.copy);
    let mut parts: BTreeMap<DocId, Vec<DocId>> = BTreeMap::new();
    for c in coverages {
        for (whole, part, share, back) in [(c.a, c.b, c.of_b, c.of_a), (c.b, c.a, c.of_a, c.of_b)] {
            if share >= least && back < least {
                parts.entry(whole).or_default().push(part);
            }
        }
    }
    let apart = |x: DocId, y: DocId| coverages.binary_search_by_key(&(x.min(y), x.max(y)), |c| (c.a, c.b)).is_err();
    let strangers = |(whole, parts): (DocId, Vec<DocId>)| {
        let mut chosen: Vec<DocId> = Vec::new();
        for part in parts.into_iter().take(MOST_PARTS) {
            if chosen.iter().all(|&other| apart(part, other)) {
                chosen.push(part);
            }
        }
        (chosen.len() >= LEAST_PARTS).then_some(Compilation { whole, parts: chosen })
    };
    parts.into_iter().filter_map(strangers).collect()
}

/// The copy groups of two or more articles, the largest first, then by root. `order` ranks the articles in time.
/// O(pairs log pairs).
#[must_use]
pub fn groups(
    corpus: &Corpus,
    normalised: &Normalised,
    same_text: &[DocId],
    coverages: &[Coverage],
    compilations: &[Compilation],
    order: &[u32],
    config: &CopiesConfig,
) -> Vec<CopyGroup> {
    let partial = share_to_micro(config.partial_copy);
    let is_compilation = |doc: &DocId| compilations.binary_search_by_key(doc, |c| c.whole).is_ok();
    let by_pair: HashMap<(DocId, DocId), &Coverage, FixedState> = coverages.iter().map(|c| ((c.a, c.b), c)).collect();
    let covered = |copy: DocId, of: DocId| {
        let c = by_pair.get(&(copy.min(of), copy.max(of)))?;
        Some(if copy < of { c.of_a } else { c.of_b })
    };
    let mut candidates: Vec<CopyLink> = coverages
        .iter()
        .flat_map(|c| {
            [
                CopyLink { copy: c.a, of: c.b, coverage: c.of_a, back: c.of_b },
                CopyLink { copy: c.b, of: c.a, coverage: c.of_b, back: c.of_a },
            ]
        })
        .filter(|link| link.coverage >= partial && !is_compilation(&link.of) && !is_compilation(&link.copy))
        .filter(|link| copied_from(link, corpus, normalised, order))
        .collect();
    candidates.sort_unstable_by_key(|link| {
        (std::cmp::Reverse(link.coverage), order[link.of.index()], order[link.copy.index()])
    });

    // Best links first; a link is taken if its copy hangs nowhere yet and the root of what it hangs on covers it too.
    let n = same_text.len();
    let mut of: Vec<Option<CopyLink>> = vec![None; n];
    let root = |of: &[Option<CopyLink>], mut doc: DocId| {
        while let Some(link) = of[doc.index()] {
            doc = link.of;
        }
        doc
    };
    let mut children: Vec<u32> = vec![0; n];
    for link in candidates {
        if of[link.copy.index()].is_some() {
            continue;
        }
        let top = root(&of, link.of);
        let holds = |doc: DocId| covered(doc, top).is_some_and(|share| share >= partial);
        // A text that others hang on brings them along only if the new root covers them too: it is left a root otherwise.
        if top != link.copy
            && (top == link.of || holds(link.copy))
            && (children[link.copy.index()] == 0 || top == link.of && link.coverage >= share_to_micro(config.copy))
        {
            of[link.copy.index()] = Some(link);
            children[link.of.index()] += 1;
        }
    }
    for (doc, &same) in (0u32..).map(DocId).zip(same_text) {
        if doc != same {
            of[doc.index()] = Some(CopyLink { copy: doc, of: same, coverage: 1_000_000, back: 1_000_000 });
        }
    }
    let mut members: HashMap<DocId, Vec<DocId>, FixedState> = HashMap::default();
    for doc in (0u32..).take(n).map(DocId) {
        members.entry(root(&of, doc)).or_default().push(doc);
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

/// Whether the first article of a link was taken from the second rather than the other way round. A credit that one gives
/// the other's outlet decides; then the dates; where they tell nothing, the text that holds more of the other comes first.
fn copied_from(link: &CopyLink, corpus: &Corpus, normalised: &Normalised, order: &[u32]) -> bool {
    let credits = |one: DocId, other: DocId| {
        let outlet = corpus.get(other).outlet_name();
        let own = corpus.get(one).outlet_name();
        let agency = corpus.get(one).agency.as_deref();
        outlet.is_some()
            && outlet != own
            && (agency == outlet || normalised.facts(one).credits.iter().any(|c| Some(&*c.outlet) == outlet))
    };
    match (credits(link.copy, link.of), credits(link.of, link.copy)) {
        (true, false) => return true,
        (false, true) => return false,
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
