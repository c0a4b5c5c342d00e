//! Scores in words: why an article is in a story, and why two stories that look alike are two.

use crate::article::DocId;
use crate::explain::{Apart, Why};
use crate::graph::{Part, PartKind};
use crate::normalise::facts::LEAD;
use crate::report::html::line;
use crate::report::html::material::Material;

/// Pixels of the widest part of a score.
const WIDEST: i64 = 110;
/// The least that a part takes off a score, in millionths, to be named as a reason.
const LEAST_REASON: i64 = 10_000;
/// Names and terms that are shown.
const NAMES: usize = 8;
const TERMS: usize = 10;

/// A part of a score as it is shown.
#[derive(Clone, Debug)]
pub(super) struct PartTold {
    pub(super) told: &'static str,
    pub(super) value: String,
    /// `for` or `against`.
    pub(super) class: &'static str,
    /// In pixels.
    pub(super) width: i64,
}

/// The parts of a score, the weightiest first.
pub(super) fn parts_told(parts: &[Part]) -> Vec<PartTold> {
    let most = parts.iter().map(|part| part.value.abs()).max().unwrap_or(1).max(1);
    let mut parts = parts.to_vec();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.value), part.kind));
    let told = |part: &Part| PartTold {
        told: told(*part),
        value: score(part.value),
        class: if part.value < 0 { "against" } else { "for" },
        width: (part.value.abs() * WIDEST / most).max(1),
    };
    parts.iter().map(told).collect()
}

/// `0.131`, with a true minus sign.
pub(super) fn score(micro: i64) -> String {
    let thousandths = (micro.abs() + 500) / 1_000;
    format!("{}{}.{:03}", if micro < 0 { "−" } else { "" }, thousandths / 1_000, thousandths % 1_000)
}

/// What a part of a score says.
pub(super) fn told(part: Part) -> &'static str {
    let against = part.value < 0;
    match part.kind {
        PartKind::Terms => "the same terms in title and first 400 words",
        PartKind::Lead => "the same terms in title and first 150 words",
        PartKind::TitleInHead => "the title of one in the beginning of the other",
        PartKind::Numbers => "the same numbers",
        PartKind::Names => "the same names",
        PartKind::Floor => "taken off: what any two articles have in common",
        PartKind::Crowd => "taken off: a whole crowd of articles is as near",
        PartKind::HouseStyle => "taken off: what the outlet always prints alike",
        PartKind::OtherNames => "taken off: both name others",
        PartKind::OtherWords => "taken off: other things are said of the same names, at other times",
        PartKind::TitleOnly => "taken off: one is a title without a text",
        PartKind::Ages if against => "other ages",
        PartKind::Ages => "the same ages",
        PartKind::Days if against => "other days are named",
        PartKind::Days => "the same days are named",
        PartKind::RareNames => "a name that hardly any other article has",
        PartKind::SharedText => "text shared word for word",
        PartKind::Credits if against => "other outlets are credited",
        PartKind::Credits => "the same outlet is credited",
        PartKind::Origins => "they retell the reports of different outlets",
        PartKind::Dates => "days between the dates of publication",
    }
}

/// Names and terms that two articles have in common, in words.
pub(super) fn in_common(material: &Material<'_>, a: DocId, b: DocId) -> (String, String) {
    let names = material.explainer.names(a, b);
    let names: Vec<String> = names
        .iter()
        .take(NAMES)
        .map(|name| if name.counts { format!("{} (rare)", line(&name.name)) } else { line(&name.name) })
        .collect();
    let terms = material.explainer.terms(a, b);
    let terms: Vec<String> = terms.iter().take(TERMS).map(|term| line(&term.a)).collect();
    (names.join(", "), terms.join(", "))
}

/// Why two stories that look alike are two, by their nearest articles.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// In a sentence.
    pub(super) short: String,
    /// Further sentences.
    pub(super) lines: Vec<String>,
    pub(super) parts: Vec<PartTold>,
    pub(super) score: String,
}

/// Tells what keeps the stories of two articles apart.
pub(super) fn apart_told(material: &Material<'_>, here: DocId, there: DocId) -> Told {
    let Some(apart) = material.explainer.apart(here, there) else { return Told::default() };
    let parts = material.explainer.parts(here, there);
    let total: i64 = parts.iter().map(|part| part.value).sum();
    let short = match apart.why {
        Why::Language => "They are in different languages, which are not compared.".to_owned(),
        Why::CannotLink => "People said that they are not one story.".to_owned(),
        Why::RoundUp => "One of them is a round-up of several stories, which is a story of its own.".to_owned(),
        Why::LiveBlog => {
            "One of them is a live blog, which is in one story only: the one that it is nearest to.".to_owned()
        }
        Why::Link => by_link(material, (here, there), &parts, total, &apart),
    };
    let mut lines = Vec::new();
    if apart.why == Why::Link {
        lines.push(format!(
            "All pairs of articles between the two stories have a mean score of {}; {} was needed.",
            score(apart.mean.0),
            score(apart.needed.0)
        ));
        if apart.voices.iter().any(|&voices| voices > 1) {
            let [inside, other] = apart.cohesion.map(|micro| score(micro.0));
            lines.push(format!(
                "Inside the two stories the mean is {inside} and {other} (one article alone counts as a loose story)."
            ));
        }
    }
    Told { short, lines, parts: parts_told(&parts), score: score(total) }
}

/// The sentence for two stories whose link is too weak.
fn by_link(
    material: &Material<'_>,
    (here, there): (DocId, DocId),
    parts: &[Part],
    total: i64,
    apart: &Apart,
) -> String {
    let counts = |part: &&Part| part.value <= -LEAST_REASON && part.kind != PartKind::Floor;
    let mut against: Vec<&Part> = parts.iter().filter(counts).collect();
    against.sort_by_key(|part| (part.value, part.kind));
    let mut reasons: Vec<String> = against.iter().take(3).map(|part| reason(material, here, there, **part)).collect();
    // Other credits and other origins may be the same thing.
    reasons.dedup();
    reasons.truncate(2);
    let least = apart.least.0;
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    if total < least {
        format!(
            "Not the same event{why}. Their nearest articles score {}, and {} is needed.",
            score(total),
            score(least)
        )
    } else {
        let mean = format!(
            "the mean over all their pairs is {}, and {} was needed",
            score(apart.mean.0),
            score(apart.needed.0)
        );
        format!(
            "Not the same event{why}. Two of their articles are near, with a score of {}, the others are not: {mean}.",
            score(total)
        )
    }
}

/// Something that speaks against two articles being of one story, with what it rests on.
fn reason(material: &Material<'_>, a: DocId, b: DocId, part: Part) -> String {
    let credited = |doc: DocId| {
        let facts = material.normalised().facts(doc);
        let mut names: Vec<String> =
            facts.credits.iter().filter(|c| (c.token as usize) < LEAD).map(|credit| line(&credit.outlet)).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" and ")
    };
    let dates = || Some(material.corpus().get(a).date?.days_apart(material.corpus().get(b).date?));
    match part.kind {
        PartKind::Origins | PartKind::Credits => match (credited(a), credited(b)) {
            (x, y) if !x.is_empty() && !y.is_empty() && x != y => {
                format!("one retells what {x} reported, the other what {y} reported")
            }
            _ => told(part).to_owned(),
        },
        PartKind::Dates => match dates() {
            Some(1) => "they were published a day apart".to_owned(),
            Some(days) if days > 1 => format!("they were published {days} days apart"),
            _ => "one of them is undated".to_owned(),
        },
        PartKind::Days => "they name other days".to_owned(),
        PartKind::Ages => "they name other ages".to_owned(),
        PartKind::Crowd => "a whole crowd of articles is as near".to_owned(),
        PartKind::HouseStyle => "the outlet always writes alike".to_owned(),
        PartKind::TitleOnly => "one of them is a title without a text".to_owned(),
        _ => told(part).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_told_with_three_digits() {
        assert_eq!((score(130_499), score(-145_455), score(0)), ("0.130".into(), "−0.145".into(), "0.000".into()));
        let parts = [Part { kind: PartKind::Dates, value: -50 }, Part { kind: PartKind::Terms, value: 100_000 }];
        let told = parts_told(&parts);
        assert_eq!((told[0].class, told[0].width, told[1].class, told[1].width), ("for", 110, "against", 1));
    }
}
