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

pub use assemble::{Findings, assemble, forms};
pub use story::{Confidence, Evidence, Member, Origin, Related, Role, Story, StoryLink};

/// The stories as sorted lists of voices, in the order of their first voices; every voice is in one. `links` are sorted;
/// a voice of `weld_nothing` (a round-up) takes no part in the clustering and joins the one story that it is nearest to, if
/// its mean score with it reaches the threshold.
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
    if weld_nothing.contains(&true) {
        take_home(&mut stories, weld_nothing, links, least);
    }
    stories
}

/// Moves each single voice that welds nothing into the story whose voices it is nearest to on average.
fn take_home(stories: &mut Vec<Vec<u32>>, weld_nothing: &[bool], links: &[Link], least: i64) {
    let mut of = vec![0usize; weld_nothing.len()];
    for (at, story) in stories.iter().enumerate() {
        for &voice in story {
            of[voice as usize] = at;
        }
    }
    let sizes: Vec<i64> = stories.iter().map(|story| i64::try_from(story.len()).unwrap_or(i64::MAX)).collect();
    let mut sums: std::collections::BTreeMap<(u32, usize), i64> = std::collections::BTreeMap::new();
    for link in links {
        for (voice, other) in [(link.a, link.b), (link.b, link.a)] {
            if weld_nothing[voice as usize] && !weld_nothing[other as usize] {
                *sums.entry((voice, of[other as usize])).or_default() += link.score;
            }
        }
    }
    let mut homes: std::collections::BTreeMap<u32, (i64, usize)> = std::collections::BTreeMap::new();
    for ((voice, story), sum) in sums {
        let mean = sum / sizes[story];
        if mean >= least && homes.get(&voice).is_none_or(|best| mean > best.0) {
            homes.insert(voice, (mean, story));
        }
    }
    for (voice, (_, story)) in homes {
        stories[of[voice as usize]].clear();
        stories[story].push(voice);
        stories[story].sort_unstable();
    }
    stories.retain(|story| !story.is_empty());
    stories.sort_unstable_by_key(|story| story[0]);
}
