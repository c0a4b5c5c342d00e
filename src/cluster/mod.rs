//! From links to stories.

pub mod assemble;
pub mod components;
pub mod origin;
pub mod refine;
pub mod roles;
pub mod story;

use rayon::prelude::*;

use crate::config::ClusterConfig;
use crate::graph::Link;
use crate::graph::dates::to_micro;

pub use crate::passages::Confidence;
pub use assemble::{Findings, assemble, forms};
pub use story::{Evidence, Member, Origin, Related, Role, Story, StoryLink};

/// The stories as sorted lists of voices, in the order of their first voices; every voice is in one. `links` are sorted;
/// a voice of `weld_nothing` (a round-up) stays a story of its own, related to those that it touches.
#[must_use]
pub fn partition(weld_nothing: &[bool], links: &[Link], config: &ClusterConfig) -> Vec<Vec<u32>> {
    let least = to_micro(config.least_link);
    let voices = weld_nothing.len();
    let welds = |link: &&Link| !weld_nothing[link.a as usize] && !weld_nothing[link.b as usize];
    let welding: Vec<Link> = links.iter().filter(welds).copied().collect();
    let components = components::components(voices, &welding, least);
    let mut of = vec![u32::MAX; voices];
    for (at, component) in (0u32..).zip(&components) {
        for &voice in component {
            of[voice as usize] = at;
        }
    }
    let mut inside: Vec<Vec<Link>> = vec![Vec::new(); components.len()];
    for link in &welding {
        let component = of[link.a as usize];
        if component != u32::MAX && component == of[link.b as usize] {
            inside[component as usize].push(*link);
        }
    }
    let mut stories: Vec<Vec<u32>> = components
        .par_iter()
        .zip(&inside)
        .flat_map_iter(|(component, links)| refine::refine(component, links, config))
        .collect();
    stories.extend((0u32..).zip(&of).filter(|(_, component)| **component == u32::MAX).map(|(voice, _)| vec![voice]));
    stories.sort_unstable_by_key(|story| story[0]);
    stories
}
