//! One JSON document: pairs, articles and groups.

use std::cell::Cell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::report::clean::SafeJson;
use crate::report::passages::model::{self, ArticleOut, Build, Header};
use crate::report::passages::{PassageOptions, PassageRun};

/// The document that `docs/schema/passages.schema.json` describes.
#[derive(Serialize)]
struct Document<'a, P, G>
where
    P: Iterator,
    P::Item: Serialize,
    G: Iterator,
    G::Item: Serialize,
{
    #[serde(flatten)]
    header: Header<'a>,
    pairs: Each<P>,
    articles: Vec<ArticleOut<'a>>,
    groups: Each<G>,
}

/// Made one after the other as they are written: they never all stand in memory.
struct Each<I>(Cell<Option<I>>);

impl<I: Iterator> Each<I> {
    fn new(items: I) -> Self {
        Self(Cell::new(Some(items)))
    }
}

impl<I> Serialize for Each<I>
where
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}

pub(super) fn write(run: &PassageRun<'_>, options: PassageOptions, out: &mut dyn Write) -> io::Result<()> {
    let build = || Build::new(run, options);
    let document = Document {
        header: model::header(run, options),
        pairs: Each::new(build().pairs()),
        articles: build().articles(),
        groups: Each::new(build().groups()),
    };
    serde_json::to_writer_pretty(SafeJson(&mut *out), &document)?;
    writeln!(out)
}
