//! The page of a story, and the pages of its copies side by side with what they were taken from.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use askama::Template;

use crate::article::DocId;
use crate::cluster::{Member, Origin as StoryOrigin, Role, Story, StoryLink};
use crate::constraints::ConstraintKind;
use crate::passages::direction::direction;
use crate::passages::{Passage, PassageKind};
use crate::report::html::bar::{Bar, class_of};
use crate::report::html::changes::{Changes, changes};
use crate::report::html::comparison::{Frame, Other, section};
use crate::report::html::drawing::{Dot, timeline};
use crate::report::html::material::Material;
use crate::report::html::sources::{Legend, Sources};
use crate::report::html::why::{PartTold, apart_told, in_common, parts_told, score};
use crate::report::html::{beginning, lang_of, line, render, web_address};
use crate::report::layout::{count, date_of, percent};
use crate::report::side_by_side::Compared;

/// Pages side by side that a story has, sentences that show an origin, credits of an article, other stories with one of its
/// passages.
const COMPARED: usize = 150;
const EVIDENCE: usize = 3;
const CREDITS: usize = 6;
const ELSEWHERE: usize = 6;
/// Characters of a title that stands for an article.
const NAME: usize = 48;
/// Outlets that are named in a row.
const NAMED: usize = 40;
/// Characters of a sentence.
const SENTENCE: usize = 320;
/// Copies in copies are no deeper than this on a page.
const DEPTH: usize = 4;

/// What is written of a story.
pub(super) struct Pages {
    pub(super) title: String,
    pub(super) story: String,
    /// Names and sections.
    pub(super) comparisons: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "story.html")]
struct View<'a> {
    id: &'a str,
    front: &'static str,
    headline: String,
    lang: String,
    summary: String,
    origin: OriginView,
    own: String,
    copied: String,
    doubt: String,
    terms: String,
    cohesion: String,
    weakest: Option<Weakest>,
    constraints: Vec<String>,
    timeline: String,
    legend: Vec<Legend>,
    articles: Vec<ArticleView>,
    related: Vec<RelatedView>,
}

#[derive(Default)]
struct OriginView {
    who: String,
    confidence: &'static str,
    why: String,
    evidence: Vec<EvidenceView>,
    more: usize,
}

struct EvidenceView {
    sentence: String,
    anchor: String,
    label: String,
}

struct Weakest {
    before: &'static str,
    anchor: String,
    label: String,
    after: String,
}

struct ArticleView {
    anchor: String,
    depth: usize,
    label: String,
    role: &'static str,
    role_told: &'static str,
    from: Option<FromView>,
    date: String,
    provenance: String,
    doubtful: bool,
    title: String,
    lang: String,
    url: String,
    id: String,
    bar: Bar,
    changes: Option<Changes>,
    credited: String,
    credits: Vec<(String, String)>,
    why: Option<WhyView>,
    others: Vec<Other>,
}

struct FromView {
    told: String,
    anchor: String,
    label: String,
    /// Where the two stand side by side; empty where they do not.
    compare: String,
}

#[derive(Default)]
struct WhyView {
    told: String,
    anchor: String,
    label: String,
    tail: String,
    compare: String,
    score: String,
    parts: Vec<PartTold>,
    names: String,
    terms: String,
}

struct RelatedView {
    href: String,
    headline: String,
    facts: String,
    why: String,
    lines: Vec<String>,
    parts: Vec<PartTold>,
    score: String,
    here: String,
    there: String,
}

/// The pages of a story. O(words of its articles).
pub(super) fn pages(material: &Material<'_>, at: usize) -> io::Result<Pages> {
    let most = if at < material.side_by_side { COMPARED } else { 0 };
    Build::new(material, &material.analysis.stories[at], most).pages()
}

/// What the parts of a page are made with.
struct Build<'a> {
    material: &'a Material<'a>,
    story: &'a Story,
    members: HashMap<DocId, &'a Member>,
    /// By article: its outlet, with the date where the story has several of that.
    names: HashMap<DocId, String>,
    /// What copies have from what they were taken from, which is `a`.
    taken: HashMap<DocId, Vec<Passage>>,
    /// Where the words of its articles come from.
    sources: Sources,
    comparisons: Vec<(String, String)>,
    /// Their places by pair.
    compared: HashMap<(DocId, DocId), usize>,
    /// The most of them.
    most: usize,
}

impl<'a> Build<'a> {
    fn new(material: &'a Material<'a>, story: &'a Story, most: usize) -> Self {
        let members: HashMap<DocId, &Member> = story.members.iter().map(|member| (member.doc, member)).collect();
        let copies = story.members.iter().filter_map(|member| member.copied_from);
        let taken: HashMap<DocId, Vec<Passage>> =
            copies.map(|link| (link.copy, material.analysis.passages_between(link.of, link.copy))).collect();
        Self {
            material,
            story,
            members,
            names: names(material, story),
            sources: Sources::new(material, story, &taken),
            taken,
            comparisons: Vec::new(),
            compared: HashMap::new(),
            most,
        }
    }

    fn pages(mut self) -> io::Result<Pages> {
        let (material, story) = (self.material, self.story);
        let rows = self.in_trees();
        let mut articles = Vec::new();
        for (member, depth) in rows {
            articles.push(self.article(member, depth)?);
        }
        let several = story.members.len() > 1;
        let view = View {
            id: &story.id,
            front: material.front(),
            headline: material.headline(story),
            lang: lang_of(story.lang),
            summary: self.summary(),
            origin: self.origin(),
            own: if several { joined(&story.independent) } else { String::new() },
            copied: self.only_copied(),
            doubt: self.doubt(),
            terms: joined(&story.key_terms),
            cohesion: self.cohesion(),
            weakest: self.weakest(),
            constraints: self.constraints(),
            timeline: self.timeline(),
            legend: self.sources.legend(|doc| self.name(doc)),
            articles,
            related: self.related(),
        };
        let story = render(&view)?;
        Ok(Pages { title: view.headline.clone(), story, comparisons: self.comparisons })
    }

    fn name(&self, doc: DocId) -> String {
        self.names.get(&doc).cloned().unwrap_or_else(|| self.material.label(doc))
    }

    fn summary(&self) -> String {
        let story = self.story;
        let mut facts = vec![count(story.members.len(), "article", "articles")];
        facts.push(count(story.outlets.len(), "outlet", "outlets"));
        if story.members.len() > 1 {
            facts.push(count(story.independent.len(), "independent origin", "independent origins"));
        }
        facts.extend(dates_told(story));
        facts.push(story.lang.to_string());
        facts.join(" · ")
    }

    fn origin(&self) -> OriginView {
        match &self.story.origin {
            StoryOrigin::Credited { outlet, doc, evidence, confidence } => {
                let absent = if doc.is_none() { "; its own article is not in the input" } else { "" };
                let shown = evidence.iter().take(EVIDENCE).map(|evidence| EvidenceView {
                    sentence: beginning(evidence.sentence.of(&self.material.corpus().text(evidence.doc)), SENTENCE),
                    anchor: self.material.anchor(evidence.doc),
                    label: self.name(evidence.doc),
                });
                OriginView {
                    who: line(outlet),
                    confidence: confidence.name(),
                    why: format!("credited by {}{absent}:", count(evidence.len(), "article", "articles")),
                    evidence: shown.collect(),
                    more: evidence.len().saturating_sub(EVIDENCE),
                }
            }
            StoryOrigin::Article { doc, confidence } => OriginView {
                who: self.name(*doc),
                confidence: confidence.name(),
                why: "has the earliest article, which the others copied; nobody is credited".to_owned(),
                ..OriginView::default()
            },
            StoryOrigin::Undecided { reason } => {
                OriginView { who: "undecided".to_owned(), why: format!("({reason})"), ..OriginView::default() }
            }
        }
    }

    /// The outlets all of whose articles here are copies, with how much of them is.
    fn only_copied(&self) -> String {
        let mut by_label: BTreeMap<String, Option<i64>> = BTreeMap::new();
        for member in &self.story.members {
            let share = member.copied_from.map(|link| link.coverage);
            let entry = by_label.entry(self.material.label(member.doc)).or_insert(share);
            *entry = entry.zip(share).map(|(x, y)| x.min(y));
        }
        let told = by_label.into_iter().filter_map(|(label, share)| Some(format!("{label} ({})", percent(share?))));
        some(told.collect())
    }

    fn doubt(&self) -> String {
        let told = self.story.members.iter().filter(|member| member.doubtful_date).filter_map(|member| {
            let date = self.material.corpus().get(member.doc).date?;
            Some(format!("{}: {} ({})", self.name(member.doc), date_of(date), date.provenance))
        });
        told.collect::<Vec<_>>().join("; ")
    }

    fn cohesion(&self) -> String {
        let least = (self.material.run.config.cluster.least_link * 1e6).round();
        #[expect(clippy::cast_possible_truncation, reason = "a setting between 0 and 1, in millionths")]
        let least = score(least as i64);
        self.story.cohesion.map_or_else(String::new, |cohesion| {
            format!("The mean score of all pairs is {} ({least} joins two articles).", score(cohesion))
        })
    }

    fn weakest(&self) -> Option<Weakest> {
        let (doc, mean) = self.story.weakest?;
        let link = self.story.link_of_weakest();
        let by = link.map_or_else(String::new, |link| {
            let other = if link.a == doc { link.b } else { link.a };
            format!(", in by its link to {} ({})", self.name(other), score(link.score))
        });
        Some(Weakest {
            before: "Weakest is",
            anchor: self.material.anchor(doc),
            label: self.name(doc),
            after: format!("with a mean of {}{by}.", score(mean)),
        })
    }

    fn constraints(&self) -> Vec<String> {
        let told = |constraint: &crate::constraints::Constraint| {
            let what = match constraint.kind {
                ConstraintKind::Must => "belong together",
                ConstraintKind::Cannot => "do not belong together",
            };
            let [a, b] = [constraint.a, constraint.b].map(|doc| line(&self.material.corpus().get(doc).id));
            format!("{a} and {b} {what} ({})", line(&constraint.place.to_string()))
        };
        self.story.constraints.iter().map(told).collect()
    }

    fn timeline(&self) -> String {
        let dated = self.story.members.iter().filter(|member| !member.doubtful_date);
        let dot = |member: &Member| {
            let date = self.material.corpus().get(member.doc).date?;
            let source = self.sources.place(member.doc).or_else(|| self.sources.place(member.copied_from?.of));
            let class = source.map_or("", class_of);
            let told = format!("{}, {}, {}", self.name(member.doc), date_of(date), member.role.name());
            Some(Dot { date, class: class.to_owned(), told })
        };
        timeline(&dated.filter_map(dot).collect::<Vec<_>>())
    }

    /// The articles by date, copies behind what they were taken from, with their depths.
    fn in_trees(&self) -> Vec<(&'a Member, usize)> {
        let mut copies: HashMap<DocId, Vec<&Member>> = HashMap::new();
        let mut roots = Vec::new();
        for member in &self.story.members {
            match member.copied_from.filter(|link| self.members.contains_key(&link.of)) {
                Some(link) => copies.entry(link.of).or_default().push(member),
                None => roots.push(member),
            }
        }
        let mut stack: Vec<(&Member, usize)> = roots.into_iter().rev().map(|member| (member, 0)).collect();
        let mut rows = Vec::new();
        while let Some((member, depth)) = stack.pop() {
            rows.push((member, depth));
            let below = copies.remove(&member.doc).unwrap_or_default();
            stack.extend(below.into_iter().rev().map(|copy| (copy, (depth + 1).min(DEPTH))));
        }
        rows
    }

    fn article(&mut self, member: &'a Member, depth: usize) -> io::Result<ArticleView> {
        let (material, doc) = (self.material, member.doc);
        let article = material.corpus().get(doc);
        let mut from = None;
        let mut told = None;
        if let Some(link) = member.copied_from {
            let passages = self.taken.get(&doc).cloned().unwrap_or_default();
            told = Some(changes(material.corpus(), material.normalised(), (link.of, doc), &passages));
            from = Some(FromView {
                told: format!("{} of its own words stand in", percent(link.coverage)),
                anchor: material.anchor(link.of),
                label: self.name(link.of),
                compare: self.compare(link.of, doc, &passages)?,
            });
        }
        let credits = &material.normalised().facts(doc).credits;
        let mut credited: Vec<String> = credits.iter().map(|credit| line(&credit.outlet)).collect();
        credited.sort_unstable();
        credited.dedup();
        let text = material.corpus().text(doc);
        let sentence =
            |credit: &crate::normalise::Credit| (line(&credit.outlet), beginning(credit.sentence.of(&text), SENTENCE));
        Ok(ArticleView {
            anchor: material.anchor(doc),
            depth,
            label: material.label(doc),
            role: member.role.name(),
            role_told: role_told(member.role),
            from,
            date: article.date.map_or_else(|| "undated".to_owned(), date_of),
            provenance: article.date.map_or_else(String::new, |date| date.provenance.to_string()),
            doubtful: member.doubtful_date,
            title: line(&article.headline(300)),
            lang: lang_of(article.lang),
            url: web_address(article.url.as_deref()),
            id: line(&article.id),
            bar: self.sources.bar(material, doc, |source| self.name(source)),
            changes: told,
            credited: credited.join(", "),
            credits: credits.iter().take(CREDITS).map(sentence).collect(),
            why: self.why(member)?,
            others: self.elsewhere(doc),
        })
    }

    /// Makes the page of two articles side by side; answers where it is, or nothing if there are enough of them.
    fn compare(&mut self, a: DocId, b: DocId, passages: &[Passage]) -> io::Result<String> {
        if let Some(&at) = self.compared.get(&(a, b)) {
            return Ok(format!("#{}", self.comparisons[at].0));
        }
        if self.comparisons.len() >= self.most || passages.is_empty() {
            return Ok(String::new());
        }
        let (material, story) = (self.material, self.story);
        let id = format!("{}-x{}", story.id, self.comparisons.len());
        self.compared.insert((a, b), self.comparisons.len());
        let judgement = direction(a, b, material.corpus(), material.normalised());
        let (corpus, normalised) = (material.corpus(), material.normalised());
        let compared = Compared { corpus, normalised, a, b, passages, judgement: &judgement };
        let others = |_: usize, passage: &Passage| {
            let docs = material.who_else(passage.a, passage.a_span).into_iter().filter(|doc| ![a, b].contains(doc));
            docs.map(|doc| self.other(doc)).collect()
        };
        let frame = Frame { id: id.clone(), back: material.article(b), back_told: material.headline(story) };
        let page = section(compared, frame, &others)?;
        self.comparisons.push((id.clone(), page));
        Ok(format!("#{id}"))
    }

    fn other(&self, doc: DocId) -> Other {
        let article = self.material.corpus().get(doc);
        let date = article.date.map_or_else(|| "undated".to_owned(), date_of);
        let label = format!("{}, {date}: {}", self.material.label(doc), line(&article.headline(90)));
        Other { label, href: self.material.article(doc) }
    }

    /// Articles of other stories that an article shares passages with.
    fn elsewhere(&self, doc: DocId) -> Vec<Other> {
        let shared = self.material.passages_of(doc).filter(|passage| passage.kind != PassageKind::Furniture);
        let other = |passage: &Passage| if passage.a == doc { passage.b } else { passage.a };
        let mut docs: Vec<DocId> = shared.map(other).filter(|doc| !self.members.contains_key(doc)).collect();
        docs.sort_unstable_by_key(|doc| self.material.order[doc.index()]);
        docs.dedup();
        docs.into_iter().take(ELSEWHERE).map(|doc| self.other(doc)).collect()
    }

    /// Why an article is in its story.
    fn why(&mut self, member: &Member) -> io::Result<Option<WhyView>> {
        if self.story.members.len() == 1 {
            return Ok(None);
        }
        let (material, doc) = (self.material, member.doc);
        let voices = &material.analysis.voices;
        let speaker = voices.speakers[voices.of[doc.index()] as usize];
        if speaker != doc {
            return Ok(Some(WhyView {
                told: "Its text is nearly the same as that of".to_owned(),
                anchor: material.anchor(speaker),
                label: self.name(speaker),
                tail: ": the two count as one voice.".to_owned(),
                ..WhyView::default()
            }));
        }
        let Some(StoryLink { a, b, score: total, parts }) = self.story.strongest_link(doc) else {
            let must =
                self.story.constraints.iter().any(|c| c.kind == ConstraintKind::Must && (c.a == doc || c.b == doc));
            let told = if must {
                "People said that it belongs here."
            } else {
                "The others have nearly the same text as this one, which speaks for them."
            };
            return Ok(Some(WhyView { told: told.to_owned(), ..WhyView::default() }));
        };
        // Where a live blog is nearer, that is not why the article is in.
        let nearer = self.story.links.iter().any(|link| (link.a == doc || link.b == doc) && link.score > *total);
        let told = if nearer { "Its strongest link to a report is to" } else { "Its strongest link is to" };
        let other = if *a == doc { *b } else { *a };
        let (names, terms) = in_common(material, doc, other);
        // Copies stand side by side with what they were taken from.
        let copies = |x: DocId, y: DocId| self.members[&x].copied_from.is_some_and(|link| link.of == y);
        let compare = if copies(doc, other) || copies(other, doc) {
            String::new()
        } else {
            let rank = |doc: DocId| material.order[doc.index()];
            let (first, second) = if rank(doc) < rank(other) { (doc, other) } else { (other, doc) };
            let same_text = &material.analysis.passages.same_text;
            let [x, y] = [first, second].map(|doc| same_text[doc.index()]);
            if x == y || material.analysis.passages.between(x, y).is_none() {
                String::new()
            } else {
                let passages = material.analysis.passages_between(first, second);
                self.compare(first, second, &passages)?
            }
        };
        Ok(Some(WhyView {
            told: told.to_owned(),
            anchor: material.anchor(other),
            label: self.name(other),
            tail: format!(", with a score of {}.", score(*total)),
            compare,
            score: score(*total),
            parts: parts_told(parts),
            names,
            terms,
        }))
    }

    fn related(&self) -> Vec<RelatedView> {
        let material = self.material;
        let view = |related: &crate::cluster::Related| {
            let story = &material.analysis.stories[related.story];
            let told = apart_told(material, related.here, related.there);
            let mut facts = vec![count(story.members.len(), "article", "articles")];
            facts.extend(dates_told(story));
            RelatedView {
                href: material.story(related.story),
                headline: material.headline(story),
                facts: facts.join(" · "),
                why: told.short,
                lines: told.lines,
                parts: told.parts,
                score: told.score,
                here: self.name(related.here),
                there: material.label(related.there),
            }
        };
        self.story.related.iter().map(view).collect()
    }
}

/// By article: its outlet, with the date, else the title, where the story has several of that.
fn names(material: &Material<'_>, story: &Story) -> HashMap<DocId, String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for member in &story.members {
        *seen.entry(material.label(member.doc)).or_default() += 1;
    }
    let mut used: HashSet<String> = HashSet::new();
    let name = |member: &Member| {
        let label = material.label(member.doc);
        let article = material.corpus().get(member.doc);
        let mut name = match article.date {
            _ if seen[&label] == 1 => label.clone(),
            Some(date) => format!("{label} ({})", date_of(date)),
            None => format!("{label}: {}", beginning(&article.headline(200), NAME)),
        };
        if !used.insert(name.clone()) {
            name = format!("{label} ({})", line(&article.id));
        }
        (member.doc, name)
    };
    story.members.iter().map(name).collect()
}

/// `2031-03-04 to 2031-03-05`.
pub(super) fn dates_told(story: &Story) -> Option<String> {
    let day = |date: crate::article::Date| super::drawing::day_told(date.day());
    let (first, last) = (story.first.map(day)?, story.last.map(day)?);
    Some(if first == last { first } else { format!("{first} to {last}") })
}

fn joined(names: &[String]) -> String {
    some(names.iter().map(|name| line(name)).collect())
}

/// Names in a row, many of them cut.
fn some(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    names.extend((more > 0).then(|| format!("{more} more")));
    names.join(", ")
}

/// A role for people.
pub(super) fn role_told(role: Role) -> &'static str {
    match role {
        Role::Original => "original",
        Role::Copy => "copy",
        Role::PartialCopy => "partial copy",
        Role::Revision => "revision",
        Role::Stub => "stub",
        Role::RoundUp => "round-up",
        Role::LiveBlog => "live blog",
        Role::Report => "report",
    }
}
