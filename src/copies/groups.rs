//! Copy groups: trees of copy links. Each copy hangs on the earlier article that covers it best, and every member of a
//! group is covered by the text of its root, so that chains of partial overlap weld nothing together.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::article::DocId;
use crate::config::CopiesConfig;
use crate::copies::fold::share_to_micro;
use crate::copies::{Coverage, CopyGroup, CopyLink};
use crate::corpus::Corpus;

/// The articles that hold the text of several others which have nothing in common: round-ups. Sorted. O(pairs).
#[must_use]
pub fn round_ups(coverages: &[Coverage], config: &CopiesConfig) -> Vec<DocId> {
    let least = share_to_micro(config.partial_copy);
    let mut parts: HashMap<DocId, Vec<DocId>, FixedState> = HashMap::default();
    let mut together: HashMap<(DocId, DocId), (), FixedState> = HashMap::default();
    for c in coverages {
        together.insert((c.a, c.b), ());
        for (whole, part, share) in [(c.a, c.b, c.of_b), (c.b, c.a, c.of_a)] {
            if share >= least {
                parts.entry(whole).or_default().push(part);
            }
        }
    }
    let apart = |x: DocId, y: DocId| !together.contains_key(&(x.min(y), x.max(y)));
    let mut found: Vec<DocId> = parts
        .into_iter()
        // Of many parts a few are enough to see that they are strangers to each other.
        .filter(|(_, parts)| {
            let few = &parts[..parts.len().min(64)];
            few.iter().enumerate().any(|(i, &x)| few[i + 1..].iter().any(|&y| apart(x, y)))
        })
        .map(|(whole, _)| whole)
        .collect();
    found.sort_unstable();
    found
}

/// The copy groups of two or more articles, the largest first, then by root. `order` ranks the articles in time.
/// O(pairs log pairs).
#[must_use]
pub fn groups(corpus: &Corpus, same_text: &[DocId], coverages: &[Coverage], order: &[u32], config: &CopiesConfig) -> Vec<CopyGroup> {
    let partial = share_to_micro(config.partial_copy);
    let round_ups = round_ups(coverages, config);
    let is_round_up = |doc: &DocId| round_ups.binary_search(doc).is_ok();
    let later = |x: DocId, y: DocId| order[x.index()] > order[y.index()];
    let dated = |doc: DocId| corpus.get(doc).date.is_some();
    let by_pair: HashMap<(DocId, DocId), &Coverage, FixedState> = coverages.iter().map(|c| ((c.a, c.b), c)).collect();
    let covered = |copy: DocId, of: DocId| {
        let c = by_pair.get(&(copy.min(of), copy.max(of)))?;
        Some(if copy < of { c.of_a } else { c.of_b })
    };
    let mut candidates: Vec<CopyLink> = coverages
        .iter()
        .flat_map(|c| [CopyLink { copy: c.a, of: c.b, coverage: c.of_a, back: c.of_b }, CopyLink { copy: c.b, of: c.a, coverage: c.of_b, back: c.of_a }])
        .filter(|link| link.coverage >= partial && !is_round_up(&link.of) && !is_round_up(&link.copy))
        // Where one is undated nothing is known of the order, and the text that holds more of the other comes first.
        .filter(|link| {
            if dated(link.copy) && dated(link.of) { later(link.copy, link.of) } else { link.coverage > link.back || link.coverage == link.back && later(link.copy, link.of) }
        })
        .collect();
    candidates.sort_unstable_by_key(|link| (std::cmp::Reverse(link.coverage), order[link.of.index()], order[link.copy.index()]));

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
        if top != link.copy && (top == link.of || holds(link.copy)) && (children[link.copy.index()] == 0 || top == link.of && link.coverage >= share_to_micro(config.copy)) {
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
            CopyGroup { id: format!("c{:016x}", corpus.key(root).0 >> 64), root, members, links }
        })
        .collect();
    groups.sort_unstable_by_key(|group| (std::cmp::Reverse(group.members.len()), group.root));
    groups
}
