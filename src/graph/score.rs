//! The score of a pair of voices: a sum of named parts, each one small function with its reason. `explain` prints the same
//! parts that the clusters were made of.

use std::sync::Arc;

use crate::article::{Date, DocId};
use crate::config::ScoreConfig;
use crate::corpus::Corpus;
use crate::graph::dates::{apart, clock, factor, mean_apartness, to_micro};
use crate::graph::who_and_what::{NameRows, Split};
use crate::graph::{Link, MICRO, SharedText, SharedTexts};
use crate::join::Pair;
use crate::language::Lang;
use crate::normalise::facts::LEAD;
use crate::normalise::{Facts, Lexicon, MarkedWords, Marks, Normalised};
use crate::survey::Survey;
use crate::vectorise::{COSINE_ONE, Vectors};

/// What a part of the score speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// Same terms in title and first 400 words.
    Terms,
    /// Same terms in title and first 150 words.
    Lead,
    /// The title of one in the head of the other.
    TitleInHead,
    /// Same numbers.
    Numbers,
    /// Same names.
    Names,
    /// How near the two are to everything.
    Floor,
    /// How near the two are to a whole crowd.
    Crowd,
    /// How near the two are to what their outlet prints at other times.
    HouseStyle,
    /// Both name people and places, and hardly one the same.
    OtherNames,
    /// One of the two is a title without a text.
    TitleOnly,
    /// Same or other ages.
    Ages,
    /// Same or other days named.
    Days,
    /// A name that hardly anybody else has.
    RareNames,
    /// Text shared word for word.
    SharedText,
    /// Who is credited in the lead.
    Credits,
    /// The report of one outlet against that of another.
    Origins,
    /// They share names and say other things of them, at other times.
    OtherWords,
    /// Days between the dates of publication.
    Dates,
}

impl PartKind {
    /// Its name in output and docs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Lead => "lead",
            Self::TitleInHead => "title-in-head",
            Self::Numbers => "numbers",
            Self::Names => "names",
            Self::Floor => "floor",
            Self::Crowd => "crowd",
            Self::HouseStyle => "house-style",
            Self::OtherNames => "other-names",
            Self::TitleOnly => "title-only",
            Self::Ages => "ages",
            Self::Days => "days",
            Self::RareNames => "rare-names",
            Self::SharedText => "shared-text",
            Self::Credits => "credits",
            Self::Origins => "origins",
            Self::OtherWords => "other-words",
            Self::Dates => "dates",
        }
    }
}

/// One part of a score, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it speaks of.
    pub kind: PartKind,
    /// What it adds; negative where it speaks against.
    pub value: i64,
}

/// What two voices alone tell, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    /// The score without dates of publication and without other voices.
    pub affair: i64,
    /// What [`PartKind::OtherWords`] takes off where dates are to be believed, 0 or more.
    pub other_words: i64,
}

/// What the score reads of each voice besides its vectors.
struct Profile<'a> {
    facts: &'a Facts,
    date: Option<Date>,
    clock: Vec<i64>,
    /// Years that the text names, sorted.
    years: Vec<u16>,
    /// Rare cores of names: (hash, stands in title or lead), sorted.
    rare: Vec<(u64, bool)>,
    /// Outlets credited in the lead, sorted.
    credited: Vec<Arc<str>>,
    /// Those of them that are no agencies: a report that only one outlet had.
    exclusive: Vec<Arc<str>>,
    /// Who published it.
    outlet: Option<&'a str>,
    /// Whether it has no text.
    title_only: bool,
}

/// What scores are made of: what the stages before have found.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The articles.
    pub corpus: &'a Corpus,
    /// The article that each voice is judged by.
    pub voices: &'a [DocId],
    /// The date of each voice.
    pub dates: &'a [Option<Date>],
    /// Tokens and facts of the articles.
    pub normalised: &'a Normalised,
    /// What only the whole corpus knows.
    pub survey: &'a Survey,
    /// The vectors of the voices.
    pub vectors: &'a Vectors,
    /// The text that voices share.
    pub shared: &'a SharedTexts,
}

/// Scores pairs.
pub struct Scorer<'a> {
    vectors: &'a Vectors,
    config: &'a ScoreConfig,
    profiles: Vec<Profile<'a>>,
    dates: Vec<Option<Date>>,
    /// How far any two of the dates are apart, 0 to 1.
    mean_apartness: f64,
    shared: &'a SharedTexts,
    /// The names in the terms and in the leads.
    names: [NameRows; 2],
    /// What the near neighbours of each voice say of it.
    pub neighbours: Neighbours,
}

/// What is known of each voice only when its near neighbours are: found by [`crate::graph::graph`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Its cosine with the `crowd_rank`th nearest voice of another time, times [`COSINE_ONE`]; 0 where it has fewer pairs.
    pub crowd: Vec<u32>,
    /// Its cosine with the `house_style_rank`th nearest voice of its outlet and of another time, times [`COSINE_ONE`]; 0 where
    /// it has fewer pairs.
    pub house_style: Vec<u32>,
    /// Its date disagrees with theirs.
    pub doubtful_date: Vec<bool>,
    /// The outlets that it credits with an exclusive report, and that a near neighbour which has the same rare text credits
    /// too: the two certainly retell one report. Sorted.
    pub origins: Vec<Vec<Arc<str>>>,
}

impl<'a> Scorer<'a> {
    /// A scorer that knows nothing of neighbours yet.
    #[must_use]
    pub fn new(material: &Material<'a>, config: &'a ScoreConfig) -> Self {
        let Material { corpus, voices, dates, normalised, survey, vectors, shared } = *material;
        let profile = |(&doc, &date): (&DocId, &Option<Date>)| {
            let facts = normalised.facts(doc);
            let lang = normalised.lang(doc);
            let counts = survey.frequencies.of(lang);
            let is_rare =
                |core: u64| counts.is_some_and(|c| (2..=config.rare_name_articles).contains(&c.of_core(core)));
            let mut rare: Vec<(u64, bool)> = facts
                .names
                .iter()
                .filter(|name| name.core != 0 && is_rare(name.core))
                .map(|name| (name.core, (name.first as usize) < LEAD))
                .collect();
            rare.sort_unstable_by_key(|&(core, lead)| (core, !lead));
            rare.dedup_by_key(|(core, _)| *core);
            let named = |only_exclusive: bool| {
                let credits = facts.lead_credits().filter(|c| !(only_exclusive && c.agency));
                let mut names: Vec<Arc<str>> = credits.map(|c| Arc::clone(&c.outlet)).collect();
                names.sort_unstable();
                names.dedup();
                names
            };
            let outlet = corpus.get(doc).outlet_name();
            Profile {
                facts,
                date,
                clock: clock(facts, date),
                years: years(&normalised.marked(doc).body, &normalised.lexicon),
                rare,
                credited: named(false),
                exclusive: named(true),
                outlet,
                title_only: normalised.body_len(doc) == 0,
            }
        };
        let profiles = voices.iter().zip(dates).map(profile).collect();
        let tells = |lang: &Lang| survey.frequencies.of(*lang).filter(|_| lang.capitals_tell_names());
        let counts: Vec<_> = vectors.langs.iter().map(tells).collect();
        let names = [&vectors.all, &vectors.lead].map(|view| NameRows::new(view, &counts));
        Self {
            vectors,
            config,
            profiles,
            dates: dates.to_vec(),
            mean_apartness: mean_apartness(dates, config),
            shared,
            names,
            neighbours: Neighbours::default(),
        }
    }

    /// The date of each voice.
    #[must_use]
    pub fn dates(&self) -> &[Option<Date>] {
        &self.dates
    }

    /// The parts of a pair's score in the order of [`PartKind`]; parts of value 0 are left out. Their sum is the score.
    #[must_use]
    pub fn parts(&self, a: u32, b: u32) -> Vec<Part> {
        let (a, b) = (a.min(b), a.max(b));
        let pair = Pair::of(a, b, self.vectors);
        let (parts, other_words) = self.first_parts(pair);
        let mut parts = parts.to_vec();
        let affair: i64 = parts.iter().map(|part| part.value).sum();
        parts.extend(self.second_parts(pair, First { affair, other_words }));
        parts.retain(|part| part.value != 0);
        parts
    }

    /// The score as far as two voices alone tell, without dates of publication.
    #[must_use]
    pub fn first(&self, pair: Pair) -> First {
        let (parts, other_words) = self.first_parts(pair);
        First { affair: parts.iter().map(|part| part.value).sum(), other_words }
    }

    /// The score, given what [`Self::first`] says.
    #[must_use]
    pub fn second(&self, pair: Pair, first: First) -> i64 {
        first.affair + self.second_parts(pair, first).iter().map(|part| part.value).sum::<i64>()
    }

    /// What [`Neighbours`] and the dates of publication add to the parts of a pair.
    fn second_parts(&self, pair: Pair, first: First) -> [Part; 3] {
        let (a, b) = (pair.a, pair.b);
        let conflict = if self.origins_conflict(a, b) { self.config.origins_conflict } else { 0.0 };
        let origins = -to_micro(conflict / self.config.scale);
        let doubtful = |voice: u32| self.neighbours.doubtful_date.get(voice as usize) == Some(&true);
        let (mut words, mut dates) = (0, 0);
        if first.affair + origins > 0 && !doubtful(a) && !doubtful(b) {
            // Rare text that both have overrules what the dates say: one quotation may be famous, several are one occasion.
            let text = self.shared.between(a, b);
            let quoted = i64::from(text.quotations.saturating_sub(1)) * MICRO
                / i64::from(self.config.overriding_quotations.max(1));
            let holds = MICRO - quoted.max(text.coverage).min(MICRO);
            let (x, y) = (self.profiles[a as usize].date, self.profiles[b as usize].date);
            words = -first.other_words * holds / MICRO;
            let loss = MICRO - factor(x, y, self.mean_apartness, self.config);
            dates = -((first.affair + origins + words).max(0) * loss / MICRO * holds / MICRO);
        }
        let parts = [(PartKind::Origins, origins), (PartKind::OtherWords, words), (PartKind::Dates, dates)];
        parts.map(|(kind, value)| Part { kind, value })
    }

    /// How much of the cosines is names, those of the terms and of the leads, each with what it weighs in the score.
    fn splits(&self, a: usize, b: usize, cosines: [f64; 2]) -> impl Iterator<Item = (f64, Split)> {
        let views = self.names.iter().zip(cosines).zip([self.config.terms, self.config.lead]);
        views.filter_map(move |((names, cosine), weight)| Some((weight, names.split(a, b, cosine)?)))
    }

    /// Whether one of two voices certainly retells the report of an outlet, while the other credits only other outlets: two
    /// outlets that were each told something were mostly told two things.
    fn origins_conflict(&self, a: u32, b: u32) -> bool {
        let retells = |one: u32, other: u32| {
            let other = &self.profiles[other as usize];
            let origins = self.neighbours.origins.get(one as usize).map_or(&[][..], Vec::as_slice);
            let known = |outlet: &Arc<str>| other.outlet == Some(&**outlet) || other.credited.contains(outlet);
            !origins.is_empty() && !other.exclusive.is_empty() && !origins.iter().any(known)
        };
        retells(a, b) || retells(b, a)
    }

    /// The outlets that each voice and a near neighbour (a score of `doubt_score` or more in `links`, without dates) both
    /// credit with an exclusive report that they have rare text of. O(links).
    #[must_use]
    pub fn origins(&self, links: &[Link]) -> Vec<Vec<Arc<str>>> {
        let mut origins: Vec<Vec<Arc<str>>> = vec![Vec::new(); self.profiles.len()];
        let near = |link: &&Link| {
            let shares_text = || self.shared.between(link.a, link.b) != SharedText::default();
            link.score >= to_micro(self.config.doubt_score) && shares_text()
        };
        for link in links.iter().filter(near) {
            let (x, y) = (&self.profiles[link.a as usize].exclusive, &self.profiles[link.b as usize].exclusive);
            for outlet in x.iter().filter(|outlet| y.binary_search(outlet).is_ok()) {
                for voice in [link.a, link.b] {
                    origins[voice as usize].push(Arc::clone(outlet));
                }
            }
        }
        for outlets in &mut origins {
            outlets.sort_unstable();
            outlets.dedup();
        }
        origins
    }

    /// Those parts, and what other words would take off if the dates said nothing else.
    fn first_parts(&self, pair: Pair) -> ([Part; 15], i64) {
        let (a, b) = (pair.a as usize, pair.b as usize);
        let (v, c) = (self.vectors, self.config);
        let (x, y) = (&self.profiles[a], &self.profiles[b]);
        let shared = self.shared.between(pair.a, pair.b);
        let lead = cosine(v.lead.row(a).dot(v.lead.row(b)));
        let one_outlet = self.of_one_outlet(a, b);
        let (mut other_names, mut other_words) = (0.0, 0.0);
        for (weight, split) in self.splits(a, b, [cosine(pair.cosine.into()), lead]) {
            other_names += weight * split.other_names();
            other_words += weight * split.other_words(c.other_words_ratio);
        }
        // What the cosines owe to names of which the two say other things counts as far as they are of other times: of one day they
        // may still be two sides of one event.
        let other_words = c.other_words * apart(x.date, y.date, self.mean_apartness, c) * other_words;
        let parts = [
            (PartKind::Terms, c.terms * cosine(pair.cosine.into())),
            (PartKind::Lead, c.lead * lead),
            (PartKind::TitleInHead, c.title_in_head * self.title_in_head(a, b, lead)),
            (PartKind::Numbers, c.numbers * cosine(v.numbers.row(a).dot(v.numbers.row(b)))),
            (PartKind::Names, c.names * cosine(v.names.row(a).dot(v.names.row(b)))),
            (PartKind::Floor, -c.floor * cosine(v.floors[a] + v.floors[b])),
            (PartKind::Crowd, -c.crowd * sum(&self.neighbours.crowd, a, b)),
            (
                PartKind::HouseStyle,
                if one_outlet { -c.house_style * sum(&self.neighbours.house_style, a, b) } else { 0.0 },
            ),
            (PartKind::OtherNames, -c.other_names * other_names),
            (PartKind::TitleOnly, if x.title_only || y.title_only { -c.title_only } else { 0.0 }),
            (PartKind::Ages, ages(x, y, c)),
            (PartKind::Days, days(x, y, c)),
            (PartKind::RareNames, if share_rare_name(&x.rare, &y.rare) { c.rare_names } else { 0.0 }),
            (PartKind::SharedText, shared_text(shared, c)),
            (PartKind::Credits, credits(x, y, c)),
        ];
        let parts = parts.map(|(kind, value)| Part { kind, value: to_micro(value / c.scale) });
        (parts, to_micro(other_words / c.scale))
    }

    /// Whether two voices are known to be of the same outlet.
    pub(super) fn of_one_outlet(&self, a: usize, b: usize) -> bool {
        self.profiles[a].outlet.is_some() && self.profiles[a].outlet == self.profiles[b].outlet
    }

    /// The larger of the cosines of one's title with the other's head; where a title is missing, part of that of the leads.
    fn title_in_head(&self, a: usize, b: usize, lead: f64) -> f64 {
        let v = self.vectors;
        let (ta, tb) = (v.title.row(a), v.title.row(b));
        if ta.is_empty() || tb.is_empty() {
            return self.config.untitled * lead;
        }
        cosine(ta.dot(v.head.row(b)).max(tb.dot(v.head.row(a))))
    }
}

#[expect(clippy::cast_precision_loss, reason = "53 bits are enough for what is rounded to millionths")]
fn cosine(dot: u64) -> f64 {
    dot as f64 / COSINE_ONE as f64
}

/// The sum of the cosines of two voices, which are not known yet at first.
fn sum(cosines: &[u32], a: usize, b: usize) -> f64 {
    let of = |voice: usize| cosines.get(voice).map_or(0, |&cosine| u64::from(cosine));
    cosine(of(a) + of(b))
}

/// Shared members of two sorted sets, as a share of the smaller; 0 where either is empty.
#[expect(clippy::cast_precision_loss, reason = "counts of one article")]
fn overlap<T: Ord>(a: &[T], b: &[T]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    a.iter().filter(|x| b.binary_search(x).is_ok()).count() as f64 / a.len().min(b.len()) as f64
}

fn disjoint<T: Ord>(a: &[T], b: &[T]) -> bool {
    !a.iter().any(|x| b.binary_search(x).is_ok())
}

/// Whether both say something, and nothing the same.
fn conflict<T: Ord>(a: &[T], b: &[T]) -> bool {
    !a.is_empty() && !b.is_empty() && disjoint(a, b)
}

/// The ages that two texts name: a victim of the same age, or of another.
fn ages(x: &Profile, y: &Profile, c: &ScoreConfig) -> f64 {
    let (x, y) = (&x.facts.ages, &y.facts.ages);
    c.ages * overlap(x, y) - if conflict(x, y) { c.ages_conflict } else { 0.0 }
}

/// The days that two texts name. Of dated articles they are real days: sharing some speaks for one event, and naming only
/// days that lie apart against it. Of undated ones only the bare weekdays, days of months and years can be compared.
fn days(x: &Profile, y: &Profile, c: &ScoreConfig) -> f64 {
    if !x.clock.is_empty() && !y.clock.is_empty() {
        let apart = x.clock.iter().all(|a| y.clock.iter().all(|b| (a - b).abs() > 1));
        return c.days_shared * overlap(&x.clock, &y.clock) - if apart { c.days_conflict } else { 0.0 };
    }
    if x.date.is_some() && y.date.is_some() {
        return 0.0;
    }
    let weekdays = (&x.facts.weekdays, &y.facts.weekdays);
    let month_days = |p: &Profile| p.facts.month_days.iter().map(|d| (d.month, d.day)).collect::<Vec<_>>();
    c.weekdays_shared * overlap(weekdays.0, weekdays.1)
        - if conflict(weekdays.0, weekdays.1) { c.days_conflict } else { 0.0 }
        - if conflict(&month_days(x), &month_days(y)) { c.days_conflict } else { 0.0 }
        - if conflict(&x.years, &y.years) { c.days_conflict } else { 0.0 }
}

/// What reads like a year, sorted: two events of one kind in one place often differ in nothing else.
fn years(tokens: &MarkedWords<'_>, lexicon: &Lexicon) -> Vec<u16> {
    let numbers = tokens.words.iter().zip(&*tokens.marks).filter(|(_, marks)| marks.has(Marks::DIGIT));
    let mut years: Vec<u16> = numbers
        .filter_map(|(&word, _)| lexicon.word(word).parse().ok())
        .filter(|year| (1900..2100).contains(year))
        .collect();
    years.sort_unstable();
    years.dedup();
    years
}

/// A rare name in the lead of one that stands anywhere in the other.
fn share_rare_name(a: &[(u64, bool)], b: &[(u64, bool)]) -> bool {
    a.iter().any(|(core, lead)| b.binary_search_by_key(core, |(c, _)| *c).is_ok_and(|at| *lead || b[at].1))
}

/// Rare text shared word for word: nobody says the same long sentence twice by chance. Every further quotation adds half
/// of the first, up to twice what one is worth; copied prose counts by its share of the text.
fn shared_text(shared: SharedText, c: &ScoreConfig) -> f64 {
    let quotations = f64::from(shared.quotations.min(3));
    let quoted = if shared.quotations == 0 { 0.0 } else { c.shared_quotations * (1.0 + (quotations - 1.0) / 2.0) };
    #[expect(clippy::cast_precision_loss, reason = "at most a million")]
    let copied = c.copied_prose * shared.coverage as f64 / MICRO as f64;
    quoted.max(copied)
}

/// The outlets that the leads credit: the same, or the other's own publisher, speaks for one report; only others against.
fn credits(x: &Profile, y: &Profile, c: &ScoreConfig) -> f64 {
    let publishes = |p: &Profile, names: &[Arc<str>]| names.iter().any(|name| p.outlet == Some(&**name));
    if !disjoint(&x.credited, &y.credited) || publishes(x, &y.credited) || publishes(y, &x.credited) {
        return c.credits_shared;
    }
    if conflict(&x.credited, &y.credited) { -c.credits_conflict } else { 0.0 }
}
