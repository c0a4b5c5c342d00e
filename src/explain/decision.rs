//! What the rule of stories says of two articles: the path that joins them or what keeps them apart, what people say, and how a
//! live blog came to its story.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::FixedState;
use serde::Serialize;

use crate::article::DocId;
use crate::cluster::Story;
use crate::cluster::partition::{Home, Turn, homes};
use crate::cluster::refine::{Side, merge_link, needed_mean};
use crate::config::Config;
use crate::constraints::{Constraint, ConstraintKind};
use crate::decimal::Micro;
use crate::error::Place;
use crate::explain::{id, link_between, story_of, voice_of};
use crate::graph::Link;
use crate::graph::dates::to_micro;
use crate::pipeline::Analysis;

/// A must-link or a cannot-link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldConstraint {
    /// `must-link` or `cannot-link`.
    pub kind: &'static str,
    /// The id of one article.
    pub a: String,
    /// That of the other.
    pub b: String,
    /// Where it is said.
    #[serde(flatten)]
    pub place: Place,
}

/// A link between two articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// From this article.
    pub from: String,
    /// To this one.
    pub to: String,
    /// The score as it counts in the stories: 0 where the two are not near enough to be compared.
    pub score: Micro,
    /// It is a must-link that joins them, whatever the score.
    pub must_link: bool,
}

/// What keeps two stories apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Apart {
    /// The reason in one word.
    pub why: Why,
    /// What the link of two stories (and of two articles alone) must reach.
    pub least: Micro,
    /// Voices that are held against each other: those of the two stories without round-ups and live blogs, which have no say,
    /// or the live blog itself.
    pub voices: [usize; 2],
    /// Mean score over all pairs across.
    pub mean: Micro,
    /// The mean that would have joined them.
    pub needed: Micro,
    /// Mean score inside each; what a single voice is taken to have where there is one.
    pub cohesion: [Micro; 2],
    /// Taken off the mean because the pairs across are looser than those inside.
    pub looser: Micro,
    /// Taken off because the whole would be large.
    pub larger: Micro,
    /// What is left of the mean, to be held against `least`.
    pub link: Micro,
    /// The best link between the two stories.
    pub best: Option<Step>,
}

/// Why two articles are in different stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Articles of different languages are never compared.
    Language,
    /// A cannot-link between the two stories.
    CannotLink,
    /// One is a round-up, which is a story of its own whatever it is near to.
    RoundUp,
    /// One is a live blog, which is in one story only: the one with the best link.
    LiveBlog,
    /// The link of the two stories does not reach the threshold.
    Link,
}

/// What people say of two stories, or of the articles of one.
pub(super) fn constraints(analysis: &Analysis, stories: (usize, usize)) -> Vec<ToldConstraint> {
    let told = |c: &Constraint| ToldConstraint {
        kind: c.kind.name(),
        a: id(analysis, c.a),
        b: id(analysis, c.b),
        place: c.place.clone(),
    };
    let there = |c: &&Constraint| {
        let ends = [c.a, c.b].map(|doc| story_of(analysis, doc));
        ends == [Some(stories.0), Some(stories.1)] || ends == [Some(stories.1), Some(stories.0)]
    };
    analysis.stories[stories.0].constraints.iter().filter(there).map(told).collect()
}

/// The shortest way from one voice to the other along the must-links and the links that hold their story together.
pub(super) fn path(analysis: &Analysis, story: &Story, x: u32, y: u32) -> Vec<Step> {
    let speaker = |voice: u32| analysis.voices.speakers[voice as usize];
    let (from, to) = (speaker(x), speaker(y));
    let voice = |doc: DocId| voice_of(analysis, doc);
    let score = |a: DocId, b: DocId| link_between(&analysis.graph.links, voice(a), voice(b)).map_or(0, |l| l.score);
    let must = story.constraints.iter().filter(|c| c.kind == ConstraintKind::Must);
    let must = must.map(|c| (speaker(voice(c.a)), speaker(voice(c.b)), true));
    let held: Vec<_> = must.chain(story.links.iter().map(|link| (link.a, link.b, false))).collect();
    let mut came: HashMap<DocId, (DocId, bool), FixedState> = HashMap::default();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front().filter(|at| *at != to) {
        for &(a, b, must) in &held {
            let next = match at {
                at if at == a => b,
                at if at == b => a,
                _ => continue,
            };
            if next != from && !came.contains_key(&next) {
                came.insert(next, (at, must));
                queue.push_back(next);
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = to;
    while let Some(&(before, must_link)) = came.get(&at) {
        let score = Micro(score(before, at));
        steps.push(Step { from: id(analysis, before), to: id(analysis, at), score, must_link });
        at = before;
    }
    steps.reverse();
    steps
}

/// How a live blog came to its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// Its id.
    pub id: String,
    /// How.
    pub by: PlacedBy,
    /// What the link to a story must reach.
    pub least: Micro,
    /// Its link to the story that it is in, as that is without round-ups and live blogs; `None` where it has none.
    pub link: Option<Micro>,
    /// The id of the other story that it has the best link to,
    pub next: Option<String>,
    /// and that link.
    pub next_link: Option<Micro>,
}

/// What put a live blog where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlacedBy {
    /// It must be linked with a report.
    MustLink,
    /// Of all stories that it may be in, this one has the best link to it.
    Link,
    /// No story that it may be in reaches the threshold: it is alone or with other live blogs.
    NoStory,
}

/// The voices of a story, sorted.
fn voices_of(analysis: &Analysis, story: usize) -> Vec<u32> {
    let mut voices: Vec<u32> = analysis.stories[story].members.iter().map(|m| voice_of(analysis, m.doc)).collect();
    voices.sort_unstable();
    voices.dedup();
    voices
}

/// How each of the articles that are live blogs came to its story. O(voices + links).
pub(super) fn live_blogs(analysis: &Analysis, docs: [DocId; 2], config: &Config) -> Vec<Placed> {
    let turns = &analysis.turns;
    let mut blogs = docs.to_vec();
    blogs.retain(|&doc| turns.own(voice_of(analysis, doc)) == Turn::LiveBlog);
    blogs.dedup_by_key(|doc| voice_of(analysis, *doc));
    if blogs.is_empty() {
        return Vec::new();
    }
    let stories: Vec<Vec<u32>> = (0..analysis.stories.len()).map(|story| voices_of(analysis, story)).collect();
    let homes = homes(turns, &stories, &analysis.graph.links, &config.cluster);
    let placed = |doc: DocId| -> Option<Placed> {
        let voice = voice_of(analysis, doc);
        let (lead, own) = (turns.lead(voice), story_of(analysis, doc)?);
        let is_own = |home: &&Home| home.story as usize == own;
        let mine = || homes.iter().filter(|home| home.blog == lead);
        let with_reports = stories[own].iter().any(|&voice| turns.says(voice) == Some(Turn::Report));
        let next = mine().find(|home| !is_own(home));
        Some(Placed {
            id: id(analysis, doc),
            by: match () {
                () if turns.own(lead) == Turn::Report => PlacedBy::MustLink,
                () if with_reports => PlacedBy::Link,
                () => PlacedBy::NoStory,
            },
            least: Micro(to_micro(config.cluster.least_link)),
            link: mine().find(is_own).map(|home| Micro(home.link)),
            next: next.map(|home| analysis.stories[home.story as usize].id.clone()),
            next_link: next.map(|home| Micro(home.link)),
        })
    };
    blogs.into_iter().filter_map(placed).collect()
}

/// One of two stories as they were held against each other.
struct Held {
    /// The voices that had a say, sorted.
    voices: Vec<u32>,
    /// When they had it.
    turn: Turn,
    /// The article is a live blog that was given a home among reports.
    is_guest: bool,
}

/// The two sides, given the voices of the stories of two articles.
fn held(analysis: &Analysis, voices: [u32; 2], stories: [Vec<u32>; 2]) -> [Held; 2] {
    let turns = &analysis.turns;
    let turn_of = |story: &[u32]| story.iter().filter_map(|&v| turns.says(v)).min().unwrap_or(Turn::RoundUp);
    let both = [turn_of(&stories[0]), turn_of(&stories[1])];
    let mut at = 0;
    stories.map(|mut story| {
        let (voice, turn, other) = (voices[at], both[at], both[1 - at]);
        at += 1;
        let lead = turns.lead(voice);
        let is_blog = turns.own(lead) == Turn::LiveBlog;
        if is_blog && (turn == Turn::Report || other == Turn::Report) {
            // A live blog seeks its home by itself, with what it must be linked with.
            story.retain(|&v| turns.lead(v) == lead && turns.says(v).is_some());
        } else {
            story.retain(|&v| turns.says(v) == Some(turn));
        }
        Held { voices: story, turn, is_guest: is_blog && turn == Turn::Report }
    })
}

/// Holds the two stories against the rule that would have merged them; all links of their voices are among `links`, each once.
pub(super) fn apart(
    analysis: &Analysis,
    (a, s): (DocId, usize),
    (b, t): (DocId, usize),
    links: &mut dyn Iterator<Item = Link>,
    config: &Config,
) -> Apart {
    let stories = [s, t].map(|story| voices_of(analysis, story));
    let sides = held(analysis, [a, b].map(|doc| voice_of(analysis, doc)), stories);
    let [here, there] = &sides;
    let (mut inside, mut across, mut best) = ([0i64; 2], 0i64, None::<Link>);
    for link in links {
        let side = |voice: u32| {
            let hit = |held: &Held| held.voices.binary_search(&voice).is_ok();
            if hit(here) { Some(0) } else { hit(there).then_some(1) }
        };
        match (side(link.a), side(link.b)) {
            (Some(p), Some(q)) if p == q => inside[p] += link.score,
            (Some(_), Some(_)) => {
                across += link.score;
                if best.is_none_or(|best| link.score > best.score) {
                    best = Some(link);
                }
            }
            _ => {}
        }
    }
    let counted = [0, 1].map(|at| Side { voices: sides[at].voices.len(), inside: inside[at] });
    let merge = merge_link(counted[0], counted[1], across, &config.cluster);
    let one_language = analysis.normalised.lang(a) == analysis.normalised.lang(b);
    // Where a live blog with a home was held against other reports, and their link is too weak, that is why.
    let guests = [here, there].map(|held| held.is_guest);
    let has_its_home = match guests {
        [true, true] => true,
        [true, false] => there.turn == Turn::LiveBlog || merge.link() >= merge.least,
        [false, true] => here.turn == Turn::LiveBlog || merge.link() >= merge.least,
        [false, false] => false,
    };
    let why = match () {
        () if !constraints(analysis, (s, t)).is_empty() => Why::CannotLink,
        () if !one_language => Why::Language,
        () if here.turn == Turn::RoundUp || there.turn == Turn::RoundUp => Why::RoundUp,
        () if has_its_home => Why::LiveBlog,
        () => Why::Link,
    };
    let speaker = |voice: u32| id(analysis, analysis.voices.speakers[voice as usize]);
    let step = |link: Link| {
        let (from, to) = if here.voices.binary_search(&link.a).is_ok() { (link.a, link.b) } else { (link.b, link.a) };
        Step { from: speaker(from), to: speaker(to), score: Micro(link.score), must_link: false }
    };
    Apart {
        why,
        least: Micro(merge.least),
        voices: counted.map(|side| side.voices),
        mean: Micro(merge.mean),
        needed: Micro(needed_mean(counted[0], counted[1], &config.cluster)),
        cohesion: merge.cohesion.map(Micro),
        looser: Micro(merge.looser),
        larger: Micro(merge.larger),
        link: Micro(merge.link()),
        best: best.map(step),
    }
}
