//! The one place that calls all stages, in order.

use rayon::prelude::*;

use crate::article::{Date, DocId};
use crate::cluster::{Findings, Story, Turns, assemble, forms, partition};
use crate::config::{Config, PassagesConfig};
use crate::constraints::Constraints;
use crate::copies::{self, CopyGroup, Coverage, Grounds, Voices};
use crate::corpus::Corpus;
use crate::error::Error;
use crate::graph::{Graph, Material, Scorer, SharedTexts, dates, graph};
use crate::join::join;
use crate::normalise::{CreditFinder, Normalised, normalise, tokenise};
use crate::outlets::OutletTable;
use crate::passages::direction::{direction, judge};
use crate::passages::groups::groups;
use crate::passages::thorough;
use crate::passages::{Alignment, Judgement, Passage, PassageGroup, Passages, Shared, find, passages_of};
use crate::progress::Progress;
use crate::survey::{Furniture, Survey, survey, survey_words};
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
    /// Which voices have a say in what is one story, and when: round-ups and live blogs have less than reports.
    pub turns: Turns,
    /// The stories, the largest first.
    pub stories: Vec<Story>,
    /// What people say of pairs; the stories keep to it.
    pub constraints: Constraints,
    shared: SharedTexts,
    dates: Vec<Option<Date>>,
    in_story: PassagesConfig,
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
    /// By article: its rank in time.
    pub order: Vec<u32>,
}

/// From articles to the passages that they share: the first stages of [`analyse`], which begins in the same way.
///
/// # Errors
/// [`crate::error::ErrorKind::Spill`] if what does not fit the memory cannot be written or read; see [`Corpus::bounded`].
pub fn passages_of_corpus(
    corpus: Corpus,
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> Result<FoundPassages, Error> {
    let mut normalised = tokenise(&corpus, progress);
    normalised.find_stems();
    let rarity = survey_words(&corpus, &mut normalised, progress);
    corpus.spill().check()?;
    let order = corpus.time_order();
    let passages = find(&corpus, &normalised, &rarity, &order, &config.passages, progress);
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
    normalised.find_credits(&corpus, &credits, |doc| shown[doc.index()]);
    corpus.spill().check()?;
    Ok(FoundPassages { corpus, normalised, passages, order })
}

/// The copies of a corpus.
#[derive(Debug)]
pub struct FoundCopies {
    /// The articles.
    pub corpus: Corpus,
    /// By article: the earliest one with the same text.
    pub same_text: Vec<DocId>,
    /// What pairs of texts share, by pair.
    pub coverages: Vec<Coverage>,
    /// Texts and their republications.
    pub groups: Vec<CopyGroup>,
}

/// From articles to their copy groups, which are those of [`analyse`] where nothing is constrained.
///
/// # Errors
/// [`crate::error::ErrorKind::Spill`] if a disk fails.
pub fn copies_of_corpus(
    corpus: Corpus,
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> Result<FoundCopies, Error> {
    let config = Config { passages: config.passages.in_story(), ..config.clone() };
    let FoundPassages { corpus, normalised, passages, order } = passages_of_corpus(corpus, outlets, &config, progress)?;
    progress.stage("copies", None);
    let (own_words, forms) = copies::each_alone(&normalised);
    let coverages = copies::coverages(&passages, &normalised, &own_words, &config.copies);
    let compilations = copies::compilations(&passages, &coverages, &own_words, &config);
    let same_text = passages.same_text;
    let grounds = Grounds {
        corpus: &corpus,
        normalised: &normalised,
        same_text: &same_text,
        coverages: &coverages,
        compilations: &compilations,
        forms: &forms,
        order: &order,
    };
    let groups = copies::groups(&grounds, |_| 0, &config.copies);
    corpus.spill().check()?;
    Ok(FoundCopies { corpus, same_text, coverages, groups })
}

/// What the outlets of a corpus repeat: the first stages of [`analyse`].
///
/// # Errors
/// As [`passages_of_corpus`].
pub fn furniture_of_corpus(corpus: &Corpus, progress: &dyn Progress) -> Result<Furniture, Error> {
    let normalised = tokenise(corpus, progress);
    progress.stage("survey", None);
    let furniture = Furniture::learn(corpus, &normalised);
    corpus.spill().check().map(|()| furniture)
}

/// All passages of a run, to be shown.
#[derive(Clone, Debug, Default)]
pub struct PassageReport {
    /// By pair of articles, and by their place in the first.
    pub passages: Vec<ReportedPassage>,
    /// The same passage in all articles that have it: in most articles first, then the longest.
    pub groups: Vec<PassageGroup>,
}

/// A passage with what is known of it.
#[derive(Clone, Debug)]
pub struct ReportedPassage {
    /// The passage.
    pub passage: Passage,
    /// Who had it first.
    pub judgement: Judgement,
    /// Its group, a place in [`PassageReport::groups`].
    pub group: usize,
}

impl FoundPassages {
    /// All passages with kinds, directions and groups. A text that is the same word for word as an earlier one has one passage
    /// with that, and none with others: what they share with the earlier one is the same. O(words of the passages).
    #[must_use]
    pub fn report(&self, config: &PassagesConfig) -> PassageReport {
        report(&self.corpus, &self.normalised, &self.passages, &self.order, config)
    }
}

fn report(
    corpus: &Corpus,
    normalised: &Normalised,
    passages: &Passages,
    order: &[u32],
    config: &PassagesConfig,
) -> PassageReport {
    let outlet = |doc: DocId| corpus.get(doc).outlet_name();
    let copies = (0u32..).map(DocId).zip(&passages.same_text).filter(|(doc, same)| doc != *same);
    let copies =
        copies.filter(|(doc, same)| config.same_outlet || outlet(*doc).is_none() || outlet(*doc) != outlet(**same));
    let whole = |(doc, &same): (DocId, &DocId)| {
        let found = Alignment::whole(normalised.body_len(doc));
        passages_of(Shared { a: doc.min(same), b: doc.max(same), passages: &[found] }, normalised)
    };
    let mut all: Vec<Passage> = copies.flat_map(whole).collect();
    let pairs: Vec<Shared> = passages.pairs().collect();
    all.par_extend(pairs.into_par_iter().flat_map_iter(|shared| passages_of(shared, normalised)));
    all.par_sort_by_key(|passage| (passage.a, passage.b, passage.a_span, passage.b_span));
    let (groups, of) = groups(&all, corpus, order);
    let judged = |(passage, group): (Passage, usize)| {
        let judgement = judge(passage.a, passage.b, groups[group].places[0].doc, corpus, normalised);
        ReportedPassage { passage, judgement, group }
    };
    let passages = all.into_par_iter().zip(of).map(judged).collect();
    PassageReport { passages, groups }
}

/// Two articles, compared with all that they have.
#[derive(Debug)]
pub struct Comparison {
    /// The articles that they are two of.
    pub corpus: Corpus,
    /// The tokens of all, and the credits of the two.
    pub normalised: Normalised,
    /// The one article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// What both have, copied or rewritten, by its place in `a`.
    pub passages: Vec<Passage>,
    /// Who had it first.
    pub judgement: Judgement,
}

/// Compares two articles by the thorough preset; what the rest of the corpus knows says what is rare, and what an outlet
/// repeats.
///
/// # Errors
/// As [`passages_of_corpus`].
pub fn compare_two(
    corpus: Corpus,
    (a, b): (DocId, DocId),
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> Result<Comparison, Error> {
    let mut normalised = tokenise(&corpus, progress);
    normalised.find_stems();
    let rarity = survey_words(&corpus, &mut normalised, progress);
    let credits = CreditFinder::new(outlets, corpus.articles().iter().filter_map(|article| article.outlet_name()));
    normalised.find_credits(&corpus, &credits, |doc| doc == a || doc == b);
    let found = thorough::compare_two([a, b], &normalised, &rarity, &config.passages.in_story());
    let mut passages = passages_of(Shared { a, b, passages: &found }, &normalised);
    passages.sort_by_key(|passage| (passage.a_span, passage.b_span));
    let judgement = direction(a, b, &corpus, &normalised);
    corpus.spill().check()?;
    Ok(Comparison { corpus, normalised, a, b, passages, judgement })
}

/// From articles to stories. The configuration is one that [`Config::check`] accepts.
///
/// # Errors
/// As [`passages_of_corpus`].
pub fn analyse(
    corpus: Corpus,
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    analyse_constrained(corpus, Constraints::default(), outlets, config, progress)
}

/// The same with must-links and cannot-links on articles of the corpus.
///
/// # Errors
/// As [`passages_of_corpus`].
pub fn analyse_constrained(
    corpus: Corpus,
    constraints: Constraints,
    outlets: &OutletTable,
    config: &Config,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let credits = CreditFinder::new(outlets, corpus.articles().iter().filter_map(|article| article.outlet_name()));
    let order = corpus.time_order();
    let mut normalised = normalise(&corpus, &credits, progress);
    let survey = survey(&corpus, &mut normalised, progress);
    corpus.spill().check()?;
    let in_story = config.passages.in_story();
    let passages = find(&corpus, &normalised, &survey.rarity, &order, &in_story, progress);
    corpus.spill().check()?;
    progress.stage("copies", None);
    let (own_words, own_forms) = copies::each_alone(&normalised);
    let coverages = copies::coverages(&passages, &normalised, &own_words, &config.copies);
    normalised.forget_words();
    let mut classes = constraints.classes(corpus.len());
    let (same_text, coverages) = copies::divide(&passages.same_text, coverages, &order, &mut classes);
    let compilations = copies::compilations(&passages, &coverages, &own_words, config);
    let grounds = Grounds {
        corpus: &corpus,
        normalised: &normalised,
        same_text: &same_text,
        coverages: &coverages,
        compilations: &compilations,
        forms: &own_forms,
        order: &order,
    };
    let copy_groups = copies::groups(&grounds, |_| 0, &config.copies);
    let voices = copies::fold(&same_text, &coverages, &order, &mut classes, &config.copies);
    let vectors = vectorise(&voices.speakers, &normalised, &survey, &config.vectorise, progress);
    let dates = dates::of_voices(&corpus, &normalised, &voices);
    let pairs = join(&vectors, &dates::believed_days(&dates), &config.join, progress);
    let shared = SharedTexts::new(&coverages, &voices, &config.copies);
    let pairs = shared.with_pairs(pairs, &vectors);
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
    let forms = forms(own_forms.clone(), &compilations, &voices, &graph, &config.cluster);
    progress.stage("cluster", None);
    let between = constraints.of_voices(&voices.of);
    let turns = Turns::new(voices.speakers.iter().map(|doc| forms[doc.index()]), &between.must);
    let partition = partition(&turns, &graph.links, &between, &config.cluster);
    let found = Findings {
        corpus: &corpus,
        normalised: &normalised,
        survey: &survey,
        copies: &grounds,
        voices: &voices,
        vectors: &vectors,
        graph: &graph,
        order: &order,
        constraints: &constraints,
        outlets,
        turns: &turns,
    };
    let stories = assemble(&partition, &found, &forms, &scorer, config);
    corpus.spill().check()?;
    Ok(Analysis {
        corpus,
        normalised,
        survey,
        passages,
        coverages,
        copy_groups,
        voices,
        vectors,
        graph,
        turns,
        stories,
        constraints,
        shared,
        dates,
        in_story,
    })
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

    /// What two articles that are looked at share, in the order of its places in `a`: compared with all that they have, by the
    /// thorough preset for stories.
    #[must_use]
    pub fn passages_between(&self, a: DocId, b: DocId) -> Vec<Passage> {
        let same_text = &self.passages.same_text;
        let found = if same_text[a.index()] == same_text[b.index()] && a != b {
            let words = self.normalised.body_len(a);
            if words == 0 { Vec::new() } else { vec![Alignment::whole(words)] }
        } else {
            thorough::compare_two([a, b], &self.normalised, &self.survey.rarity, &self.in_story)
        };
        let mut passages = passages_of(Shared { a, b, passages: &found }, &self.normalised);
        passages.sort_unstable_by_key(|passage| (passage.a_span, passage.b_span));
        passages
    }

    /// All passages of the run, found as in a story: those of articles of one outlet too. O(words of the passages).
    #[must_use]
    pub fn passage_report(&self) -> PassageReport {
        report(&self.corpus, &self.normalised, &self.passages, &self.corpus.time_order(), &self.in_story)
    }

    /// The place of the story that an article is in.
    #[must_use]
    pub fn story_of(&self, doc: DocId) -> Option<usize> {
        self.stories.iter().position(|story| story.members.iter().any(|member| member.doc == doc))
    }
}
