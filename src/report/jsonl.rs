//! A story a line, each the object that stands in the JSON document.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::clean::SafeJson;
use crate::report::{OffsetUnit, Report, Run, model};

/// Stories as JSON lines, in the order of the document. Each says by itself how it is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jsonl {
    /// What offsets count.
    pub offsets: OffsetUnit,
}

#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    offsets: &'static str,
    #[serde(flatten)]
    story: model::StoryOut<'a>,
}

impl Report for Jsonl {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        for story in model::stories(run.analysis, self.offsets) {
            let line = Line { schema_version: model::SCHEMA_VERSION, offsets: self.offsets.name(), story };
            serde_json::to_writer(SafeJson(&mut *out), &line)?;
            writeln!(out)?;
        }
        Ok(())
    }
}
