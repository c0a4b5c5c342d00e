//! The corpora that `retold evaluate` measures: what is read, what is deleted, how it is cut, and what came of a run.

use std::collections::HashMap;

use anyhow::bail;
use retold::article::{Article, ArticleKey};
use retold::config::Config;
use retold::constraints::{ConstraintLine, Constraints};
use retold::corpus::Corpus;
use retold::error::Warning;
use retold::evaluate::{Comparison, Deletion, Errors, Gold, chunks, measure, worst};
use retold::ingest::Labels;
use retold::outlets::{OutletTable, unify};
use retold::pipeline::analyse_constrained;
use retold::report::clean;
use serde::Serialize;

use super::{TakenIn, read_links, take_in, tell_unused};
use crate::Outcome;
use crate::args::{EvaluateArgs, InputArgs};
use crate::terminal::Bar;

/// What is run and measured.
pub(super) struct Trials<'a> {
    trials: Vec<Trial>,
    /// The labels of a file, if they do not come with the articles.
    labels: Option<&'a Labels>,
    /// What is said of pairs of articles.
    links: Vec<ConstraintLine>,
    table: OutletTable,
    bar: Bar,
    /// The settings in force.
    pub(super) config: Config,
    /// How the reading ended.
    pub(super) outcome: Outcome,
}

/// Labelled articles that are measured together.
struct Trial {
    name: String,
    /// Each is run by itself: one, if the set was not cut.
    corpora: Vec<Vec<Article>>,
    /// The inputs in it, if there are several, each to be measured by itself as well.
    inputs: Vec<String>,
    /// By article: a place in `inputs`. What stands in two inputs is of the first.
    input_of: HashMap<ArticleKey, usize>,
}

/// One input, or all of them together.
#[derive(Clone, Serialize)]
pub(super) struct Scored {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) compared: Comparison,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) errors: Option<Errors>,
}

/// What came of a configuration.
#[derive(Clone, Default, Serialize)]
pub(super) struct Measured {
    /// Every labelled input.
    pub(super) inputs: Vec<Scored>,
    /// All of them, where they were one corpus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) together: Option<Scored>,
}

/// Where an article came to stand.
struct Placed {
    /// The corpus and the story in it.
    story: (usize, usize),
    label: Option<String>,
    input: Option<usize>,
}

impl<'a> Trials<'a> {
    /// Reads the inputs; `None` if only the settings were asked for.
    pub(super) fn read(args: &EvaluateArgs, labels: Option<&'a Labels>) -> anyhow::Result<Option<Self>> {
        let mut outcome = Outcome::Done;
        let mut last = None;
        let (links, warnings) = read_links(&args.stories)?;
        let mut sets: Vec<(String, Vec<Article>)> = Vec::new();
        for (at, path) in args.input.inputs.iter().enumerate() {
            // The threads of a process are set up once.
            let threads = args.input.threads.filter(|_| at == 0);
            let input = InputArgs { inputs: vec![path.clone()], threads, ..args.input.clone() };
            let Some(mut taken) = take_in(&input, |config| args.stories.adjust(config))? else { return Ok(None) };
            let end = taken.outcome(&input)?;
            outcome = if end == Outcome::Done { outcome } else { end };
            let mut articles = std::mem::take(&mut taken.intake.articles);
            let name = super::evaluate::name(path);
            let read = articles.len();
            for &deletion in &args.without {
                Deletion::from(deletion).apply(&mut articles);
            }
            if articles.is_empty() && read > 0 {
                taken.bar.aside(|| anstream::eprintln!("retold: {}: nothing is left of its articles", clean(&name)));
            } else {
                sets.push((name, articles));
            }
            last = Some(taken);
        }
        let Some(TakenIn { table, bar, config, .. }) = last else {
            // Without inputs there is only --dump-config.
            take_in(&args.input, |config| args.stories.adjust(config))?;
            return Ok(None);
        };
        let trials: Vec<Trial> = if args.each || args.chunks.is_some() {
            let alone = |(name, articles): (String, Vec<Article>)| {
                let corpora = match args.chunks {
                    Some(stories) => chunks(articles, stories.get()),
                    None => vec![articles],
                };
                Trial { name, corpora, inputs: Vec::new(), input_of: HashMap::new() }
            };
            sets.into_iter().map(alone).collect()
        } else {
            vec![Trial::of_all(sets)]
        };
        let warnings = [warnings, unused(&links, &trials)?].concat();
        bar.aside(|| tell_unused(&warnings, args.input.quiet));
        if args.input.strict && !warnings.is_empty() {
            outcome = Outcome::NotStrict;
        }
        Ok(Some(Self { trials, labels, links, table, bar, config, outcome }))
    }

    /// Runs all of them and measures them; with `errors` above 0 the worst mistakes too.
    pub(super) fn run(&self, config: &Config, errors: usize) -> anyhow::Result<Measured> {
        let mut result = Measured::default();
        for trial in &self.trials {
            let (placed, whole) = self.run_one(trial, config, errors)?;
            if trial.inputs.is_empty() {
                result.inputs.push(whole);
                continue;
            }
            for (at, name) in trial.inputs.iter().enumerate() {
                let compared = compare(placed.iter().filter(|p| p.input == Some(at)));
                if compared.measures.articles > 0 {
                    result.inputs.push(Scored { name: name.clone(), compared, errors: None });
                }
            }
            result.together = Some(whole);
        }
        self.bar.clear();
        Ok(result)
    }

    fn run_one(&self, trial: &Trial, config: &Config, errors: usize) -> anyhow::Result<(Vec<Placed>, Scored)> {
        let name = &trial.name;
        let (mut placed, mut mistakes) = (Vec::new(), None);
        let (mut absent, mut examples) = (0, Vec::new());
        for (number, articles) in trial.corpora.iter().enumerate() {
            let corpus = Corpus::new(articles.clone())?;
            let gold = match self.labels {
                Some(labels) => Gold::of_file(&corpus, labels),
                None => Gold::of_input(&corpus),
            };
            let (constraints, _) = Constraints::resolve(&self.links, &corpus)?;
            let analysis = analyse_constrained(corpus, constraints, &self.table, config, &self.bar)?;
            for (at, story) in analysis.stories.iter().enumerate() {
                placed.extend(story.members.iter().map(|member| Placed {
                    story: (number, at),
                    label: gold.label(member.doc).map(str::to_owned),
                    input: trial.input_of.get(&analysis.corpus.key(member.doc)).copied(),
                }));
            }
            mistakes = (errors > 0).then(|| worst(&analysis, &gold, config, errors));
            let Comparison { absent: n, examples: some, .. } = gold.compare(&analysis.stories);
            (absent, examples) = (n, some);
        }
        let compared = Comparison { absent, examples, ..compare(placed.iter()) };
        if compared.measures.articles == 0 {
            match self.labels {
                None => bail!(
                    "{name}: no article has a label; give a file of labels with --gold, or name the field with --field label=..."
                ),
                Some(_) => bail!(
                    "{name}: no article has an id that --gold labels; `retold inspect` shows which field became the id"
                ),
            }
        }
        Ok((placed, Scored { name: name.clone(), compared, errors: mistakes }))
    }
}

impl Trial {
    /// All inputs as one corpus.
    fn of_all(sets: Vec<(String, Vec<Article>)>) -> Self {
        if let [(name, _)] = &sets[..] {
            let name = name.clone();
            let corpora = sets.into_iter().map(|(_, articles)| articles).collect();
            return Self { name, corpora, inputs: Vec::new(), input_of: HashMap::new() };
        }
        let (mut all, mut input_of) = (Vec::new(), HashMap::new());
        let mut inputs = Vec::new();
        for (name, articles) in sets {
            for article in &articles {
                input_of.entry(article.key()).or_insert(inputs.len());
            }
            inputs.push(name);
            all.extend(articles);
        }
        unify(&mut all);
        Self { name: "together".to_owned(), corpora: vec![all], inputs, input_of }
    }
}

/// What is wrong with links in every corpus: an id that is only in another of them is no mistake.
fn unused(links: &[ConstraintLine], trials: &[Trial]) -> anyhow::Result<Vec<Warning>> {
    let mut everywhere: Option<Vec<Warning>> = None;
    for articles in trials.iter().flat_map(|trial| &trial.corpora).filter(|_| !links.is_empty()) {
        let (_, here) = Constraints::resolve(links, &Corpus::new(articles.clone())?)?;
        match &mut everywhere {
            Some(warnings) => warnings.retain(|warning| here.contains(warning)),
            None => everywhere = Some(here),
        }
    }
    Ok(everywhere.unwrap_or_default())
}

/// Measures articles against their labels.
fn compare<'a>(placed: impl Iterator<Item = &'a Placed>) -> Comparison {
    let (mut scored, mut unlabelled) = (Vec::new(), 0);
    for article in placed {
        match &article.label {
            Some(label) => scored.push((article.story, label)),
            None => unlabelled += 1,
        }
    }
    Comparison { measures: measure(&scored), unlabelled, ..Comparison::default() }
}
