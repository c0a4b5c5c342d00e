//! What the passage engine found, as the detections that are measured.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::DocId;
use crate::evaluate::{Detection, PassageComparison, PassageGold};
use crate::normalise::{Normalised, Span};
use crate::passages::{Shared, passages_of};
use crate::pipeline::FoundPassages;
use crate::report::OffsetUnit;
use crate::report::offsets::Offsets;

/// Words that two texts have in a row before a detection between them is left to doubt.
const RUN: usize = 6;

/// Measures what was found against labels. O(passages log passages + words of the pairs that no case joins).
#[must_use]
pub fn compare_passages(found: &FoundPassages, gold: &PassageGold) -> PassageComparison {
    let detections = detections(found, &gold.pairs(), gold.judges_all());
    let mut runs = WordRuns { normalised: &found.normalised, of: HashMap::default() };
    gold.compare(&detections, |a, b| runs.shared(a, b))
}

/// The detections in the pairs that are asked for, and, if `others` is true, in all others. Of identical texts the engine
/// searches one; among the others it speaks for all, so that a thousand copies are not a million pairs.
#[must_use]
pub fn detections(found: &FoundPassages, pairs: &[(DocId, DocId)], others: bool) -> Vec<Detection> {
    let FoundPassages { corpus, normalised, passages, .. } = found;
    let searched = |doc: DocId| passages.same_text[doc.index()];
    let mut offsets = Offsets::new(corpus, OffsetUnit::CodePoints);
    let mut all = Vec::new();
    let mut add = |a: DocId, b: DocId, a_span: Span, b_span: Span| {
        let [a_range, b_range] = [(a, a_span), (b, b_span)].map(|(doc, span)| {
            let (begin, end) = offsets.of(doc, span);
            u32::try_from(begin).unwrap_or(u32::MAX)..u32::try_from(end).unwrap_or(u32::MAX)
        });
        all.push(Detection { a, b, a_range, b_range });
    };
    let mut asked: BTreeMap<(DocId, DocId), Vec<(DocId, DocId)>> = BTreeMap::new();
    for &(a, b) in pairs {
        let (x, y) = (searched(a), searched(b));
        if x == y {
            // Texts of the same words have as many.
            let words = 0..normalised.body_len(a) as u32;
            if !words.is_empty() {
                let [a_span, b_span] = [a, b].map(|doc| normalised.placed(doc).spans([words.clone()])[0]);
                add(a, b, a_span, b_span);
            }
        } else {
            let (key, docs) = if x < y { ((x, y), (a, b)) } else { ((y, x), (b, a)) };
            asked.entry(key).or_default().push(docs);
        }
    }
    for shared in passages.pairs() {
        let itself = [(shared.a, shared.b)];
        let docs: &[(DocId, DocId)] = match asked.get(&itself[0]) {
            Some(docs) => docs,
            None if others => &itself,
            None => continue,
        };
        for &(a, b) in docs {
            // The offsets of these very texts, which may differ in what stands between the words.
            for passage in passages_of(Shared { a, b, ..shared }, normalised) {
                add(a, b, passage.a_span, passage.b_span);
            }
        }
    }
    all
}

/// Which texts have [`RUN`] folded words in a row in common.
struct WordRuns<'a> {
    normalised: &'a Normalised,
    /// Sorted hashes of the runs of each text that was asked for.
    of: HashMap<DocId, Vec<u64>, FixedState>,
}

impl WordRuns<'_> {
    fn shared(&mut self, a: DocId, b: DocId) -> bool {
        let normalised = self.normalised;
        for doc in [a, b] {
            self.of.entry(doc).or_insert_with(|| {
                let words = normalised.words(doc);
                let bytes: Vec<u8> = words.iter().flat_map(|word| word.0.to_le_bytes()).collect();
                let width = size_of::<u32>();
                let mut hashes: Vec<u64> = bytes.windows(RUN * width).step_by(width).map(xxh3_64).collect();
                hashes.sort_unstable();
                hashes
            });
        }
        let (x, y) = (&self.of[&a][..], &self.of[&b][..]);
        let (few, many) = if x.len() <= y.len() { (x, y) } else { (y, x) };
        let mut rest = many;
        few.iter().any(|hash| {
            rest = &rest[rest.partition_point(|other| other < hash)..];
            rest.first() == Some(hash)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::config::Config;
    use crate::corpus::Corpus;
    use crate::outlets::OutletTable;
    use crate::pipeline::passages_of_corpus;
    use crate::progress::Silent;

    /// Forty words, so that it is a passage whatever the least length is.
    fn words(stem: &str) -> String {
        (0..40)
            .map(|n| format!("{stem}{} ", char::from(b'a' + n % 26).to_string().repeat(1 + usize::from(n / 26))))
            .collect()
    }

    fn run(articles: &[(&str, &str)]) -> FoundPassages {
        let article =
            |(id, text): &(&str, &str)| Article { id: (*id).to_owned(), text: (*text).into(), ..Article::default() };
        let corpus = Corpus::new(articles.iter().map(article).collect()).expect("few articles");
        passages_of_corpus(corpus, &OutletTable::shipped(), &Config::default(), &Silent).expect("all in memory")
    }

    #[test]
    fn every_asked_pair_of_identical_texts_has_its_own_offsets() {
        let (copied, own, other) = (words("copied"), words("own"), words("other"));
        let first = format!("{own}{copied}");
        let found =
            run(&[("first", &first), ("second", &format!("… {first}")), ("third", &format!("{copied}{other}"))]);
        let doc = |id: &str| found.corpus.find(id).expect("an id");
        let length = |text: &str| u32::try_from(text.trim_end().chars().count()).expect("short");
        for (id, shift) in [("first", 0), ("second", 2)] {
            let detections = detections(&found, &[(doc("third"), doc(id))], false);
            let [one] = &detections[..] else { panic!("{detections:?}") };
            let (third, its) =
                if one.a == doc("third") { (&one.a_range, &one.b_range) } else { (&one.b_range, &one.a_range) };
            assert_eq!(*third, 0..length(&copied), "{id}");
            let begin = length(&own) + 1 + shift;
            assert_eq!(*its, begin..begin + length(&copied), "{id}");
        }
        let whole = detections(&found, &[(doc("first"), doc("second"))], false);
        assert_eq!((whole.len(), whole[0].a_range.clone(), whole[0].b_range.start), (1, 0..length(&first), 2));
        assert_eq!((detections(&found, &[], false).len(), detections(&found, &[], true).len()), (0, 1));
    }

    #[test]
    fn six_words_in_a_row_are_shared() {
        let found = run(&[
            ("a", "one two three four five six seven eight"),
            ("b", "Zero. One two, three four five SIX nine"),
            ("c", "one two three four five and six seven eight"),
            ("d", "too short"),
        ]);
        let doc = |id: &str| found.corpus.find(id).expect("an id");
        let mut runs = WordRuns { normalised: &found.normalised, of: HashMap::default() };
        assert!(runs.shared(doc("a"), doc("b")) && runs.shared(doc("b"), doc("a")));
        assert!(!runs.shared(doc("a"), doc("c")) && !runs.shared(doc("d"), doc("a")));
    }
}
