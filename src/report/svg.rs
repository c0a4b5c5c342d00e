//! Two drawings for papers, readable at the width of a column (88 mm): the largest stories in time, and who republishes whom.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::article::Date;
use crate::cluster::Role;
use crate::pipeline::Analysis;
use crate::report::html::{Matrix, span_of_days};
use crate::report::layout::clip;
use crate::report::{Report, Run, clean};

/// One of the drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// The stories and their articles by day.
    Timeline,
    /// Outlets by the outlets that they copied.
    Matrix,
}

impl Drawing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Timeline, Self::Matrix];

    /// What stands in the name of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Matrix => "matrix",
        }
    }
}

/// A drawing as a form of output.
#[derive(Clone, Copy, Debug)]
pub struct Svg {
    /// Which.
    pub drawing: Drawing,
}

/// Stories of the timeline; outlets of the matrix on each side.
const STORIES: usize = 16;
const OUTLETS: usize = 12;
/// Units of the width: four a millimetre.
const WIDTH: i64 = 352;
/// How far dots are apart.
const DOT: i64 = 8;
/// Columns of a headline, and of an outlet.
const HEADLINE: usize = 66;
const OUTLET: usize = 21;
/// Shades of the matrix, from none to most.
const SHADES: [&str; 6] = ["#f3f2ee", "#dbe7f5", "#b3cfee", "#7fabdd", "#3f78bd", "#173f74"];

impl Report for Svg {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (height, body) = match self.drawing {
            Drawing::Timeline => timeline(run.analysis),
            Drawing::Matrix => matrix(run.analysis),
        };
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {WIDTH} {height}\" \
             font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"9\" fill=\"#1b1d21\">",
            WIDTH / 4,
            (height + 3) / 4
        )?;
        writeln!(out, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
        out.write_all(body.as_bytes())?;
        writeln!(out, "</svg>")
    }
}

/// Text as it stands in a drawing.
fn escape(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How the articles of a role are drawn, and what the legend calls them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Original,
    Copy,
    Partial,
    Report,
    Other,
}

impl Sign {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Original, "original"),
        (Self::Copy, "copy"),
        (Self::Partial, "partial copy"),
        (Self::Report, "report"),
        (Self::Other, "other"),
    ];

    fn of(role: Role) -> Self {
        match role {
            Role::Original => Self::Original,
            Role::Copy => Self::Copy,
            Role::PartialCopy => Self::Partial,
            Role::Report => Self::Report,
            Role::Revision | Role::Stub | Role::RoundUp | Role::LiveBlog => Self::Other,
        }
    }

    /// Told apart by shape and by colour.
    fn draw(self, x: i64, y: i64) -> String {
        match self {
            Self::Original => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3.6\" fill=\"#1f4f99\"/>"),
            Self::Copy => format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"#ffffff\" stroke=\"#1f4f99\" stroke-width=\"1.4\"/>"
            ),
            Self::Partial => {
                format!("<path d=\"M{x} {}l3.6 3.6l-3.6 3.6l-3.6 -3.6z\" fill=\"#d0771c\"/>", y - 3)
            }
            Self::Report => {
                format!("<rect x=\"{}\" y=\"{}\" width=\"6\" height=\"6\" fill=\"#2f8f55\"/>", x - 3, y - 3)
            }
            Self::Other => format!("<path d=\"M{x} {}l3.8 6.8h-7.6z\" fill=\"#8a8d94\"/>", y - 4),
        }
    }
}

fn timeline(analysis: &Analysis) -> (i64, String) {
    let stories: Vec<_> = analysis.stories.iter().filter(|s| s.members.len() > 1).take(STORIES).collect();
    let date = |doc| analysis.corpus.get(doc).date;
    let dated = |story: &&crate::cluster::Story| -> Vec<(Date, Sign)> {
        let members = story.members.iter().filter(|member| !member.doubtful_date);
        members.filter_map(|member| Some((date(member.doc)?, Sign::of(member.role)))).collect()
    };
    let span = span_of_days(stories.iter().flat_map(dated).map(|(date, _)| date));
    let Some((first, last)) = span else { return (24, note("no story of two or more articles is dated")) };
    let (left, right) = (8, WIDTH - 8);
    let x = |day: i64| left + (day - first) * (right - left) / (last - first).max(1);
    let mut body = String::new();
    let mut y = 12;
    let mut signs: Vec<Sign> = Vec::new();
    for story in &stories {
        let _ =
            writeln!(body, "<text x=\"{left}\" y=\"{y}\">{}</text>", escape(&clip(&clean(&story.headline), HEADLINE)));
        let lane = y + 9;
        let _ = writeln!(body, "<path d=\"M{left} {lane}H{right}\" stroke=\"#dcd9d1\" stroke-width=\"0.8\"/>");
        let mut dots = dated(story);
        dots.sort();
        for ((_, sign), x) in dots.iter().zip(beside(dots.iter().map(|(date, _)| x(date.day())).collect(), left, right))
        {
            signs.push(*sign);
            let _ = writeln!(body, "{}", sign.draw(x, lane));
        }
        y += 26;
    }
    let ends = [(left, "start", first), (right, "end", last)];
    for (x, anchor, day) in ends {
        let day = crate::report::html::day_told(day);
        let _ = writeln!(body, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"#565b64\">{day}</text>");
    }
    y += 16;
    let mut at = left + 4;
    for (sign, name) in Sign::ALL.into_iter().filter(|(sign, _)| signs.contains(sign)) {
        let _ = writeln!(body, "{}<text x=\"{}\" y=\"{y}\">{name}</text>", sign.draw(at, y - 3), at + 8);
        at += 26 + 5 * i64::try_from(name.len()).unwrap_or(10);
    }
    (y + 8, body)
}

/// Places that would cover each other are moved apart, to the right and, at the end, back to the left.
fn beside(mut places: Vec<i64>, left: i64, right: i64) -> Vec<i64> {
    let count = i64::try_from(places.len()).unwrap_or(i64::MAX).max(1);
    let apart = DOT.min((right - left) / count);
    for at in 1..places.len() {
        places[at] = places[at].max(places[at - 1] + apart);
    }
    let mut most = right;
    for place in places.iter_mut().rev() {
        *place = (*place).min(most);
        most = *place - apart;
    }
    places
}

fn matrix(analysis: &Analysis) -> (i64, String) {
    let Some(matrix) = Matrix::new(analysis, OUTLETS) else { return (24, note("no outlet copied another")) };
    let (left, top, cell) = (112, 96, 18);
    let mut body = String::new();
    let place = |at: usize| i64::try_from(at).unwrap_or(0) * cell;
    for (at, column) in matrix.columns.iter().enumerate() {
        let (x, y) = (left + place(at) + cell / 2 + 3, top - 5);
        let name = escape(&clip(column, OUTLET));
        let _ = writeln!(body, "<text transform=\"translate({x} {y}) rotate(-60)\">{name}</text>");
    }
    for (at, row) in matrix.rows.iter().enumerate() {
        let y = top + place(at);
        let name = escape(&clip(&row.outlet, OUTLET));
        let _ = writeln!(body, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>", left - 5, y + 12);
        for (column, one) in row.cells.iter().enumerate() {
            let x = left + place(column);
            let size = cell - 1;
            let shade = SHADES[one.heat];
            let _ = write!(body, "<rect x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" fill=\"{shade}\"/>");
            if one.count > 0 {
                let ink = if one.heat >= 4 { "#ffffff" } else { "#1b1d21" };
                let (x, y) = (x + size / 2, y + 12);
                let _ = write!(
                    body,
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>",
                    one.count
                );
            }
        }
        body.push('\n');
    }
    let mut y = top + place(matrix.rows.len()) + 14;
    let told =
        ["Rows: outlets that republish. Columns: whose text it is.", "In each field: how many articles are copies."];
    for line in told {
        let _ = writeln!(body, "<text x=\"8\" y=\"{y}\" fill=\"#565b64\">{line}</text>");
        y += 12;
    }
    for (at, shade) in SHADES.iter().enumerate() {
        let _ =
            write!(body, "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"8\" fill=\"{shade}\"/>", 8 + place(at), y - 6);
    }
    let _ = writeln!(
        body,
        "<text x=\"{}\" y=\"{}\" fill=\"#565b64\">none to most, by steps of the logarithm</text>",
        12 + place(SHADES.len()),
        y + 1
    );
    (y + 10, body)
}

fn note(text: &str) -> String {
    format!("<text x=\"8\" y=\"14\">{text}</text>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_do_not_cover_each_other() {
        assert_eq!(beside(vec![10, 10, 11, 100], 0, 200), [10, 18, 26, 100]);
        assert_eq!(beside(vec![198, 199, 200], 0, 200), [184, 192, 200]);
        let many = beside(vec![5; 1_000], 0, 200);
        assert!(many.iter().all(|&x| (0..=200).contains(&x)));
        assert!(beside(Vec::new(), 0, 200).is_empty());
    }
}
