//! One JSON document: pairs, articles and groups.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::report::clean::SafeJson;
use crate::report::passages::model::{self, ArticleOut, Build, Header};
use crate::report::passages::{PassageOptions, PassageRun};

/// The document that `docs/schema/passages.schema.json` describes.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    pairs: Pairs<'a>,
    articles: Vec<ArticleOut<'a>>,
    groups: Groups<'a>,
}

/// Made one after the other as they are written: they never all stand in memory.
struct Pairs<'a>(PassageRun<'a>, PassageOptions);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(Build::new(&self.0, self.1).pairs())
    }
}

/// The same for groups.
struct Groups<'a>(PassageRun<'a>, PassageOptions);

impl Serialize for Groups<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(Build::new(&self.0, self.1).groups())
    }
}

pub(super) fn write(run: &PassageRun<'_>, options: PassageOptions, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        header: model::header(run, options),
        pairs: Pairs(*run, options),
        articles: Build::new(run, options).articles(),
        groups: Groups(*run, options),
    };
    serde_json::to_writer_pretty(SafeJson(&mut *out), &document)?;
    writeln!(out)
}
