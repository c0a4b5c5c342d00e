//! The score of a pair of voices: a sum of named parts, each one small function with its reason. `explain` prints the same
//! parts that the clusters were made of.

use std::sync::Arc;

use crate::article::{Date, DocId};
use crate::config::ScoreConfig;
use crate::graph::{MICRO, SharedText, SharedTexts};
use crate::graph::dates::{clock, factor, to_micro};
use crate::join::Pair;
use crate::normalise::facts::LEAD;
use crate::normalise::{CreditForm, Facts, Normalised};
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
    /// Same ages.
    Ages,
    /// Same or other days named.
    Days,
    /// A name that hardly anybody else has.
    RareNames,
    /// Text shared word for word.
    SharedText,
    /// Who is credited in the lead.
    Credits,
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
            Self::Ages => "ages",
            Self::Days => "days",
            Self::RareNames => "rare-names",
            Self::SharedText => "shared-text",
            Self::Credits => "credits",
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

/// What the score reads of each voice besides its vectors.
struct Profile<'a> {
    facts: &'a Facts,
    date: Option<Date>,
    clock: Vec<i64>,
    /// Rare cores of names: (hash, stands in title or lead), sorted.
    rare: Vec<(u64, bool)>,
    /// Outlets credited in the lead, sorted.
    credited: Vec<Arc<str>>,
}

/// Scores pairs.
pub struct Scorer<'a> {
    vectors: &'a Vectors,
    config: &'a ScoreConfig,
    profiles: Vec<Profile<'a>>,
    dates: Vec<Option<Date>>,
    shared: &'a SharedTexts,
    /// By voice: its date disagrees with its near neighbours; set by [`crate::graph::graph`].
    pub doubtful: Vec<bool>,
}

impl<'a> Scorer<'a> {
    /// `voices` and `dates` by place.
    pub fn new(
        voices: &[DocId],
        dates: Vec<Option<Date>>,
        normalised: &'a Normalised,
        survey: &Survey,
        vectors: &'a Vectors,
        shared: &'a SharedTexts,
        config: &'a ScoreConfig,
    ) -> Self {
        let profile = |(&doc, &date): (&DocId, &Option<Date>)| {
            let facts = normalised.facts(doc);
            let lang = normalised.stream(doc).lang;
            let counts = survey.frequencies.of(lang);
            let is_rare = |core: u64| counts.is_some_and(|c| (2..=config.rare_name_articles).contains(&c.of_core(core)));
            let mut rare: Vec<(u64, bool)> = facts
                .names
                .iter()
                .filter(|name| name.core != 0 && is_rare(name.core))
                .map(|name| (name.core, (name.first as usize) < LEAD))
                .collect();
            rare.sort_unstable_by_key(|&(core, lead)| (core, !lead));
            rare.dedup_by_key(|(core, _)| *core);
            let claims = facts.credits.iter().filter(|c| c.form == CreditForm::Claim && (c.token as usize) < LEAD);
            let mut credited: Vec<Arc<str>> = claims.map(|c| Arc::clone(&c.outlet)).collect();
            credited.sort_unstable();
            credited.dedup();
            Profile { facts, date, clock: clock(facts, lang, date), rare, credited }
        };
        let profiles = voices.iter().zip(&dates).map(profile).collect();
        Self { vectors, config, profiles, dates, shared, doubtful: vec![false; voices.len()] }
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
        let mut parts = self.undated_parts(Pair::of(a, b, self.vectors));
        let undated: i64 = parts.iter().map(|part| part.value).sum();
        parts.push(Part { kind: PartKind::Dates, value: self.dated(a, b, undated) - undated });
        parts.retain(|part| part.value != 0);
        parts
    }

    /// The score without the dates of publication.
    #[must_use]
    pub fn undated(&self, pair: Pair) -> i64 {
        self.undated_parts(pair).iter().map(|part| part.value).sum()
    }

    /// The score, given that without dates.
    #[must_use]
    pub fn dated(&self, a: u32, b: u32, undated: i64) -> i64 {
        if undated <= 0 || self.doubtful[a as usize] || self.doubtful[b as usize] {
            return undated;
        }
        let (x, y) = (&self.profiles[a as usize], &self.profiles[b as usize]);
        let loss = MICRO - factor(x.date, y.date, self.config);
        // Rare text that both have overrules what the dates say: one quotation may be famous, several are one occasion.
        let text = self.shared.between(a, b);
        let quoted = i64::from(text.quotations.saturating_sub(1)) * MICRO / i64::from(self.config.overriding_quotations.max(1));
        let overruled = quoted.max(text.coverage).min(MICRO);
        undated - undated * loss / MICRO * (MICRO - overruled) / MICRO
    }

    fn undated_parts(&self, pair: Pair) -> Vec<Part> {
        let (a, b) = (pair.a as usize, pair.b as usize);
        let (v, c) = (self.vectors, self.config);
        let (x, y) = (&self.profiles[a], &self.profiles[b]);
        let shared = self.shared.between(pair.a, pair.b);
        let lead = cosine(v.lead.row(a).dot(v.lead.row(b)));
        let parts = [
            (PartKind::Terms, c.terms * cosine(pair.cosine)),
            (PartKind::Lead, c.lead * lead),
            (PartKind::TitleInHead, c.title_in_head * self.title_in_head(a, b, lead)),
            (PartKind::Numbers, c.numbers * cosine(v.numbers.row(a).dot(v.numbers.row(b)))),
            (PartKind::Names, c.names * cosine(v.names.row(a).dot(v.names.row(b)))),
            (PartKind::Floor, -c.floor * cosine(v.floors[a] + v.floors[b])),
            (PartKind::Ages, c.ages * overlap(&x.facts.ages, &y.facts.ages)),
            (PartKind::Days, days(x, y, c)),
            (PartKind::RareNames, if share_rare_name(&x.rare, &y.rare) { c.rare_names } else { 0.0 }),
            (PartKind::SharedText, shared_text(shared, c)),
            (PartKind::Credits, credits(&x.credited, &y.credited, c)),
        ];
        parts.into_iter().map(|(kind, value)| Part { kind, value: to_micro(value / c.scale) }).collect()
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

/// Shared members of two sorted sets, as a share of the smaller; 0 where either is empty.
#[expect(clippy::cast_precision_loss, reason = "counts of one article")]
fn overlap<T: Ord>(a: &[T], b: &[T]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    a.iter().filter(|x| b.binary_search(x).is_ok()).count() as f64 / a.len().min(b.len()) as f64
}

fn conflict<T: Ord>(a: &[T], b: &[T]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|x| b.binary_search(x).is_ok())
}

/// The days that two texts name. Of dated articles they are real days: sharing some speaks for one event, and naming only
/// days that lie apart against it. Of undated ones only the bare weekdays and days of months can be compared.
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

/// The outlet that a lead credits with the report, agreeing or not.
fn credits(a: &[Arc<str>], b: &[Arc<str>], c: &ScoreConfig) -> f64 {
    c.credits_shared * overlap(a, b).ceil() - if conflict(a, b) { c.credits_conflict } else { 0.0 }
}
