//! How well copied passages were found: precision, recall, granularity and plagdet (Potthast, Stein, Barrón-Cedeño and Rosso,
//! "An Evaluation Framework for Plagiarism Detection", COLING 2010).
//!
//! A case and a detection are sets of characters of two texts. A detection detects a case when the two overlap in both texts,
//! whichever way round the texts are named; only then does what they have in common count.

use std::ops::Range;

use serde::Serialize;

use crate::article::DocId;
use crate::evaluate::measures::Scores;

/// A labelled passage. Ranges count Unicode code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The article that copied.
    pub dst: DocId,
    /// The article that it copied from.
    pub src: DocId,
    /// Where the passage stands in the text of `dst`.
    pub dst_range: Range<u32>,
    /// Where it stands in the text of `src`.
    pub src_range: Range<u32>,
    /// What was done to it, in the words of the labels.
    pub kind: String,
}

/// A passage that was found. Ranges count Unicode code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// One article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// Where the passage stands in the text of `a`.
    pub a_range: Range<u32>,
    /// Where it stands in the text of `b`.
    pub b_range: Range<u32>,
}

impl Detection {
    /// The same with the smaller article first, so that it does not matter which way round a pair is named.
    fn upright(self) -> Self {
        if self.a <= self.b {
            return self;
        }
        Self { a: self.b, b: self.a, a_range: self.b_range, b_range: self.a_range }
    }

    pub(super) fn pair(&self) -> Pair {
        (self.a, self.b)
    }

    /// Characters of both texts.
    pub(super) fn size(&self) -> u64 {
        length(&self.a_range) + length(&self.b_range)
    }
}

impl Case {
    pub(super) fn place(&self) -> Detection {
        let (a_range, b_range) = (self.dst_range.clone(), self.src_range.clone());
        Detection { a: self.dst, b: self.src, a_range, b_range }.upright()
    }
}

/// Two articles, the smaller one first.
pub(super) type Pair = (DocId, DocId);

pub(super) fn pair_of(a: DocId, b: DocId) -> Pair {
    (a.min(b), a.max(b))
}

/// How well detections agree with cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PassageMeasures {
    /// Cases.
    pub cases: usize,
    /// Cases with at least one detection.
    pub found: usize,
    /// Detections that were judged.
    pub detections: usize,
    /// Pairs of articles that no case joins and in which something was detected all the same.
    pub false_pairs: usize,
    /// Mean over detections of the share of their characters that is in cases they detect, 0 to 1.
    pub precision: f64,
    /// Mean over cases of the share of their characters that is in detections of them, 0 to 1.
    pub recall: f64,
    /// Mean number of detections of a case that has any, 1 or more.
    pub granularity: f64,
    /// Harmonic mean of precision and recall over the binary logarithm of 1 + granularity, 0 to 1.
    pub plagdet: f64,
}

impl PassageMeasures {
    /// With neither cases nor detections all is well; where only one of the two is missing, nothing is.
    #[expect(clippy::cast_precision_loss, reason = "counts of passages")]
    pub(super) fn new<'a>(cases: impl Iterator<Item = &'a CaseVerdict>, precisions: impl Iterator<Item = f64>) -> Self {
        let (mut all, mut found, mut hits, mut recall) = (0usize, 0usize, 0usize, 0.0);
        for case in cases {
            all += 1;
            found += usize::from(case.detections > 0);
            hits += case.detections;
            recall += case.recall;
        }
        let (mut detections, mut precision) = (0usize, 0.0);
        for share in precisions {
            detections += 1;
            precision += share;
        }
        let mean = |sum: f64, n: usize| match n {
            0 if all + detections == 0 => 1.0,
            0 => 0.0,
            n => sum / n as f64,
        };
        let scores = Scores::new(mean(precision, detections), mean(recall, all));
        let granularity = if found == 0 { 1.0 } else { hits as f64 / found as f64 };
        Self {
            cases: all,
            found,
            detections,
            false_pairs: 0,
            precision: scores.precision,
            recall: scores.recall,
            granularity,
            plagdet: scores.f1 / (1.0 + granularity).log2(),
        }
    }
}

/// Measures detections against cases, all of them being judged. O((n + m) log (n + m) + overlaps).
#[must_use]
pub fn measure_passages(cases: &[Case], detections: &[Detection]) -> PassageMeasures {
    let verdicts = judge(cases, detections);
    let mut joined: Vec<Pair> = cases.iter().map(|case| case.place().pair()).collect();
    joined.sort_unstable();
    let mut outside: Vec<Pair> = detections.iter().map(|found| pair_of(found.a, found.b)).collect();
    outside.sort_unstable();
    outside.dedup();
    outside.retain(|pair| joined.binary_search(pair).is_err());
    let measures = PassageMeasures::new(verdicts.cases.iter(), verdicts.precisions.iter().copied());
    PassageMeasures { false_pairs: outside.len(), ..measures }
}

/// What came of one case.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CaseVerdict {
    /// Share of its characters that was found.
    pub(super) recall: f64,
    /// Detections of it.
    pub(super) detections: usize,
}

/// What came of cases and detections, each in the order they were given in.
pub(super) struct Verdicts {
    pub(super) cases: Vec<CaseVerdict>,
    pub(super) precisions: Vec<f64>,
}

pub(super) fn judge(cases: &[Case], detections: &[Detection]) -> Verdicts {
    let cases: Vec<Detection> = cases.iter().map(Case::place).collect();
    let detections: Vec<Detection> = detections.iter().cloned().map(Detection::upright).collect();
    let mut by_place: Vec<usize> = (0..cases.len()).collect();
    by_place.sort_by_key(|&case| (cases[case].pair(), cases[case].a_range.start));
    let mut by_pair: Vec<usize> = (0..detections.len()).collect();
    by_pair.sort_by_key(|&found| detections[found].pair());

    let mut precisions = vec![0.0; detections.len()];
    let mut hits: Vec<Overlaps> = vec![Overlaps::default(); cases.len()];
    for group in by_pair.chunk_by(|x, y| detections[*x].pair() == detections[*y].pair()) {
        let pair = detections[group[0]].pair();
        let from = by_place.partition_point(|&case| cases[case].pair() < pair);
        let to = by_place.partition_point(|&case| cases[case].pair() <= pair);
        let cases_of = &by_place[from..to];
        // How far any case up to this one reaches: none before the first that reaches a detection can overlap it.
        let reach: Vec<u32> = cases_of
            .iter()
            .scan(0, |end, &case| {
                *end = cases[case].a_range.end.max(*end);
                Some(*end)
            })
            .collect();
        for &found in group {
            let detection = &detections[found];
            let last = cases_of.partition_point(|&case| cases[case].a_range.start < detection.a_range.end);
            let first = reach.partition_point(|end| *end <= detection.a_range.start).min(last);
            let mut right = Overlaps::default();
            for &case in &cases_of[first..last] {
                let in_a = overlap(&cases[case].a_range, &detection.a_range);
                let in_b = overlap(&cases[case].b_range, &detection.b_range);
                if let (Some(in_a), Some(in_b)) = (in_a, in_b) {
                    hits[case].add(in_a.clone(), in_b.clone());
                    right.add(in_a, in_b);
                }
            }
            precisions[found] = right.share_of(detection.size());
        }
    }
    let verdict = |(case, mut hits): (&Detection, Overlaps)| CaseVerdict {
        detections: hits.a.len(),
        recall: hits.share_of(case.size()),
    };
    Verdicts { cases: cases.iter().zip(hits).map(verdict).collect(), precisions }
}

/// What a case has in common with detections, or a detection with cases.
#[derive(Clone, Debug, Default)]
struct Overlaps {
    a: Vec<Range<u32>>,
    b: Vec<Range<u32>>,
}

impl Overlaps {
    fn add(&mut self, in_a: Range<u32>, in_b: Range<u32>) {
        self.a.push(in_a);
        self.b.push(in_b);
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of characters")]
    fn share_of(&mut self, size: u64) -> f64 {
        let covered = covered(&mut self.a) + covered(&mut self.b);
        if size == 0 { 0.0 } else { covered as f64 / size as f64 }
    }
}

/// Characters in any of the ranges.
fn covered(ranges: &mut [Range<u32>]) -> u64 {
    ranges.sort_unstable_by_key(|range| range.start);
    let (mut sum, mut end) = (0, 0);
    for range in ranges {
        sum += length(&(range.start.max(end)..range.end));
        end = range.end.max(end);
    }
    sum
}

fn overlap(x: &Range<u32>, y: &Range<u32>) -> Option<Range<u32>> {
    let both = x.start.max(y.start)..x.end.min(y.end);
    (!both.is_empty()).then_some(both)
}

pub(super) fn length(range: &Range<u32>) -> u64 {
    u64::from(range.end.saturating_sub(range.start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: DocId = DocId(0);
    const B: DocId = DocId(1);
    const C: DocId = DocId(2);

    fn case(dst: DocId, src: DocId, dst_range: Range<u32>, src_range: Range<u32>) -> Case {
        Case { dst, src, dst_range, src_range, kind: "light".to_owned() }
    }

    fn found(a: DocId, b: DocId, a_range: Range<u32>, b_range: Range<u32>) -> Detection {
        Detection { a, b, a_range, b_range }
    }

    /// Precision, recall, granularity and plagdet.
    fn assert_measures(cases: &[Case], detections: &[Detection], expected: [f64; 4]) {
        let m = measure_passages(cases, detections);
        let got = [m.precision, m.recall, m.granularity, m.plagdet];
        let near = got.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-12);
        assert!(near, "{got:?} is not {expected:?}");
    }

    fn plagdet(precision: f64, recall: f64, granularity: f64) -> f64 {
        2.0 * precision * recall / (precision + recall) / (1.0 + granularity).log2()
    }

    /// A case of 100 characters in each text, and a detection that has 60 and 40 of them and 20 others in each.
    #[test]
    fn a_part_is_found() {
        let cases = [case(A, B, 0..100, 50..150)];
        let detections = [found(A, B, 40..120, 110..170)];
        assert_measures(&cases, &detections, [100.0 / 140.0, 0.5, 1.0, plagdet(100.0 / 140.0, 0.5, 1.0)]);
    }

    #[test]
    fn it_does_not_matter_which_way_round_a_pair_is_named() {
        let cases = [case(B, A, 0..100, 50..150)];
        for detection in [found(B, A, 40..120, 110..170), found(A, B, 110..170, 40..120)] {
            assert_measures(&cases, &[detection], [100.0 / 140.0, 0.5, 1.0, plagdet(100.0 / 140.0, 0.5, 1.0)]);
        }
        // Named the other way round, but with the ranges left where they were, it is another passage.
        assert_measures(&cases, &[found(A, B, 0..50, 150..250)], [0.0, 0.0, 1.0, 0.0]);
    }

    /// Two halves: all is found, in two pieces.
    #[test]
    fn pieces_count_against_granularity() {
        let cases = [case(A, B, 0..100, 0..100), case(A, C, 0..10, 0..10)];
        let detections = [found(A, B, 0..50, 0..50), found(B, A, 50..100, 50..100)];
        assert_measures(&cases, &detections, [1.0, 0.5, 2.0, plagdet(1.0, 0.5, 2.0)]);
        let third = [&detections[..], &[found(A, C, 0..10, 0..10)]].concat();
        assert_measures(&cases, &third, [1.0, 1.0, 1.5, 1.0 / 2.5f64.log2()]);
    }

    /// Two detections that overlap: what both have counts once for the case. Two cases in one detection: what both have
    /// counts once for the detection.
    #[test]
    fn what_overlaps_counts_once() {
        let cases = [case(A, B, 0..100, 0..100)];
        let detections = [found(A, B, 0..60, 0..60), found(A, B, 40..80, 40..80)];
        assert_measures(&cases, &detections, [1.0, 0.8, 2.0, plagdet(1.0, 0.8, 2.0)]);
        let cases = [case(A, B, 0..60, 0..60), case(A, B, 40..80, 40..80)];
        assert_measures(&cases, &[found(A, B, 0..100, 0..100)], [0.8, 1.0, 1.0, plagdet(0.8, 1.0, 1.0)]);
    }

    #[test]
    fn what_overlaps_in_one_text_only_detects_nothing() {
        let cases = [case(A, B, 0..100, 0..100)];
        for detection in [
            found(A, B, 0..100, 100..200),
            found(A, B, 100..200, 0..100),
            found(A, C, 0..100, 0..100),
            found(A, B, 20..20, 0..100),
        ] {
            assert_measures(&cases, std::slice::from_ref(&detection), [0.0, 0.0, 1.0, 0.0]);
            // Nor does it add to what another has detected.
            let detections = [detection, found(A, B, 50..100, 50..100)];
            assert_measures(&cases, &detections, [0.5, 0.5, 1.0, 0.5]);
        }
    }

    #[test]
    fn a_false_detection_costs_precision() {
        let cases = [case(A, B, 0..10, 0..10)];
        let detections = [found(A, B, 0..10, 0..10), found(B, C, 0..10, 0..10), found(C, B, 30..40, 30..40)];
        assert_measures(&cases, &detections, [1.0 / 3.0, 1.0, 1.0, plagdet(1.0 / 3.0, 1.0, 1.0)]);
        let measures = measure_passages(&cases, &detections);
        assert_eq!((measures.cases, measures.found, measures.detections, measures.false_pairs), (1, 1, 3, 1));
    }

    #[test]
    fn where_there_is_nothing() {
        assert_measures(&[], &[], [1.0, 1.0, 1.0, 1.0]);
        assert_measures(&[case(A, B, 0..10, 0..10)], &[], [0.0, 0.0, 1.0, 0.0]);
        assert_measures(&[], &[found(A, B, 0..10, 0..10)], [0.0, 0.0, 1.0, 0.0]);
    }

    /// By the definition: sets of characters, every detection against every case.
    fn by_sets(cases: &[Case], detections: &[Detection]) -> [f64; 3] {
        use std::collections::BTreeSet;
        let set = |d: &Detection| -> BTreeSet<(Pair, DocId, u32)> {
            let pair = pair_of(d.a, d.b);
            let in_a = d.a_range.clone().map(|at| (pair, d.a, at));
            in_a.chain(d.b_range.clone().map(|at| (pair, d.b, at))).collect()
        };
        let cases: Vec<_> = cases.iter().map(|case| set(&case.place())).collect();
        let detections: Vec<_> = detections.iter().map(set).collect();
        let detects = |r: &BTreeSet<_>, s: &BTreeSet<(Pair, DocId, u32)>| {
            r.intersection(s).map(|(_, doc, _)| doc).collect::<BTreeSet<_>>().len() == 2
        };
        let share = |x: &BTreeSet<_>, others: Vec<&BTreeSet<_>>| {
            let covered = x.iter().filter(|at| others.iter().any(|other| other.contains(*at))).count();
            covered as f64 / x.len() as f64
        };
        let mean = |shares: Vec<f64>| shares.iter().sum::<f64>() / shares.len() as f64;
        let hits: Vec<usize> = cases.iter().map(|s| detections.iter().filter(|r| detects(r, s)).count()).collect();
        let found: Vec<f64> = hits.iter().filter(|n| **n > 0).map(|n| *n as f64).collect();
        [
            mean(detections.iter().map(|r| share(r, cases.iter().filter(|s| detects(r, s)).collect())).collect()),
            mean(cases.iter().map(|s| share(s, detections.iter().filter(|r| detects(r, s)).collect())).collect()),
            if found.is_empty() { 1.0 } else { mean(found) },
        ]
    }

    fn places() -> impl Strategy<Value = Vec<Detection>> {
        let range = || (0u32..40, 1u32..15).prop_map(|(start, length)| start..start + length);
        let place = (0u32..3, 1u32..3, range(), range())
            .prop_map(|(a, step, a_range, b_range)| found(DocId(a), DocId((a + step) % 3), a_range, b_range));
        proptest::collection::vec(place, 1..9)
    }

    fn cases_of(places: &[Detection]) -> Vec<Case> {
        places.iter().map(|d| case(d.a, d.b, d.a_range.clone(), d.b_range.clone())).collect()
    }

    proptest! {
        #[test]
        fn the_measures_are_what_the_definition_says(cases in places(), detections in places()) {
            let cases = cases_of(&cases);
            let m = measure_passages(&cases, &detections);
            for (got, expected) in [m.precision, m.recall, m.granularity].iter().zip(by_sets(&cases, &detections)) {
                prop_assert!((got - expected).abs() < 1e-12, "{m:?}, expected {expected}");
            }
        }

        /// Of cases that do not overlap in both texts: those that do are detected by each other's detections too.
        #[test]
        fn detections_equal_to_the_cases_are_perfect(places in places()) {
            let mut apart: Vec<Detection> = Vec::new();
            for place in places.into_iter().map(Detection::upright) {
                let meets = |other: &Detection| {
                    other.pair() == place.pair()
                        && overlap(&other.a_range, &place.a_range).is_some()
                        && overlap(&other.b_range, &place.b_range).is_some()
                };
                if !apart.iter().any(meets) {
                    apart.push(place);
                }
            }
            assert_measures(&cases_of(&apart), &apart, [1.0, 1.0, 1.0, 1.0]);
        }
    }
}
