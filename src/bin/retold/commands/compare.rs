//! `retold compare`: two articles side by side, with what they share.

use std::io::{self, Write as _};

use anyhow::bail;
use retold::article::DocId;
use retold::corpus::Corpus;
use retold::pipeline::compare_two;
use retold::report::clean;
use retold::report::side_by_side::SideBySide;

use super::{output, take_in, two};
use crate::Outcome;
use crate::args::CompareArgs;

/// Two texts beside each other are wider than one.
const WIDEST: usize = 200;

/// Runs it.
pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<Outcome> {
    let mut input = args.input.clone();
    let ids = two::ids(&args.two, &mut input);
    let Some(mut taken) = take_in(&input, |_| {})? else { return Ok(Outcome::Done) };
    let articles = std::mem::take(&mut taken.intake.articles);
    let (corpus, pair) = match ids {
        Some(ids) => {
            let corpus = Corpus::bounded(articles, taken.spill.clone())?;
            let pair = two::find(&corpus, &ids)?;
            (corpus, pair)
        }
        None => {
            if input.inputs.len() != 2 {
                bail!("give two files, or an input and the ids of two articles: retold compare INPUT A B");
            }
            if let Some(file) = taken.intake.files.iter().find(|file| file.articles != 1) {
                let name = clean(&file.file);
                bail!("{name} holds {} articles; name two by their ids with --a and --b", file.articles);
            }
            let [first, _] = &articles[..] else {
                bail!("{} articles were read of two files", articles.len());
            };
            // The corpus has an order of its own.
            let first = first.key();
            let corpus = Corpus::bounded(articles, taken.spill.clone())?;
            let (a, b) = (DocId(0), DocId(1));
            let pair = if corpus.key(a) == first { (a, b) } else { (b, a) };
            (corpus, pair)
        }
    };
    let comparison = compare_two(corpus, pair, &taken.table, &taken.config, &taken.bar)?;
    taken.bar.clear();
    let mut look = output::painted(None, WIDEST);
    // Where colours would be dropped, signs have to stand for them.
    look.colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    SideBySide::new(&comparison).draw(look, args.all, &mut out)?;
    out.flush()?;
    taken.outcome(&input)
}
