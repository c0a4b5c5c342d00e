//! An article as a bar: where each stretch of its text comes from.

use std::collections::BTreeMap;

use crate::normalise::{Marks, Tokens};

/// Units of a bar.
const CELLS: usize = 240;

/// Where a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// From nobody in the story.
    Own,
    /// From the outlet's own pages.
    Furniture,
    /// From an article, by its place in a list of sources.
    From(usize),
}

/// A stretch of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) x: usize,
    pub(super) width: usize,
    pub(super) class: &'static str,
}

impl Cell {
    /// Where it begins, in per cent of the width.
    pub(super) fn left(&self) -> String {
        percent(self.x)
    }

    /// How long it is.
    pub(super) fn across(&self) -> String {
        percent(self.width)
    }
}

/// Units as per cent.
fn percent(units: usize) -> String {
    let hundredths = units * 10_000 / CELLS;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A bar, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Bar {
    pub(super) cells: Vec<Cell>,
    /// Quotations, to be hatched.
    pub(super) quoted: Vec<Cell>,
    /// The same in words.
    pub(super) told: String,
}

const CLASSES: [&str; 7] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7"];

/// The class of a source; those behind the sixth share one.
pub(super) fn class_of(source: usize) -> &'static str {
    CLASSES[source.min(CLASSES.len() - 1)]
}

impl Bar {
    /// Draws the words of a text, given where each comes from; `name` says what a source is called, `own` which of them the
    /// text itself is. O(words).
    pub(super) fn new(tokens: &Tokens, origins: &[Origin], name: impl Fn(usize) -> String, own: Option<usize>) -> Self {
        let n = origins.len();
        if n == 0 {
            return Self { told: "no text".to_owned(), ..Self::default() };
        }
        let own_class = own.map_or("own", class_of);
        let class = |origin: Origin| match origin {
            Origin::Own => own_class,
            Origin::Furniture => "furniture",
            Origin::From(source) => class_of(source),
        };
        let words = |cell: usize| {
            let begin = cell * n / CELLS;
            begin..((cell + 1) * n / CELLS).max(begin + 1)
        };
        let mut bar = Self::default();
        for cell in 0..CELLS {
            let here = &origins[words(cell)];
            let count = |origin: Origin| here.iter().filter(|&&other| other == origin).count();
            let most = here.iter().copied().max_by_key(|&origin| (count(origin), origin)).unwrap_or(Origin::Own);
            extend(&mut bar.cells, cell, class(most));
            let marks = &tokens.marks[words(cell)];
            if marks.iter().filter(|marks| marks.has(Marks::QUOTED)).count() * 2 > marks.len() {
                extend(&mut bar.quoted, cell, "quoted");
            }
        }
        let rounded = |count: usize| (count * 200 + n) / (2 * n);
        let mut counts: BTreeMap<Origin, usize> = BTreeMap::new();
        for origin in origins {
            *counts.entry(*origin).or_default() += 1;
        }
        let mut told = Vec::new();
        for (&origin, &words) in &counts {
            if let (Origin::From(source), share @ 1..) = (origin, rounded(words)) {
                told.push(format!("{share} % from {}", name(source)));
            }
        }
        let share = |origin: Origin| rounded(counts.get(&origin).copied().unwrap_or(0));
        told.extend((share(Origin::Own) > 0).then(|| format!("{} % own words", share(Origin::Own))));
        told.extend((share(Origin::Furniture) > 0).then(|| format!("{} % furniture", share(Origin::Furniture))));
        let quoted = rounded(tokens.marks.iter().filter(|marks| marks.has(Marks::QUOTED)).count());
        told.extend((quoted > 0).then(|| format!("{quoted} % in quotation marks")));
        bar.told = format!("{}; {n} words", told.join(", "));
        bar
    }
}

fn extend(cells: &mut Vec<Cell>, x: usize, class: &'static str) {
    match cells.last_mut().filter(|last| last.class == class && last.x + last.width == x) {
        Some(last) => last.width += 1,
        None => cells.push(Cell { x, width: 1, class }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(marks: &[Marks]) -> Tokens<'static> {
        Tokens { marks: marks.to_vec().into(), ..Tokens::default() }
    }

    #[test]
    fn a_bar_shows_where_words_come_from() {
        let text = tokens(&[Marks::default(), Marks::default(), Marks::QUOTED, Marks::FURNITURE]);
        let origins = [Origin::From(0), Origin::Own, Origin::From(0), Origin::Furniture];
        let bar = Bar::new(&text, &origins, |_| "The Wire".to_owned(), None);
        let cells: Vec<_> = bar.cells.iter().map(|cell| (cell.x, cell.width, cell.class)).collect();
        assert_eq!(cells, [(0, 60, "c1"), (60, 60, "own"), (120, 60, "c1"), (180, 60, "furniture")]);
        assert_eq!(bar.quoted, [Cell { x: 120, width: 60, class: "quoted" }]);
        assert_eq!(bar.told, "50 % from The Wire, 25 % own words, 25 % furniture, 25 % in quotation marks; 4 words");
        assert!(Bar::new(&tokens(&[]), &[], |_| String::new(), None).cells.is_empty());
        assert_eq!((bar.cells[1].left().as_str(), bar.cells[1].across().as_str()), ("25.00%", "25.00%"));
    }

    #[test]
    fn a_bar_is_covered_once_however_long_the_text() {
        for n in [1, 7, 239, 240, 241, 5_000] {
            let origins: Vec<Origin> =
                (0..n).map(|i| if i % 3 == 0 { Origin::Own } else { Origin::From(i % 9) }).collect();
            let bar = Bar::new(&tokens(&vec![Marks::QUOTED; n]), &origins, |_| String::new(), Some(0));
            assert_eq!(bar.cells.iter().map(|cell| cell.width).sum::<usize>(), CELLS);
            assert!(bar.cells.windows(2).all(|pair| pair[0].x + pair[0].width == pair[1].x));
            assert_eq!(bar.quoted.iter().map(|cell| cell.width).sum::<usize>(), CELLS);
        }
    }
}
