//! Which of two articles had a passage first, how sure that is, and why.

use crate::article::{Article, Date, DocId, Provenance, Resolution};
use crate::corpus::Corpus;
use crate::normalise::Normalised;

/// Which way a passage went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The first article had it earlier.
    AToB,
    /// The second had it earlier.
    BToA,
    /// Both have it from elsewhere.
    CommonOrigin,
    /// Nothing says.
    Undecided,
}

impl Direction {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AToB => "a-to-b",
            Self::BToA => "b-to-a",
            Self::CommonOrigin => "common-origin",
            Self::Undecided => "undecided",
        }
    }

    fn turned(self) -> Self {
        match self {
            Self::AToB => Self::BToA,
            Self::BToA => Self::AToB,
            other => other,
        }
    }
}

/// How sure something is that the evidence does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// One sign, or signs that do not quite agree.
    Low,
    /// Several signs that agree.
    Medium,
    /// Hardly to be doubted.
    High,
}

impl Confidence {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A direction with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Which way.
    pub direction: Direction,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, in words.
    pub reason: String,
    /// Whether one of them credits the other.
    pub by_credit: bool,
}

impl Judgement {
    fn new(direction: Direction, confidence: Confidence, reason: impl Into<String>) -> Self {
        Self { direction, confidence, reason: reason.into(), by_credit: false }
    }

    /// The same seen from the other article.
    #[must_use]
    pub fn turned(self) -> Self {
        Self { direction: self.direction.turned(), ..self }
    }
}

/// Judges two articles: a credit that one gives the other decides, then an outlet that both credit, then the dates.
#[must_use]
pub fn direction(a: DocId, b: DocId, corpus: &Corpus, normalised: &Normalised) -> Judgement {
    let (x, y) = (corpus.get(a), corpus.get(b));
    let by_date = by_dates(x, y);
    match credits_between(a, b, corpus, normalised) {
        [Some(outlet), None] => return by_credit(Direction::BToA, outlet, &by_date),
        [None, Some(outlet)] => return by_credit(Direction::AToB, outlet, &by_date),
        _ => {}
    }
    let outside = |outlet: &&str| x.outlet_name() != Some(outlet) && y.outlet_name() != Some(outlet);
    let mut both: Vec<&str> = credited(a, corpus, normalised).filter(outside).collect();
    both.retain(|outlet| credited(b, corpus, normalised).any(|other| other == *outlet));
    both.sort_unstable();
    if let Some(outlet) = both.first() {
        return Judgement::new(Direction::CommonOrigin, Confidence::Low, format!("both credit {outlet}"));
    }
    by_date
}

/// Judges a passage of two articles that stands earliest in `earliest`: where that is a third article, both may have it from
/// there, unless one credits the other.
#[must_use]
pub fn judge(a: DocId, b: DocId, earliest: DocId, corpus: &Corpus, normalised: &Normalised) -> Judgement {
    let judgement = direction(a, b, corpus, normalised);
    let before = |other: DocId| {
        let order = earlier(corpus.get(earliest), corpus.get(other));
        earliest != other && order.is_some_and(|(order, _)| order == Direction::AToB)
    };
    if judgement.by_credit || !before(a) || !before(b) {
        return judgement;
    }
    let reason = format!("both have it later than {}", corpus.get(earliest).id);
    Judgement::new(Direction::CommonOrigin, Confidence::Medium, reason)
}

/// The outlet of the second article, if the first credits it and is of another, and the other way round.
#[must_use]
pub fn credits_between<'a>(a: DocId, b: DocId, corpus: &'a Corpus, normalised: &'a Normalised) -> [Option<&'a str>; 2] {
    [(a, b), (b, a)].map(|(one, other)| {
        let outlet = corpus.get(other).outlet_name()?;
        let from_another = corpus.get(one).outlet_name() != Some(outlet);
        (from_another && credited(one, corpus, normalised).any(|credit| credit == outlet)).then_some(outlet)
    })
}

/// The outlets that an article credits, its agency included.
fn credited<'a>(doc: DocId, corpus: &'a Corpus, normalised: &'a Normalised) -> impl Iterator<Item = &'a str> {
    let credits = normalised.facts(doc).credits.iter().map(|credit| &*credit.outlet);
    credits.chain(corpus.get(doc).agency.as_deref())
}

fn by_credit(direction: Direction, outlet: &str, by_date: &Judgement) -> Judgement {
    let (confidence, more) = match by_date.direction {
        Direction::Undecided => (Confidence::Medium, String::new()),
        dated if dated == direction => (Confidence::High, format!(", and {}", by_date.reason)),
        _ => (Confidence::Low, format!(", although {}", by_date.reason)),
    };
    let reason = format!("the later one credits {outlet}{more}");
    Judgement { by_credit: true, ..Judgement::new(direction, confidence, reason) }
}

/// Judges by dates alone.
fn by_dates(x: &Article, y: &Article) -> Judgement {
    if let Some((direction, sure)) = earlier(x, y) {
        let (first, second) = if direction == Direction::AToB { (x, y) } else { (y, x) };
        let say = |article: &Article| article.date.map_or_else(String::new, Date::told);
        let doubt = if sure { "" } else { " (not dates of publication)" };
        let confidence = if sure { Confidence::Medium } else { Confidence::Low };
        let reason = format!("it is dated {}, the other {}{doubt}", say(first), say(second));
        return Judgement::new(direction, confidence, reason);
    }
    let reason = match (x.date, y.date) {
        (None, None) => "neither has a date",
        (Some(_), None) | (None, Some(_)) => "one of them has no date",
        (Some(p), Some(q)) if p.day() == q.day() => "their dates are not exact enough",
        _ => "one of the dates may be that of a crawl",
    };
    Judgement::new(Direction::Undecided, Confidence::Low, reason)
}

/// Which of two articles is earlier, and whether both have a date of publication; `None` if the dates do not tell. The day of
/// a crawl or of a page header tells nothing.
fn earlier(x: &Article, y: &Article) -> Option<(Direction, bool)> {
    let (p, q) = (x.date?, y.date?);
    let of_publication = |date: Date| match date.provenance {
        Provenance::Published | Provenance::Url => Some(true),
        Provenance::Modified | Provenance::Text => Some(false),
        Provenance::PageHeader | Provenance::Crawled => None,
    };
    let sure = of_publication(p)? && of_publication(q)?;
    let exact = p.resolution == Resolution::Time && q.resolution == Resolution::Time;
    let order = if exact { p.at.cmp(&q.at) } else { p.day().cmp(&q.day()) };
    match order {
        std::cmp::Ordering::Less => Some((Direction::AToB, sure)),
        std::cmp::Ordering::Greater => Some((Direction::BToA, sure)),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(date: Option<(i64, Resolution, Provenance)>) -> Article {
        let date = date.map(|(at, resolution, provenance)| Date { at, resolution, provenance });
        Article { date, ..Article::default() }
    }

    #[test]
    fn dates_tell_as_far_as_they_are_exact() {
        use Direction::{AToB, BToA};
        use Provenance::{Crawled, PageHeader, Published, Text};
        use Resolution::{Day, Time};
        let cases = [
            (Some((100, Time, Published)), Some((160, Time, Published)), Some((AToB, true))),
            (Some((160, Time, Published)), Some((100, Time, Published)), Some((BToA, true))),
            (Some((100, Time, Published)), Some((100, Time, Published)), None),
            (Some((0, Day, Published)), Some((160, Time, Published)), None),
            (Some((0, Day, Published)), Some((90_000, Time, Published)), Some((AToB, true))),
            (Some((0, Day, Text)), Some((90_000, Time, Published)), Some((AToB, false))),
            (Some((0, Day, PageHeader)), Some((90_000, Time, Published)), None),
            (Some((0, Day, Published)), Some((90_000, Day, Crawled)), None),
            (None, Some((90_000, Time, Published)), None),
        ];
        for (x, y, want) in cases {
            assert_eq!(earlier(&article(x), &article(y)), want, "{x:?} {y:?}");
        }
    }
}
