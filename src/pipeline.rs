//! The one place that calls all stages, in order.

use crate::article::{Date, DocId};
use crate::cluster::{Findings, Role, Story, assemble, forms, partition};
use crate::config::Config;
use crate::copies::{self, CopyGroup, Coverage, Grounds, Voices};
use crate::corpus::Corpus;
use crate::graph::{Graph, Material, Scorer, SharedTexts, dates, graph};
use crate::join::join;
use crate::normalise::{CreditFinder, Normalised, normalise, tokenise};
use crate::outlets::OutletTable;
use crate::passages::{Passages, find};
use crate::progress::Progress;
use crate::survey::{Survey, survey, survey_words};
use crate::vectorise::{Vectors, vectorise};

/// Everything that a run has found out.
#[derive(Debug)]
pub struct Analysis {
    /// The articles.
    pub corpus: Corpus,
    /// Their tokens, sentences, quotations, credits and facts.
    pub normalised: Normalised,
    /// What only the whole corpus knows.
    pub survey: Survey,
    /// Text shared word for word.
    pub passages: Passages,
    /// What each pair shares, measured.
    pub coverages: Vec<Coverage>,
    /// Texts and their republications.
    pub copy_groups: Vec<CopyGroup>,
    /// Articles folded by near-identical text.
    pub voices: Voices,
    /// The voices' vectors.
    pub vectors: Vectors,
    /// The scored links between voices.
    pub graph: Graph,
    /// The stories, the largest first.
    pub stories: Vec<Story>,
    shared: SharedTexts,
    dates: Vec<Option<Date>>,
}

/// What is known of a corpus once its passages are found.
#[derive(Debug)]
pub struct FoundPassages {
    /// The articles.
    pub corpus: Corpus,
    /// Their tokens, with what the survey marked in them.
    pub normalised: Normalised,
    /// Text shared word for word.
    pub passages: Passages,
}

/// From articles to the passages that they share: the first stages of [`analyse`], which begins in the same way.
#[must_use]
pub fn passages_of_corpus(
    corpus: Corpus,
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> FoundPassages {
    let mut normalised = tokenise(&corpus, progress);
    normalised.find_stems();
    let rarity = survey_words(&corpus, &mut normalised, progress);
    let passages = find(&corpus, &normalised, &rarity, &corpus.time_order(), &config.passages, progress);
    // Credits decide kinds and directions: they are looked for where there is something to decide.
    let mut shown = vec![false; corpus.len()];
    for (doc, same) in (0u32..).zip(&passages.same_text).filter(|(doc, same)| *doc != same.0) {
        shown[doc as usize] = true;
        shown[same.index()] = true;
    }
    for shared in passages.pairs() {
        shown[shared.a.index()] = true;
        shown[shared.b.index()] = true;
    }
    let credits = CreditFinder::new(outlets, corpus.articles().iter().filter_map(|article| article.outlet_name()));
    normalised.find_facts(&corpus, &credits, |doc| shown[doc.index()]);
    FoundPassages { corpus, normalised, passages }
}

/// From articles to stories.
#[must_use]
pub fn analyse(corpus: Corpus, outlets: &OutletTable, config: &Config, progress: &dyn Progress) -> Analysis {
    let credits = CreditFinder::new(outlets, corpus.articles().iter().filter_map(|article| article.outlet_name()));
    let order = corpus.time_order();
    let mut normalised = normalise(&corpus, &credits, progress);
    let survey = survey(&corpus, &mut normalised, progress);
    let passages = find(&corpus, &normalised, &survey.rarity, &order, &config.passages.in_story(), progress);
    let own_words = copies::own_words(&normalised);
    let coverages = copies::coverages(&passages, &normalised, &own_words, &config.copies);
    let compilations = copies::compilations(&coverages, &own_words, &config.copies);
    let grounds = Grounds {
        corpus: &corpus,
        normalised: &normalised,
        same_text: &passages.same_text,
        coverages: &coverages,
        compilations: &compilations,
        order: &order,
    };
    let copy_groups = copies::groups(&grounds, |_| 0, &config.copies);
    let voices = copies::fold(&passages.same_text, &coverages, &order, &config.copies);
    let vectors = vectorise(&voices.speakers, &normalised, &survey, &config.vectorise, progress);
    let pairs = join(&vectors, &config.join, progress);
    let shared = SharedTexts::new(&coverages, &voices, &config.copies);
    let pairs = shared.with_pairs(pairs, &vectors);
    let dates = dates::of_voices(&corpus, &normalised, &voices);
    let material = Material {
        corpus: &corpus,
        voices: &voices.speakers,
        dates: &dates,
        normalised: &normalised,
        survey: &survey,
        vectors: &vectors,
        shared: &shared,
    };
    let mut scorer = Scorer::new(&material, &config.score);
    let graph = graph(&pairs, &mut scorer, &config.score, progress);
    let forms = forms(&corpus, &normalised, &compilations, &voices, &graph, &config.cluster);
    let weld_nothing: Vec<bool> = voices.speakers.iter().map(|doc| forms[doc.index()] == Some(Role::RoundUp)).collect();
    progress.stage("cluster", None);
    let partition = partition(&weld_nothing, &graph.links, &config.cluster);
    let found = Findings {
        corpus: &corpus,
        normalised: &normalised,
        survey: &survey,
        copies: &grounds,
        voices: &voices,
        vectors: &vectors,
        graph: &graph,
        order: &order,
    };
    let stories = assemble(&partition, &found, &forms, &scorer, config);
    Analysis {
        corpus,
        normalised,
        survey,
        passages,
        coverages,
        copy_groups,
        voices,
        vectors,
        graph,
        stories,
        shared,
        dates,
    }
}

impl Analysis {
    /// A scorer that gives the very scores of this run, to explain them.
    #[must_use]
    pub fn scorer<'a>(&'a self, config: &'a Config) -> Scorer<'a> {
        let material = Material {
            corpus: &self.corpus,
            voices: &self.voices.speakers,
            dates: &self.dates,
            normalised: &self.normalised,
            survey: &self.survey,
            vectors: &self.vectors,
            shared: &self.shared,
        };
        let mut scorer = Scorer::new(&material, &config.score);
        scorer.neighbours.clone_from(&self.graph.neighbours);
        scorer
    }

    /// The place of the story that an article is in.
    #[must_use]
    pub fn story_of(&self, doc: DocId) -> Option<usize> {
        self.stories.iter().position(|story| story.members.iter().any(|member| member.doc == doc))
    }
}
