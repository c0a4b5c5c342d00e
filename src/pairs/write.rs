//! Similar pairs and classes as lines of JSON or as a table.

use std::io::{self, Write};

use serde::Serialize;

use crate::join::set_join::{SetPair, SimilarSets};
use crate::report::{Micro, SafeJson};

/// Forms of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairFormat {
    /// An object a line.
    Jsonl,
    /// A table with commas and a header line.
    Csv,
    /// The same with tabs.
    Tsv,
}

impl PairFormat {
    /// The form that the ending of a file asks for.
    #[must_use]
    pub fn of_path(path: &std::path::Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            _ => None,
        }
    }
}

/// A line of JSON.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Line<'a> {
    Same { articles: Vec<&'a str>, shingles: u32 },
    Pair { a: &'a str, b: &'a str, jaccard: Micro, shared: u32, union: u32 },
}

/// The Jaccard similarity of a pair, its last millionth cut off.
#[must_use]
pub fn jaccard(pair: &SetPair) -> Micro {
    let (shared, union) = (i64::from(pair.shared), i64::from(pair.union.max(1)));
    Micro(shared * 1_000_000 / union)
}

/// Writes the classes, then the pairs of their first members. Linear in both.
///
/// # Errors
/// What `out` says.
pub fn write(found: &SimilarSets, ids: &[String], format: PairFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut to = Writer::new(format, ids, out)?;
    for class in &found.classes {
        to.class(&class.members, class.shingles)?;
    }
    for pair in &found.pairs {
        to.pair("pair", pair)?;
    }
    to.finish()
}

/// Writes every pair of articles, those of one class too. As long as that list.
///
/// # Errors
/// What `out` says.
pub fn write_expanded(found: &SimilarSets, ids: &[String], format: PairFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut to = Writer::new(format, ids, out)?;
    let near = Neighbours::new(found, ids.len());
    let mut pairs = Vec::new();
    for a in (0u32..).take(ids.len()) {
        pairs.clear();
        near.each(a, |b, shared, union| {
            if b > a {
                pairs.push(SetPair { a, b, shared, union });
            }
        });
        pairs.sort_unstable();
        for pair in &pairs {
            to.pair("pair", pair)?;
        }
    }
    to.finish()
}

/// The articles that each is similar to, those of its own class among them.
#[derive(Debug)]
pub(super) struct Neighbours<'a> {
    found: &'a SimilarSets,
    /// By article: the first of its class.
    pub(super) first: Vec<u32>,
    /// By first of a class: its place among the classes.
    class: std::collections::HashMap<u32, usize>,
    /// By article: where its pairs begin.
    starts: Vec<u32>,
    /// Places of pairs.
    pairs: Vec<u32>,
}

impl<'a> Neighbours<'a> {
    /// O(articles + pairs).
    pub(super) fn new(found: &'a SimilarSets, articles: usize) -> Self {
        let mut first: Vec<u32> = (0u32..).take(articles).collect();
        for class in &found.classes {
            for &member in &class.members {
                first[member as usize] = class.members[0];
            }
        }
        let class = found.classes.iter().enumerate().map(|(at, class)| (class.members[0], at)).collect();
        let mut starts = vec![0u32; articles + 1];
        for pair in &found.pairs {
            starts[pair.a as usize + 1] += 1;
            starts[pair.b as usize + 1] += 1;
        }
        for at in 0..articles {
            starts[at + 1] += starts[at];
        }
        let (mut next, mut pairs) = (starts.clone(), vec![0; found.pairs.len() * 2]);
        for (at, pair) in (0u32..).zip(&found.pairs) {
            for of in [pair.a, pair.b] {
                pairs[next[of as usize] as usize] = at;
                next[of as usize] += 1;
            }
        }
        Self { found, first, class, starts, pairs }
    }

    /// All members of the class of an article.
    pub(super) fn members(&self, first: &'a u32) -> &'a [u32] {
        self.class.get(first).map_or(std::slice::from_ref(first), |&at| &self.found.classes[at].members)
    }

    /// Calls `each` with the firsts of the classes that are similar to that of an article, which is the first of its own.
    pub(super) fn classes(&self, first: u32) -> impl Iterator<Item = (&'a u32, &'a SetPair)> {
        let range = self.starts[first as usize] as usize..self.starts[first as usize + 1] as usize;
        let found = self.found;
        self.pairs[range].iter().map(move |&at| {
            let pair = &found.pairs[at as usize];
            (if pair.a == first { &pair.b } else { &pair.a }, pair)
        })
    }

    /// Calls `each` with every article that is similar to one, what they share and what they have together.
    fn each(&self, article: u32, mut each: impl FnMut(u32, u32, u32)) {
        let first = self.first[article as usize];
        let size = self.found.sizes[article as usize];
        if let Some(&at) = self.class.get(&first) {
            let members = self.found.classes[at].members.iter();
            members.filter(|&&other| other != article).for_each(|&other| each(other, size, size));
        }
        for (other, pair) in self.classes(first) {
            for &member in self.members(other) {
                each(member, pair.shared, pair.union);
            }
        }
    }
}

enum Form<'a> {
    Json(SafeJson<&'a mut dyn Write>),
    Table(Box<csv::Writer<&'a mut dyn Write>>),
}

struct Writer<'a> {
    ids: &'a [String],
    form: Form<'a>,
}

impl<'a> Writer<'a> {
    fn new(format: PairFormat, ids: &'a [String], out: &'a mut dyn Write) -> io::Result<Self> {
        let delimiter = match format {
            PairFormat::Jsonl => return Ok(Self { ids, form: Form::Json(SafeJson(out)) }),
            PairFormat::Csv => b',',
            PairFormat::Tsv => b'\t',
        };
        let mut form = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        form.write_record(["kind", "a", "b", "jaccard", "shared", "union"])?;
        Ok(Self { ids, form: Form::Table(Box::new(form)) })
    }

    fn id(&self, article: u32) -> &'a str {
        &self.ids[article as usize]
    }

    fn class(&mut self, members: &[u32], shingles: u32) -> io::Result<()> {
        let articles: Vec<&str> = members.iter().map(|&member| self.id(member)).collect();
        match &mut self.form {
            Form::Json(out) => line(out, &Line::Same { articles, shingles }),
            Form::Table(_) => {
                let (Some(&a), rest) = (members.first(), members.get(1..).unwrap_or_default()) else { return Ok(()) };
                rest.iter().try_for_each(|&b| self.pair("same", &SetPair { a, b, shared: shingles, union: shingles }))
            }
        }
    }

    fn pair(&mut self, kind: &str, pair: &SetPair) -> io::Result<()> {
        let (a, b, jaccard) = (self.id(pair.a), self.id(pair.b), jaccard(pair));
        let (shared, union) = (pair.shared, pair.union);
        match &mut self.form {
            Form::Json(out) => line(out, &Line::Pair { a, b, jaccard, shared, union }),
            Form::Table(table) => {
                let numbers = [jaccard.to_string(), shared.to_string(), union.to_string()];
                let row = [kind, &crate::report::write_id(a), &crate::report::write_id(b)];
                Ok(table.write_record(row.into_iter().chain(numbers.iter().map(String::as_str)))?)
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self.form {
            Form::Json(_) => Ok(()),
            Form::Table(mut table) => table.flush(),
        }
    }
}

fn line(out: &mut SafeJson<&mut dyn Write>, line: &Line<'_>) -> io::Result<()> {
    // Pieces go to the output one by one otherwise.
    let mut json = serde_json::to_vec(line)?;
    json.push(b'\n');
    out.write_all(&json)
}

/// What was found, in a line for people.
#[must_use]
pub fn told(found: &SimilarSets) -> String {
    let same: usize = found.classes.iter().map(|class| class.members.len()).sum();
    let of = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    format!(
        "{}, {same} of them identical to others; {}",
        of(found.sizes.len(), "article"),
        of(found.pairs.len(), "pair")
    )
}
