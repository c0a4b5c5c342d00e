//! From lists of voices to stories: members with their roles, headline, dates, outlets, key terms, origin, the links that
//! hold a story together, and its related stories.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::FixedState;
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::{Article, Date, DocId};
use crate::cluster::origin::{by_dateline, origin};
use crate::cluster::partition::{Turn, Turns};
use crate::cluster::refine::mean_inside;
use crate::cluster::roles::{is_stub, role, same_outlet};
use crate::cluster::story::{Member, Related, Role, Story, StoryLink};
use crate::config::{ClusterConfig, Config};
use crate::constraints::{Constraint, Constraints};
use crate::copies::{Compilation, CopyGroup, CopyLink, Form, Grounds, Voices, groups};
use crate::corpus::Corpus;
use crate::graph::dates::{to_micro, trust};
use crate::graph::{Graph, Link, Scorer};
use crate::normalise::{Normalised, WordId};
use crate::outlets::OutletTable;
use crate::survey::Survey;
use crate::survey::furniture::cut;
use crate::vectorise::Vectors;

/// Key terms of a story.
const KEY_TERMS: usize = 8;
/// Articles that are searched for the form of a key term.
const KEY_TERM_ARTICLES: usize = 6;
/// A term in a larger share of all news is no key term.
const COMMON_TERM: f64 = 0.1;
/// Related stories of a story.
const RELATED: usize = 8;
/// Characters of a headline that is taken from the text.
const HEADLINE: usize = 120;

/// What the stages before have found, by article and by voice.
pub struct Findings<'a> {
    /// The articles.
    pub corpus: &'a Corpus,
    /// Their tokens and facts.
    pub normalised: &'a Normalised,
    /// What only the whole corpus knows.
    pub survey: &'a Survey,
    /// Who may be a copy of whom.
    pub copies: &'a Grounds<'a>,
    /// The voices.
    pub voices: &'a Voices,
    /// Their vectors.
    pub vectors: &'a Vectors,
    /// Their links.
    pub graph: &'a Graph,
    /// The rank of each article in time.
    pub order: &'a [u32],
    /// What people say of pairs.
    pub constraints: &'a Constraints,
    /// Who owns which outlet.
    pub outlets: &'a OutletTable,
    /// Which voices have a say in what is one story.
    pub turns: &'a Turns,
}

/// By article: whether it is a round-up or a live blog, given which are by themselves. A compilation is a round-up if its parts
/// speak of different events.
#[must_use]
pub fn forms(
    mut own: Vec<Option<Form>>,
    compilations: &[Compilation],
    voices: &Voices,
    graph: &Graph,
    config: &ClusterConfig,
) -> Vec<Option<Form>> {
    let least = to_micro(config.least_link);
    let same_event = |(x, y): (DocId, DocId)| {
        let (a, b) = (voices.of[x.index()], voices.of[y.index()]);
        let at = graph.links.binary_search_by_key(&(a.min(b), a.max(b)), |link| (link.a, link.b));
        a == b || at.is_ok_and(|at| graph.links[at].score >= least)
    };
    let all_differ = |parts: &[DocId]| {
        let pairs = parts.iter().enumerate().flat_map(|(i, &x)| parts[i + 1..].iter().map(move |&y| (x, y)));
        !pairs.into_iter().any(same_event)
    };
    for compilation in compilations.iter().filter(|c| all_differ(&c.parts)) {
        own[compilation.whole.index()].get_or_insert(Form::RoundUp);
    }
    own
}

/// Makes the stories of a partition of the voices. The largest first, then by their first date and id. Parallel.
#[must_use]
pub fn assemble(
    partition: &[Vec<u32>],
    found: &Findings<'_>,
    forms: &[Option<Form>],
    scorer: &Scorer<'_>,
    config: &Config,
) -> Vec<Story> {
    let mut story_of = vec![0u32; found.voices.speakers.len()];
    for (at, voices) in (0u32..).zip(partition) {
        for &voice in voices {
            story_of[voice as usize] = at;
        }
    }
    let mut inside: Vec<Vec<Link>> = vec![Vec::new(); partition.len()];
    let mut between: HashMap<(u32, u32), Link, FixedState> = HashMap::default();
    // A round-up has one paragraph on each story that it touches, so less is asked of it.
    let is_round_up = |voice: u32| forms[found.voices.speakers[voice as usize].index()] == Some(Form::RoundUp);
    let related = [config.cluster.related_link, config.cluster.round_up_link].map(to_micro);
    let least_related = |link: &Link| related[usize::from(is_round_up(link.a) || is_round_up(link.b))];
    for link in &found.graph.links {
        let (s, t) = (story_of[link.a as usize], story_of[link.b as usize]);
        if s == t {
            inside[s as usize].push(*link);
        } else if link.affair >= least_related(link) {
            let best = between.entry((s.min(t), s.max(t))).or_insert(*link);
            if (link.affair, std::cmp::Reverse((link.a, link.b))) > (best.affair, std::cmp::Reverse((best.a, best.b))) {
                *best = *link;
            }
        }
    }
    let articles_of = found.voices.members();
    let contradicted = contradicted_dates(found, config);
    let groups_of = groups_by_story(found, &story_of, config);
    let constraints_of = constraints_by_story(found, &story_of);
    let mut stories: Vec<(u32, Story)> = partition
        .par_iter()
        .enumerate()
        .map(|(at, voices)| {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let builder = Builder { found, forms, scorer, config, contradicted: &contradicted };
            let docs = voices.iter().flat_map(|&voice| articles_of[voice as usize].iter().copied()).collect();
            let groups = groups_of.get(&at).cloned().unwrap_or_default();
            let constraints = constraints_of.get(&at).cloned().unwrap_or_default();
            (at, Story { constraints, ..builder.story(voices, docs, &inside[at as usize], groups) })
        })
        .collect();
    stories.sort_by(|(_, a), (_, b)| {
        let key = |s: &Story| (std::cmp::Reverse(s.members.len()), s.first.map_or(i64::MAX, |d| d.at));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    // Only articles without a word of text can have one key and not be one voice.
    let mut ordinals: HashMap<String, u32, FixedState> = HashMap::default();
    for (_, story) in &mut stories {
        let ordinal = ordinals.entry(story.id.clone()).or_default();
        *ordinal += 1;
        if *ordinal > 1 {
            story.id = format!("s{:016x}", xxh3_64(format!("{}#{ordinal}", story.id).as_bytes()));
        }
    }
    relate(stories, &between, found)
}

/// The copy groups by story. What reaches from one story into another (a partial copy that reports another event) hangs on
/// the best text of its own story, else on none.
fn groups_by_story(
    found: &Findings<'_>,
    story_of: &[u32],
    config: &Config,
) -> HashMap<u32, Vec<CopyGroup>, FixedState> {
    let story = |doc: DocId| story_of[found.voices.of[doc.index()] as usize];
    let mut by_story: HashMap<u32, Vec<CopyGroup>, FixedState> = HashMap::default();
    for group in groups(found.copies, story, &config.copies) {
        by_story.entry(story(group.root)).or_default().push(group);
    }
    by_story
}

/// The constraints by story; what keeps two stories apart stands with both.
fn constraints_by_story(found: &Findings<'_>, story_of: &[u32]) -> HashMap<u32, Vec<Constraint>, FixedState> {
    let story = |doc: DocId| story_of[found.voices.of[doc.index()] as usize];
    let mut by_story: HashMap<u32, Vec<Constraint>, FixedState> = HashMap::default();
    for constraint in found.constraints.all() {
        let (s, t) = (story(constraint.a), story(constraint.b));
        by_story.entry(s).or_default().push(constraint.clone());
        if s != t {
            by_story.entry(t).or_default().push(constraint.clone());
        }
    }
    by_story
}

/// Enters the related stories of each, now that they have their places.
fn relate(
    stories: Vec<(u32, Story)>,
    between: &HashMap<(u32, u32), Link, FixedState>,
    found: &Findings<'_>,
) -> Vec<Story> {
    let mut places = vec![0usize; stories.len()];
    for (place, (at, _)) in stories.iter().enumerate() {
        places[*at as usize] = place;
    }
    let mut stories: Vec<Story> = stories.into_iter().map(|(_, story)| story).collect();
    let speaker = |voice: u32| found.voices.speakers[voice as usize];
    let mut story_of_voice = vec![0usize; found.voices.speakers.len()];
    for (place, story) in stories.iter().enumerate() {
        for member in &story.members {
            story_of_voice[found.voices.of[member.doc.index()] as usize] = place;
        }
    }
    for (&(s, t), link) in between {
        for (here, there) in [(places[s as usize], places[t as usize]), (places[t as usize], places[s as usize])] {
            let (x, y) = if story_of_voice[link.a as usize] == here { (link.a, link.b) } else { (link.b, link.a) };
            stories[here].related.push(Related {
                story: there,
                score: link.affair,
                here: speaker(x),
                there: speaker(y),
            });
        }
    }
    for story in &mut stories {
        story.related.sort_unstable_by_key(|related| (std::cmp::Reverse(related.score), related.story));
        story.related.truncate(RELATED);
    }
    stories
}

/// The articles whose date hardly deserves trust and lies weeks apart from that of an article that shares several rare
/// quotations or most of its words with them. Sorted.
fn contradicted_dates(found: &Findings<'_>, config: &Config) -> Vec<DocId> {
    let copy = crate::copies::fold::share_to_micro(config.copies.copy);
    let mut contradicted: Vec<DocId> = found
        .copies
        .coverages
        .iter()
        .filter(|c| c.quotations >= 2 || c.of_a.max(c.of_b) >= copy)
        .filter_map(|c| {
            let (x, y) = (found.corpus.get(c.a).date?, found.corpus.get(c.b).date?);
            let (tx, ty) = (trust(x.provenance), trust(y.provenance));
            let doubt = x.days_apart(y) > config.cluster.doubt_days && tx.min(ty) < 0.5;
            // Of two dates that are trusted alike the later one is wrong: a page is crawled or printed after it appears.
            let wrong = tx.total_cmp(&ty).then_with(|| y.at.cmp(&x.at));
            doubt.then_some(if wrong.is_lt() { c.a } else { c.b })
        })
        .collect();
    contradicted.sort_unstable();
    contradicted.dedup();
    contradicted
}

struct Builder<'a> {
    found: &'a Findings<'a>,
    forms: &'a [Option<Form>],
    scorer: &'a Scorer<'a>,
    config: &'a Config,
    contradicted: &'a [DocId],
}

/// An article's place in a copy group.
struct Place {
    group: usize,
    hangs: Option<CopyLink>,
    is_copied: bool,
}

/// The places of all articles of the copy groups of one story.
fn places(groups: &[CopyGroup]) -> HashMap<DocId, Place, FixedState> {
    let mut places: HashMap<DocId, Place, FixedState> = HashMap::default();
    for (group, found) in groups.iter().enumerate() {
        places.extend(found.members.iter().map(|&doc| (doc, Place { group, hangs: None, is_copied: false })));
        for link in &found.links {
            if let Some(copy) = places.get_mut(&link.copy) {
                copy.hangs = Some(*link);
            }
            if let Some(of) = places.get_mut(&link.of) {
                of.is_copied = true;
            }
        }
    }
    places
}

impl Builder<'_> {
    fn story(&self, voices: &[u32], mut docs: Vec<DocId>, links: &[Link], mut copy_groups: Vec<CopyGroup>) -> Story {
        let found = self.found;
        docs.sort_unstable_by_key(|doc| found.order[doc.index()]);
        copy_groups.sort_unstable_by_key(|group| (std::cmp::Reverse(group.members.len()), group.root));
        let places = places(&copy_groups);
        let members: Vec<Member> = docs.iter().map(|&doc| self.member(doc, places.get(&doc))).collect();
        let means = mean_links(voices, links);
        let central = self.central(voices, &means);
        let speaker = |voice: u32| found.voices.speakers[voice as usize];
        let weakest = (voices.len() > 1).then(|| means.iter().min_by_key(|(voice, mean)| (*mean, **voice))).flatten();
        let sum = links.iter().map(|link| link.score).sum();
        let dates: Vec<Date> =
            members.iter().filter(|m| !m.doubtful_date).filter_map(|m| found.corpus.get(m.doc).date).collect();
        let mut outlets: Vec<String> =
            docs.iter().filter_map(|&doc| found.corpus.get(doc).outlet_name().map(str::to_owned)).collect();
        outlets.sort_unstable();
        outlets.dedup();
        let first = docs.first().copied().unwrap_or(DocId(0));
        Story {
            id: format!("s{:016x}", found.corpus.key(first).0 >> 64),
            headline: self.headline(central),
            central,
            lang: found.normalised.lang(central),
            independent: self.independent(&members, &copy_groups),
            first: dates.iter().min().copied(),
            last: dates.iter().max_by_key(|d| d.at).copied(),
            key_terms: self.key_terms(voices, central, &docs),
            origin: origin(&members, &copy_groups, found.corpus, found.normalised),
            cohesion: mean_inside(voices.len(), sum),
            weakest: weakest.map(|(&voice, &mean)| (speaker(voice), mean)),
            links: self.holding_links(voices, links),
            related: Vec::new(),
            constraints: Vec::new(),
            members,
            copy_groups,
            outlets,
        }
    }

    fn member(&self, doc: DocId, place: Option<&Place>) -> Member {
        let found = self.found;
        let article = found.corpus.get(doc);
        let hangs = place.and_then(|place| place.hangs);
        let stub = is_stub(article, found.normalised.body_len(doc));
        let hanging = hangs.as_ref().map(|link| (link, same_outlet(found.corpus.articles(), link)));
        let role = role(
            self.forms[doc.index()],
            stub,
            hanging,
            place.is_some_and(|place| place.is_copied),
            &self.config.copies,
        );
        // Of a voice that is in doubt, those articles are whose date it was judged by.
        let voice = found.voices.of[doc.index()] as usize;
        let judged = article.date.is_some() && article.date == self.scorer.dates()[voice];
        let by_neighbours = judged && found.graph.neighbours.doubtful_date[voice];
        let doubtful_date = by_neighbours || self.contradicted.binary_search(&doc).is_ok();
        Member { doc, role, copy_group: place.map(|place| place.group), copied_from: hangs, doubtful_date }
    }

    /// The voice nearest to all others; one with a title before one without.
    fn central(&self, voices: &[u32], means: &HashMap<u32, i64, FixedState>) -> DocId {
        let speaker = |voice: u32| self.found.voices.speakers[voice as usize];
        let best = voices.iter().max_by_key(|&&voice| {
            let titled = self.found.corpus.get(speaker(voice)).title.is_some();
            let form = self.forms[speaker(voice).index()].is_none();
            (form, titled, means.get(&voice).copied().unwrap_or(0), std::cmp::Reverse(voice))
        });
        best.map_or(DocId(0), |&voice| speaker(voice))
    }

    /// Whose words the story rests on: every article that hangs on no other has one origin, the owner of the outlet that wrote
    /// it. That is the agency which a field of the input or the datelines of the text and its copies name; else the outlet
    /// whose exclusive report its lead retells, if that of another article of the story does so too; else its own.
    fn independent(&self, members: &[Member], groups: &[CopyGroup]) -> Vec<String> {
        let found = self.found;
        let own = |member: &&Member| member.copied_from.is_none() && member.role != Role::RoundUp;
        let exclusive = |member: &Member| {
            let credits = found.normalised.facts(member.doc).lead_credits().filter(|credit| !credit.agency);
            credits.map(|credit| &*credit.outlet).collect::<BTreeSet<&str>>()
        };
        let mut retelling: BTreeMap<&str, usize> = BTreeMap::new();
        for outlet in members.iter().flat_map(exclusive) {
            *retelling.entry(outlet).or_default() += 1;
        }
        let origin = |member: &Member| -> Option<String> {
            let article = found.corpus.get(member.doc);
            let alone = [member.doc];
            let copies = member.copy_group.and_then(|at| groups.get(at)).map_or(&alone[..], |group| &group.members);
            let retold = || exclusive(member).into_iter().find(|outlet| retelling[outlet] > 1);
            let writer = article.agency.as_deref().or_else(|| Some(by_dateline(copies, found.normalised)?.0));
            match writer.or_else(retold) {
                Some(name) => {
                    let entry = found.outlets.resolve(name);
                    Some(entry.map_or(name, |entry| entry.family.as_deref().unwrap_or(&entry.name)).to_owned())
                }
                None => article.outlet.as_ref().map(|o| o.family.clone().unwrap_or_else(|| o.name.clone())),
            }
        };
        let mut names: Vec<String> = members.iter().filter(own).filter_map(origin).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A maximum spanning tree of the links (Kruskal), each with its parts; voices without a link are left out. The links
    /// between reports come first, then those of a report with what had no say when the reports were put together: no live
    /// blog stands between two others.
    fn holding_links(&self, voices: &[u32], links: &[Link]) -> Vec<StoryLink> {
        let is_late = |voice: u32| self.found.turns.says(voice) != Some(Turn::Report);
        let mut best: Vec<&Link> = links.iter().collect();
        let late = |link: &Link| usize::from(is_late(link.a)) + usize::from(is_late(link.b));
        best.sort_unstable_by_key(|link| (late(link), std::cmp::Reverse(link.score), link.a, link.b));
        let place = |voice: u32| voices.partition_point(|&v| v < voice);
        let mut joined = UnionFind::<usize>::new(voices.len());
        best.retain(|link| joined.union(place(link.a), place(link.b)));
        let speaker = |voice: u32| self.found.voices.speakers[voice as usize];
        best.into_iter()
            .map(|link| StoryLink {
                a: speaker(link.a),
                b: speaker(link.b),
                score: link.score,
                parts: self.scorer.parts(link.a, link.b),
            })
            .collect()
    }

    /// The title without what its outlet repeats, else the first words of the text.
    fn headline(&self, doc: DocId) -> String {
        let article = self.found.corpus.get(doc);
        let repeated = article.outlet_name().and_then(|outlet| self.found.survey.furniture.titles.get(outlet));
        let kept =
            article.title.as_deref().zip(repeated).and_then(|(title, repeated)| Some(&title[cut(title, repeated)?]));
        match kept {
            Some(title) => Article { title: Some(title.to_owned()), ..Article::default() }.headline(HEADLINE),
            None => article.headline(HEADLINE),
        }
    }

    /// The terms that weigh most over all voices, each as the word that stands most often for it in the articles; terms that
    /// stand in a good part of all news say nothing of a story.
    fn key_terms(&self, voices: &[u32], central: DocId, docs: &[DocId]) -> Vec<String> {
        let (vectors, lexicon) = (self.found.vectors, &self.found.normalised.lexicon);
        let mut sums: HashMap<u32, u64, FixedState> = HashMap::default();
        for &voice in voices {
            let row = vectors.all.row(voice as usize);
            for (&term, &weight) in row.terms.iter().zip(row.weights) {
                *sums.entry(term).or_default() += u64::from(weight);
            }
        }
        let word = |term: u32| lexicon.word(WordId(term));
        let lang = self.found.normalised.lang(central);
        let common =
            |term: u32| self.found.survey.background(lang).is_some_and(|b| b.share(WordId(term)) > COMMON_TERM);
        let mut ranked: Vec<(u32, u64)> = sums.into_iter().filter(|(term, _)| !common(*term)).collect();
        ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| word(a.0).cmp(word(b.0))));
        ranked.truncate(KEY_TERMS);
        let chosen: HashMap<u32, usize, FixedState> =
            ranked.iter().enumerate().map(|(at, (term, _))| (*term, at)).collect();
        let mut written: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); ranked.len()];
        let terms = self.found.normalised.stems.of(lang);
        // The central article first and a few more: enough to find a form for every term.
        let few: Vec<DocId> = [central].iter().chain(docs).take(KEY_TERM_ARTICLES).copied().collect();
        let texts: Vec<_> = few.iter().map(|&doc| self.found.corpus.text(doc)).collect();
        for (&doc, text) in few.iter().zip(&texts) {
            let body = &self.found.normalised.stream(doc).body;
            for (&id, span) in body.words.iter().zip(&body.spans) {
                if let Some(&at) = chosen.get(&terms.term(id).0) {
                    let form = span.of(text);
                    let form = form.strip_suffix("'s").or_else(|| form.strip_suffix("’s")).unwrap_or(form);
                    *written[at].entry(form).or_default() += 1;
                }
            }
        }
        let most = |forms: &BTreeMap<&str, usize>| {
            forms.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(form, _)| (*form).to_owned())
        };
        ranked
            .iter()
            .zip(&written)
            .map(|((term, _), forms)| most(forms).unwrap_or_else(|| word(*term).to_owned()))
            .collect()
    }
}

/// By voice: its mean score to the others of its story.
fn mean_links(voices: &[u32], links: &[Link]) -> HashMap<u32, i64, FixedState> {
    let mut sums: HashMap<u32, i64, FixedState> = voices.iter().map(|&voice| (voice, 0)).collect();
    for link in links {
        for voice in [link.a, link.b] {
            *sums.entry(voice).or_default() += link.score;
        }
    }
    let others = i64::try_from(voices.len().saturating_sub(1)).unwrap_or(i64::MAX).max(1);
    sums.values_mut().for_each(|sum| *sum /= others);
    sums
}
