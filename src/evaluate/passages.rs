//! Detections against labelled passages: the labels of a folder, what came of them by type or kind, and the worst mistakes.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use foldhash::fast::FixedState;
use serde::Serialize;

use crate::article::DocId;
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind};
use crate::evaluate::plagdet::{Case, CaseVerdict, Detection, Pair, PassageMeasures, Verdicts, judge, length, pair_of};
use crate::ingest::CaseFolder;

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
    use super::*;
    use crate::article::Article;
    use crate::ingest::{CaseLine, PairFile, PairLine};

    fn found(a: DocId, b: DocId, a_range: Range<u32>, b_range: Range<u32>) -> Detection {
        Detection { a, b, a_range, b_range }
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
