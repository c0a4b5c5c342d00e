//! Which voices are one story. Not every voice has a say in it: first the reports are put together, then each live blog is put
//! into one of their stories, and what is left of the live blogs is put together by itself; a round-up is alone.
//!
//! A live blog of a day touches whatever happened on it, and a round-up lists what has nothing in common: if they took part as
//! reports do, they would weld the stories that they touch. So neither counts in a mean score between two stories.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

use crate::cluster::components::components;
use crate::cluster::refine::{Side, merge_link, refine};
use crate::config::ClusterConfig;
use crate::constraints::VoicePairs;
use crate::copies::Form;
use crate::graph::Link;
use crate::graph::dates::to_micro;

/// No story yet.
const NONE: u32 = u32::MAX;

/// When a voice has its say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Whatever is neither of the following.
    Report,
    /// It joins one story when those of the reports are made.
    LiveBlog,
    /// It joins none.
    RoundUp,
}

/// When each voice has its say. Of what must be linked only those with the earliest turn have any; the others go with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    /// By voice: its own.
    of: Vec<Turn>,
    /// By voice: the first of the earliest turn among all that it must be linked with; itself if there are none.
    lead: Vec<u32>,
}

impl Turns {
    /// Of voices that are round-ups, live blogs or neither, and the pairs of them that must be linked. Nearly O(voices + pairs).
    #[must_use]
    pub fn new(forms: impl IntoIterator<Item = Option<Form>>, must: &[(u32, u32)]) -> Self {
        let turn = |form| match form {
            Some(Form::RoundUp) => Turn::RoundUp,
            Some(Form::LiveBlog) => Turn::LiveBlog,
            _ => Turn::Report,
        };
        let of: Vec<Turn> = forms.into_iter().map(turn).collect();
        let mut sets = UnionFind::<u32>::new(of.len());
        for &(a, b) in must {
            sets.union(a, b);
        }
        let sets = sets.into_labeling();
        let mut leads = vec![NONE; of.len()];
        for (voice, &set) in (0u32..).zip(&sets) {
            let lead = &mut leads[set as usize];
            if *lead == NONE || of[voice as usize] < of[*lead as usize] {
                *lead = voice;
            }
        }
        let lead = sets.iter().map(|&set| leads[set as usize]).collect();
        Self { of, lead }
    }

    /// How many voices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there is no voice.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The turn of a voice by itself.
    #[must_use]
    pub fn own(&self, voice: u32) -> Turn {
        self.of[voice as usize]
    }

    /// The voice in whose story it is, whatever the scores: the same for all that must be linked.
    #[must_use]
    pub fn lead(&self, voice: u32) -> u32 {
        self.lead[voice as usize]
    }

    /// When a voice has its say; `None` where it only goes with its lead.
    #[must_use]
    pub fn says(&self, voice: u32) -> Option<Turn> {
        let own = self.own(voice);
        (own == self.own(self.lead(voice))).then_some(own)
    }

    /// The constraints between voices that have a say at one time.
    fn constraints(&self, constraints: &VoicePairs) -> VoicePairs {
        let voices = (0u32..).take(self.len());
        let must = voices.filter(|&voice| self.says(voice).is_some()).map(|voice| (self.lead(voice), voice));
        let leads = constraints.cannot.iter().map(|&(a, b)| (self.lead(a), self.lead(b)));
        let mut cannot: Vec<(u32, u32)> = leads.map(|(a, b)| (a.min(b), a.max(b))).collect();
        cannot.sort_unstable();
        cannot.dedup();
        VoicePairs { must: must.filter(|(lead, voice)| lead != voice).collect(), cannot }
    }
}

/// The stories as sorted lists of voices, in the order of their first voices; every voice is in one. `links` are sorted.
///
/// Two live blogs of an event that nobody else reports are one story if the rule says so, since those without a home are put
/// together as reports are; one that has its home stays there and draws no other after it.
#[must_use]
pub fn partition(turns: &Turns, links: &[Link], constraints: &VoicePairs, config: &ClusterConfig) -> Vec<Vec<u32>> {
    let constraints = turns.constraints(constraints);
    let mut stories = agglomerate(turns, &|v| turns.says(v) == Some(Turn::Report), links, &constraints, config);
    let mut story_of = vec![NONE; turns.len()];
    let enter = |story_of: &mut Vec<u32>, stories: &[Vec<u32>], from: usize| {
        for (at, story) in (0u32..).zip(stories).skip(from) {
            story.iter().for_each(|&voice| story_of[voice as usize] = at);
        }
    };
    enter(&mut story_of, &stories, 0);
    take_home(turns, homes(turns, &stories, links, config), &constraints, config, &mut story_of);
    let homeless = |v: u32| turns.says(v) == Some(Turn::LiveBlog) && story_of[turns.lead(v) as usize] == NONE;
    let blogs = agglomerate(turns, &homeless, links, &constraints, config);
    let voices = || (0u32..).take(turns.len());
    let round_ups = voices().filter(|&v| turns.lead(v) == v && turns.own(v) == Turn::RoundUp).map(|v| vec![v]);
    let before = stories.len();
    stories.extend(blogs.into_iter().chain(round_ups));
    enter(&mut story_of, &stories, before);
    let mut whole: Vec<Vec<u32>> = vec![Vec::new(); stories.len()];
    for voice in voices() {
        whole[story_of[turns.lead(voice) as usize] as usize].push(voice);
    }
    whole.sort_unstable_by_key(|story| story[0]);
    whole
}

/// The stories of those voices that take part, by the rule of [`refine`] alone.
fn agglomerate(
    turns: &Turns,
    takes_part: &dyn Fn(u32) -> bool,
    links: &[Link],
    constraints: &VoicePairs,
    config: &ClusterConfig,
) -> Vec<Vec<u32>> {
    let links: Vec<Link> = links.iter().filter(|link| takes_part(link.a) && takes_part(link.b)).copied().collect();
    let must: Vec<(u32, u32)> = constraints.must.iter().filter(|(_, voice)| takes_part(*voice)).copied().collect();
    let components = components(turns.len(), &links, &must, to_micro(config.least_link));
    let mut of = vec![NONE; turns.len()];
    for (at, component) in (0u32..).zip(&components) {
        component.iter().for_each(|&voice| of[voice as usize] = at);
    }
    let component_of = |(a, b): (u32, u32)| {
        let component = of[a as usize];
        (component != NONE && component == of[b as usize]).then_some(component as usize)
    };
    let mut inside: Vec<Vec<Link>> = vec![Vec::new(); components.len()];
    for link in &links {
        if let Some(at) = component_of((link.a, link.b)) {
            inside[at].push(*link);
        }
    }
    let mut constrained = vec![VoicePairs::default(); components.len()];
    for &pair in &must {
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
        .flat_map_iter(|((component, links), constraints)| refine(component, links, constraints, config))
        .collect();
    let alone = (0u32..).zip(&of).filter(|(voice, component)| **component == NONE && takes_part(*voice));
    stories.extend(alone.map(|(voice, _)| vec![voice]));
    stories.sort_unstable_by_key(|story| story[0]);
    stories
}

/// A story that a live blog may be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The live blog; of several that must be linked, their lead.
    pub blog: u32,
    /// The place of the story.
    pub story: u32,
    /// Their link by the rule for two stories, in millionths.
    pub link: i64,
}

/// The link of each live blog that goes with no report to each of the stories that it has a score with, the best first;
/// of equal ones the first story. Only those voices of a story count that have their say as reports. O(links).
#[must_use]
pub fn homes(turns: &Turns, stories: &[Vec<u32>], links: &[Link], config: &ClusterConfig) -> Vec<Home> {
    let mut story_of = vec![NONE; turns.len()];
    let mut sides = vec![Side { voices: 0, inside: 0 }; stories.len()];
    for (at, story) in stories.iter().enumerate() {
        for &voice in story.iter().filter(|&&voice| turns.says(voice) == Some(Turn::Report)) {
            story_of[voice as usize] = u32::try_from(at).unwrap_or(NONE);
            sides[at].voices += 1;
        }
    }
    let mut blogs: HashMap<u32, Side, FixedState> = HashMap::default();
    for voice in (0u32..).take(turns.len()).filter(|&voice| turns.says(voice) == Some(Turn::LiveBlog)) {
        blogs.entry(turns.lead(voice)).or_insert(Side { voices: 0, inside: 0 }).voices += 1;
    }
    let mut across: BTreeMap<(u32, u32), i64> = BTreeMap::new();
    for link in links {
        match (turns.says(link.a), turns.says(link.b)) {
            (Some(Turn::Report), Some(Turn::Report)) => {
                let story = story_of[link.a as usize];
                if story != NONE && story == story_of[link.b as usize] {
                    sides[story as usize].inside += link.score;
                }
            }
            (Some(Turn::LiveBlog), Some(Turn::LiveBlog)) if turns.lead(link.a) == turns.lead(link.b) => {
                blogs.entry(turns.lead(link.a)).and_modify(|side| side.inside += link.score);
            }
            (Some(Turn::LiveBlog), Some(Turn::Report)) | (Some(Turn::Report), Some(Turn::LiveBlog)) => {
                let blog_first = turns.own(link.a) == Turn::LiveBlog;
                let (blog, report) = if blog_first { (link.a, link.b) } else { (link.b, link.a) };
                let story = story_of[report as usize];
                if story != NONE {
                    *across.entry((turns.lead(blog), story)).or_default() += link.score;
                }
            }
            _ => {}
        }
    }
    let home = |((blog, story), across): ((u32, u32), i64)| {
        let link = merge_link(*blogs.get(&blog)?, sides[story as usize], across, config).link();
        Some(Home { blog, story, link })
    };
    let mut homes: Vec<Home> = across.into_iter().filter_map(home).collect();
    homes.sort_unstable_by_key(|home| (std::cmp::Reverse(home.link), home.blog, home.story));
    homes
}

/// Puts each live blog into the best of its homes (they come best first) that reaches the threshold and that no cannot-link
/// forbids: neither with a report of it nor with a live blog that was put there before.
fn take_home(turns: &Turns, homes: Vec<Home>, constraints: &VoicePairs, config: &ClusterConfig, story_of: &mut [u32]) {
    let mut apart: HashMap<u32, Vec<u32>, FixedState> = HashMap::default();
    for &(a, b) in &constraints.cannot {
        for (one, other) in [(a, b), (b, a)] {
            if turns.own(one) == Turn::LiveBlog {
                apart.entry(one).or_default().push(other);
            }
        }
    }
    let least = to_micro(config.least_link);
    for Home { blog, story, .. } in homes.into_iter().filter(|home| home.link >= least) {
        let forbidden =
            || apart.get(&blog).is_some_and(|others| others.iter().any(|&other| story_of[other as usize] == story));
        if story_of[blog as usize] == NONE && !forbidden() {
            story_of[blog as usize] = story;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VOICES: u32 = 11;

    fn link(a: u32, b: u32, score: i64) -> Link {
        Link { a, b, score, affair: score }
    }

    fn turns(forms: &[Option<Form>]) -> Turns {
        Turns::new(forms.iter().copied(), &[])
    }

    const REPORT: Option<Form> = None;
    const BLOG: Option<Form> = Some(Form::LiveBlog);
    const ROUND_UP: Option<Form> = Some(Form::RoundUp);

    fn forms() -> impl Strategy<Value = Vec<Option<Form>>> {
        let form = prop_oneof![4 => Just(REPORT), 2 => Just(BLOG), 1 => Just(ROUND_UP)];
        proptest::collection::vec(form, VOICES as usize)
    }

    /// A few scores only, so that there are many ties.
    fn links() -> impl Strategy<Value = Vec<Link>> {
        let pairs: Vec<(u32, u32)> = (0..VOICES).flat_map(|a| (a + 1..VOICES).map(move |b| (a, b))).collect();
        let scores = proptest::collection::vec(prop_oneof![Just(0i64), 1..8i64], pairs.len());
        scores.prop_map(move |scores| {
            let scored = pairs.iter().zip(scores).filter(|(_, score)| *score > 0);
            scored.map(|(&(a, b), score)| link(a, b, score * 70_001)).collect()
        })
    }

    /// Constraints without contradictions: voices of one class may be told to be linked, of two to be apart.
    fn constraints() -> impl Strategy<Value = VoicePairs> {
        let classes = proptest::collection::vec(0..5u32, VOICES as usize);
        let pairs = proptest::collection::vec((0..VOICES, 0..VOICES), 0..6);
        (classes, pairs).prop_map(|(classes, pairs)| {
            let mut pairs: Vec<(u32, u32)> =
                pairs.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            let (must, cannot) = pairs.into_iter().partition(|(a, b)| classes[*a as usize] == classes[*b as usize]);
            VoicePairs { must, cannot }
        })
    }

    proptest! {
        #[test]
        fn reports_are_put_together_as_if_there_were_nothing_else(forms in forms(), links in links()) {
            let (config, none) = (ClusterConfig::default(), VoicePairs::default());
            let is_report = |voice: &u32| forms[*voice as usize].is_none();
            let mut found = partition(&turns(&forms), &links, &none, &config);
            for story in &mut found {
                story.retain(is_report);
            }
            found.retain(|story| !story.is_empty());
            found.sort();
            let reports: Vec<u32> = (0..VOICES).filter(is_report).collect();
            prop_assert_eq!(found, refine(&reports, &links, &none, &config));
        }

        #[test]
        fn a_live_blog_is_in_the_story_with_the_best_link(forms in forms(), links in links()) {
            let (config, none) = (ClusterConfig::default(), VoicePairs::default());
            let score = |x: u32, y: u32| {
                links.iter().find(|link| (link.a, link.b) == (x.min(y), x.max(y))).map_or(0, |link| link.score)
            };
            let stories = partition(&turns(&forms), &links, &none, &config);
            let reports = |story: &[u32]| -> Vec<u32> {
                story.iter().copied().filter(|&voice| forms[voice as usize].is_none()).collect()
            };
            let to = |blog: u32, story: &[u32]| {
                let reports = reports(story);
                let inside = reports.iter().flat_map(|&x| reports.iter().map(move |&y| (x, y))).filter(|(x, y)| x < y);
                let inside = inside.map(|(x, y)| score(x, y)).sum();
                let across = reports.iter().map(|&report| score(report, blog)).sum();
                let (one, side) = (Side { voices: 1, inside: 0 }, Side { voices: reports.len(), inside });
                (!reports.is_empty()).then(|| merge_link(one, side, across, &config).link())
            };
            for blog in (0..VOICES).filter(|&voice| forms[voice as usize] == BLOG) {
                let own = stories.iter().find(|story| story.contains(&blog)).expect("it is in one");
                let best = stories.iter().filter_map(|story| to(blog, story)).max().filter(|link| *link >= 130_000);
                prop_assert_eq!(to(blog, own), best);
            }
            for voice in (0..VOICES).filter(|&voice| forms[voice as usize] == ROUND_UP) {
                prop_assert!(stories.contains(&vec![voice]));
            }
        }

        #[test]
        fn constraints_stand_above_forms(forms in forms(), links in links(), constraints in constraints()) {
            let turns = Turns::new(forms.iter().copied(), &constraints.must);
            let stories = partition(&turns, &links, &constraints, &ClusterConfig::default());
            let one = |(a, b): &(u32, u32)| stories.iter().any(|story| story.contains(a) && story.contains(b));
            prop_assert!(constraints.must.iter().all(one), "{:?}", stories);
            prop_assert!(!constraints.cannot.iter().any(one), "{:?}", stories);
            let mut all: Vec<u32> = stories.into_iter().flatten().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..VOICES).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn live_blogs_weld_nothing_and_can_be_a_story_by_themselves() {
        let (config, none) = (ClusterConfig::default(), VoicePairs::default());
        let stories = |forms: &[Option<Form>], links: &[Link]| partition(&turns(forms), links, &none, &config);
        // 0 and 2 have nothing in common but what is like both.
        let links = [link(0, 1, 600_000), link(1, 2, 500_000)];
        assert_eq!(stories(&[REPORT; 3], &links), [vec![0, 1, 2]]);
        assert_eq!(stories(&[REPORT, BLOG, REPORT], &links), [vec![0, 1], vec![2]]);
        assert_eq!(stories(&[REPORT, ROUND_UP, REPORT], &links), [vec![0], vec![1], vec![2]]);
        assert_eq!(stories(&[ROUND_UP, BLOG, BLOG], &links), [vec![0], vec![1, 2]]);
        let tie = [link(0, 1, 500_000), link(1, 2, 500_000)];
        assert_eq!(stories(&[REPORT, BLOG, REPORT], &tie), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn what_must_be_linked_with_a_report_goes_with_it_and_weakens_no_link_of_it() {
        let config = ClusterConfig::default();
        let constraints = VoicePairs { must: vec![(0, 1), (1, 3)], cannot: vec![(1, 4)] };
        let forms = [REPORT, BLOG, REPORT, ROUND_UP, BLOG];
        let links = [link(0, 2, 150_000), link(0, 4, 150_000), link(2, 4, 150_000)];
        let turns = Turns::new(forms, &constraints.must);
        assert_eq!(partition(&turns, &links, &constraints, &config), [vec![0, 1, 2, 3], vec![4]]);
    }
}
