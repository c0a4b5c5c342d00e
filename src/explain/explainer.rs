//! Many explanations of one run: the tables that each of them looks things up in are made once.

use crate::article::DocId;
use crate::config::Config;
use crate::explain::{Apart, SharedName, SharedTerm, apart, shared_names, shared_terms, voice_of};
use crate::graph::{Link, Part, Scorer};
use crate::pipeline::Analysis;

/// Explains pairs of one run.
pub struct Explainer<'a> {
    analysis: &'a Analysis,
    config: &'a Config,
    scorer: Scorer<'a>,
    /// By article: the place of its story.
    story: Vec<u32>,
    /// The places of the links of all voices, one voice behind the other,
    of_voices: Vec<u32>,
    /// and by voice where those begin; one more than there are voices.
    begins: Vec<u32>,
}

impl<'a> Explainer<'a> {
    /// Makes the tables. O(articles + links).
    #[must_use]
    pub fn new(analysis: &'a Analysis, config: &'a Config) -> Self {
        let mut story = vec![0; analysis.corpus.len()];
        for (at, one) in (0u32..).zip(&analysis.stories) {
            one.members.iter().for_each(|member| story[member.doc.index()] = at);
        }
        let links = &analysis.graph.links;
        let mut begins = vec![0u32; analysis.voices.speakers.len() + 1];
        for voice in links.iter().flat_map(|link| [link.a, link.b]) {
            begins[voice as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut next = begins.clone();
        let mut of_voices = vec![0; links.len() * 2];
        for (at, link) in (0u32..).zip(links) {
            for voice in [link.a, link.b] {
                let place = &mut next[voice as usize];
                of_voices[*place as usize] = at;
                *place += 1;
            }
        }
        Self { analysis, config, scorer: analysis.scorer(config), story, of_voices, begins }
    }

    /// The place of the story of an article.
    #[must_use]
    pub fn story_of(&self, doc: DocId) -> usize {
        self.story[doc.index()] as usize
    }

    /// The parts of the score of two articles; empty for one voice or two languages, which have none.
    #[must_use]
    pub fn parts(&self, a: DocId, b: DocId) -> Vec<Part> {
        let (x, y) = (voice_of(self.analysis, a), voice_of(self.analysis, b));
        let lang = |doc: DocId| self.analysis.normalised.lang(doc);
        if x == y || lang(a) != lang(b) { Vec::new() } else { self.scorer.parts(x, y) }
    }

    /// Terms of title and beginning that both have, the weightiest first. O(length of the texts).
    #[must_use]
    pub fn terms(&self, a: DocId, b: DocId) -> Vec<SharedTerm> {
        let voices = (voice_of(self.analysis, a), voice_of(self.analysis, b));
        shared_terms(self.analysis, &self.analysis.vectors.all, (a, b), voices)
    }

    /// Names that both have, the rarest first. O(length of the texts).
    #[must_use]
    pub fn names(&self, a: DocId, b: DocId) -> Vec<SharedName> {
        shared_names(self.analysis, a, b, self.config)
    }

    /// What keeps the stories of two articles apart; `None` if they are in one. O(links of the two stories).
    #[must_use]
    pub fn apart(&self, a: DocId, b: DocId) -> Option<Apart> {
        let (s, t) = (self.story_of(a), self.story_of(b));
        if s == t {
            return None;
        }
        let mut places: Vec<u32> = Vec::new();
        for story in [s, t] {
            for member in &self.analysis.stories[story].members {
                let voice = voice_of(self.analysis, member.doc) as usize;
                places.extend(&self.of_voices[self.begins[voice] as usize..self.begins[voice + 1] as usize]);
            }
        }
        places.sort_unstable();
        places.dedup();
        let mut links = places.into_iter().map(|at: u32| -> Link { self.analysis.graph.links[at as usize] });
        Some(apart(self.analysis, (a, s), (b, t), &mut links, self.config))
    }
}
