//! `retold compare`: two articles side by side, with what they share.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::bail;
use retold::article::DocId;
use retold::corpus::Corpus;
use retold::pipeline::compare_two;
use retold::report::html::write_comparison;
use retold::report::side_by_side::SideBySide;
use retold::report::{Sink, Target, clean};

use super::{output, take_in, two};
use crate::Outcome;
use crate::args::{CompareArgs, CompareFormat};

/// Two texts beside each other are wider than one.
const WIDEST: usize = 200;

/// Runs it.
pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<Outcome> {
    let mut input = args.input.clone();
    let ids = two::ids(&args.two, &mut input);
    let path = output::path(args.output.as_deref());
    let format = format(args, path)?;
    let sink = match path.filter(|_| !input.dump_config) {
        Some(path) => {
            output::spare_the_input(&input.inputs, &[path.to_path_buf()])?;
            Some(Sink::open(Target::Path(path.to_path_buf()))?)
        }
        None => None,
    };
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
    let page = SideBySide::new(&comparison);
    match (sink, format) {
        (Some(sink), CompareFormat::Html) => sink.write(|out| write_comparison(&comparison, out))?,
        (Some(sink), CompareFormat::Terminal) => sink.write(|out| page.draw(output::plain(None), args.all, out))?,
        (None, CompareFormat::Html) => {
            Sink::open(output::to_programs())?.write(|out| write_comparison(&comparison, out))?;
        }
        (None, CompareFormat::Terminal) => {
            let mut look = output::painted(None, WIDEST);
            // Where colours would be dropped, signs have to stand for them.
            look.colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
            let mut out = io::BufWriter::new(anstream::stdout().lock());
            page.draw(look, args.all, &mut out)?;
            out.flush()?;
        }
    }
    taken.outcome(&input)
}

/// The form that is asked for by name or by the ending of the file.
fn format(args: &CompareArgs, path: Option<&Path>) -> anyhow::Result<CompareFormat> {
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match (args.format, path) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(CompareFormat::Terminal),
        (None, Some(path)) => match ending(path).as_deref() {
            Some("html" | "htm") => Ok(CompareFormat::Html),
            Some("txt") => Ok(CompareFormat::Terminal),
            _ => bail!("-o {}: the ending says no form of output (.txt, .html); say --format", path.display()),
        },
    }
}
