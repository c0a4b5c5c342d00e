//! What people say of pairs of articles: must-link (they are in one story) and cannot-link (they never are), the pairwise
//! constraints of constrained clustering (Wagstaff and Cardie, ICML 2000).
//!
//! They hold whatever the scores say, and through everything that puts articles together: a must-link joins the stories of
//! its two articles with all that these must be linked with, and no text is folded into another if that would bring two
//! articles of a cannot-link together.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;

use foldhash::fast::FixedState;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Place, Warning};

/// What is said of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintKind {
    /// The two are in one story.
    Must,
    /// The two are never in one story.
    Cannot,
}

impl ConstraintKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must-link",
            Self::Cannot => "cannot-link",
        }
    }

    /// What `must`, `must-link`, `cannot` and `cannot-link` stand for, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "must" | "must-link" => Some(Self::Must),
            "cannot" | "cannot-link" => Some(Self::Cannot),
            _ => None,
        }
    }
}

/// A constraint as it stands in a file, by the ids of the articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintLine {
    /// One id.
    pub a: String,
    /// The other.
    pub b: String,
    /// What is said of them.
    pub kind: ConstraintKind,
    /// Where.
    pub place: Place,
}

/// A constraint on two articles of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// The smaller article.
    pub a: DocId,
    /// The larger one.
    pub b: DocId,
    /// What is said of them.
    pub kind: ConstraintKind,
    /// Where it is said.
    pub place: Place,
}

/// The constraints on the articles of a run; they do not contradict each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Sorted; what is said of a pair stands once.
    all: Vec<Constraint>,
}

/// Contradictions that are told before the rest is only counted.
const TOLD: usize = 5;

impl Constraints {
    /// Finds the articles. A line that names an article which is not there says nothing, and is a warning; so is one that
    /// names the same article twice. O(constraints), times the number of contradictions.
    ///
    /// # Errors
    /// [`ErrorKind::Contradiction`] with the lines, if must-links join the two articles of a cannot-link: whichever was
    /// dropped, the outcome would not be what was asked for.
    pub fn resolve(lines: &[ConstraintLine], corpus: &Corpus) -> Result<(Self, Vec<Warning>), Error> {
        let mut warnings = Vec::new();
        let mut found: BTreeMap<(DocId, DocId, ConstraintKind), &Place> = BTreeMap::new();
        for ConstraintLine { a, b, kind, place } in lines {
            let mut warn = |reason: String| warnings.push(Warning { place: place.clone(), reason });
            match (corpus.find(a), corpus.find(b)) {
                (Ok(a), Ok(b)) if a != b => {
                    found.entry((a.min(b), a.max(b), *kind)).or_insert(place);
                }
                (Ok(_), Ok(_)) => warn(format!("link not used: both ids are of one article, {a:?}")),
                (Err(_), _) => warn(format!("link not used: no article of the input has the id {a:?}")),
                (_, Err(_)) => warn(format!("link not used: no article of the input has the id {b:?}")),
            }
        }
        let all = found.into_iter().map(|((a, b, kind), place)| Constraint { a, b, kind, place: place.clone() });
        let constraints = Self { all: all.collect() };
        constraints
            .contradictions(corpus)
            .map_or(Ok((constraints, warnings)), |told| Err(ErrorKind::Contradiction(told).into()))
    }

    /// All of them, sorted.
    #[must_use]
    pub fn all(&self) -> &[Constraint] {
        &self.all
    }

    /// Those of one kind.
    pub fn of_kind(&self, kind: ConstraintKind) -> impl Iterator<Item = &Constraint> {
        self.all.iter().filter(move |constraint| constraint.kind == kind)
    }

    /// The cannot-links whose articles must-links join, each with the chain of those, in words; `None` if there are none.
    fn contradictions(&self, corpus: &Corpus) -> Option<String> {
        let id = |doc: DocId| &corpus.get(doc).id;
        let mut classes = Classes::new(corpus.len());
        let mut joined: HashMap<DocId, Vec<&Constraint>, FixedState> = HashMap::default();
        for must in self.of_kind(ConstraintKind::Must) {
            classes.join(must.a, must.b);
            for doc in [must.a, must.b] {
                joined.entry(doc).or_default().push(must);
            }
        }
        let mut told = String::new();
        let mut count = 0;
        for cannot in self.of_kind(ConstraintKind::Cannot) {
            if classes.root(cannot.a.0) != classes.root(cannot.b.0) {
                continue;
            }
            count += 1;
            if count > TOLD {
                continue;
            }
            let (a, b) = (id(cannot.a), id(cannot.b));
            let _ = write!(
                told,
                "{}{}: {a:?} and {b:?} cannot be in one story, but must-links join them:",
                if count == 1 { "" } else { "\n" },
                cannot.place
            );
            for must in chain(&joined, cannot.a, cannot.b) {
                let _ = write!(told, " {:?} and {:?} ({});", id(must.a), id(must.b), must.place);
            }
            told.pop();
        }
        if count > TOLD {
            let _ = write!(told, "\n... and {} more", count - TOLD);
        }
        (count > 0).then_some(told)
    }

    /// The articles of a run, with what must be linked put together and what cannot be kept apart.
    #[must_use]
    pub fn classes(&self, articles: usize) -> Classes {
        let mut classes = Classes::new(articles);
        for must in self.of_kind(ConstraintKind::Must) {
            classes.join(must.a, must.b);
        }
        for cannot in self.of_kind(ConstraintKind::Cannot) {
            classes.part(cannot.a, cannot.b);
        }
        classes
    }

    /// The constraints between voices, given the voice of each article.
    #[must_use]
    pub fn of_voices(&self, of: &[u32]) -> VoicePairs {
        let pairs = |kind| {
            let voices = self.of_kind(kind).map(|c| (of[c.a.index()], of[c.b.index()]));
            let mut pairs: Vec<(u32, u32)> =
                voices.filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        };
        VoicePairs { must: pairs(ConstraintKind::Must), cannot: pairs(ConstraintKind::Cannot) }
    }
}

/// The shortest chain of must-links from one article to another, given those of each article.
fn chain<'a>(joined: &HashMap<DocId, Vec<&'a Constraint>, FixedState>, from: DocId, to: DocId) -> Vec<&'a Constraint> {
    let mut came: HashMap<DocId, &Constraint, FixedState> = HashMap::default();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front().filter(|at| *at != to) {
        for must in joined.get(&at).into_iter().flatten() {
            let next = if must.a == at { must.b } else { must.a };
            if next != from && !came.contains_key(&next) {
                came.insert(next, must);
                queue.push_back(next);
            }
        }
    }
    let mut chain = Vec::new();
    let mut at = to;
    while let Some(must) = came.get(&at) {
        chain.push(*must);
        at = if must.a == at { must.b } else { must.a };
    }
    chain.reverse();
    chain
}

/// Constraints between voices: pairs `a < b`, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoicePairs {
    /// In one story.
    pub must: Vec<(u32, u32)>,
    /// Never in one story.
    pub cannot: Vec<(u32, u32)>,
}

/// Disjoint sets of articles, some of which must not be joined: what is put together step by step, whether by must-links or
/// because texts are the same, so that no step makes a contradiction.
#[derive(Clone, Debug)]
pub struct Classes {
    up: Vec<u32>,
    /// By root: the roots that it must not be joined with.
    apart: HashMap<u32, BTreeSet<u32>, FixedState>,
}

impl Classes {
    fn new(articles: usize) -> Self {
        Self { up: (0u32..).take(articles).collect(), apart: HashMap::default() }
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.up[at as usize] != at {
            let above = self.up[self.up[at as usize] as usize];
            self.up[at as usize] = above;
            at = above;
        }
        at
    }

    /// Keeps the classes of two articles apart from now on.
    fn part(&mut self, x: DocId, y: DocId) {
        let (x, y) = (self.root(x.0), self.root(y.0));
        self.apart.entry(x).or_default().insert(y);
        self.apart.entry(y).or_default().insert(x);
    }

    /// Joins the classes of two articles unless they must be kept apart; says whether they are one now. Nearly O(1), and
    /// O(what either is kept apart from) where they are joined.
    pub fn join(&mut self, x: DocId, y: DocId) -> bool {
        let (x, y) = (self.root(x.0), self.root(y.0));
        if x == y {
            return true;
        }
        if self.apart.get(&x).is_some_and(|apart| apart.contains(&y)) {
            return false;
        }
        self.up[y as usize] = x;
        if let Some(others) = self.apart.remove(&y) {
            for &other in &others {
                if let Some(apart) = self.apart.get_mut(&other) {
                    apart.remove(&y);
                    apart.insert(x);
                }
            }
            self.apart.entry(x).or_default().extend(others);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;

    fn corpus(ids: &str) -> Corpus {
        let article =
            |id: char| Article { id: id.to_string(), text: format!("text of {id}").into(), ..Article::default() };
        Corpus::new(ids.chars().map(article).collect()).expect("a few")
    }

    /// `a=b` must, `a!b` cannot; a line each.
    fn lines(text: &str) -> Vec<ConstraintLine> {
        let line = |(at, word): (u64, &str)| {
            let (a, b) = word.split_once(['=', '!']).expect("a pair");
            let kind = if word.contains('=') { ConstraintKind::Must } else { ConstraintKind::Cannot };
            let place = Place { file: "links".to_owned(), line: Some(at) };
            ConstraintLine { a: a.to_owned(), b: b.to_owned(), kind, place }
        };
        (1u64..).zip(text.split_whitespace()).map(line).collect()
    }

    #[test]
    fn contradictions_are_told_with_all_lines_that_make_them() {
        let corpus = corpus("abcd");
        let told = |text: &str| Constraints::resolve(&lines(text), &corpus).map_err(|error| error.to_string());
        assert!(told("a=b b=c a!d c!d").is_ok());
        let error = told("a=b d=c c=b a!d").expect_err("a chain");
        assert!(error.starts_with("links:4: "), "{error}");
        assert!(["links:1", "links:2", "links:3"].iter().all(|line| error.contains(line)), "{error}");
        let error = told("a=b b!a").expect_err("one pair");
        assert_eq!(error.matches("links:").count(), 2, "{error}");
        let error = told("a=b b=c a!b b!c a!c").expect_err("three");
        assert_eq!(error.lines().count(), 3, "{error}");
    }

    #[test]
    fn what_names_no_article_is_told_and_nothing_else_is_lost() {
        let corpus = corpus("ab");
        let (constraints, warnings) = Constraints::resolve(&lines("a=x y!b a!a b=a a=b"), &corpus).expect("consistent");
        assert_eq!(constraints.all().len(), 1, "the pair is said twice and stands once");
        let told: Vec<_> = warnings.iter().map(|w| (w.place.line, w.reason.as_str())).collect();
        assert_eq!(told.len(), 3);
        assert!(
            told[0].1.contains("\"x\"") && told[1].1.contains("\"y\"") && told[2].1.contains("one article"),
            "{told:?}"
        );
    }

    #[test]
    fn what_is_kept_apart_stays_so_through_every_join() {
        let corpus = corpus("abcde");
        let (constraints, _) = Constraints::resolve(&lines("a!b b=c"), &corpus).expect("consistent");
        let doc = |id: &str| corpus.find(id).expect("an id");
        let mut classes = constraints.classes(corpus.len());
        assert!(classes.join(doc("a"), doc("d")));
        assert!(!classes.join(doc("d"), doc("c")));
        assert!(classes.join(doc("c"), doc("e")));
        assert!(!classes.join(doc("e"), doc("a")) && !classes.join(doc("a"), doc("e")));
    }
}
