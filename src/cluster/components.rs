//! Connected components: the exact pre-partition of average linkage, since a mean of links that reaches a threshold needs
//! one link that does, or a must-link.

use petgraph::unionfind::UnionFind;

use crate::graph::Link;

/// The components of two or more voices over links of at least `least` and pairs that must be linked, each sorted, in the
/// order of their first voices.
#[must_use]
pub fn components(voices: usize, links: &[Link], must: &[(u32, u32)], least: i64) -> Vec<Vec<u32>> {
    let mut sets = UnionFind::<u32>::new(voices);
    for &(a, b) in must {
        sets.union(a, b);
    }
    for link in links.iter().filter(|link| link.score >= least) {
        sets.union(link.a, link.b);
    }
    let labels = sets.into_labeling();
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); voices];
    for (voice, &label) in (0u32..).zip(&labels) {
        members[label as usize].push(voice);
    }
    members.retain(|component| component.len() > 1);
    members.sort_unstable_by_key(|component| component[0]);
    members
}
