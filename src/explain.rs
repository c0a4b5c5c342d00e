//! Why two articles are in one story, or why they are not: everything that the run knew of the pair, as data.
//!
//! All of it is computed anew from an [`Analysis`], by the same functions that made the stories; nothing here decides.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::FixedState;
use serde::{Serialize, Serializer};

use crate::article::{Article, DAY, Date, DocId, Provenance, Resolution};
use crate::cluster::Role;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::decimal::Micro;
use crate::graph::dates::clock;
use crate::graph::{Link, MICRO, Part};
use crate::language::Lang;
use crate::normalise::facts::{LEAD, capital_runs, core_of, hash_words, is_generic};
use crate::normalise::{CreditForm, MonthDay, Normalised, Tokens, WordId};
use crate::passages::Passage;
use crate::pipeline::Analysis;
use crate::vectorise::{COSINE_ONE, Sparse};

mod decision;
mod explainer;

pub use decision::{Apart, Placed, PlacedBy, Step, ToldConstraint, Why};
use decision::{apart, constraints, live_blogs, path};
pub use explainer::Explainer;

/// Layout of the JSON form; it grows when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// Characters of a title.
const TITLE: usize = 120;

/// Everything about a pair of articles.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// One article.
    pub a: Told,
    /// The other.
    pub b: Told,
    /// The verdict.
    pub same_story: bool,
    /// The texts are nearly the same and were folded into one voice: there is nothing to score.
    pub one_voice: bool,
    /// The score of the two voices; `None` for one voice or two languages.
    pub score: Option<Score>,
    /// Terms of title and beginning that both have, the weightiest first.
    pub terms: Vec<SharedTerm>,
    /// Numbers that both have, the weightiest first.
    pub numbers: Vec<SharedTerm>,
    /// Names that both have, the rarest first.
    pub names: Vec<SharedName>,
    /// Text that both have word for word.
    pub text: SharedText,
    /// The links that join the two, one behind the other; empty unless they are in one story.
    pub path: Vec<Step>,
    /// What keeps them apart; `None` if they are in one story.
    pub apart: Option<Apart>,
    /// How those of the two that are live blogs came to their stories.
    pub live_blogs: Vec<Placed>,
    /// What people say: must-links inside the story that they are both in, or cannot-links between their stories.
    pub constraints: Vec<ToldConstraint>,
}

/// One article and what it says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// Its title, or the beginning of its text.
    pub title: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, written as `2031-03-04` or with the time of day.
    #[serde(serialize_with = "written")]
    pub date: Option<Date>,
    /// Where that date was found.
    pub date_from: Option<Provenance>,
    /// The date disagrees with its near neighbours, or with an article that shares rare text.
    pub date_doubtful: bool,
    /// Its language.
    pub lang: Lang,
    /// The id of its story.
    pub story: String,
    /// Articles in that story.
    pub story_articles: usize,
    /// What it is there.
    pub role: &'static str,
    /// The article it was copied from.
    pub copied_from: Option<String>,
    /// The article whose text it was judged by; itself unless it was folded.
    pub speaker: String,
    /// Articles of its voice.
    pub voice_articles: usize,
    /// Outlets that it credits.
    pub credits: Vec<ToldCredit>,
    /// Of those the ones that a near neighbour credits with an exclusive report too.
    pub origins: Vec<String>,
    /// Days that it names: real days where it is dated, else weekdays and days of months as they are said.
    pub days: Vec<String>,
}

/// A credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldCredit {
    /// The outlet.
    pub outlet: String,
    /// `claim` (it is said to have had it) or `dateline` (it wrote or carried the text).
    pub form: &'static str,
    /// In the beginning, where it counts as evidence.
    pub in_lead: bool,
    /// The sentence that carries it.
    pub sentence: String,
}

/// A score. The parts add up to the total exactly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The score.
    pub total: Micro,
    /// Its parts by name.
    pub parts: Vec<(&'static str, Micro)>,
    /// The two were near enough to be compared; where not, the pair counts as 0 in the stories (as does a score below 0).
    pub linked: bool,
    /// The score is that of the articles' voices, and not both are their own speakers.
    pub by_speakers: bool,
}

/// A term that both have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedTerm {
    /// As it is mostly written in the one.
    pub a: String,
    /// As it is mostly written in the other.
    pub b: String,
    /// What it adds to the cosine of the two.
    pub adds: Micro,
}

/// A name that both have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedName {
    /// As it is written in the one.
    pub name: String,
    /// Articles of the language that have it.
    pub articles: u32,
    /// Rare enough, and near enough to the beginning of one of the two, to count by itself.
    pub counts: bool,
}

/// Text that both have word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedText {
    /// The whole text is the same.
    pub same: bool,
    /// Share of the own words of the one that stand in the other, 0 to 1.
    pub of_a: Micro,
    /// Share of the own words of the other that stand in the one, 0 to 1.
    pub of_b: Micro,
    /// Separate rare quotations, which count as evidence.
    pub quotations: u32,
    /// Words of those.
    pub quoted_words: u32,
    /// Every shared passage, the longest first.
    pub passages: Vec<ToldPassage>,
}

/// A passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldPassage {
    /// `quote`, `attributed`, `furniture`, `headline` or `prose`.
    pub kind: &'static str,
    /// Its length.
    pub words: u32,
    /// Begin and end in bytes of the one text.
    pub a_bytes: [u32; 2],
    /// Begin and end in bytes of the other.
    pub b_bytes: [u32; 2],
    /// As it stands in the one.
    pub text: String,
}

/// Explains a pair of articles. O(links + length of the texts).
#[must_use]
pub fn explain(analysis: &Analysis, a: DocId, b: DocId, config: &Config) -> Explanation {
    let (x, y) = (voice_of(analysis, a), voice_of(analysis, b));
    let stories = (story_of(analysis, a), story_of(analysis, b));
    let same_story = stories.0 == stories.1;
    let one_language = analysis.normalised.lang(a) == analysis.normalised.lang(b);
    let names = if one_language { shared_names(analysis, a, b, config) } else { Vec::new() };
    let terms =
        |view: &Sparse| if one_language && x != y { shared_terms(analysis, view, (a, b), (x, y)) } else { Vec::new() };
    Explanation {
        schema_version: SCHEMA_VERSION,
        a: told(analysis, a),
        b: told(analysis, b),
        same_story,
        one_voice: x == y,
        score: (x != y && one_language).then(|| score(analysis, a, b, config)),
        terms: terms(&analysis.vectors.all),
        numbers: terms(&analysis.vectors.numbers),
        names,
        text: shared_text(analysis, a, b),
        path: stories
            .0
            .filter(|_| same_story)
            .map(|at| path(analysis, &analysis.stories[at], x, y))
            .unwrap_or_default(),
        apart: stories
            .0
            .zip(stories.1)
            .filter(|_| !same_story)
            .map(|(s, t)| apart(analysis, (a, s), (b, t), &mut analysis.graph.links.iter().copied(), config)),
        live_blogs: live_blogs(analysis, [a, b], config),
        constraints: stories.0.zip(stories.1).map(|stories| constraints(analysis, stories)).unwrap_or_default(),
    }
}

/// Ids that are much like one that does not exist, the likest first; at most three.
#[must_use]
pub fn near_ids<'a>(corpus: &'a Corpus, id: &str) -> Vec<&'a str> {
    let wanted = id.to_lowercase();
    let likeness = |other: &str| {
        let other = other.to_lowercase();
        let part = !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other));
        strsim::jaro_winkler(&wanted, &other).max(if part { 0.9 } else { 0.0 })
    };
    let scored = corpus.articles().iter().map(|article| (likeness(&article.id), article.id.as_str()));
    let mut near: Vec<(f64, &str)> = scored.filter(|(likeness, _)| *likeness >= 0.85).collect();
    near.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| x.1.cmp(y.1)));
    near.into_iter().take(3).map(|(_, id)| id).collect()
}

fn voice_of(analysis: &Analysis, doc: DocId) -> u32 {
    analysis.voices.of[doc.index()]
}

fn story_of(analysis: &Analysis, doc: DocId) -> Option<usize> {
    analysis.story_of(doc)
}

fn id(analysis: &Analysis, doc: DocId) -> String {
    analysis.corpus.get(doc).id.clone()
}

fn written<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(to)
}

fn told(analysis: &Analysis, doc: DocId) -> Told {
    let article = analysis.corpus.get(doc);
    let voice = voice_of(analysis, doc);
    let story = story_of(analysis, doc).map(|at| &analysis.stories[at]);
    let member = story.and_then(|story| story.members.iter().find(|member| member.doc == doc));
    let facts = analysis.normalised.facts(doc);
    let credits = facts.credits.iter().map(|credit| ToldCredit {
        outlet: credit.outlet.to_string(),
        form: match credit.form {
            CreditForm::Claim => "claim",
            CreditForm::Dateline => "dateline",
        },
        in_lead: (credit.token as usize) < LEAD,
        sentence: credit.sentence.part_of(&article.text).trim().to_owned(),
    });
    let origins = analysis.graph.neighbours.origins.get(voice as usize).into_iter().flatten();
    Told {
        id: article.id.clone(),
        title: article.headline(TITLE),
        outlet: article.outlet_name().map(str::to_owned),
        date: article.date,
        date_from: article.date.map(|date| date.provenance),
        date_doubtful: member.is_some_and(|member| member.doubtful_date),
        lang: article.lang,
        story: story.map(|story| story.id.clone()).unwrap_or_default(),
        story_articles: story.map_or(1, |story| story.members.len()),
        role: member.map_or(Role::Report, |member| member.role).name(),
        copied_from: member.and_then(|member| member.copied_from).map(|link| id(analysis, link.of)),
        speaker: id(analysis, analysis.voices.speakers[voice as usize]),
        voice_articles: analysis.voices.of.iter().filter(|&&of| of == voice).count(),
        credits: credits.collect(),
        origins: origins.map(ToString::to_string).collect(),
        days: days(analysis, doc, article),
    }
}

/// The days that a text names, in words.
fn days(analysis: &Analysis, doc: DocId, article: &Article) -> Vec<String> {
    const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let facts = analysis.normalised.facts(doc);
    let real = clock(facts, article.date);
    if !real.is_empty() {
        let day = |day: i64| Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Text };
        return real.into_iter().map(|at| day(at).to_string()).collect();
    }
    let said = |named: &MonthDay| {
        let month = MONTHS.get(usize::from(named.month).wrapping_sub(1)).copied().unwrap_or("?");
        let year = named.year.map_or_else(String::new, |year| format!(" {year}"));
        format!("{} {month}{year}", named.day)
    };
    let weekdays = facts.weekdays.iter().filter_map(|&day| WEEKDAYS.get(usize::from(day))).map(|&day| day.to_owned());
    weekdays.chain(facts.month_days.iter().map(said)).collect()
}

fn score(analysis: &Analysis, a: DocId, b: DocId, config: &Config) -> Score {
    let (x, y) = (voice_of(analysis, a), voice_of(analysis, b));
    let parts: Vec<Part> = analysis.scorer(config).parts(x, y);
    let speaker = |voice: u32| analysis.voices.speakers[voice as usize];
    Score {
        total: Micro(parts.iter().map(|part| part.value).sum()),
        parts: parts.iter().map(|part| (part.kind.name(), Micro(part.value))).collect(),
        linked: link_between(&analysis.graph.links, x, y).is_some(),
        by_speakers: speaker(x) != a || speaker(y) != b,
    }
}

/// The link of two voices; links are sorted.
fn link_between(links: &[Link], x: u32, y: u32) -> Option<Link> {
    let at = links.binary_search_by_key(&(x.min(y), x.max(y)), |link| (link.a, link.b)).ok()?;
    Some(links[at])
}

/// What each term that both rows have adds to their cosine, in words as they are written in the two articles.
fn shared_terms(analysis: &Analysis, view: &Sparse, docs: (DocId, DocId), voices: (u32, u32)) -> Vec<SharedTerm> {
    let (x, y) = (view.row(voices.0 as usize), view.row(voices.1 as usize));
    // The terms are those of the speakers, which may have words that the article has not.
    let written = |doc: DocId, voice: u32| {
        let mut written = as_written(analysis, analysis.voices.speakers[voice as usize]);
        written.extend(as_written(analysis, doc));
        written
    };
    let written = (written(docs.0, voices.0), written(docs.1, voices.1));
    let spell = |term: u32, written: &HashMap<u32, String, FixedState>| {
        let stem = || analysis.normalised.lexicon.word(WordId(term)).to_owned();
        written.get(&term).cloned().unwrap_or_else(stem)
    };
    let mut shared: Vec<SharedTerm> = x
        .terms
        .iter()
        .zip(x.weights)
        .filter_map(|(&term, &weight)| {
            let other = y.weights[y.terms.binary_search(&term).ok()?];
            let adds = u64::from(weight) * u64::from(other) * 1_000_000 / COSINE_ONE;
            let adds = Micro(i64::try_from(adds).unwrap_or(i64::MAX));
            Some(SharedTerm { a: spell(term, &written.0), b: spell(term, &written.1), adds })
        })
        .collect();
    shared.sort_by(|p, q| q.adds.cmp(&p.adds).then_with(|| p.a.cmp(&q.a)));
    shared
}

/// By term or number: the form in which an article writes it most often.
fn as_written(analysis: &Analysis, doc: DocId) -> HashMap<u32, String, FixedState> {
    let (article, stream) = (analysis.corpus.get(doc), analysis.normalised.stream(doc));
    let text = article.text.read();
    let terms = analysis.normalised.terms(doc);
    let mut counts: HashMap<u32, BTreeMap<&str, usize>, FixedState> = HashMap::default();
    for (tokens, text) in [(&stream.title, article.title.as_deref().unwrap_or("")), (&stream.body, &*text)] {
        for (&word, span) in tokens.words.iter().zip(&tokens.spans) {
            let written = span.of(text);
            let written = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
            // A number stands in its view as the word, in the others as the stem, which is the same for numbers.
            *counts.entry(terms.term(word).0).or_default().entry(written).or_default() += 1;
        }
    }
    let most = |forms: BTreeMap<&str, usize>| {
        let best = forms.into_iter().max_by(|p, q| p.1.cmp(&q.1).then_with(|| q.0.cmp(p.0)));
        best.map_or_else(String::new, |(form, _)| form.to_owned())
    };
    counts.into_iter().map(|(term, forms)| (term, most(forms))).collect()
}

/// Names that stand in both, whole or without titles and generic words.
fn shared_names(analysis: &Analysis, a: DocId, b: DocId, config: &Config) -> Vec<SharedName> {
    let counts = analysis.survey.frequencies.of(analysis.normalised.lang(a));
    let (x, y) = (names_of(analysis, a), names_of(analysis, b));
    let mut shared: Vec<SharedName> = x
        .into_iter()
        .filter_map(|(key, (name, in_lead))| {
            let (_, other_in_lead) = y.get(&key)?;
            let articles = counts.map_or(0, |c| if key.1 { c.of_core(key.0) } else { c.of_name(key.0) });
            let rare = key.1 && (2..=config.score.rare_name_articles).contains(&articles);
            Some(SharedName { name, articles, counts: rare && (in_lead || *other_in_lead) })
        })
        .collect();
    shared.sort_by(|p, q| (!p.counts, p.articles).cmp(&(!q.counts, q.articles)).then_with(|| p.name.cmp(&q.name)));
    shared
}

/// The names of an article by hash (of the core, if the flag is set): as written, and whether the lead has it.
fn names_of(analysis: &Analysis, doc: DocId) -> BTreeMap<(u64, bool), (String, bool)> {
    let Normalised { lexicon, .. } = &analysis.normalised;
    let (article, stream) = (analysis.corpus.get(doc), analysis.normalised.stream(doc));
    let facts = analysis.normalised.facts(doc);
    let known: HashSet<u64, FixedState> = facts.names.iter().map(|name| name.hash).collect();
    let mut found: BTreeMap<(u64, bool), (String, bool)> = BTreeMap::new();
    let mut take = |tokens: &Tokens, text: &str, title: bool| {
        for run in capital_runs(tokens) {
            let words = &tokens.words[run.clone()];
            let hash = hash_words(words, lexicon);
            if !known.contains(&hash) {
                continue;
            }
            let core = core_of(words, lexicon);
            let begin = core.and_then(|_| words.iter().position(|&word| !is_generic(lexicon.word(word)))).unwrap_or(0);
            let len = core.map_or(words.len(), <[WordId]>::len);
            let spans = &tokens.spans[run.start + begin..run.start + begin + len];
            let written = spans.first().zip(spans.last()).and_then(|(p, q)| text.get(p.begin as usize..q.end as usize));
            let key = core.map_or((hash, false), |core| (hash_words(core, lexicon), true));
            let entry = found.entry(key).or_insert_with(|| (written.unwrap_or("").to_owned(), false));
            entry.1 |= title || run.start < LEAD;
        }
    };
    take(&stream.title, article.title.as_deref().unwrap_or(""), true);
    take(&stream.body, &article.text.read(), false);
    found
}

fn shared_text(analysis: &Analysis, a: DocId, b: DocId) -> SharedText {
    let same_text = &analysis.passages.same_text;
    let (x, y) = (same_text[a.index()], same_text[b.index()]);
    if x == y {
        let (all, passages) = (Micro(MICRO), Vec::new());
        return SharedText { same: true, of_a: all, of_b: all, quotations: 0, quoted_words: 0, passages };
    }
    let key = (x.min(y), x.max(y));
    let at = analysis.coverages.binary_search_by_key(&key, |coverage| (coverage.a, coverage.b));
    let coverage = at.ok().map(|at| analysis.coverages[at]);
    let turned = x > y;
    let (of_a, of_b) = coverage.map_or((0, 0), |c| if turned { (c.of_b, c.of_a) } else { (c.of_a, c.of_b) });
    let told = |passage: Passage| ToldPassage {
        kind: passage.kind.name(),
        words: passage.found.matched(),
        a_bytes: [passage.a_span.begin, passage.a_span.end],
        b_bytes: [passage.b_span.begin, passage.b_span.end],
        text: passage.a_span.part_of(&analysis.corpus.get(a).text).into_owned(),
    };
    let mut passages: Vec<ToldPassage> = analysis.passages_between(a, b).into_iter().map(told).collect();
    passages.sort_by_key(|passage| (std::cmp::Reverse(passage.words), passage.a_bytes));
    SharedText {
        same: false,
        of_a: Micro(of_a),
        of_b: Micro(of_b),
        quotations: coverage.map_or(0, |c| c.quotations),
        quoted_words: coverage.map_or(0, |c| c.quoted_words),
        passages,
    }
}
