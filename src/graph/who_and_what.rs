//! Who and what: how much of a cosine is names and how much is other words. Two reports of one event have both in common. Names
//! without the words are one company, country or person in two events; words without the names are one form filled in twice.

use crate::normalise::WordId;
use crate::survey::document_frequency::LangFrequencies;
use crate::vectorise::{COSINE_ONE, Row, Sparse};

/// The names in the rows of one view, by voice, with the weights that they have there.
#[derive(Clone, Debug)]
pub struct NameRows {
    starts: Vec<usize>,
    terms: Vec<u32>,
    weights: Vec<u16>,
    /// The share of each row that is names, 0 to 1.
    shares: Vec<f64>,
    /// How many terms of each row are no names.
    others: Vec<usize>,
}

/// The cosine of two voices in two parts, and what they are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// What names add, 0 to 1.
    pub names: f64,
    /// What other words add, 0 to 1.
    pub words: f64,
    /// How many times what names weigh in the two themselves other words weigh.
    pub odds: f64,
    /// The share of the two that is names, the smaller one, 0 to 1.
    pub named: f64,
    /// How many other terms the two have, the smaller number.
    pub worded: usize,
}

impl NameRows {
    /// From the rows of a view; `counts` has the frequencies of the language of each voice, `None` where names cannot be told
    /// from other words. O(terms).
    #[must_use]
    pub fn new(view: &Sparse, counts: &[Option<&LangFrequencies>]) -> Self {
        let (terms, weights, shares, others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut rows = Self { starts: vec![0], terms, weights, shares, others };
        for (voice, counts) in counts.iter().enumerate() {
            let row = view.row(voice);
            for (&term, &weight) in row.terms.iter().zip(row.weights) {
                if counts.is_some_and(|counts| counts.is_name(WordId(term))) {
                    rows.terms.push(term);
                    rows.weights.push(weight);
                }
            }
            rows.starts.push(rows.terms.len());
            let own = rows.row(voice);
            let (named, others) = (share(own.dot(own)), row.terms.len() - own.terms.len());
            rows.shares.push(named);
            rows.others.push(others);
        }
        rows
    }

    fn row(&self, voice: usize) -> Row<'_> {
        let range = self.starts[voice]..self.starts[voice + 1];
        Row { terms: &self.terms[range.clone()], weights: &self.weights[range] }
    }

    /// The parts of the cosine (0 to 1) of two voices; `None` where one of them has no names or nothing else. O(names).
    #[must_use]
    pub fn split(&self, a: usize, b: usize, cosine: f64) -> Option<Split> {
        let (x, y) = (self.shares[a], self.shares[b]);
        if x <= 0.0 || y <= 0.0 || x >= 1.0 || y >= 1.0 {
            return None;
        }
        let names = share(self.row(a).dot(self.row(b)));
        Some(Split {
            names,
            words: (cosine - names).max(0.0),
            odds: ((1.0 / x - 1.0) * (1.0 / y - 1.0)).sqrt(),
            named: x.min(y),
            worded: self.others[a].min(self.others[b]),
        })
    }
}

impl Split {
    /// What other words add to the cosine beyond what goes with the names, by how much of either the two have. Less where one of
    /// the two hardly names anybody: nothing up to a tenth of its weight, all from three tenths on.
    #[must_use]
    pub fn other_names(&self) -> f64 {
        let named = ((self.named - 0.1) / 0.2).clamp(0.0, 1.0);
        (self.words - self.odds * self.names).max(0.0) * named * self.told()
    }

    /// What names add beyond `ratio` times what other words do.
    #[must_use]
    pub fn other_words(&self, ratio: f64) -> f64 {
        (self.names - ratio * self.words).max(0.0) * self.told()
    }

    /// How far the two are long enough for what they do not share to say something, 0 to 1: nothing up to twenty words that are
    /// no names, all from forty on.
    fn told(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of terms")]
        let worded = self.worded as f64;
        ((worded - 20.0) / 20.0).clamp(0.0, 1.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "53 bits are enough for what is rounded to millionths")]
fn share(dot: u64) -> f64 {
    dot as f64 / COSINE_ONE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two of which a third each is names, long enough.
    const EVENT: Split = Split { names: 0.1, words: 0.2, odds: 2.0, named: 0.34, worded: 100 };

    #[test]
    fn who_and_what_together_lose_nothing() {
        assert_eq!(EVENT.other_names(), 0.0);
        assert_eq!(EVENT.other_words(2.5), 0.0);
        assert_eq!(EVENT.other_words(0.25), 0.05);
    }

    #[test]
    fn words_without_the_names_are_taken_off() {
        let form = Split { names: 0.05, words: 0.3, ..EVENT };
        assert!((form.other_names() - 0.2).abs() < 1e-9);
        // Who names nobody cannot name others, and a sentence leaves out much.
        assert_eq!(Split { named: 0.1, ..form }.other_names(), 0.0);
        assert!((Split { named: 0.2, ..form }.other_names() - 0.1).abs() < 1e-9);
        assert_eq!(Split { worded: 20, ..form }.other_names(), 0.0);
        // Where nouns have capitals, most of what is shared is names.
        assert_eq!(Split { odds: 0.5, named: 0.6, names: 0.3, words: 0.1, ..EVENT }.other_names(), 0.0);
    }

    #[test]
    fn names_without_the_words_are_taken_off() {
        let subject = Split { names: 0.3, words: 0.1, ..EVENT };
        assert!((subject.other_words(2.5) - 0.05).abs() < 1e-9);
        assert!((Split { worded: 30, ..subject }.other_words(2.5) - 0.025).abs() < 1e-9);
        assert_eq!(Split { worded: 20, ..subject }.other_words(2.5), 0.0);
    }
}
