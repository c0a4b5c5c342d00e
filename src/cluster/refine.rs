//! Cohesion-relative average linkage inside one component.
//!
//! Starting from single voices, the two clusters with the best link are merged until none reaches the threshold. With v the
//! mean score over all cross pairs (absent pairs count 0), coh(A) the mean score inside A (`single` for one voice) and
//! m = min(coh(A), coh(B), `cap`), the link is v - `strictness` max(0, m - v) - `size_penalty` max(0, log2(|A| + |B|) - 2):
//! a tight story only takes in what is nearly as close as its own members. Ties go to the smallest voices.
//!
//! A merge changes only the links of the merged cluster, so a heap with stale entries is enough: O(links log links) time
//! for sparse links.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::FixedState;

use crate::config::ClusterConfig;
use crate::graph::Link;
use crate::graph::dates::to_micro;

/// A cluster on its way.
struct Cluster {
    members: Vec<u32>,
    /// Sum of the scores inside.
    inside: i64,
    /// Sum of the scores to each other cluster.
    across: HashMap<u32, i64, FixedState>,
    /// Smallest voice.
    first: u32,
}

/// A possible merge; stale when either side has been merged since.
#[derive(PartialEq, Eq)]
struct Merge {
    link: i64,
    firsts: (u32, u32),
    clusters: (u32, u32),
}

impl Ord for Merge {
    fn cmp(&self, other: &Self) -> Ordering {
        self.link.cmp(&other.link).then_with(|| other.firsts.cmp(&self.firsts)).then_with(|| other.clusters.cmp(&self.clusters))
    }
}

impl PartialOrd for Merge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Constants in fixed point.
struct Rule {
    least: i64,
    single: i64,
    cap: i64,
    strictness: i64,
    size_penalty: f64,
}

impl Rule {
    fn cohesion(&self, cluster: &Cluster) -> i64 {
        mean_inside(cluster.members.len(), cluster.inside).unwrap_or(self.single)
    }

    fn link(&self, a: &Cluster, b: &Cluster, across: i64) -> i64 {
        let (na, nb) = (a.members.len(), b.members.len());
        let mean = across / count(na * nb);
        let near = self.cohesion(a).min(self.cohesion(b)).min(self.cap);
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let size = ((na + nb) as f64).log2() - 2.0;
        mean - self.strictness * (near - mean).max(0) / crate::graph::MICRO - to_micro(self.size_penalty * size.max(0.0))
    }
}

/// The mean score inside a cluster of `n` voices whose scores add up to `inside`; `None` for a single voice.
#[must_use]
pub fn mean_inside(n: usize, inside: i64) -> Option<i64> {
    (n > 1).then(|| inside / count(n * (n - 1) / 2))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).max(1)
}

/// Cuts one component (sorted voices) into stories, given the links among its voices. Each story is sorted; they come in
/// the order of their first voices.
#[must_use]
pub fn refine(component: &[u32], links: &[Link], config: &ClusterConfig) -> Vec<Vec<u32>> {
    let rule = Rule {
        least: to_micro(config.least_link),
        single: to_micro(config.single_cohesion),
        cap: to_micro(config.cohesion_cap),
        strictness: to_micro(config.strictness),
        size_penalty: config.size_penalty,
    };
    let mut clusters: Vec<Option<Cluster>> = component
        .iter()
        .map(|&voice| Some(Cluster { members: vec![voice], inside: 0, across: HashMap::default(), first: voice }))
        .collect();
    let place = |voice: u32| component.binary_search(&voice).ok().and_then(|at| u32::try_from(at).ok());
    for link in links {
        let (Some(a), Some(b)) = (place(link.a), place(link.b)) else { continue };
        for (one, other) in [(a, b), (b, a)] {
            if let Some(cluster) = &mut clusters[one as usize] {
                cluster.across.insert(other, link.score);
            }
        }
    }
    let mut heap = BinaryHeap::new();
    for id in 0..clusters.len() {
        propose(&clusters, u32::try_from(id).unwrap_or(u32::MAX), true, &rule, &mut heap);
    }
    while let Some(Merge { clusters: (a, b), .. }) = heap.pop() {
        if clusters[a as usize].is_none() || clusters[b as usize].is_none() {
            continue;
        }
        merge(&mut clusters, a, b);
        propose(&clusters, u32::try_from(clusters.len() - 1).unwrap_or(u32::MAX), false, &rule, &mut heap);
    }
    let mut stories: Vec<Vec<u32>> = clusters.into_iter().flatten().map(|cluster| cluster.members).collect();
    for story in &mut stories {
        story.sort_unstable();
    }
    stories.sort_unstable_by_key(|story| story[0]);
    stories
}

/// Puts the merges of a cluster that reach the threshold on the heap; with `once`, only those with later clusters.
fn propose(clusters: &[Option<Cluster>], id: u32, once: bool, rule: &Rule, heap: &mut BinaryHeap<Merge>) {
    let Some(cluster) = &clusters[id as usize] else { return };
    for (&other_id, &across) in cluster.across.iter().filter(|(other, _)| !once || **other > id) {
        let Some(other) = &clusters[other_id as usize] else { continue };
        let link = rule.link(cluster, other, across);
        if link >= rule.least {
            let firsts = (cluster.first.min(other.first), cluster.first.max(other.first));
            heap.push(Merge { link, firsts, clusters: (id.min(other_id), id.max(other_id)) });
        }
    }
}

/// Replaces two clusters by a new one at the end of the list.
fn merge(clusters: &mut Vec<Option<Cluster>>, a: u32, b: u32) {
    let (Some(mut x), Some(mut y)) = (clusters[a as usize].take(), clusters[b as usize].take()) else { return };
    if x.across.len() < y.across.len() {
        std::mem::swap(&mut x, &mut y);
    }
    let id = u32::try_from(clusters.len()).unwrap_or(u32::MAX);
    x.inside += y.inside + x.across.get(&a).or_else(|| x.across.get(&b)).copied().unwrap_or(0);
    for gone in [a, b] {
        x.across.remove(&gone);
        y.across.remove(&gone);
    }
    for (other, score) in y.across {
        *x.across.entry(other).or_default() += score;
    }
    x.members.append(&mut y.members);
    x.first = x.first.min(y.first);
    for (&other, &score) in &x.across {
        if let Some(cluster) = &mut clusters[other as usize] {
            cluster.across.remove(&a);
            cluster.across.remove(&b);
            cluster.across.insert(id, score);
        }
    }
    clusters.push(Some(x));
}
