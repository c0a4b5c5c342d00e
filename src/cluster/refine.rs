//! Cohesion-relative average linkage inside one component.
//!
//! Starting from single voices, the two clusters with the best link are merged until none reaches the threshold. With v the
//! mean score over all cross pairs (absent pairs count 0), coh(A) the mean score inside A (`single` for one voice) and
//! m = min(coh(A), coh(B), `cap`), the link is v - `strictness` max(0, m - v) - `size_penalty` max(0, log2(|A| + |B|) - 2):
//! a tight story only takes in what is nearly as close as its own members. Ties go to the smallest voices.
//!
//! What must be linked is merged before anything else, and what cannot be linked is never merged, nor anything that holds it
//! (`constraints`): they stand above the rule, and the clusters between them keep to it.
//!
//! A merge changes only the links of the merged cluster, so a heap with stale entries is enough: O(links log links) time
//! for sparse links.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

use foldhash::fast::FixedState;
use petgraph::unionfind::UnionFind;

use crate::config::ClusterConfig;
use crate::constraints::VoicePairs;
use crate::graph::Link;
use crate::graph::dates::to_micro;

/// A cluster on its way.
struct Cluster {
    members: Vec<u32>,
    /// Sum of the scores inside.
    inside: i64,
    /// Sum of the scores to each other cluster.
    across: HashMap<u32, i64, FixedState>,
    /// Clusters that it is never merged with.
    apart: HashSet<u32, FixedState>,
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
        self.link
            .cmp(&other.link)
            .then_with(|| other.firsts.cmp(&self.firsts))
            .then_with(|| other.clusters.cmp(&self.clusters))
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
    fn new(config: &ClusterConfig) -> Self {
        Self {
            least: to_micro(config.least_link),
            single: to_micro(config.single_cohesion),
            cap: to_micro(config.cohesion_cap),
            strictness: to_micro(config.strictness),
            size_penalty: config.size_penalty,
        }
    }

    fn link(&self, a: &Cluster, b: &Cluster, across: i64) -> i64 {
        let side = |cluster: &Cluster| Side { voices: cluster.members.len(), inside: cluster.inside };
        self.merge(side(a), side(b), across).link()
    }

    fn merge(&self, a: Side, b: Side, across: i64) -> MergeLink {
        let mean = across / count(a.voices * b.voices);
        let cohesion = [a, b].map(|side| mean_inside(side.voices, side.inside).unwrap_or(self.single));
        let near = cohesion[0].min(cohesion[1]).min(self.cap);
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let size = ((a.voices + b.voices) as f64).log2() - 2.0;
        MergeLink {
            mean,
            cohesion,
            looser: self.strictness * (near - mean).max(0) / crate::graph::MICRO,
            larger: to_micro(self.size_penalty * size.max(0.0)),
            least: self.least,
        }
    }
}

/// A cluster as the rule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// How many voices it has.
    pub voices: usize,
    /// Sum of the scores inside, in millionths.
    pub inside: i64,
}

/// What the rule says of two clusters; all in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeLink {
    /// Mean score over all cross pairs.
    pub mean: i64,
    /// Mean score inside each; what a single voice is taken to have where there is one.
    pub cohesion: [i64; 2],
    /// Taken off because the pairs across are looser than those inside.
    pub looser: i64,
    /// Taken off because the merged cluster would be large.
    pub larger: i64,
    /// What the link must reach.
    pub least: i64,
}

impl MergeLink {
    /// The link: the mean less what is taken off.
    #[must_use]
    pub fn link(&self) -> i64 {
        self.mean - self.looser - self.larger
    }
}

/// What the rule says of two clusters whose cross pairs' scores add up to `across`.
#[must_use]
pub fn merge_link(a: Side, b: Side, across: i64, config: &ClusterConfig) -> MergeLink {
    Rule::new(config).merge(a, b, across)
}

/// The least mean score over the cross pairs with which two clusters are merged, in millionths.
#[must_use]
pub fn needed_mean(a: Side, b: Side, config: &ClusterConfig) -> i64 {
    let rule = Rule::new(config);
    let pairs = count(a.voices * b.voices);
    let reaches = |mean: i64| {
        let merge = rule.merge(a, b, mean * pairs);
        merge.link() >= merge.least
    };
    // The link grows with the mean, so the least one can be searched for.
    let (mut low, mut high) = (0, 4 * crate::graph::MICRO);
    while low < high {
        let middle = low + (high - low) / 2;
        if reaches(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The mean score inside a cluster of `n` voices whose scores add up to `inside`; `None` for a single voice.
#[must_use]
pub fn mean_inside(n: usize, inside: i64) -> Option<i64> {
    (n > 1).then(|| inside / count(n * (n - 1) / 2))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).max(1)
}

/// Cuts one component (sorted voices) into stories, given the links and constraints among its voices. Each story is sorted;
/// they come in the order of their first voices. A higher threshold cuts the stories of a lower one into parts.
#[must_use]
pub fn refine(component: &[u32], links: &[Link], constraints: &VoicePairs, config: &ClusterConfig) -> Vec<Vec<u32>> {
    let rule = Rule::new(config);
    let mut clusters: Vec<Option<Cluster>> = component
        .iter()
        .map(|&voice| {
            let (across, apart) = (HashMap::default(), HashSet::default());
            Some(Cluster { members: vec![voice], inside: 0, across, apart, first: voice })
        })
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
    for &(a, b) in &constraints.cannot {
        let (Some(a), Some(b)) = (place(a), place(b)) else { continue };
        for (one, other) in [(a, b), (b, a)] {
            if let Some(cluster) = &mut clusters[one as usize] {
                cluster.apart.insert(other);
            }
        }
    }
    merge_what_must(&mut clusters, constraints.must.iter().filter_map(|&(a, b)| place(a).zip(place(b))));
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

/// Merges the clusters (one a voice as yet) that must be linked.
fn merge_what_must(clusters: &mut Vec<Option<Cluster>>, must: impl Iterator<Item = (u32, u32)>) {
    let voices = clusters.len();
    let mut sets = UnionFind::<u32>::new(voices);
    for (a, b) in must {
        sets.union(a, b);
    }
    // By set: the cluster that its voices up to now are in.
    let mut of: Vec<Option<u32>> = vec![None; voices];
    for (voice, set) in (0u32..).zip(sets.into_labeling()) {
        let cluster = match of[set as usize] {
            None => voice,
            Some(before) => {
                merge(clusters, before, voice);
                u32::try_from(clusters.len() - 1).unwrap_or(u32::MAX)
            }
        };
        of[set as usize] = Some(cluster);
    }
}

/// Puts the merges of a cluster that reach the threshold on the heap; with `once`, only those with later clusters.
fn propose(clusters: &[Option<Cluster>], id: u32, once: bool, rule: &Rule, heap: &mut BinaryHeap<Merge>) {
    let Some(cluster) = &clusters[id as usize] else { return };
    let open = |other: &u32| (!once || *other > id) && !cluster.apart.contains(other);
    for (&other_id, &across) in cluster.across.iter().filter(|(other, _)| open(other)) {
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
    x.apart.extend(y.apart);
    for &other in &x.apart {
        if let Some(cluster) = &mut clusters[other as usize] {
            cluster.apart.remove(&a);
            cluster.apart.remove(&b);
            cluster.apart.insert(id);
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// The rule as it is written, with every pair of clusters looked at before every merge.
    fn reference(voices: u32, links: &[Link], constraints: &VoicePairs, config: &ClusterConfig) -> Vec<Vec<u32>> {
        let scores: BTreeMap<(u32, u32), i64> = links.iter().map(|link| ((link.a, link.b), link.score)).collect();
        let score = |x: u32, y: u32| scores.get(&(x.min(y), x.max(y))).copied().unwrap_or(0);
        let inside = |cluster: &[u32]| {
            let pairs =
                cluster.iter().enumerate().flat_map(|(i, &x)| cluster[i + 1..].iter().map(move |&y| score(x, y)));
            Side { voices: cluster.len(), inside: pairs.sum() }
        };
        let mut clusters: Vec<Vec<u32>> = (0..voices).map(|voice| vec![voice]).collect();
        for &(a, b) in &constraints.must {
            let at = |voice: u32| clusters.iter().position(|cluster| cluster.contains(&voice)).expect("it is in one");
            let (i, j) = (at(a).min(at(b)), at(a).max(at(b)));
            if i != j {
                let mut gone = clusters.remove(j);
                clusters[i].append(&mut gone);
            }
        }
        for cluster in &mut clusters {
            cluster.sort_unstable();
        }
        clusters.sort();
        let apart = |x: &[u32], y: &[u32]| {
            let across = |(a, b): &(u32, u32)| x.contains(a) && y.contains(b) || x.contains(b) && y.contains(a);
            constraints.cannot.iter().any(across)
        };
        loop {
            let mut best: Option<(i64, usize, usize)> = None;
            // In the order of the smallest voices, so that the first of equal links is the one to take.
            for (i, a) in clusters.iter().enumerate() {
                for (j, b) in clusters.iter().enumerate().skip(i + 1).filter(|(_, b)| !apart(a, b)) {
                    let across = a.iter().flat_map(|&x| b.iter().map(move |&y| score(x, y))).sum();
                    let merge = merge_link(inside(a), inside(b), across, config);
                    let rounded = |x: f64| i64::from(x.round() as i32);
                    let size = ((a.len() + b.len()) as f64).log2() - 2.0;
                    let near = merge.cohesion[0].min(merge.cohesion[1]).min(rounded(config.cohesion_cap * 1e6));
                    let looser = rounded(config.strictness * 1e6) * (near - merge.mean).max(0) / 1_000_000;
                    let link = merge.mean - looser - rounded(config.size_penalty * size.max(0.0) * 1e6);
                    assert_eq!(link, merge.link());
                    if link >= rounded(config.least_link * 1e6) && best.is_none_or(|(most, ..)| link > most) {
                        best = Some((link, i, j));
                    }
                }
            }
            let Some((_, i, j)) = best else { return clusters };
            let mut gone = clusters.remove(j);
            clusters[i].append(&mut gone);
            clusters[i].sort_unstable();
        }
    }

    fn configs() -> impl Strategy<Value = ClusterConfig> {
        (1..40u32, 0..40u32, 0..10u32, 0..5u32).prop_map(|(least, single, strictness, size)| ClusterConfig {
            least_link: f64::from(least) / 100.0,
            single_cohesion: f64::from(single) / 100.0,
            strictness: f64::from(strictness) / 10.0,
            size_penalty: f64::from(size) / 100.0,
            ..ClusterConfig::default()
        })
    }

    /// A few scores only, so that there are many ties.
    fn graphs() -> impl Strategy<Value = (u32, Vec<Link>)> {
        (2..11u32).prop_flat_map(|voices| {
            let pairs: Vec<(u32, u32)> = (0..voices).flat_map(|a| (a + 1..voices).map(move |b| (a, b))).collect();
            let scores = proptest::collection::vec(prop_oneof![Just(0i64), 1..8i64], pairs.len());
            scores.prop_map(move |scores| {
                let links = pairs.iter().zip(scores).filter(|(_, score)| *score > 0);
                (voices, links.map(|(&(a, b), score)| Link { a, b, score: score * 70_001, affair: 0 }).collect())
            })
        })
    }

    /// Constraints without contradictions: voices of one class may be told to be linked, of two to be apart.
    fn constraints() -> impl Strategy<Value = VoicePairs> {
        let classes = proptest::collection::vec(0..5u32, 11);
        let pairs = proptest::collection::vec((0..11u32, 0..11u32), 0..6);
        (classes, pairs).prop_map(|(classes, pairs)| {
            let mut pairs: Vec<(u32, u32)> =
                pairs.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            let one = |(a, b): &(u32, u32)| classes[*a as usize] == classes[*b as usize];
            let (must, cannot) = pairs.into_iter().partition(one);
            VoicePairs { must, cannot }
        })
    }

    fn within(constraints: &VoicePairs, voices: u32) -> VoicePairs {
        let there = |pairs: &[(u32, u32)]| pairs.iter().copied().filter(|pair| pair.1 < voices).collect();
        VoicePairs { must: there(&constraints.must), cannot: there(&constraints.cannot) }
    }

    proptest! {
        #[test]
        fn the_rule_is_kept((voices, links) in graphs(), config in configs()) {
            let all: Vec<u32> = (0..voices).collect();
            let none = VoicePairs::default();
            prop_assert_eq!(refine(&all, &links, &none, &config), reference(voices, &links, &none, &config));
        }

        #[test]
        fn the_rule_is_kept_between_constraints(
            (voices, links) in graphs(),
            constraints in constraints(),
            config in configs(),
        ) {
            let all: Vec<u32> = (0..voices).collect();
            let constraints = within(&constraints, voices);
            let stories = refine(&all, &links, &constraints, &config);
            let one = |(a, b): &(u32, u32)| stories.iter().any(|story| story.contains(a) && story.contains(b));
            prop_assert!(constraints.must.iter().all(one));
            prop_assert!(!constraints.cannot.iter().any(one));
            prop_assert_eq!(stories, reference(voices, &links, &constraints, &config));
        }

        #[test]
        fn a_higher_threshold_cuts_the_stories_of_a_lower_one(
            (voices, links) in graphs(),
            constraints in constraints(),
            config in configs(),
            more in 0..20u32,
        ) {
            let all: Vec<u32> = (0..voices).collect();
            let constraints = within(&constraints, voices);
            let strict = ClusterConfig { least_link: config.least_link + f64::from(more) / 100.0, ..config.clone() };
            let broad = refine(&all, &links, &constraints, &config);
            for part in refine(&all, &links, &constraints, &strict) {
                let whole = broad.iter().any(|story| part.iter().all(|voice| story.contains(voice)));
                prop_assert!(whole, "{:?} is in no story of {:?}", part, broad);
            }
        }

        #[test]
        fn the_order_of_links_does_not_matter(
            (voices, links, shuffled) in graphs().prop_flat_map(|(n, links)| (Just(n), Just(links.clone()), Just(links).prop_shuffle())),
        ) {
            let all: Vec<u32> = (0..voices).collect();
            let config = ClusterConfig::default();
            let none = VoicePairs::default();
            prop_assert_eq!(refine(&all, &links, &none, &config), refine(&all, &shuffled, &none, &config));
        }

        #[test]
        fn what_is_needed_is_just_enough(a in 1..20usize, b in 1..20usize, inside in 0..900_000i64, config in configs()) {
            let side = |voices: usize| Side { voices, inside: inside * count(voices * (voices - 1) / 2) };
            let needed = needed_mean(side(a), side(b), &config);
            let pairs = count(a * b);
            let link = |mean: i64| merge_link(side(a), side(b), mean * pairs, &config);
            prop_assert!(link(needed).link() >= link(needed).least);
            prop_assert!(needed == 0 || link(needed - 1).link() < link(0).least);
        }
    }

    #[test]
    fn a_tight_story_takes_in_only_what_is_nearly_as_close() {
        let link = |a, b, score| Link { a, b, score, affair: score };
        // Three voices at .60, a fourth at .20 to each: its mean is above the threshold, and too far below their cohesion.
        let links =
            [(0, 1, 600_000), (0, 2, 600_000), (1, 2, 600_000), (0, 3, 200_000), (1, 3, 200_000), (2, 3, 200_000)];
        let links = links.map(|(a, b, score)| link(a, b, score));
        let strict = ClusterConfig { single_cohesion: 0.5, ..ClusterConfig::default() };
        let none = VoicePairs::default();
        assert_eq!(refine(&[0, 1, 2, 3], &links, &none, &strict), [vec![0, 1, 2], vec![3]]);
        assert_eq!(refine(&[0, 1, 2, 3], &links, &none, &ClusterConfig::default()), [vec![0, 1, 2, 3]]);
    }
}
