//! Timelines as drawings that need no script: places in per cent of the width, so that they fit any screen.

use std::fmt::Write as _;

use crate::article::{DAY, Date, Provenance, Resolution};

/// The most bars of a histogram.
const BARS: i64 = 120;
/// Lanes of dots, and how far two dots of one lane must be apart, in per mille of the width.
const LANES: usize = 10;
const APART: i64 = 17;

/// The first and the last day of some dates.
pub(in crate::report) fn span_of_days(dates: impl Iterator<Item = Date>) -> Option<(i64, i64)> {
    dates.map(Date::day).fold(None, |span, day| match span {
        None => Some((day, day)),
        Some((first, last)) => Some((first.min(day), last.max(day))),
    })
}

/// A day as `2031-03-04`.
pub(in crate::report) fn day_told(day: i64) -> String {
    Date { at: day * DAY, resolution: Resolution::Day, provenance: Provenance::Text }.to_string()
}

/// `, 2031-03-04 to 2031-10-20`; empty where nothing is dated.
pub(in crate::report) fn range_told(dates: impl Iterator<Item = Date>) -> String {
    match span_of_days(dates) {
        None => String::new(),
        Some((first, last)) if first == last => format!(", {}", day_told(first)),
        Some((first, last)) => format!(", {} to {}", day_told(first), day_told(last)),
    }
}

/// Per mille as per cent.
fn percent(per_mille: i64) -> String {
    if per_mille % 10 == 0 { format!("{}%", per_mille / 10) } else { format!("{}.{}%", per_mille / 10, per_mille % 10) }
}

/// Articles by day, week or more.
pub(super) struct Histogram {
    /// What a bar is: `day`, `week`, `30 days`.
    pub(super) unit: String,
    pub(super) svg: String,
    /// Articles of days so far from all others that they are not drawn.
    pub(super) outside: usize,
}

/// The share of dates at each end, as one in so many, that may be far from all others.
const FAR: usize = 100;

/// The span of days that is worth drawing: where a few articles at an end (old ones, or wrong dates) would stretch it to more
/// than twice what the rest take, without them.
pub(super) fn main_span(days: &[i64]) -> Option<(i64, i64)> {
    let mut days = days.to_vec();
    days.sort_unstable();
    let aside = days.len() / FAR;
    let (low, high) = (*days.get(aside)?, *days.get(days.len().checked_sub(aside + 1)?)?);
    let far = (high - low).max(7) / 2;
    let main = || days.iter().filter(|day| (low - far..=high + far).contains(day));
    Some((*main().next()?, *main().next_back()?))
}

/// Draws the days of articles; of each whether it is a copy. `None` if there are not two days.
pub(super) fn histogram(days: &[(i64, bool)]) -> Option<Histogram> {
    let (first, last) = main_span(&days.iter().map(|day| day.0).collect::<Vec<_>>())?;
    if first == last {
        return None;
    }
    let (unit, step) = match last - first + 1 {
        days if days <= BARS => ("day".to_owned(), 1),
        days if days <= BARS * 7 => ("week".to_owned(), 7),
        days => {
            let step = (days / BARS + 1).max(30);
            (format!("{step} days"), step)
        }
    };
    let bars = usize::try_from((last - first) / step + 1).ok()?;
    let mut counts = vec![[0usize; 2]; bars];
    let outside = days.iter().filter(|(day, _)| !(first..=last).contains(day)).count();
    for &(day, copy) in days.iter().filter(|(day, _)| (first..=last).contains(day)) {
        if let Some(bar) = usize::try_from((day - first) / step).ok().and_then(|at| counts.get_mut(at)) {
            bar[usize::from(copy)] += 1;
        }
    }
    let most = counts.iter().map(|count| count[0] + count[1]).max().unwrap_or(1).max(1);
    let height = |count: usize| if count == 0 { 0 } else { (count * 88 / most).max(1) };
    let total = i64::try_from(bars).unwrap_or(1);
    let mut svg = format!(
        "<svg class=\"hist\" width=\"100%\" height=\"120\" role=\"img\" aria-label=\"Articles by {unit} from {} to {}; the most are {most}\">",
        day_told(first),
        day_told(last)
    );
    for (at, [own, copies]) in (0i64..).zip(counts) {
        let (begin, end) = (first + at * step, (first + (at + 1) * step - 1).min(last));
        let (x, width) = (percent(at * 1000 / total), percent(((at + 1) * 1000 / total - at * 1000 / total).max(1)));
        let (low, high) = (height(own + copies) - height(copies).min(height(own + copies)), height(own + copies));
        let when = if step == 1 { day_told(begin) } else { format!("{} to {}", day_told(begin), day_told(end)) };
        let _ = write!(
            svg,
            "<g data-from=\"{}\" data-to=\"{}\"><title>{when}: {} own words, {copies} copies</title><rect class=\"h-own\" x=\"{x}\" \
             width=\"{width}\" y=\"{}\" height=\"{low}\"/><rect class=\"h-taken\" x=\"{x}\" width=\"{width}\" y=\"{}\" \
             height=\"{}\"/><rect class=\"h-bar\" x=\"{x}\" width=\"{width}\" y=\"0\" height=\"96\"/></g>",
            day_told(begin),
            day_told(end),
            own,
            96 - low,
            96 - high,
            high - low,
        );
    }
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"96.5\" y2=\"96.5\"/><text x=\"0\" y=\"114\">{}</text>\
         <text x=\"100%\" y=\"114\" text-anchor=\"end\">{}</text></svg>",
        day_told(first),
        day_told(last)
    );
    Some(Histogram { unit, svg, outside })
}

/// A dot on a timeline.
pub(super) struct Dot {
    pub(super) date: Date,
    pub(super) class: String,
    /// What it is; escaped here.
    pub(super) told: String,
}

/// Draws the articles of a story, which come in the order of time; empty where fewer than two are dated. Where only the day is
/// known a dot stands at its end, as in the order.
pub(super) fn timeline(dots: &[Dot]) -> String {
    let at = |dot: &Dot| dot.date.at + if dot.date.resolution == Resolution::Day { DAY - 1 } else { 0 };
    let (Some(first), Some(last)) = (dots.iter().min_by_key(|dot| at(dot)), dots.iter().max_by_key(|dot| at(dot)))
    else {
        return String::new();
    };
    if dots.len() < 2 {
        return String::new();
    }
    let range = at(last) - at(first);
    let mut lanes: Vec<i64> = Vec::new();
    let mut placed = Vec::new();
    for dot in dots {
        let x = if range == 0 { 500 } else { 15 + (at(dot) - at(first)) * 970 / range };
        let free = lanes.iter().position(|&last| x - last >= APART);
        let lane = free.unwrap_or_else(|| {
            if lanes.len() < LANES {
                lanes.push(i64::MIN / 2);
            }
            lanes.len() - 1
        });
        lanes[lane] = x;
        placed.push((x, lane, dot));
    }
    let base = 16 * lanes.len() + 6;
    let ends = [first, last].map(|dot| crate::report::layout::date_of(dot.date));
    let mut svg = format!(
        "<svg class=\"time\" width=\"100%\" height=\"{}\" role=\"img\" aria-label=\"{} dated articles from {} to {}\">\
         <line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"{base}\" y2=\"{base}\"/>",
        base + 22,
        dots.len(),
        ends[0],
        ends[1]
    );
    for (x, lane, dot) in placed {
        let _ = write!(
            svg,
            "<circle class=\"dot {}\" cx=\"{}\" cy=\"{}\" r=\"6.5\"><title>{}</title></circle>",
            dot.class,
            percent(x),
            base - 10 - 16 * lane,
            escape(&dot.told)
        );
    }
    let y = base + 17;
    let _ = match &ends {
        [one, other] if one == other => {
            write!(svg, "<text x=\"50%\" y=\"{y}\" text-anchor=\"middle\">{one}</text></svg>")
        }
        [one, other] => {
            write!(
                svg,
                "<text x=\"0\" y=\"{y}\">{one}</text><text x=\"100%\" y=\"{y}\" text-anchor=\"end\">{other}</text></svg>"
            )
        }
    };
    svg
}

/// The days of a story's articles against those of all articles.
pub(super) fn strip(days: &[i64], (first, last): (i64, i64)) -> String {
    let range = (last - first).max(1);
    let mut svg =
        String::from("<svg width=\"100%\" height=\"12\"><line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"6\" y2=\"6\"/>");
    let mut days: Vec<i64> = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let mut before = i64::MIN;
    for day in days {
        let x = 10 + (day.clamp(first, last) - first) * 980 / range;
        if x != before {
            let _ = write!(svg, "<circle cx=\"{}\" cy=\"6\" r=\"4\"/>", percent(x));
        }
        before = x;
    }
    svg.push_str("</svg>");
    svg
}

/// Text as it stands in a page.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_made_of_what_there_is() {
        assert!(histogram(&[]).is_none() && histogram(&[(5, false), (5, true)]).is_none());
        let day = histogram(&[(0, false), (0, true), (9, false)]).expect("two days");
        assert_eq!((day.unit.as_str(), day.svg.matches("<g ").count()), ("day", 10));
        assert_eq!(histogram(&[(0, false), (400, false)]).expect("a year").unit, "week");
        assert_eq!(histogram(&[(0, false), (2_000, false)]).expect("years").unit, "30 days");
        assert!(histogram(&[(-700_000, false), (100_000, true)]).expect("ages").svg.matches("<g ").count() <= 121);
        let mut far: Vec<(i64, bool)> = (0..200).map(|day| (1_000 + day, false)).collect();
        far.push((0, false));
        let drawn = histogram(&far).expect("many days");
        assert_eq!((drawn.outside, drawn.unit.as_str()), (1, "week"));
        assert!(!drawn.svg.contains("1970-01-01"));
        assert_eq!(timeline(&[]), "");
        let date = |at, resolution| Date { at, resolution, provenance: Provenance::Published };
        let dot = |date| Dot { date, class: "c1".into(), told: "<b>&\"'".into() };
        let [day, time] = [date(0, Resolution::Day), date(90, Resolution::Time)];
        let svg = timeline(&[dot(time), dot(time), dot(day)]);
        assert!(svg.contains("1970-01-01 00:01</text>") && svg.contains("1970-01-01</text>"), "{svg}");
        assert!(timeline(&[dot(day), dot(day)]).contains("cx=\"50%\""));
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("&lt;b&gt;&amp;&quot;&#39;") && !svg.contains("<b>"));
        assert_eq!(strip(&[3, 3, 7], (0, 10)).matches("<circle").count(), 2);
    }
}
