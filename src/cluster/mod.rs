//! From links to stories.

pub mod assemble;
pub mod components;
pub mod origin;
pub mod refine;
pub mod roles;
pub mod story;

use rayon::prelude::*;

use crate::config::ClusterConfig;
use crate::constraints::VoicePairs;
use crate::graph::Link;
use crate::graph::dates::to_micro;

pub use crate::passages::Confidence;
pub use assemble::{Findings, assemble, forms};
pub use story::{Evidence, Member, Origin, Related, Role, Story, StoryLink};

/// The stories as sorted lists of voices, in the order of their first voices; every voice is in one. `links` are sorted;
/// a voice of `weld_nothing` (a round-up) stays a story of its own, related to those that it touches, unless it must be linked.
#[must_use]
pub fn partition(
    weld_nothing: &[bool],
    links: &[Link],
    constraints: &VoicePairs,
    config: &ClusterConfig,
) -> Vec<Vec<u32>> {
    let least = to_micro(config.least_link);
    let voices = weld_nothing.len();
    let welds = |link: &&Link| !weld_nothing[link.a as usize] && !weld_nothing[link.b as usize];
    let welding: Vec<Link> = links.iter().filter(welds).copied().collect();
    let components = components::components(voices, &welding, &constraints.must, least);
    let mut of = vec![u32::MAX; voices];
    for (at, component) in (0u32..).zip(&components) {
        for &voice in component {
            of[voice as usize] = at;
        }
    }
    let mut inside: Vec<Vec<Link>> = vec![Vec::new(); components.len()];
    let component_of = |(a, b): (u32, u32)| {
        let component = of[a as usize];
        (component != u32::MAX && component == of[b as usize]).then_some(component as usize)
    };
    for link in &welding {
        if let Some(at) = component_of((link.a, link.b)) {
            inside[at].push(*link);
        }
    }
    let mut constrained = vec![VoicePairs::default(); components.len()];
    for &pair in &constraints.must {
        if let Some(at) = component_of(pair) {
            constrained[at].must.push(pair);
        }
    }
    for &pair in &constraints.cannot {
        if let Some(at) = component_of(pair) {
            constrained[at].cannot.push(pair);
        }
    }
    let mut stories: Vec<Vec<u32>> = components
        .par_iter()
        .zip(&inside)
        .zip(&constrained)
        .flat_map_iter(|((component, links), constraints)| refine::refine(component, links, constraints, config))
        .collect();
    stories.extend((0u32..).zip(&of).filter(|(_, component)| **component == u32::MAX).map(|(voice, _)| vec![voice]));
    stories.sort_unstable_by_key(|story| story[0]);
    stories
}
