//! The shape of a run outside: what JSON, JSON lines and the tables share. `docs/schema/cluster.schema.json` describes it.
//!
//! Every key is always there; what does not apply is `null` or an empty list.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::article::{Date, DocId};
use crate::cluster::{Origin, Story};
use crate::config::Config;
use crate::constraints::{Constraint, ConstraintKind};
use crate::copies::{CopyGroup, CopyLink, share_to_micro};
use crate::corpus::Corpus;
use crate::error::{Place, Skipped, Warning};
use crate::ingest::LeftOut;
use crate::normalise::{Credit, CreditForm, Span};
use crate::passages::direction::direction;
use crate::passages::{Passage, PassageKind};
use crate::pipeline::Analysis;
use crate::report::offsets::Offsets;
use crate::report::{Micro, OffsetUnit, Run};

/// Raised whenever a reader of the output would have to change.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run says about itself; the stories follow it.
#[derive(Debug, Serialize)]
pub struct Header<'a> {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The version of retold.
    pub retold_version: &'static str,
    /// What offsets count.
    pub offsets: &'static str,
    /// The settings in force.
    pub settings: &'a Config,
    /// The run in numbers.
    pub summary: Summary<'a>,
    /// What could not be taken in, by place.
    pub skipped: Vec<&'a Skipped>,
    /// What could not be read, by place.
    pub warnings: Vec<&'a Warning>,
}

/// A run in numbers.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    /// Files that were read.
    pub files: usize,
    /// Articles that were read.
    pub articles_read: u64,
    /// Articles that were chosen; each is in exactly one story.
    pub articles_used: usize,
    /// Pieces of input that could not be taken in.
    pub skipped: usize,
    /// Fields that could not be read, and oddities.
    pub warnings: usize,
    /// Articles that were read and not chosen.
    pub left_out: LeftOut,
    /// Outlets with an article.
    pub outlets: usize,
    /// Articles, those with nearly the same text counted once.
    pub voices: usize,
    /// Articles whose text is word for word that of an earlier one, which stands for them.
    pub identical: usize,
    /// Phrases that more than `passages.common` texts have: each was looked for in the earliest of these only.
    pub frequent_phrases: usize,
    /// Texts that were republished.
    pub copy_groups: usize,
    /// Stories, those of one article included.
    pub stories: usize,
    /// Stories of one article.
    pub singletons: usize,
    /// Articles by language.
    pub languages: BTreeMap<&'a str, usize>,
    /// Pairs that people want in one story.
    pub must_links: usize,
    /// Pairs that they never want in one.
    pub cannot_links: usize,
}

/// Articles that report one event.
#[derive(Debug, Serialize)]
pub struct StoryOut<'a> {
    /// The same in every run in which the story begins with the same article.
    pub id: &'a str,
    /// The title of its central article.
    pub headline: &'a str,
    /// Code of its language.
    pub language: String,
    /// The earliest date that is not doubtful.
    pub first_date: Option<String>,
    /// The latest.
    pub last_date: Option<String>,
    /// Names of its outlets.
    pub outlets: &'a [String],
    /// Whose words it rests on.
    pub independent_origins: Independent<'a>,
    /// What it is about, the weightiest first.
    pub key_terms: &'a [String],
    /// Mean score over all pairs of voices.
    pub cohesion: Option<Micro>,
    /// The article that belongs least.
    pub weakest: Option<Weakest<'a>>,
    /// Who had it first.
    pub origin: OriginOut<'a>,
    /// Its articles by date.
    pub articles: Vec<ArticleOut<'a>>,
    /// Its republished texts, the largest group first.
    pub copy_groups: Vec<CopyGroupOut<'a>>,
    /// The strongest links that hold its voices together.
    pub links: Vec<LinkOut<'a>>,
    /// What the articles of those links share word for word, unless it is shown with a copy group.
    pub passages: Vec<PassageOut<'a>>,
    /// Stories of the same affair, the nearest first.
    pub related: Vec<RelatedOut<'a>>,
    /// What people say of its articles: must-links inside, cannot-links to other stories.
    pub constraints: Vec<ConstraintOut<'a>>,
}

/// A must-link or a cannot-link.
#[derive(Debug, Serialize)]
pub struct ConstraintOut<'a> {
    /// `must-link` or `cannot-link`.
    pub kind: &'static str,
    /// The id of one article.
    pub a: &'a str,
    /// That of the other.
    pub b: &'a str,
    /// Where it is said.
    #[serde(flatten)]
    pub place: &'a Place,
}

/// Outlets, or their owners, whose words a story rests on.
#[derive(Debug, Serialize)]
pub struct Independent<'a> {
    /// How many.
    pub count: usize,
    /// Their names.
    pub names: &'a [String],
}

/// The article of a story that belongs least.
#[derive(Debug, Serialize)]
pub struct Weakest<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its mean score with the other voices.
    pub score: Micro,
    /// Its strongest link, which says why it is in; `null` where only a must-link holds it.
    pub link: Option<LinkOut<'a>>,
}

/// Who had a story first.
#[derive(Debug, Serialize)]
pub struct OriginOut<'a> {
    /// `credited`, `article` or `undecided`.
    pub kind: &'static str,
    /// The outlet that is credited, or that of the article.
    pub outlet: Option<&'a str>,
    /// Its article, if that is in the story.
    pub article: Option<&'a str>,
    /// `low`, `medium` or `high`.
    pub confidence: Option<&'static str>,
    /// Why nothing was decided.
    pub reason: Option<&'static str>,
    /// Sentences that credit the outlet.
    pub evidence: Vec<EvidenceOut<'a>>,
}

/// A sentence of an article.
#[derive(Debug, Serialize)]
pub struct EvidenceOut<'a> {
    /// The article.
    pub article: &'a str,
    /// The sentence.
    pub sentence: Cow<'a, str>,
    /// Where it begins in the text.
    pub begin: u64,
    /// Where it ends, exclusive.
    pub end: u64,
}

/// An article in its story.
#[derive(Debug, Serialize)]
pub struct ArticleOut<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// Who published it.
    pub outlet: Option<&'a str>,
    /// When.
    pub date: Option<DateOut>,
    /// Where it stands on the web.
    pub url: Option<&'a str>,
    /// Code of its language.
    pub language: String,
    /// What it is in its story.
    pub role: &'static str,
    /// The id of its copy group.
    pub copy_group: Option<&'a str>,
    /// The article it was taken from.
    pub copied_from: Option<CopiedFrom<'a>>,
    /// The outlets that it credits.
    pub credits: Vec<CreditOut<'a>>,
}

/// A date with what is known of it.
#[derive(Debug, Serialize)]
pub struct DateOut {
    /// Day, or day and time in UTC.
    pub value: String,
    /// Where it was found.
    pub provenance: String,
    /// It disagrees with those of near neighbours.
    pub doubtful: bool,
}

/// What an article was taken from.
#[derive(Debug, Serialize)]
pub struct CopiedFrom<'a> {
    /// The id of that article.
    pub id: &'a str,
    /// Share of the copy's own words that stand there.
    pub coverage: Micro,
    /// Share of that article's own words that stand in the copy.
    pub back_coverage: Micro,
}

/// An outlet that an article credits.
#[derive(Debug, Serialize)]
pub struct CreditOut<'a> {
    /// The outlet.
    pub outlet: &'a str,
    /// `claim` ("told X") or `dateline` ("(X) -").
    pub form: &'static str,
    /// The sentence.
    pub sentence: Cow<'a, str>,
    /// Where it begins in the text.
    pub begin: u64,
    /// Where it ends, exclusive.
    pub end: u64,
}

/// A text and its republications.
#[derive(Debug, Serialize)]
pub struct CopyGroupOut<'a> {
    /// The same in every run in which the group has the same root.
    pub id: &'a str,
    /// The article that the others were taken from.
    pub root: &'a str,
    /// All of them, the root first.
    pub articles: Vec<&'a str>,
    /// What was taken from what.
    pub links: Vec<CopyLinkOut<'a>>,
    /// The text that they share; `a` is the copy, `b` what it was taken from.
    pub passages: Vec<PassageOut<'a>>,
}

/// A copy and what it was taken from.
#[derive(Debug, Serialize)]
pub struct CopyLinkOut<'a> {
    /// The copy.
    pub copy: &'a str,
    /// What it was taken from.
    pub of: &'a str,
    /// Share of the copy's own words that stand there.
    pub coverage: Micro,
    /// The other way round.
    pub back_coverage: Micro,
}

/// A scored pair of articles.
#[derive(Debug, Serialize)]
pub struct LinkOut<'a> {
    /// One article.
    pub a: &'a str,
    /// The other.
    pub b: &'a str,
    /// The sum of the parts.
    pub score: Micro,
    /// The parts by name.
    pub parts: BTreeMap<&'static str, Micro>,
}

/// A stretch of text that two articles share.
#[derive(Debug, Serialize)]
pub struct PassageOut<'a> {
    /// One article.
    pub a: &'a str,
    /// The other.
    pub b: &'a str,
    /// Where it begins in the text of `a`.
    pub a_begin: u64,
    /// Where it ends there, exclusive.
    pub a_end: u64,
    /// Where it begins in the text of `b`.
    pub b_begin: u64,
    /// Where it ends there, exclusive.
    pub b_end: u64,
    /// Its length in `a`, in words.
    pub a_tokens: usize,
    /// Its length in `b`.
    pub b_tokens: usize,
    /// Words that stand in both.
    pub matched_tokens: u32,
    /// Share of the words of its longer side that stand in both.
    pub density: Micro,
    /// Which of the two had it first: `a-to-b`, `b-to-a`, `common-origin` or `undecided`.
    pub direction: &'static str,
    /// `low`, `medium` or `high`.
    pub confidence: &'static str,
    /// Why.
    pub reason: String,
    /// What kind of text it is.
    pub kind: &'static str,
}

/// Another event of the same affair.
#[derive(Debug, Serialize)]
pub struct RelatedOut<'a> {
    /// The id of the other story.
    pub story: &'a str,
    /// Its headline.
    pub headline: &'a str,
    /// The best score between articles of the two.
    pub score: Micro,
    /// The article of this story in that pair.
    pub here: &'a str,
    /// The article of the other.
    pub there: &'a str,
}

/// What a run says about itself.
#[must_use]
pub fn header<'a>(run: &Run<'a>, unit: OffsetUnit) -> Header<'a> {
    let mut skipped: Vec<&Skipped> = run.intake.skipped.iter().collect();
    skipped.sort_unstable();
    let mut warnings: Vec<&Warning> = run.intake.warnings.iter().collect();
    warnings.sort_unstable();
    Header {
        schema_version: SCHEMA_VERSION,
        retold_version: env!("CARGO_PKG_VERSION"),
        offsets: unit.name(),
        settings: run.config,
        summary: summary(run),
        skipped,
        warnings,
    }
}

/// A run in numbers.
#[must_use]
pub fn summary<'a>(run: &Run<'a>) -> Summary<'a> {
    let analysis = run.analysis;
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for article in analysis.corpus.articles() {
        *languages.entry(article.lang.code()).or_default() += 1;
    }
    let mut outlets: Vec<&str> = analysis.corpus.articles().iter().filter_map(|a| a.outlet_name()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let used = analysis.corpus.len();
    let read: u64 = run.intake.files.iter().map(|file| file.articles).sum();
    Summary {
        files: run.intake.files.len(),
        articles_read: read.max(used as u64),
        articles_used: used,
        skipped: run.intake.skipped.len(),
        warnings: run.intake.warnings.len(),
        left_out: run.left_out,
        outlets: outlets.len(),
        voices: analysis.voices.speakers.len(),
        identical: (0u32..).zip(&analysis.passages.same_text).filter(|(doc, same)| *doc != same.0).count(),
        frequent_phrases: analysis.passages.frequent_phrases,
        copy_groups: analysis.stories.iter().map(|story| story.copy_groups.len()).sum(),
        stories: analysis.stories.len(),
        singletons: analysis.stories.iter().filter(|story| story.members.len() == 1).count(),
        languages,
        must_links: analysis.constraints.of_kind(ConstraintKind::Must).count(),
        cannot_links: analysis.constraints.of_kind(ConstraintKind::Cannot).count(),
    }
}

/// All stories, one after the other; some are made at a time, by all threads.
pub fn stories<'a>(analysis: &'a Analysis, unit: OffsetUnit) -> impl Iterator<Item = StoryOut<'a>> {
    let make = move |stories: &'a [Story]| -> Vec<StoryOut<'a>> {
        stories.par_iter().map(|story| story_out(analysis, story, unit)).collect()
    };
    analysis.stories.chunks(STORIES).flat_map(make)
}

/// Stories that are made at a time.
const STORIES: usize = 256;

/// One story with all its evidence. O(texts of the articles that share passages).
#[must_use]
pub fn story_out<'a>(analysis: &'a Analysis, story: &'a Story, unit: OffsetUnit) -> StoryOut<'a> {
    let mut build = Build { analysis, corpus: &analysis.corpus, offsets: Offsets::new(&analysis.corpus, unit) };
    StoryOut {
        id: &story.id,
        headline: &story.headline,
        language: story.lang.to_string(),
        first_date: story.first.map(|date| date.to_string()),
        last_date: story.last.map(|date| date.to_string()),
        outlets: &story.outlets,
        independent_origins: Independent { count: story.independent.len(), names: &story.independent },
        key_terms: &story.key_terms,
        cohesion: story.cohesion.map(Micro),
        weakest: story.weakest.map(|(doc, score)| Weakest {
            id: build.id(doc),
            score: Micro(score),
            link: story.link_of_weakest().map(|link| build.link(link)),
        }),
        origin: build.origin(&story.origin),
        articles: story.members.iter().map(|member| build.article(story, member)).collect(),
        copy_groups: story.copy_groups.iter().map(|group| build.copy_group(group)).collect(),
        links: story.links.iter().map(|link| build.link(link)).collect(),
        passages: build.passages_of_links(story),
        related: story.related.iter().map(|related| build.related(related)).collect(),
        constraints: story.constraints.iter().map(|constraint| build.constraint(constraint)).collect(),
    }
}

/// What the parts of one story are made with.
struct Build<'a> {
    analysis: &'a Analysis,
    corpus: &'a Corpus,
    offsets: Offsets<'a>,
}

impl<'a> Build<'a> {
    fn id(&self, doc: DocId) -> &'a str {
        &self.corpus.get(doc).id
    }

    fn origin(&mut self, origin: &'a Origin) -> OriginOut<'a> {
        let nothing =
            OriginOut { kind: "", outlet: None, article: None, confidence: None, reason: None, evidence: Vec::new() };
        match origin {
            Origin::Credited { outlet, doc, evidence, confidence } => OriginOut {
                kind: "credited",
                outlet: Some(outlet),
                article: doc.map(|doc| self.id(doc)),
                confidence: Some(confidence.name()),
                evidence: evidence.iter().map(|e| self.evidence(e.doc, e.sentence)).collect(),
                ..nothing
            },
            Origin::Article { doc, confidence } => OriginOut {
                kind: "article",
                outlet: self.corpus.get(*doc).outlet_name(),
                article: Some(self.id(*doc)),
                confidence: Some(confidence.name()),
                ..nothing
            },
            Origin::Undecided { reason } => OriginOut { kind: "undecided", reason: Some(reason), ..nothing },
        }
    }

    fn evidence(&mut self, doc: DocId, sentence: Span) -> EvidenceOut<'a> {
        let (begin, end) = self.offsets.of(doc, sentence);
        EvidenceOut { article: self.id(doc), sentence: sentence.part_of(&self.corpus.get(doc).text), begin, end }
    }

    fn article(&mut self, story: &'a Story, member: &crate::cluster::Member) -> ArticleOut<'a> {
        let article = self.corpus.get(member.doc);
        let date = |date: Date| DateOut {
            value: date.to_string(),
            provenance: date.provenance.to_string(),
            doubtful: member.doubtful_date,
        };
        let copied_from = |link: CopyLink| CopiedFrom {
            id: self.id(link.of),
            coverage: Micro(link.coverage),
            back_coverage: Micro(link.back),
        };
        ArticleOut {
            id: &article.id,
            title: article.title.as_deref(),
            outlet: article.outlet_name(),
            date: article.date.map(date),
            url: article.url.as_deref(),
            language: article.lang.to_string(),
            role: member.role.name(),
            copy_group: member.copy_group.map(|at| story.copy_groups[at].id.as_str()),
            copied_from: member.copied_from.map(copied_from),
            credits: {
                let credits = &self.analysis.normalised.facts(member.doc).credits;
                credits.iter().map(|credit| self.credit(member.doc, credit)).collect()
            },
        }
    }

    fn credit(&mut self, doc: DocId, credit: &'a Credit) -> CreditOut<'a> {
        let (begin, end) = self.offsets.of(doc, credit.sentence);
        CreditOut {
            outlet: &credit.outlet,
            form: match credit.form {
                CreditForm::Claim => "claim",
                CreditForm::Dateline => "dateline",
            },
            sentence: credit.sentence.part_of(&self.corpus.get(doc).text),
            begin,
            end,
        }
    }

    fn copy_group(&mut self, group: &'a CopyGroup) -> CopyGroupOut<'a> {
        let link = |link: &CopyLink| CopyLinkOut {
            copy: self.id(link.copy),
            of: self.id(link.of),
            coverage: Micro(link.coverage),
            back_coverage: Micro(link.back),
        };
        CopyGroupOut {
            id: &group.id,
            root: self.id(group.root),
            articles: group.members.iter().map(|&doc| self.id(doc)).collect(),
            links: group.links.iter().map(link).collect(),
            passages: {
                let pairs = group.links.iter().map(|link| (link.copy, link.of));
                let passages: Vec<Passage> = pairs.flat_map(|(a, b)| self.analysis.passages_between(a, b)).collect();
                passages.iter().map(|passage| self.passage(passage)).collect()
            },
        }
    }

    fn passage(&mut self, passage: &Passage) -> PassageOut<'a> {
        let judgement = direction(passage.a, passage.b, self.corpus, &self.analysis.normalised);
        let (a_begin, a_end) = self.offsets.of(passage.a, passage.a_span);
        let (b_begin, b_end) = self.offsets.of(passage.b, passage.b_span);
        PassageOut {
            a: self.id(passage.a),
            b: self.id(passage.b),
            a_begin,
            a_end,
            b_begin,
            b_end,
            a_tokens: passage.found.a.len(),
            b_tokens: passage.found.b.len(),
            matched_tokens: passage.found.matched(),
            density: Micro(share_to_micro(passage.found.density())),
            direction: judgement.direction.name(),
            confidence: judgement.confidence.name(),
            reason: judgement.reason,
            kind: passage.kind.name(),
        }
    }

    fn link(&self, link: &crate::cluster::StoryLink) -> LinkOut<'a> {
        LinkOut {
            a: self.id(link.a),
            b: self.id(link.b),
            score: Micro(link.score),
            parts: link.parts.iter().map(|part| (part.kind.name(), Micro(part.value))).collect(),
        }
    }

    /// What the pairs of the links share; furniture says nothing, and what copies share stands with them.
    fn passages_of_links(&mut self, story: &Story) -> Vec<PassageOut<'a>> {
        let copies: HashSet<(DocId, DocId)> =
            story.copy_groups.iter().flat_map(|group| &group.links).map(|link| (link.copy, link.of)).collect();
        let copied = |a: DocId, b: DocId| copies.contains(&(a, b)) || copies.contains(&(b, a));
        let pairs = story.links.iter().map(|link| (link.a, link.b)).filter(|&(a, b)| !copied(a, b));
        let passages: Vec<Passage> = pairs.flat_map(|(a, b)| self.analysis.passages_between(a, b)).collect();
        let says = |passage: &&Passage| passage.kind != PassageKind::Furniture;
        passages.iter().filter(says).map(|passage| self.passage(passage)).collect()
    }

    fn constraint(&self, constraint: &'a Constraint) -> ConstraintOut<'a> {
        let Constraint { a, b, kind, place } = constraint;
        ConstraintOut { kind: kind.name(), a: self.id(*a), b: self.id(*b), place }
    }

    fn related(&self, related: &crate::cluster::Related) -> RelatedOut<'a> {
        let story = &self.analysis.stories[related.story];
        RelatedOut {
            story: &story.id,
            headline: &story.headline,
            score: Micro(related.score),
            here: self.id(related.here),
            there: self.id(related.there),
        }
    }
}
