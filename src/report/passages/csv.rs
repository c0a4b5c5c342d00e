//! A passage a row, with a header line: the columns are the fields of a JSON line, the edits excepted.

use std::io::{self, Write};

use crate::report::passages::model::{Build, PassageOut};
use crate::report::passages::{PassageOptions, PassageRun};
use crate::report::{clean, write_id};

const COLUMNS: [&str; 15] = [
    "a",
    "b",
    "a_begin",
    "a_end",
    "b_begin",
    "b_end",
    "kind",
    "matched_tokens",
    "density",
    "direction",
    "confidence",
    "a_tokens",
    "b_tokens",
    "reason",
    "group",
];

pub(super) fn write(run: &PassageRun<'_>, options: PassageOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut build = Build::new(run, PassageOptions { edits: false, ..options });
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for one in &run.report.passages {
        csv.write_record(row(&build.passage(one)))?;
    }
    csv.flush()
}

fn row(passage: &PassageOut<'_>) -> [String; COLUMNS.len()] {
    [
        write_id(passage.a).into_owned(),
        write_id(passage.b).into_owned(),
        passage.a_begin.to_string(),
        passage.a_end.to_string(),
        passage.b_begin.to_string(),
        passage.b_end.to_string(),
        passage.kind.to_owned(),
        passage.matched_tokens.to_string(),
        passage.density.to_string(),
        passage.direction.to_owned(),
        passage.confidence.to_owned(),
        passage.a_tokens.to_string(),
        passage.b_tokens.to_string(),
        clean(passage.reason).into_owned(),
        passage.group.to_owned(),
    ]
}
