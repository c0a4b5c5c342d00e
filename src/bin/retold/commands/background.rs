//! `retold background`: a table of how frequent the terms of a language are.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use retold::article::DocId;
use retold::corpus::Corpus;
use retold::normalise::{CreditFinder, normalise};
use retold::survey::survey;
use retold::vectorise::{background_from_frequencies, background_table, vectorise};

use super::take_in;
use crate::Outcome;
use crate::args::BackgroundArgs;

/// Runs it. Every article is a voice of its own: what is counted is the news, not the stories.
pub(crate) fn run(args: &BackgroundArgs) -> anyhow::Result<Outcome> {
    let Some(path) = args.output.as_ref().filter(|_| !args.input.dump_config) else {
        take_in(&args.input, |_| {})?;
        return Ok(Outcome::Done);
    };
    let [lang] = args.input.langs[..] else { bail!("say which language the table is of, for example --lang en") };
    if let Some(list) = &args.frequencies {
        let table = background_from_frequencies(lang, &frequencies(list)?)?;
        std::fs::write(path, table).with_context(|| path.display().to_string())?;
        return Ok(Outcome::Done);
    }
    let Some(mut taken) = take_in(&args.input, |_| {})? else { return Ok(Outcome::Done) };
    let corpus = Corpus::bounded(std::mem::take(&mut taken.intake.articles), taken.spill.clone())?;
    if corpus.is_empty() {
        bail!("the input has no article in the language {lang}");
    }
    // Before the work, so that a bad path fails early.
    let mut file = File::create(path).with_context(|| path.display().to_string())?;
    let credits = CreditFinder::new(&taken.table, corpus.articles().iter().filter_map(|article| article.outlet_name()));
    let mut normalised = normalise(&corpus, &credits, &taken.bar);
    let survey = survey(&corpus, &mut normalised, &taken.bar);
    let everyone: Vec<DocId> = corpus.iter().map(|(doc, _)| doc).collect();
    let vectors = vectorise(&everyone, &normalised, &survey, &taken.config.vectorise, &taken.bar);
    let table = background_table(lang, &normalised, &survey, &vectors)?;
    taken.spill.check()?;
    taken.bar.clear();
    file.write_all(&table).with_context(|| path.display().to_string())?;
    if !args.input.quiet {
        anstream::eprintln!("retold: a table of {} articles, {} bytes", corpus.len(), table.len());
    }
    taken.outcome(&args.input)
}

/// Reads lines of a word, a tab and its frequency.
fn frequencies(path: &Path) -> anyhow::Result<Vec<(String, f64)>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let read = |(number, line): (usize, &str)| {
        let pair = line.split_once('\t').and_then(|(word, f)| Some((word.to_owned(), f.trim().parse::<f64>().ok()?)));
        pair.with_context(|| format!("{}, line {}: not a word, a tab and a frequency", path.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
