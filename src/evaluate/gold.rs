//! Labels beside what a run found: which articles can be scored, and how well they were grouped.

use crate::article::DocId;
use crate::cluster::Story;
use crate::corpus::Corpus;
use crate::evaluate::{Measures, measure};
use crate::ingest::Labels;

/// The labels of the articles of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gold {
    /// By article: its label, if it has one. Articles without one take part in the run but not in the score.
    pub of: Vec<Option<String>>,
    /// Labelled ids that no article of the run has, sorted.
    pub absent: Vec<String>,
}

impl Gold {
    /// The labels that came with the articles.
    #[must_use]
    pub fn of_input(corpus: &Corpus) -> Self {
        Self { of: corpus.articles().iter().map(|article| article.label.clone()).collect(), absent: Vec::new() }
    }

    /// The labels of a file, by the ids of the articles.
    #[must_use]
    pub fn of_file(corpus: &Corpus, labels: &Labels) -> Self {
        let of = corpus.articles().iter().map(|article| labels.of.get(&article.id).cloned()).collect();
        let absent = labels.of.keys().filter(|id| corpus.find(id).is_err()).cloned().collect();
        Self { of, absent }
    }

    /// The label of an article.
    #[must_use]
    pub fn label(&self, doc: DocId) -> Option<&str> {
        self.of.get(doc.index())?.as_deref()
    }

    /// Measures stories against the labels. O(articles).
    #[must_use]
    pub fn compare(&self, stories: &[Story]) -> Comparison {
        let members = stories.iter().enumerate().flat_map(|(at, story)| story.members.iter().map(move |m| (at, m.doc)));
        let scored: Vec<(usize, &str)> = members.filter_map(|(at, doc)| Some((at, self.label(doc)?))).collect();
        Comparison {
            measures: measure(&scored),
            unlabelled: self.of.len() - scored.len(),
            absent: self.absent.len(),
            examples: self.absent.iter().take(EXAMPLES).cloned().collect(),
        }
    }
}

/// Ids that are named before the rest is only counted.
const EXAMPLES: usize = 3;

/// What came of a comparison, and what could not be compared.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// The measures over the articles that have both a story and a label.
    #[serde(flatten)]
    pub measures: Measures,
    /// Articles that were grouped and have no label.
    pub unlabelled: usize,
    /// Labelled ids that no article has.
    pub absent: usize,
    /// Some of those.
    #[serde(rename = "absent_examples")]
    pub examples: Vec<String>,
}

/// Measures one set of labels (the outcome of a run) against another (the truth).
#[must_use]
pub fn compare_labels(assignments: &Labels, gold: &Labels) -> Comparison {
    let scored: Vec<(&str, &str)> =
        assignments.of.iter().filter_map(|(id, story)| Some((story.as_str(), gold.of.get(id)?.as_str()))).collect();
    let absent = || gold.of.keys().filter(|id| !assignments.of.contains_key(*id));
    Comparison {
        measures: measure(&scored),
        unlabelled: assignments.of.len() - scored.len(),
        absent: absent().count(),
        examples: absent().take(EXAMPLES).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels { of: pairs.iter().map(|(id, label)| ((*id).to_owned(), (*label).to_owned())).collect(), unlabelled: 0 }
    }

    #[test]
    fn only_what_both_have_is_scored() {
        let found = labels(&[("a", "1"), ("b", "1"), ("c", "2"), ("only here", "2")]);
        let gold = labels(&[("a", "x"), ("b", "x"), ("c", "y"), ("only there", "y")]);
        let compared = compare_labels(&found, &gold);
        assert_eq!((compared.measures.articles, compared.unlabelled, compared.absent), (3, 1, 1));
        assert_eq!(compared.examples, ["only there"]);
        assert!((compared.measures.b_cubed.f1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn labels_are_found_by_id() {
        let article = |id: &str| Article { id: id.to_owned(), text: id.into(), ..Article::default() };
        let corpus = Corpus::new(vec![article("a"), article("b")]).expect("two articles");
        let gold = Gold::of_file(&corpus, &labels(&[("b", "x"), ("z", "x")]));
        let of = |id: &str| gold.label(corpus.find(id).expect("an id"));
        assert_eq!((of("a"), of("b")), (None, Some("x")));
        assert_eq!(gold.absent, ["z"]);
    }
}
