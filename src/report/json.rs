//! One JSON document with everything: stories, copy groups, articles, passages, the links that made them, and why.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::pipeline::Analysis;
use crate::report::clean::SafeJson;
use crate::report::{OffsetUnit, Report, Run, model};

/// The document that `docs/schema/cluster.schema.json` describes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json {
    /// What offsets count.
    pub offsets: OffsetUnit,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    header: model::Header<'a>,
    stories: Stories<'a>,
}

/// Made one after the other as they are written: the evidence of all of them never stands in memory.
struct Stories<'a>(&'a Analysis, OffsetUnit);

impl Serialize for Stories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(model::stories(self.0, self.1))
    }
}

impl Report for Json {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let document =
            Document { header: model::header(run, self.offsets), stories: Stories(run.analysis, self.offsets) };
        serde_json::to_writer_pretty(SafeJson(&mut *out), &document)?;
        writeln!(out)
    }
}
