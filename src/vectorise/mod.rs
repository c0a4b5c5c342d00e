//! Term vectors: what an article says, as sparse TF-IDF rows of fixed point, in the views that the score compares.

pub mod background_table;
pub mod sparse;

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::article::DocId;
use crate::config::VectoriseConfig;
use crate::language::Lang;
use crate::normalise::{Marks, Normalised, WordId};
use crate::progress::Progress;
use crate::survey::document_frequency::{ALL_WORDS, HEAD_WORDS, LEAD_WORDS, LangFrequencies, words};
use crate::survey::{Background, Survey, View};

pub use background_table::{background_from_frequencies, background_table};
pub use sparse::{COSINE_ONE, ONE, PART, Row, Sparse};

/// The rows of all voices in every view, by the place of the voice in the list that was vectorised.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    /// Language of each voice; rows of different languages are never compared.
    pub langs: Vec<Lang>,
    /// Title twice and the first 400 words.
    pub all: Sparse,
    /// Title twice and the first 150 words.
    pub lead: Sparse,
    /// The title alone; empty where there is none.
    pub title: Sparse,
    /// Title and the first 60 words, in the vocabulary of `title`.
    pub head: Sparse,
    /// Numbers of title and text.
    pub numbers: Sparse,
    /// Names of title and text.
    pub names: Sparse,
    /// Mean cosine in `all` of each voice with the news of its language, times [`COSINE_ONE`].
    pub floors: Vec<u64>,
}

/// How much a term of a language weighs: its inverse document frequency, smoothed by the background.
struct Weights<'a> {
    counts: &'a LangFrequencies,
    background: Option<&'a Background>,
    config: &'a VectoriseConfig,
}

impl Weights<'_> {
    /// `ln((N + M + 1) / (df + M b / NB + 0.5))`, at least 0. A term of one article weighs less the larger the corpus is, and
    /// in the end nothing: then it means that nobody else speaks of it.
    fn idf(&self, df: u32, background: Option<f64>) -> f32 {
        let n = self.counts.articles;
        let heard =
            if df < 2 { 1.0 - (f64::from(n) / f64::from(self.config.singleton_articles)).min(1.0) } else { 1.0 };
        if heard <= 0.0 {
            return 0.0;
        }
        let (m, share) = background.map_or((0.0, 0.0), |share| (self.config.background_weight, share));
        let idf = ((f64::from(n) + m + 1.0) / (f64::from(df) + m * share + 0.5)).ln().max(0.0) * heard;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a small number; the rounding is the quantisation that follows"
        )]
        let idf = idf as f32;
        idf
    }

    fn term(&self, view: View, term: WordId) -> f32 {
        self.idf(self.counts.of_term(view, term), self.background.map(|b| b.share(term)))
    }
}

/// Vectorises voices, each by its representative article. O(tokens), parallel.
#[must_use]
pub fn vectorise(
    voices: &[DocId],
    normalised: &Normalised,
    survey: &Survey,
    config: &VectoriseConfig,
    progress: &dyn Progress,
) -> Vectors {
    progress.stage("vectorise", Some(voices.len() as u64));
    let parts: Vec<Vectors> = voices
        .par_chunks(PART)
        .map(|voices| {
            let mut part = Vectors::default();
            for &doc in voices {
                part.push(doc, normalised, survey, config);
            }
            progress.advance(voices.len() as u64);
            part
        })
        .collect();
    let mut vectors = Vectors::default();
    for part in parts {
        vectors.langs.extend_from_slice(&part.langs);
        for (to, from) in vectors.views_mut().into_iter().zip(part.into_views()) {
            to.append(from);
        }
    }
    vectors.floors = floors(&vectors, survey, normalised.lexicon.len(), config);
    vectors
}

impl Vectors {
    fn into_views(self) -> [Sparse; 6] {
        [self.all, self.lead, self.title, self.head, self.numbers, self.names]
    }

    fn views_mut(&mut self) -> [&mut Sparse; 6] {
        [&mut self.all, &mut self.lead, &mut self.title, &mut self.head, &mut self.numbers, &mut self.names]
    }

    fn push(&mut self, doc: DocId, normalised: &Normalised, survey: &Survey, config: &VectoriseConfig) {
        let stream = normalised.marked(doc);
        let terms = normalised.stems.of(stream.lang);
        let none = LangFrequencies::default();
        let weights = Weights {
            counts: survey.frequencies.of(stream.lang).unwrap_or(&none),
            background: survey.background(stream.lang),
            config,
        };
        let title: Vec<WordId> =
            words(&stream.title.words, &stream.title.marks).map(|(_, word, _)| terms.term(word)).collect();
        let body: Vec<(WordId, Marks)> =
            words(&stream.body.words, &stream.body.marks).map(|(_, w, m)| (w, m)).collect();
        let first = |n: usize| body.iter().take(n).map(|(word, _)| terms.term(*word));
        let twice = || title.iter().chain(&title).copied();

        self.langs.push(stream.lang);
        self.all.push(&mut entries(twice().chain(first(ALL_WORDS)), |t| weights.term(View::All, t)));
        self.lead.push(&mut entries(twice().chain(first(LEAD_WORDS)), |t| weights.term(View::Lead, t)));
        self.title.push(&mut entries(title.iter().copied(), |t| weights.term(View::Head, t)));
        self.head.push(&mut entries(title.iter().copied().chain(first(HEAD_WORDS)), |t| weights.term(View::Head, t)));
        let title_numbers =
            words(&stream.title.words, &stream.title.marks).filter(|(_, _, m)| m.has(Marks::DIGIT)).map(|(_, w, _)| w);
        let numbers = title_numbers.chain(body.iter().filter(|(_, m)| m.has(Marks::DIGIT)).map(|(w, _)| *w));
        let mut numbers: Vec<(u32, f32)> = entries(numbers, |t| weights.term(View::Number, t));
        for (term, weight) in &mut numbers {
            *weight = weights.term(View::Number, WordId(*term));
        }
        self.numbers.push(&mut numbers);
        let mut names: Vec<(u32, f32)> = normalised
            .facts(doc)
            .names
            .iter()
            // 32 bits of the hash: two names that collide are one name to this view, which weighs a twentieth.
            .map(|name| ((name.hash >> 32) as u32, weights.idf(weights.counts.of_name(name.hash), None)))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        names.dedup_by_key(|(name, _)| *name);
        self.names.push(&mut names);
    }
}

/// Terms with `(1 + ln tf) idf`, those of weight 0 left out.
fn entries(terms: impl Iterator<Item = WordId>, idf: impl Fn(WordId) -> f32) -> Vec<(u32, f32)> {
    let mut terms: Vec<u32> = terms.map(|term| term.0).collect();
    terms.sort_unstable();
    terms
        .chunk_by(|a, b| a == b)
        .filter_map(|run| {
            let idf = idf(WordId(run[0]));
            #[expect(clippy::cast_precision_loss, reason = "a count of words in one article")]
            let weight = (1.0 + (run.len() as f32).ln()) * idf;
            (idf > 0.0).then_some((run[0], weight))
        })
        .collect()
}

/// The mean cosine of each voice with every other of its language, blended with what is known of news at large as if
/// `floor_weight` more articles had been seen: of three articles the corpus itself knows nothing.
fn floors(vectors: &Vectors, survey: &Survey, words: usize, config: &VectoriseConfig) -> Vec<u64> {
    let mut sums: HashMap<Lang, (u64, Vec<u64>), FixedState> = HashMap::default();
    for (at, &lang) in vectors.langs.iter().enumerate() {
        let (n, sum) = sums.entry(lang).or_insert_with(|| (0, vec![0; words]));
        *n += 1;
        let row = vectors.all.row(at);
        for (&term, &weight) in row.terms.iter().zip(row.weights) {
            sum[term as usize] += u64::from(weight);
        }
    }
    let prior = config.floor_weight;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "0 to 1")]
    let typical = (config.typical_floor.clamp(0.0, 1.0) * COSINE_ONE as f64) as u64;
    (0..vectors.langs.len())
        .into_par_iter()
        .map(|at| {
            let row = vectors.all.row(at);
            let lang = vectors.langs[at];
            let Some((n, sum)) = sums.get(&lang) else { return 0 };
            let background = survey.background(lang);
            let with_others: u64 =
                row.terms.iter().zip(row.weights).map(|(&t, &w)| u64::from(w) * sum[t as usize]).sum::<u64>()
                    - row.dot(row);
            let with_news = match background {
                Some(b) => {
                    let mean = |(&t, &w): (&u32, &u16)| u64::from(w) * u64::from(b.mean(WordId(t)));
                    row.terms.iter().zip(row.weights).map(mean).sum::<u64>() * u64::from(ONE) / 1_000_000
                }
                None => typical,
            };
            (with_others + prior * with_news) / (n - 1 + prior).max(1)
        })
        .collect()
}
