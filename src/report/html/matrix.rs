//! Who republishes whom: how many articles of one outlet are copies of those of another.

use std::collections::BTreeMap;

use crate::pipeline::Analysis;
use crate::report::html::line;
use crate::report::layout::count;

/// Outlets in copying rows and copied columns.
pub(in crate::report) struct Matrix {
    pub(in crate::report) columns: Vec<String>,
    pub(in crate::report) rows: Vec<Row>,
    /// Whether outlets are missing.
    pub(in crate::report) cut: bool,
}

/// An outlet and whom it copied.
pub(in crate::report) struct Row {
    pub(in crate::report) outlet: String,
    /// One a column.
    pub(in crate::report) cells: Vec<Cell>,
    /// Its copies of all outlets, those that are no column included.
    pub(in crate::report) all: usize,
}

/// How often an outlet copied another.
pub(in crate::report) struct Cell {
    pub(in crate::report) count: usize,
    /// 0 for none, 5 for the most.
    pub(in crate::report) heat: usize,
    pub(in crate::report) told: String,
}

impl Matrix {
    /// Counts the copies of a run; at most so many rows and columns. `None` if no outlet copied another.
    pub(in crate::report) fn new(analysis: &Analysis, most: usize) -> Option<Self> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for link in analysis.stories.iter().flat_map(|story| &story.members).filter_map(|member| member.copied_from) {
            let outlet = |doc| analysis.corpus.get(doc).outlet_name().unwrap_or("unknown outlet");
            let pair = (outlet(link.copy), outlet(link.of));
            if pair.0 != pair.1 {
                *counts.entry(pair).or_default() += 1;
            }
        }
        let totals = |copying: bool| {
            let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
            for (&(row, column), n) in &counts {
                *totals.entry(if copying { row } else { column }).or_default() += n;
            }
            let mut totals: Vec<(&str, usize)> = totals.into_iter().collect();
            totals.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
            totals
        };
        let (mut rows, mut columns) = (totals(true), totals(false));
        let cut = rows.len() > most || columns.len() > most;
        rows.truncate(most);
        columns.truncate(most);
        let most = counts.values().copied().max()?;
        let cell = |row: &str, column: &str| {
            let count_here = counts.get(&(row, column)).copied().unwrap_or(0);
            // Steps of a logarithm: a few great agencies leave the rest visible.
            let log = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX) + 1).ln();
            let heat = (1..=5u8).find(|&step| log(count_here) * 5.0 <= log(most) * f64::from(step)).unwrap_or(5u8);
            let told =
                format!("{} of {} copied from {}", count(count_here, "article", "articles"), line(row), line(column));
            Cell { count: count_here, heat: if count_here == 0 { 0 } else { usize::from(heat) }, told }
        };
        let row = |&(row, all): &(&str, usize)| Row {
            outlet: line(row),
            cells: columns.iter().map(|&(column, _)| cell(row, column)).collect(),
            all,
        };
        let rows = rows.iter().map(row).collect();
        Some(Self { columns: columns.iter().map(|&(name, _)| line(name)).collect(), rows, cut })
    }
}
