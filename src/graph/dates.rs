//! Dates as evidence: how far they part two articles, how far each kind of date is to be believed, and which cannot be right.

use std::collections::BTreeMap;

use crate::article::{DAY, Date, Provenance, Resolution};
use crate::config::ScoreConfig;
use crate::copies::Voices;
use crate::corpus::Corpus;
use crate::graph::Link;
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

/// By voice: its day, where its date is rather to be believed than not.
#[must_use]
pub fn believed_days(dates: &[Option<Date>]) -> Vec<Option<i64>> {
    dates.iter().map(|date| date.filter(|date| trust(date.provenance) >= 0.5).map(Date::day)).collect()
}

/// How far two days are apart, 0 to 1: `1 - exp(-min(days, 90) / 14)`. Never a wall: dates are often wrong.
fn apartness(days: i64, config: &ScoreConfig) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most 90")]
    let days = days.min(FURTHEST) as f64;
    1.0 - (-days / config.date_decay_days).exp()
}

/// Days beyond which dates are no further apart.
const FURTHEST: i64 = 90;

/// The mean of `1 - exp(-min(days apart, 90) / 14)` over all pairs of dates, 0 to 1: how far apart two articles would be if
/// their dates were dealt out anew. O(articles log articles + days × 90).
#[must_use]
pub fn mean_apartness(dates: &[Option<Date>], config: &ScoreConfig) -> f64 {
    let mut counts: BTreeMap<i64, f64> = BTreeMap::new();
    for date in dates.iter().flatten() {
        *counts.entry(date.day()).or_default() += 1.0;
    }
    let all: f64 = counts.values().sum();
    let mean = |(&day, count): (&i64, &f64)| {
        let near = counts.range(day - FURTHEST..=day + FURTHEST);
        let (spared, apart) = near.fold((0.0, 0.0), |(spared, apart), (other, n)| {
            (spared + n, apart + n * apartness((other - day).abs(), config))
        });
        count * (apart + (all - spared) * apartness(FURTHEST, config))
    };
    if counts.is_empty() { 0.0 } else { counts.iter().map(mean).sum::<f64>() / (all * all) }
}

/// How far apart two articles have to be taken, 0 to 1: their dates as far as they are to be believed; `unknown`, what any two
/// of the corpus are, where one is not known.
#[must_use]
pub fn apart(a: Option<Date>, b: Option<Date>, unknown: f64, config: &ScoreConfig) -> f64 {
    match (a, b) {
        (Some(a), Some(b)) => trust(a.provenance).min(trust(b.provenance)) * apartness(a.days_apart(b), config),
        _ => unknown,
    }
}

/// What is left of a score given two dates: they take `date_loss` of it, as far as they are apart. Where one is not known it may be
/// any, and takes `undated_loss` of what any two would, `unknown` apart. In millionths.
#[must_use]
pub fn factor(a: Option<Date>, b: Option<Date>, unknown: f64, config: &ScoreConfig) -> i64 {
    let lost = match (a, b) {
        (Some(_), Some(_)) => apart(a, b, unknown, config),
        (Some(known), None) | (None, Some(known)) => trust(known.provenance) * config.undated_loss * unknown,
        (None, None) => 0.0,
    };
    to_micro(1.0 - config.date_loss * lost)
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
/// them, and half of all, within 5 days of that median: neighbours on many days are a series that the voice belongs to.
/// `links` carry the score without dates. O(links).
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
        near.iter().all(|n| (n - day).abs() > 10)
            && (median - day).abs() > 20
            && near.iter().filter(|n| (*n - median).abs() <= 5).count() >= near.len().div_ceil(2).max(2)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::MICRO;

    fn dated(days: &[i64]) -> Vec<Option<Date>> {
        let date = |day: &i64| Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Published };
        days.iter().map(|day| Some(date(day))).collect()
    }

    #[test]
    fn a_date_is_doubtful_that_neighbours_of_one_occasion_are_far_from() {
        let config = ScoreConfig::default();
        let link = |b: u32| Link { a: 0, b, score: 400_000, affair: 400_000 };
        let doubt = |days: &[i64]| {
            let links: Vec<Link> = (1u32..).take(days.len() - 1).map(link).collect();
            doubtful(&links, &dated(days), &config)[0]
        };
        assert!(doubt(&[100, 10, 12]));
        assert!(doubt(&[100, 10, 12, 11, 300]));
        // One is not enough; one is near; a series.
        assert!(!doubt(&[100, 10]));
        assert!(!doubt(&[100, 10, 12, 105]));
        assert!(!doubt(&[100, 10, 30, 50, 52, 70, 150, 160]));
    }

    #[test]
    fn an_undated_article_loses_in_proportion_to_the_mean() {
        let config = ScoreConfig::default();
        let dates = dated(&[0, 0, 400, 400]);
        let mean = mean_apartness(&dates, &config);
        assert!((mean - apartness(400, &config) / 2.0).abs() < 1e-12);
        assert_eq!(mean_apartness(&[None, None], &config), 0.0);
        let undated = to_micro(1.0 - config.date_loss * config.undated_loss * mean);
        assert_eq!(factor(dates[0], None, mean, &config), undated);
        assert_eq!(factor(None, None, mean, &config), MICRO);
        assert_eq!(factor(dates[0], dates[1], mean, &config), MICRO);
    }

    proptest::proptest! {
        #[test]
        fn the_mean_is_that_of_all_pairs(days in proptest::collection::vec(0i64..400, 1..40)) {
            let config = ScoreConfig::default();
            let pairs = days.iter().flat_map(|x| days.iter().map(move |y| (x - y).abs()));
            let sum: f64 = pairs.map(|apart| apartness(apart, &config)).sum();
            let mean = sum / (days.len() * days.len()) as f64;
            proptest::prop_assert!((mean_apartness(&dated(&days), &config) - mean).abs() < 1e-9);
        }
    }
}
