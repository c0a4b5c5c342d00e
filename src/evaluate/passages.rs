//! How well copied passages were found: precision, recall, granularity and plagdet (Potthast, Stein, Barrón-Cedeño and Rosso,
//! "An Evaluation Framework for Plagiarism Detection", COLING 2010).
//!
//! A case and a detection are sets of characters of two texts. A detection detects a case when the two overlap in both texts,
//! whichever way round the texts are named; only then does what they have in common count.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use foldhash::fast::FixedState;
use serde::Serialize;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind};
use crate::evaluate::measures::Scores;
use crate::ingest::CaseFolder;

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

    fn pair(&self) -> Pair {
        (self.a, self.b)
    }

    /// Characters of both texts.
    fn size(&self) -> u64 {
        length(&self.a_range) + length(&self.b_range)
    }
}

impl Case {
    fn place(&self) -> Detection {
        let (a_range, b_range) = (self.dst_range.clone(), self.src_range.clone());
        Detection { a: self.dst, b: self.src, a_range, b_range }.upright()
    }
}

/// Two articles, the smaller one first.
type Pair = (DocId, DocId);

fn pair_of(a: DocId, b: DocId) -> Pair {
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
    fn new<'a>(cases: impl Iterator<Item = &'a CaseVerdict>, precisions: impl Iterator<Item = f64>) -> Self {
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
struct CaseVerdict {
    /// Share of its characters that was found.
    recall: f64,
    /// Detections of it.
    detections: usize,
}

/// What came of cases and detections, each in the order they were given in.
struct Verdicts {
    cases: Vec<CaseVerdict>,
    precisions: Vec<f64>,
}

fn judge(cases: &[Case], detections: &[Detection]) -> Verdicts {
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

fn length(range: &Range<u32>) -> u64 {
    u64::from(range.end.saturating_sub(range.start))
}

/// The labelled passages of a corpus.
#[derive(Clone, Debug, Default)]
pub struct PassageGold {
    cases: Vec<Case>,
    /// The pairs that alone are judged, by their type; `None` if all are.
    pairs: Option<BTreeMap<Pair, String>>,
}

impl PassageGold {
    /// The labels of a folder, by the ids of the articles.
    ///
    /// # Errors
    /// [`ErrorKind::Table`] with the line of the first case or pair that names an article which is not there, that reaches
    /// behind the end of a text, of a pair that stands twice, or of a case whose pair is not to be judged.
    pub fn new(corpus: &Corpus, folder: &CaseFolder) -> Result<Self, Error> {
        let find = |id: &str| corpus.find(id).map_err(|_| format!("no article has the id {id:?}"));
        let mut lengths: HashMap<DocId, usize, FixedState> = HashMap::default();
        let mut pairs = None;
        if let Some(file) = &folder.pairs {
            let mut types: BTreeMap<Pair, String> = BTreeMap::new();
            for line in &file.lines {
                let wrong = |cause| ErrorKind::Table { path: file.path.clone(), line: line.line, cause };
                let pair = pair_of(find(&line.dst).map_err(wrong)?, find(&line.src).map_err(wrong)?);
                if types.insert(pair, line.kind.clone()).is_some() {
                    return Err(wrong(format!("{:?} and {:?} stand further up too", line.dst, line.src)).into());
                }
            }
            pairs = Some(types);
        }
        let mut cases = Vec::with_capacity(folder.cases.len());
        for line in &folder.cases {
            let wrong = |cause| ErrorKind::Table { path: folder.path.clone(), line: line.line, cause };
            let (dst, src) = (find(&line.dst).map_err(wrong)?, find(&line.src).map_err(wrong)?);
            for (id, doc, range) in [(&line.dst, dst, &line.dst_range), (&line.src, src, &line.src_range)] {
                let length = *lengths.entry(doc).or_insert_with(|| corpus.text(doc).chars().count());
                if range.end as usize > length {
                    return Err(wrong(format!("{} is behind the end of {id:?} ({length})", range.end)).into());
                }
            }
            if pairs.as_ref().is_some_and(|pairs| !pairs.contains_key(&pair_of(dst, src))) {
                return Err(wrong(format!("{:?} and {:?} are no pair of pairs.tsv", line.dst, line.src)).into());
            }
            let (dst_range, src_range) = (line.dst_range.clone(), line.src_range.clone());
            cases.push(Case { dst, src, dst_range, src_range, kind: line.kind.clone() });
        }
        Ok(Self { cases, pairs })
    }

    /// The pairs of articles in which every detection is judged, sorted, the smaller article first.
    #[must_use]
    pub fn pairs(&self) -> Vec<(DocId, DocId)> {
        let mut pairs: Vec<Pair> = match &self.pairs {
            Some(pairs) => pairs.keys().copied().collect(),
            None => self.cases.iter().map(|case| case.place().pair()).collect(),
        };
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Whether detections outside [`Self::pairs`] may be judged too.
    #[must_use]
    pub fn judges_all(&self) -> bool {
        self.pairs.is_none()
    }

    /// Measures detections. Where all pairs are judged, one that no case joins is false unless `share` says that the texts
    /// do share words: then nobody knows, and it is left out.
    #[must_use]
    pub fn compare(&self, detections: &[Detection], mut share: impl FnMut(DocId, DocId) -> bool) -> PassageComparison {
        let joined: Vec<Pair> = {
            let mut joined: Vec<Pair> = self.cases.iter().map(|case| case.place().pair()).collect();
            joined.sort_unstable();
            joined.dedup();
            joined
        };
        let mut hits: BTreeMap<Pair, Hits> = BTreeMap::new();
        for found in detections {
            let hits = hits.entry(pair_of(found.a, found.b)).or_default();
            hits.detections += 1;
            hits.characters += found.size();
        }
        let mut unjudged = 0;
        hits.retain(|&(a, b), _| match &self.pairs {
            Some(pairs) => pairs.contains_key(&(a, b)),
            None if joined.binary_search(&(a, b)).is_err() && share(a, b) => {
                unjudged += 1;
                false
            }
            None => true,
        });
        let judged: Vec<Detection> =
            detections.iter().filter(|found| hits.contains_key(&pair_of(found.a, found.b))).cloned().collect();
        let verdicts = judge(&self.cases, &judged);
        let mut false_pairs: Vec<(DocId, DocId, usize, u64)> = hits
            .iter()
            .filter(|(pair, _)| joined.binary_search(pair).is_err())
            .map(|(&(a, b), hits)| (a, b, hits.detections, hits.characters))
            .collect();
        false_pairs.sort_by_key(|&(a, b, _, characters)| (std::cmp::Reverse(characters), a, b));
        let mut missed: Vec<(usize, CaseVerdict)> =
            verdicts.cases.iter().copied().enumerate().filter(|(_, verdict)| verdict.recall < 1.0).collect();
        let size = |case: usize| std::cmp::Reverse(self.cases[case].place().size());
        missed.sort_by(|(i, x), (j, y)| x.recall.total_cmp(&y.recall).then_with(|| (size(*i), i).cmp(&(size(*j), j))));

        let mut rows = match &self.pairs {
            Some(pairs) => self.rows_of_types(pairs, &hits, &joined, &judged, &verdicts),
            None => self.rows_of_kinds(&hits, &verdicts),
        };
        let whole = PassageMeasures {
            false_pairs: false_pairs.len(),
            ..PassageMeasures::new(verdicts.cases.iter(), verdicts.precisions.iter().copied())
        };
        let pairs = self.pairs();
        let hit = pairs.iter().filter(|pair| hits.contains_key(pair)).count();
        rows.push(PassageRow::new("whole", (pairs.len(), hit), &whole));
        PassageComparison { rows, whole, unjudged, false_pairs, missed }
    }

    /// A row for each type of pair: the cases and the detections of the pairs of that type.
    fn rows_of_types(
        &self,
        types: &BTreeMap<Pair, String>,
        hits: &BTreeMap<Pair, Hits>,
        joined: &[Pair],
        judged: &[Detection],
        verdicts: &Verdicts,
    ) -> Vec<PassageRow> {
        // The number of pairs, of those with detections, and of those with detections and no case.
        let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
        for (pair, kind) in types {
            let (all, hit, wrong) = counts.entry(kind).or_default();
            *all += 1;
            if hits.contains_key(pair) {
                *hit += 1;
                *wrong += usize::from(joined.binary_search(pair).is_err());
            }
        }
        let is = |pair: Pair, kind: &str| types.get(&pair).is_some_and(|of| of == kind);
        let row = |(kind, (all, hit, false_pairs))| {
            let cases = self.cases.iter().zip(&verdicts.cases).filter(|(case, _)| is(case.place().pair(), kind));
            let precisions = judged.iter().zip(&verdicts.precisions);
            let precisions = precisions.filter(|(found, _)| is(pair_of(found.a, found.b), kind));
            let measures = PassageMeasures::new(cases.map(|(_, verdict)| verdict), precisions.map(|(_, share)| *share));
            PassageRow::new(type_name(kind), (all, hit), &PassageMeasures { false_pairs, ..measures })
        };
        counts.into_iter().map(row).collect()
    }

    /// A row for each kind of case. A detection has no kind, so there is nothing to say of precision.
    fn rows_of_kinds(&self, hits: &BTreeMap<Pair, Hits>, verdicts: &Verdicts) -> Vec<PassageRow> {
        let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, case) in self.cases.iter().enumerate() {
            kinds.entry(&case.kind).or_default().push(at);
        }
        let row = |(kind, cases): (&str, Vec<usize>)| {
            let mut pairs: Vec<Pair> = cases.iter().map(|&at| self.cases[at].place().pair()).collect();
            pairs.sort_unstable();
            pairs.dedup();
            let hit = pairs.iter().filter(|pair| hits.contains_key(pair)).count();
            let of_cases = cases.iter().map(|&at| &verdicts.cases[at]);
            let measures = PassageMeasures::new(of_cases, std::iter::empty());
            let row = PassageRow::new(kind, (pairs.len(), hit), &measures);
            PassageRow { false_pairs: None, detections: None, precision: None, plagdet: None, ..row }
        };
        kinds.into_iter().map(row).collect()
    }
}

/// The types of pairs as the field numbers them, by name; others as they are.
fn type_name(kind: &str) -> &str {
    match kind {
        "01" => "clean",
        "02" => "verbatim",
        "03" => "random",
        "04" => "translation",
        "05" => "summary",
        other => other,
    }
}

/// What was detected in a pair.
#[derive(Clone, Copy, Debug, Default)]
struct Hits {
    detections: usize,
    characters: u64,
}

/// The measures of a part of the cases. What a part has no cases or no detections for is not there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PassageRow {
    /// The type of the pairs, the kind of the cases, or `whole`.
    pub name: String,
    /// Pairs of articles that are judged: all of a type, or those that a case joins.
    pub pairs: usize,
    /// Of those the ones in which something was detected.
    pub hit: usize,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub false_pairs: Option<usize>,
    /// As in [`PassageMeasures`].
    pub cases: usize,
    /// As in [`PassageMeasures`].
    pub found: usize,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detections: Option<usize>,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granularity: Option<f64>,
    /// As in [`PassageMeasures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plagdet: Option<f64>,
}

impl PassageRow {
    fn new(name: &str, (pairs, hit): (usize, usize), measures: &PassageMeasures) -> Self {
        let of_cases = |value: f64| (measures.cases > 0).then_some(value);
        Self {
            name: name.to_owned(),
            pairs,
            hit,
            false_pairs: Some(measures.false_pairs),
            cases: measures.cases,
            found: measures.found,
            detections: Some(measures.detections),
            precision: of_cases(measures.precision),
            recall: of_cases(measures.recall),
            granularity: of_cases(measures.granularity),
            plagdet: of_cases(measures.plagdet),
        }
    }
}

/// What came of a comparison with labelled passages.
#[derive(Clone, Debug)]
pub struct PassageComparison {
    /// The types or kinds in the order of their names, then the whole.
    pub rows: Vec<PassageRow>,
    /// All cases and all judged detections.
    pub whole: PassageMeasures,
    /// Pairs of articles with detections that no case joins and that share words all the same: they are not judged.
    pub unjudged: usize,
    /// Pairs that were hit and that no case joins, with detections and their characters, the most characters first.
    false_pairs: Vec<(DocId, DocId, usize, u64)>,
    /// Cases that were not wholly found, the worst first.
    missed: Vec<(usize, CaseVerdict)>,
}

/// The worst mistakes of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PassageErrors {
    /// Cases that were not wholly found: the least found first, of equals the longest.
    pub missed: Vec<MissedCase>,
    /// Pairs of articles that no case joins and in which something was detected, the most characters first.
    pub false_pairs: Vec<FalsePair>,
}

/// A case that was not wholly found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissedCase {
    /// Its kind, in the words of the labels.
    pub kind: String,
    /// The id of the article that copied.
    pub dst: String,
    /// The id of the article that it copied from.
    pub src: String,
    /// Where it stands in the text of `dst`, in code points.
    pub dst_range: Range<u32>,
    /// Where it stands in the text of `src`, in code points.
    pub src_range: Range<u32>,
    /// Detections of it.
    pub detections: usize,
    /// Share of its characters that was found, 0 to 1.
    pub recall: f64,
    /// How it begins in the text of `dst`.
    pub text: String,
}

/// A pair of articles that was found to share a passage and does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FalsePair {
    /// The id of the one article.
    pub a: String,
    /// The id of the other.
    pub b: String,
    /// Detections.
    pub detections: usize,
    /// Their characters in both texts.
    pub characters: u64,
}

/// Characters of a case that are shown.
const SHOWN: u32 = 90;

impl PassageComparison {
    /// The `limit` worst mistakes of each kind. `gold` and `corpus` are those of the comparison.
    #[must_use]
    pub fn errors(&self, gold: &PassageGold, corpus: &Corpus, limit: usize) -> PassageErrors {
        let id = |doc: DocId| corpus.get(doc).id.clone();
        let missed = self.missed.iter().take(limit).map(|&(at, verdict)| {
            let case = &gold.cases[at];
            let (begin, shown) = (case.dst_range.start as usize, length(&case.dst_range).min(u64::from(SHOWN)));
            let text = corpus.text(case.dst);
            let text = text.chars().skip(begin).take(usize::try_from(shown).unwrap_or(0));
            MissedCase {
                kind: case.kind.clone(),
                dst: id(case.dst),
                src: id(case.src),
                dst_range: case.dst_range.clone(),
                src_range: case.src_range.clone(),
                detections: verdict.detections,
                recall: verdict.recall,
                text: text.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "),
            }
        });
        let false_pairs = self.false_pairs.iter().take(limit).map(|&(a, b, detections, characters)| FalsePair {
            a: id(a),
            b: id(b),
            detections,
            characters,
        });
        PassageErrors { missed: missed.collect(), false_pairs: false_pairs.collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::Article;
    use crate::ingest::{CaseLine, PairFile, PairLine};

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

    /// Articles of 20 characters with these ids.
    fn corpus(ids: &[&str]) -> Corpus {
        let article =
            |id: &&str| Article { id: (*id).to_owned(), text: format!("é{id:-<19}").into(), ..Article::default() };
        Corpus::new(ids.iter().map(article).collect()).expect("few articles")
    }

    fn line(line: u64, dst: &str, src: &str, end: u32, kind: &str) -> CaseLine {
        let (dst, src, kind) = (dst.to_owned(), src.to_owned(), kind.to_owned());
        CaseLine { line, dst, src, dst_range: 0..end, src_range: 0..end, kind }
    }

    fn pairs(pairs: &[(&str, &str, &str)]) -> Option<PairFile> {
        let line = |(line, (kind, dst, src)): (u64, &(&str, &str, &str))| PairLine {
            line,
            kind: (*kind).to_owned(),
            dst: (*dst).to_owned(),
            src: (*src).to_owned(),
        };
        Some(PairFile { path: "pairs.tsv".into(), lines: (1..).zip(pairs).map(line).collect() })
    }

    fn folder(cases: &[CaseLine], pairs: Option<PairFile>) -> CaseFolder {
        CaseFolder { docs: "docs.jsonl".into(), path: "gold.jsonl".into(), cases: cases.to_vec(), pairs }
    }

    #[test]
    fn all_pairs_are_judged_unless_the_texts_share_words() {
        let corpus = corpus(&["a", "b", "c", "d"]);
        let doc = |id: &str| corpus.find(id).expect("an id");
        let cases = [line(1, "a", "b", 10, "light"), line(2, "a", "c", 10, "heavy"), line(3, "b", "c", 20, "heavy")];
        let gold = PassageGold::new(&corpus, &folder(&cases, None)).expect("labels");
        assert!(gold.judges_all() && gold.pairs().len() == 3);
        let detections = [
            found(doc("b"), doc("a"), 0..10, 0..10),
            found(doc("a"), doc("c"), 0..5, 0..5),
            found(doc("a"), doc("d"), 0..5, 0..5),
            found(doc("b"), doc("d"), 0..5, 0..5),
        ];
        let known = pair_of(doc("a"), doc("d"));
        let compared = gold.compare(&detections, |x, y| pair_of(x, y) == known);
        assert_eq!((compared.unjudged, compared.whole.false_pairs, compared.whole.detections), (1, 1, 3));
        assert!((compared.whole.precision - 2.0 / 3.0).abs() < 1e-12 && (compared.whole.recall - 0.5).abs() < 1e-12);
        let rows: Vec<_> = compared.rows.iter().map(|r| (&*r.name, r.pairs, r.hit, r.cases, r.found)).collect();
        assert_eq!(rows, [("heavy", 2, 1, 2, 1), ("light", 1, 1, 1, 1), ("whole", 3, 2, 3, 2)]);
        assert_eq!((compared.rows[0].recall, compared.rows[0].precision), (Some(0.25), None));

        let errors = compared.errors(&gold, &corpus, 9);
        let missed: Vec<_> = errors.missed.iter().map(|case| (&*case.dst, &*case.src, case.recall)).collect();
        assert_eq!(missed, [("b", "c", 0.0), ("a", "c", 0.5)]);
        assert_eq!(errors.missed[1].text, "éa--------");
        let wrong = &errors.false_pairs[0];
        let mut ids = [&*wrong.a, &*wrong.b];
        ids.sort_unstable();
        assert_eq!((ids, wrong.detections, wrong.characters), (["b", "d"], 1, 10));
    }

    #[test]
    fn only_the_pairs_of_the_list_are_judged() {
        let corpus = corpus(&["a", "b", "c", "d"]);
        let doc = |id: &str| corpus.find(id).expect("an id");
        let list = pairs(&[("02", "a", "b"), ("01", "a", "c"), ("01", "a", "d"), ("06", "c", "d")]);
        let gold = PassageGold::new(&corpus, &folder(&[line(1, "a", "b", 10, "02")], list)).expect("labels");
        let detections = [
            found(doc("b"), doc("a"), 0..10, 0..10),
            found(doc("c"), doc("a"), 0..5, 0..5),
            found(doc("b"), doc("d"), 0..5, 0..5),
        ];
        let compared = gold.compare(&detections, |_, _| unreachable!("the list says what is judged"));
        assert_eq!((compared.unjudged, compared.whole.false_pairs, compared.whole.detections), (0, 1, 2));
        let rows: Vec<_> =
            compared.rows.iter().map(|r| (&*r.name, r.pairs, r.hit, r.cases, r.detections, r.precision)).collect();
        let clean = ("clean", 2, 1, 0, Some(1), None);
        let verbatim = ("verbatim", 1, 1, 1, Some(1), Some(1.0));
        assert_eq!(rows, [clean, verbatim, ("06", 1, 0, 0, Some(0), None), ("whole", 4, 2, 1, Some(2), Some(0.5))]);
    }

    #[test]
    fn labels_that_fit_no_article_are_told_with_their_line() {
        let corpus = corpus(&["a", "b", "c"]);
        let good = line(3, "a", "b", 20, "02");
        for (cases, pairs, says) in [
            (vec![good.clone(), line(7, "a", "x", 9, "02")], None, "gold.jsonl, line 7: no article has the id \"x\""),
            (vec![line(7, "a", "b", 21, "02")], None, "gold.jsonl, line 7: 21 is behind the end of \"a\" (20)"),
            (
                vec![good.clone()],
                pairs(&[("02", "a", "c")]),
                "gold.jsonl, line 3: \"a\" and \"b\" are no pair of pairs.tsv",
            ),
            (vec![], pairs(&[("02", "a", "x")]), "pairs.tsv, line 1: no article has the id \"x\""),
            (
                vec![],
                pairs(&[("02", "a", "b"), ("01", "b", "a")]),
                "pairs.tsv, line 2: \"b\" and \"a\" stand further up too",
            ),
        ] {
            let error = PassageGold::new(&corpus, &folder(&cases, pairs)).expect_err(says);
            assert_eq!(error.to_string(), says);
        }
        assert!(PassageGold::new(&corpus, &folder(&[good], None)).is_ok());
    }
}
