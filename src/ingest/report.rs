//! What was taken in of one file, and what is told of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::build::Built;
use super::fields::{Aliases, name_of};
use super::format::Format;
use super::stream::Compression;

/// What was taken in of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file; `-` is standard input.
    pub file: String,
    /// Its format; `None` if nothing could be read of it.
    pub format: Option<Format>,
    /// Its compression.
    pub compression: Compression,
    /// The name of its encoding in the WHATWG standard, for example `UTF-8` or `windows-1252`.
    pub encoding: String,
    /// How many articles were taken in.
    pub articles: u64,
    /// How many records, or pieces of it, were not.
    pub skipped: u64,
    /// For each of our fields (`text`, `title`, `url`, `outlet`, `published`, ...) the names that it stood under, with the
    /// number of articles each.
    pub fields: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What readers fill, one a file.
#[derive(Debug)]
pub(super) struct Taken<T> {
    /// Articles, or what they were reduced to, and the lines that they begin in.
    pub(super) articles: Vec<T>,
    pub(super) lines: Vec<Option<u64>>,
    pub(super) skipped: Vec<(Option<u64>, String)>,
    pub(super) warnings: Vec<(Option<u64>, String)>,
    pub(super) format: Option<Format>,
    pub(super) compression: Compression,
    pub(super) encoding: &'static str,
    /// Why the file ended before its end.
    pub(super) damage: Option<String>,
    /// Where it ended.
    pub(super) last_line: Option<u64>,
    used: Vec<u64>,
    derived: BTreeMap<(&'static str, &'static str), u64>,
}

impl<T> Taken<T> {
    pub(super) fn new(aliases: &Aliases) -> Self {
        Self {
            articles: Vec::new(),
            lines: Vec::new(),
            skipped: Vec::new(),
            warnings: Vec::new(),
            format: None,
            compression: Compression::None,
            encoding: "UTF-8",
            damage: None,
            last_line: None,
            used: vec![0; aliases.len()],
            derived: BTreeMap::new(),
        }
    }

    pub(super) fn skip(&mut self, line: Option<u64>, reason: String) {
        self.skipped.push((line, reason));
    }

    pub(super) fn add(&mut self, line: Option<u64>, outcome: Result<Built<T>, String>) {
        match outcome {
            Ok(built) => {
                for rank in built.used {
                    self.used[usize::from(rank)] += 1;
                }
                for from in built.derived {
                    *self.derived.entry(from).or_default() += 1;
                }
                self.warnings.extend(built.warnings.into_iter().map(|reason| (line, reason)));
                self.articles.push(built.article);
                self.lines.push(line);
            }
            Err(reason) => self.skip(line, reason),
        }
    }

    /// The last line of a stream that broke off is usually half a line: the damage is told, its half line is not.
    pub(super) fn tell_damage(&mut self) {
        let Some(damage) = self.damage.take() else { return };
        if self.last_line.is_some() && self.skipped.last().is_some_and(|(line, _)| *line == self.last_line) {
            self.skipped.pop();
        }
        if matches!(self.format, None | Some(Format::Text)) && !self.articles.is_empty() {
            self.warnings.push((None, format!("{damage}; the text ends where it broke off")));
        } else {
            self.skip(self.last_line, format!("{damage}; everything before it was taken in"));
        }
    }

    pub(super) fn report(&self, file: &str, aliases: &Aliases) -> FileReport {
        let mut fields: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        let mut put = |ours: &str, theirs: &str, count: u64| {
            *fields.entry(ours.to_owned()).or_default().entry(theirs.to_owned()).or_default() += count;
        };
        for (rank, &count) in (0u16..).zip(&self.used).filter(|(_, count)| **count > 0) {
            let alias = aliases.get(rank);
            put(name_of(alias.field), &alias.name, count);
        }
        for (&(ours, from), &count) in &self.derived {
            put(ours, &format!("({from})"), count);
        }
        FileReport {
            file: file.to_owned(),
            format: self.format,
            compression: self.compression,
            encoding: self.encoding.to_owned(),
            articles: self.articles.len() as u64,
            skipped: self.skipped.len() as u64,
            fields,
        }
    }
}
