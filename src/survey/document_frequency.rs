//! In how many articles of each language a term stands, by view; and the same for names.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::article::DocId;
use crate::language::Lang;
use crate::normalise::{Facts, Marks, Normalised, WordId};

/// The stretches of an article that terms are counted in, each with its own frequencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The title (twice) and the first [`ALL_WORDS`] words of the text.
    All,
    /// The title (twice) and the first [`LEAD_WORDS`] words.
    Lead,
    /// The title and the first [`HEAD_WORDS`] words, with one vocabulary.
    Head,
    /// Tokens that begin with a digit, in title and text.
    Number,
}

/// Words of the text in [`View::All`].
pub const ALL_WORDS: usize = 400;
/// Words of the text in [`View::Lead`].
pub const LEAD_WORDS: usize = 150;
/// Words of the text in [`View::Head`].
pub const HEAD_WORDS: usize = 60;

/// Tokens that carry nothing: furniture, and head lines that stand in the text (the title is counted as title).
pub const IGNORED: Marks = Marks::FURNITURE.and(Marks::HEAD);

/// The frequencies of one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LangFrequencies {
    /// Articles of the language.
    pub articles: u32,
    /// Articles that have a term, by the term's number and the view.
    terms: Vec<[u32; 4]>,
    /// How often a term stands inside a sentence, and how often with a capital there, by its number.
    capitals: Vec<[u32; 2]>,
    /// Articles that have a name, by its hash, and those that have the core of a name; if two or more have it, as few names are.
    names: HashMap<u64, u32, FixedState>,
    cores: HashMap<u64, u32, FixedState>,
}

impl LangFrequencies {
    /// Articles whose view has the term.
    #[must_use]
    pub fn of_term(&self, view: View, term: WordId) -> u32 {
        self.terms.get(term.index()).map_or(0, |views| views[view as usize])
    }

    /// Whether a term is a name: inside a sentence it mostly begins with a capital.
    #[must_use]
    pub fn is_name(&self, term: WordId) -> bool {
        self.capitals.get(term.index()).is_some_and(|[all, capital]| capital * 2 > *all)
    }

    /// Articles that have the name, which is that of one at least.
    #[must_use]
    pub fn of_name(&self, hash: u64) -> u32 {
        self.names.get(&hash).copied().unwrap_or(1)
    }

    /// Articles that have a name with this core, which is that of one at least.
    #[must_use]
    pub fn of_core(&self, hash: u64) -> u32 {
        self.cores.get(&hash).copied().unwrap_or(1)
    }

    fn add(&mut self, other: &Self) {
        self.articles += other.articles;
        if self.terms.len() < other.terms.len() {
            self.terms.resize(other.terms.len(), [0; 4]);
        }
        for (mine, theirs) in self.terms.iter_mut().zip(&other.terms) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += b;
            }
        }
        if self.capitals.len() < other.capitals.len() {
            self.capitals.resize(other.capitals.len(), [0; 2]);
        }
        for (mine, theirs) in self.capitals.iter_mut().zip(&other.capitals) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += b;
            }
        }
    }
}

/// How often each of the numbers is there, of those that are there twice or more.
fn repeated(mut numbers: Vec<u64>) -> HashMap<u64, u32, FixedState> {
    numbers.par_sort_unstable();
    let repeated = numbers.chunk_by(|x, y| x == y).filter(|same| same.len() > 1);
    repeated.map(|same| (same[0], u32::try_from(same.len()).unwrap_or(u32::MAX))).collect()
}

/// The frequencies of all languages of a corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frequencies {
    langs: HashMap<Lang, LangFrequencies>,
}

impl Frequencies {
    /// Counts all articles. O(tokens), parallel.
    #[must_use]
    pub fn count(normalised: &Normalised) -> Self {
        let docs: Vec<DocId> = normalised.docs().collect();
        let part = docs.len().div_ceil(rayon::current_num_threads()).max(2048);
        let parts: Vec<Self> = docs.par_chunks(part).map(|docs| Self::count_part(normalised, docs)).collect();
        let mut all = Self::default();
        for (lang, counts) in parts.iter().flat_map(|part| &part.langs) {
            all.langs.entry(*lang).or_default().add(counts);
        }
        for (&lang, counts) in &mut all.langs {
            let of_lang = || docs.iter().filter(|doc| normalised.lang(**doc) == lang).map(|doc| normalised.facts(*doc));
            counts.names = repeated(of_lang().flat_map(|facts| facts.names.iter().map(|name| name.hash)).collect());
            counts.cores = repeated(of_lang().flat_map(cores).collect());
        }
        all
    }

    /// The frequencies of one language; `None` if no article is in it.
    #[must_use]
    pub fn of(&self, lang: Lang) -> Option<&LangFrequencies> {
        self.langs.get(&lang)
    }

    /// The languages, sorted.
    #[must_use]
    pub fn languages(&self) -> Vec<Lang> {
        let mut langs: Vec<Lang> = self.langs.keys().copied().collect();
        langs.sort_unstable();
        langs
    }

    fn count_part(normalised: &Normalised, docs: &[DocId]) -> Self {
        let mut part = Self::default();
        // The last article (from 1) that had a term in a view; spares sorting every article.
        let mut seen: Vec<[u32; 4]> = vec![[0; 4]; normalised.lexicon.len()];
        for (n, &doc) in (1u32..).zip(docs) {
            let stream = normalised.marked(doc);
            let counts = part.langs.entry(stream.lang).or_default();
            counts.articles += 1;
            if counts.terms.is_empty() {
                counts.terms = vec![[0; 4]; normalised.lexicon.len()];
                counts.capitals = vec![[0; 2]; normalised.lexicon.len()];
            }
            let terms = normalised.stems.of(stream.lang);
            for (_, word, marks) in words(&stream.body.words, &stream.body.marks).take(ALL_WORDS) {
                if !marks.has(Marks::SENTENCE) {
                    let [all, capital] = &mut counts.capitals[terms.term(word).index()];
                    *all += 1;
                    *capital += u32::from(marks.has(Marks::CAPITAL));
                }
            }
            let mut see = |view: View, term: WordId| {
                let last = &mut seen[term.index()][view as usize];
                if *last != n {
                    *last = n;
                    counts.terms[term.index()][view as usize] += 1;
                }
            };
            let title = words(&stream.title.words, &stream.title.marks).map(|(_, w, m)| (0, w, m));
            for (at, word, marks) in title.chain(words(&stream.body.words, &stream.body.marks)) {
                if marks.has(Marks::DIGIT) {
                    see(View::Number, word);
                }
                if at >= ALL_WORDS {
                    continue;
                }
                let term = terms.term(word);
                see(View::All, term);
                if at < LEAD_WORDS {
                    see(View::Lead, term);
                }
                if at < HEAD_WORDS {
                    see(View::Head, term);
                }
            }
        }
        part
    }
}

/// The cores of the names of an article.
fn cores(facts: &Facts) -> Vec<u64> {
    let mut cores: Vec<u64> = facts.names.iter().map(|name| name.core).filter(|&core| core != 0).collect();
    cores.sort_unstable();
    cores.dedup();
    cores
}

/// The tokens that count, each with its place among those that count.
pub fn words<'a>(words: &'a [WordId], marks: &'a [Marks]) -> impl Iterator<Item = (usize, WordId, Marks)> + 'a {
    let counted = words.iter().zip(marks).filter(|(_, marks)| !marks.any(IGNORED));
    counted.enumerate().map(|(at, (&word, &marks))| (at, word, marks))
}
