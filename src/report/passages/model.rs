//! The shape of passages outside: what JSON, JSON lines and the table share. `docs/schema/passages.schema.json` describes it.
//!
//! Every key is always there, `edits` excepted; what does not apply is `null` or an empty list.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::article::DocId;
use crate::config::Config;
use crate::copies::shares::{ArticleShares, article_shares, pair_shares};
use crate::error::{Skipped, Warning};
use crate::ingest::LeftOut;
use crate::normalise::{Span, Tokens};
use crate::passages::groups::Place;
use crate::passages::{Operation, OperationKind, Passage, PassageGroup, PassageKind, operations};
use crate::pipeline::ReportedPassage;
use crate::report::Micro;
use crate::report::offsets::Offsets;
use crate::report::passages::{PassageOptions, PassageRun};

/// Raised whenever a reader of the output would have to change.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// What a run says about itself.
#[derive(Debug, Serialize)]
pub(super) struct Header<'a> {
    schema_version: u32,
    retold_version: &'static str,
    offsets: &'static str,
    settings: &'a Config,
    pub(super) summary: Summary,
    skipped: Vec<&'a Skipped>,
    warnings: Vec<&'a Warning>,
}

/// A run in numbers.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) files: usize,
    pub(super) articles_read: u64,
    pub(super) articles_used: usize,
    pub(super) skipped: usize,
    pub(super) warnings: usize,
    pub(super) left_out: LeftOut,
    /// Pairs of articles with a passage.
    pub(super) pairs: usize,
    pub(super) passages: usize,
    pub(super) groups: usize,
    /// Passages by kind, those that there are none of included.
    pub(super) kinds: BTreeMap<&'static str, usize>,
}

/// A stretch of text that two articles share.
#[derive(Debug, Serialize)]
pub(super) struct PassageOut<'a> {
    pub(super) a: &'a str,
    pub(super) b: &'a str,
    pub(super) a_begin: u64,
    pub(super) a_end: u64,
    pub(super) b_begin: u64,
    pub(super) b_end: u64,
    pub(super) kind: &'static str,
    pub(super) matched_tokens: u32,
    pub(super) density: Micro,
    pub(super) direction: &'static str,
    pub(super) confidence: &'static str,
    pub(super) a_tokens: usize,
    pub(super) b_tokens: usize,
    pub(super) reason: &'a str,
    pub(super) group: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<Vec<EditOut>>,
}

/// What was changed at one place.
#[derive(Debug, Serialize)]
struct EditOut {
    op: &'static str,
    a_begin: u64,
    a_end: u64,
    b_begin: u64,
    b_end: u64,
}

/// Two articles and what they share.
#[derive(Debug, Serialize)]
pub(super) struct PairOut<'a> {
    a: &'a str,
    b: &'a str,
    of_a: Micro,
    of_b: Micro,
    of_a_prose: Micro,
    of_b_prose: Micro,
    passages: Vec<PassageOut<'a>>,
}

/// How much of an article stands elsewhere.
#[derive(Debug, Serialize)]
pub(super) struct ArticleOut<'a> {
    id: &'a str,
    title: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<String>,
    words: u32,
    copied: Micro,
    quoted: Micro,
    furniture: Micro,
    best: Option<BestOut<'a>>,
}

/// The article that most of another stands in.
#[derive(Debug, Serialize)]
struct BestOut<'a> {
    article: &'a str,
    share: Micro,
}

/// The same passage in several articles.
#[derive(Debug, Serialize)]
pub(super) struct GroupOut<'a> {
    id: &'a str,
    kind: &'static str,
    text: Cow<'a, str>,
    words: usize,
    places: Vec<PlaceOut<'a>>,
}

/// A place of a passage.
#[derive(Debug, Serialize)]
struct PlaceOut<'a> {
    article: &'a str,
    begin: u64,
    end: u64,
    date: Option<String>,
}

/// What a run says about itself.
pub(super) fn header<'a>(run: &PassageRun<'a>, options: PassageOptions) -> Header<'a> {
    let mut skipped: Vec<&Skipped> = run.intake.skipped.iter().collect();
    skipped.sort_unstable();
    let mut warnings: Vec<&Warning> = run.intake.warnings.iter().collect();
    warnings.sort_unstable();
    Header {
        schema_version: SCHEMA_VERSION,
        retold_version: env!("CARGO_PKG_VERSION"),
        offsets: options.offsets.name(),
        settings: run.config,
        summary: summary(run),
        skipped,
        warnings,
    }
}

/// A run in numbers.
pub(super) fn summary(run: &PassageRun<'_>) -> Summary {
    let mut kinds: BTreeMap<&'static str, usize> = PassageKind::ALL.map(|kind| (kind.name(), 0)).into();
    for one in &run.report.passages {
        *kinds.entry(one.passage.kind.name()).or_default() += 1;
    }
    let used = run.found.corpus.len();
    let read: u64 = run.intake.files.iter().map(|file| file.articles).sum();
    Summary {
        files: run.intake.files.len(),
        articles_read: read.max(used as u64),
        articles_used: used,
        skipped: run.intake.skipped.len(),
        warnings: run.intake.warnings.len(),
        left_out: run.left_out,
        pairs: run.pairs().count(),
        passages: run.report.passages.len(),
        groups: run.groups().len(),
        kinds,
    }
}

/// Makes the parts of the output; the offsets of a text are worked out once.
pub(super) struct Build<'a> {
    run: PassageRun<'a>,
    offsets: Offsets<'a>,
    edits: bool,
}

impl<'a> Build<'a> {
    pub(super) fn new(run: &PassageRun<'a>, options: PassageOptions) -> Self {
        Self { run: *run, offsets: Offsets::new(&run.found.corpus, options.offsets), edits: options.edits }
    }

    fn id(&self, doc: DocId) -> &'a str {
        &self.run.found.corpus.get(doc).id
    }

    fn date(&self, doc: DocId) -> Option<String> {
        self.run.found.corpus.get(doc).date.map(|date| date.to_string())
    }

    pub(super) fn passage(&mut self, one: &'a ReportedPassage) -> PassageOut<'a> {
        let passage = &one.passage;
        let (a_begin, a_end) = self.offsets.of(passage.a, passage.a_span);
        let (b_begin, b_end) = self.offsets.of(passage.b, passage.b_span);
        PassageOut {
            a: self.id(passage.a),
            b: self.id(passage.b),
            a_begin,
            a_end,
            b_begin,
            b_end,
            kind: passage.kind.name(),
            matched_tokens: passage.found.matched(),
            density: density(passage),
            direction: one.judgement.direction.name(),
            confidence: one.judgement.confidence.name(),
            a_tokens: passage.found.a.len(),
            b_tokens: passage.found.b.len(),
            reason: &one.judgement.reason,
            group: &self.run.report.groups[one.group].id,
            edits: self.edits.then(|| self.edits_of(passage)),
        }
    }

    fn edits_of(&mut self, passage: &Passage) -> Vec<EditOut> {
        let normalised = &self.run.found.normalised;
        let (a, b) = (normalised.stream(passage.a).body, normalised.stream(passage.b).body);
        let changed = operations(&passage.found).into_iter().filter(|op| op.kind != OperationKind::Equal);
        let edit = |op: Operation| {
            let (a_begin, a_end) = self.offsets.of(passage.a, span_of(&a, &op.a));
            let (b_begin, b_end) = self.offsets.of(passage.b, span_of(&b, &op.b));
            EditOut { op: op.kind.name(), a_begin, a_end, b_begin, b_end }
        };
        changed.map(edit).collect()
    }

    /// The pairs in the order of their ids.
    pub(super) fn pairs(mut self) -> impl Iterator<Item = PairOut<'a>> {
        self.run.pairs().filter_map(move |passages| {
            let Passage { a, b, .. } = passages.first()?.passage;
            let shares = pair_shares(passages.iter().map(|one| &one.passage), a, b, &self.run.found.normalised);
            Some(PairOut {
                a: self.id(a),
                b: self.id(b),
                of_a: Micro(shares.of_a),
                of_b: Micro(shares.of_b),
                of_a_prose: Micro(shares.of_a_prose),
                of_b_prose: Micro(shares.of_b_prose),
                passages: passages.iter().map(|one| self.passage(one)).collect(),
            })
        })
    }

    /// The articles with a passage, in the order of their ids.
    pub(super) fn articles(&self) -> Vec<ArticleOut<'a>> {
        let corpus = &self.run.found.corpus;
        let passages = self.run.report.passages.iter().map(|one| &one.passage);
        let shares = article_shares(passages, &self.run.found.normalised, &corpus.time_order());
        let mut docs: Vec<DocId> =
            self.run.report.passages.iter().flat_map(|one| [one.passage.a, one.passage.b]).collect();
        docs.sort_unstable_by_key(|&doc| self.id(doc));
        docs.dedup();
        let article = |doc: DocId| {
            let article = corpus.get(doc);
            let ArticleShares { words, copied, quoted, furniture, best } = shares[doc.index()];
            ArticleOut {
                id: &article.id,
                title: article.title.as_deref(),
                outlet: article.outlet_name(),
                date: self.date(doc),
                words,
                copied: Micro(copied),
                quoted: Micro(quoted),
                furniture: Micro(furniture),
                best: best.map(|(of, share)| BestOut { article: self.id(of), share: Micro(share) }),
            }
        };
        docs.into_iter().map(article).collect()
    }

    /// The groups that have a passage, those in most articles first.
    pub(super) fn groups(mut self) -> impl Iterator<Item = GroupOut<'a>> {
        let run = self.run;
        in_order(&run).into_iter().map(move |(at, words)| {
            let group = &run.report.groups[at];
            GroupOut {
                id: &group.id,
                kind: group.kind.name(),
                text: text_of(&run, group),
                words,
                places: group
                    .places
                    .iter()
                    .map(|place| {
                        let (begin, end) = self.offsets.of(place.doc, place.span);
                        PlaceOut { article: self.id(place.doc), begin, end, date: self.date(place.doc) }
                    })
                    .collect(),
            }
        })
    }
}

/// The groups that have a passage, by number, with their lengths in words: those in most articles first, then the
/// longest; furniture, of which there is most, last.
pub(super) fn in_order(run: &PassageRun<'_>) -> Vec<(usize, usize)> {
    let group = |at: usize| &run.report.groups[at];
    let mut groups: Vec<(usize, usize)> = run.groups().into_iter().map(|at| (at, words_of(run, group(at)))).collect();
    groups.sort_by_cached_key(|&(at, words)| {
        (group(at).kind == PassageKind::Furniture, Reverse((articles_of(group(at)), words)), &group(at).id, at)
    });
    groups
}

/// In how many articles a group stands.
pub(super) fn articles_of(group: &PassageGroup) -> usize {
    let mut docs: Vec<DocId> = group.places.iter().map(|place| place.doc).collect();
    docs.sort_unstable();
    docs.dedup();
    docs.len()
}

/// The text of a group where it stands first.
pub(super) fn text_of<'a>(run: &PassageRun<'a>, group: &PassageGroup) -> Cow<'a, str> {
    let part = |place: &Place| place.span.part_of(&run.found.corpus.get(place.doc).text);
    group.places.first().map_or(Cow::Borrowed(""), part)
}

/// Its words.
fn words_of(run: &PassageRun<'_>, group: &PassageGroup) -> usize {
    let Some(place) = group.places.first() else { return 0 };
    let spans = &run.found.normalised.stream(place.doc).body.spans;
    let before = |byte: u32| spans.partition_point(|span| span.begin < byte);
    before(place.span.end) - before(place.span.begin)
}

/// Share of the words of the longer side that stand in both.
pub(super) fn density(passage: &Passage) -> Micro {
    let longer = passage.found.a.len().max(passage.found.b.len()).max(1);
    Micro(i64::from(passage.found.matched()) * 1_000_000 / i64::try_from(longer).unwrap_or(i64::MAX))
}

/// Where tokens stand in a text, in bytes. Where there are none it is the place where they are missing.
fn span_of(tokens: &Tokens, range: &std::ops::Range<u32>) -> Span {
    let (first, behind) = (range.start as usize, range.end as usize);
    if let (false, Some(first), Some(last)) =
        (range.is_empty(), tokens.spans.get(first), tokens.spans.get(behind.wrapping_sub(1)))
    {
        return Span { begin: first.begin, end: last.end };
    }
    let at = tokens.spans.get(first).map(|span| span.begin).or_else(|| tokens.spans.last().map(|span| span.end));
    let at = at.unwrap_or(0);
    Span { begin: at, end: at }
}
