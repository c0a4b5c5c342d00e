//! Dates as evidence: how far they part two articles, how far each kind of date is to be believed, and which cannot be right.

use crate::article::{DAY, Date, Provenance, Resolution};
use crate::config::ScoreConfig;
use crate::copies::Voices;
use crate::corpus::Corpus;
use crate::graph::{Link, MICRO};
use crate::normalise::{Facts, MonthDay, Normalised};

/// The date of each voice: the earliest among the most trusted of its articles. An article that came without one is dated
/// by the latest full date (day, month and year) that its text names: it was written then or later.
#[must_use]
pub fn of_voices(corpus: &Corpus, normalised: &Normalised, voices: &Voices) -> Vec<Option<Date>> {
    let mut best: Vec<Option<Date>> = vec![None; voices.speakers.len()];
    for ((doc, article), &voice) in corpus.iter().zip(&voices.of) {
        let best = &mut best[voice as usize];
        if let Some(date) = article.date.or_else(|| named(normalised.facts(doc)))
            && best.is_none_or(|kept| (date.provenance, date.at) < (kept.provenance, kept.at))
        {
            *best = Some(date);
        }
    }
    best
}

/// The latest full date that a text names.
fn named(facts: &Facts) -> Option<Date> {
    let day = |named: &MonthDay| {
        let (month, day) = (i8::try_from(named.month).ok()?, i8::try_from(named.day).ok()?);
        Some(epoch_day(jiff::civil::Date::new(named.year?, month, day).ok()?))
    };
    let latest = facts.month_days.iter().filter_map(day).max()?;
    Some(Date { at: latest * DAY, resolution: Resolution::Day, provenance: Provenance::Text })
}

/// How far a date is to be believed, 0 to 1: a day that a crawler or a page header gives is often not that of publication.
#[must_use]
pub fn trust(provenance: Provenance) -> f64 {
    match provenance {
        Provenance::Published => 1.0,
        Provenance::Url => 0.9,
        Provenance::Modified => 0.6,
        Provenance::Text => 0.5,
        Provenance::PageHeader => 0.25,
        Provenance::Crawled => 0.0,
    }
}

/// What is left of a score when two articles lie `days` apart: `1 - loss (1 - exp(-min(days, 90) / 14))`, the loss
/// lessened by the trust in the less trusted date. In millionths. Never a wall: dates are often wrong.
#[must_use]
pub fn factor(a: Option<Date>, b: Option<Date>, config: &ScoreConfig) -> i64 {
    let (Some(a), Some(b)) = (a, b) else { return MICRO };
    #[expect(clippy::cast_precision_loss, reason = "at most 90")]
    let days = a.days_apart(b).min(90) as f64;
    let believed = trust(a.provenance).min(trust(b.provenance));
    to_micro(1.0 - config.date_loss * believed * (1.0 - (-days / config.date_decay_days).exp()))
}

/// A number as millionths.
#[must_use]
pub fn to_micro(x: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores are small; NaN becomes 0")]
    let micro = (x * 1e6).round() as i64;
    micro
}

/// By voice: whether its date disagrees with its near neighbours. At least two dated neighbours must score
/// `doubt_score` or more without dates, none of them lie within 10 days, their median more than 20 days off, and two of
/// them within 5 days of that median. `links` carry the score without dates. O(links).
#[must_use]
pub fn doubtful(links: &[Link], dates: &[Option<Date>], config: &ScoreConfig) -> Vec<bool> {
    let mut near: Vec<Vec<i64>> = vec![Vec::new(); dates.len()];
    for link in links.iter().filter(|link| link.score >= to_micro(config.doubt_score)) {
        for (one, other) in [(link.a, link.b), (link.b, link.a)] {
            let believed = dates[other as usize].filter(|d| trust(d.provenance) > 0.0);
            near[one as usize].extend(believed.map(Date::day));
        }
    }
    let doubt = |(date, mut near): (&Option<Date>, Vec<i64>)| {
        let Some(day) = date.map(Date::day) else { return false };
        near.sort_unstable();
        let Some(&median) = near.get(near.len() / 2) else { return false };
        near.len() >= 2
            && near.iter().all(|n| (n - day).abs() > 10)
            && (median - day).abs() > 20
            && near.iter().filter(|n| (*n - median).abs() <= 5).count() >= 2
    };
    dates.iter().zip(near).map(doubt).collect()
}

/// The real days that an article speaks of: days of months, their year chosen so that they fall within 60 days before to 3
/// days after its date, and the weekdays of its lead, each the last such day. Sorted days since 1970; empty where the
/// article has no date to be trusted.
#[must_use]
pub fn clock(facts: &Facts, date: Option<Date>) -> Vec<i64> {
    let Some(date) = date.filter(|d| trust(d.provenance) >= 0.5) else { return Vec::new() };
    let today = date.day();
    let mut days: Vec<i64> = Vec::new();
    let Some(year) = civil(today).map(jiff::civil::Date::year) else { return days };
    for named in &facts.month_days {
        let years = named.year.map_or_else(|| vec![year - 1, year, year + 1], |y| vec![y]);
        days.extend(years.into_iter().filter_map(|y| {
            let (month, day) = (i8::try_from(named.month).ok()?, i8::try_from(named.day).ok()?);
            let day = epoch_day(jiff::civil::Date::new(y, month, day).ok()?);
            (today - 60..=today + 3).contains(&day).then_some(day)
        }));
    }
    // 1970-01-01 was a Thursday, weekday 3 counted from Monday.
    let weekday = (today + 3).rem_euclid(7);
    days.extend(facts.lead_weekdays.iter().map(|&named| today - (weekday - i64::from(named)).rem_euclid(7)));
    days.sort_unstable();
    days.dedup();
    days
}

fn epoch_day(date: jiff::civil::Date) -> i64 {
    date.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |z| z.timestamp().as_second().div_euclid(DAY))
}

fn civil(day: i64) -> Option<jiff::civil::Date> {
    let stamp = jiff::Timestamp::from_second(day.checked_mul(DAY)?).ok()?;
    Some(stamp.to_zoned(jiff::tz::TimeZone::UTC).date())
}
