//! `retold explain`: why two articles are in one story, or what keeps them apart.

use std::io::{self, Write};

use anyhow::bail;
use retold::explain::{Apart, Explanation, PlacedBy, SharedTerm, Step, Told, Why, explain};
use retold::pipeline::analyse_constrained;
use retold::report::{Micro, SafeJson, clean};

use super::{read_links, take_in, two};
use crate::Outcome;
use crate::args::{ExplainArgs, ExplainFormat};

/// Terms, numbers, names and passages that are shown before the rest is only counted.
const TERMS: usize = 15;
const NUMBERS: usize = 8;
const NAMES: usize = 10;
const PASSAGES: usize = 8;
const CREDITS: usize = 5;
const CONSTRAINTS: usize = 8;
/// Characters of a passage or sentence.
const TEXT: usize = 160;

/// Runs it.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Outcome> {
    let mut input = args.input.clone();
    let ids = two::ids(&args.two, &mut input);
    if ids.is_none() && !input.dump_config {
        bail!("give an input and the ids of two articles: retold explain INPUT A B")
    }
    let links = read_links(&args.stories)?;
    let taken = take_in(&input, |config| args.stories.adjust(config))?;
    let (Some(mut taken), Some(ids)) = (taken, ids) else { return Ok(Outcome::Done) };
    let (corpus, constraints) = taken.corpus(links, input.quiet)?;
    let (a, b) = two::find(&corpus, &ids)?;
    let analysis = analyse_constrained(corpus, constraints, &taken.table, &taken.config, &taken.bar)?;
    let explanation = explain(&analysis, a, b, &taken.config);
    taken.spill.check()?;
    taken.bar.clear();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        ExplainFormat::Terminal => print(&mut out, &explanation)?,
        ExplainFormat::Json => {
            serde_json::to_writer_pretty(SafeJson(&mut out), &explanation)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    taken.outcome(&input)
}

/// Prints it to be read.
fn print(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    article(out, "A", &e.a)?;
    article(out, "B", &e.b)?;
    let verdict = if e.same_story { "one story" } else { "different stories" };
    writeln!(out, "\nVerdict  {verdict}")?;
    if e.one_voice {
        writeln!(out, "  Their texts are the same or nearly so: they are one voice, and there is nothing to score.")?;
    }
    if let Some(score) = &e.score {
        writeln!(out, "\nScore  {}", six(score.total))?;
        for (name, value) in &score.parts {
            let sign = if value.0 < 0 { "" } else { "+" };
            writeln!(out, "  {name:<14} {sign}{}", six(*value))?;
        }
        if !score.linked && score.total.0 > 0 {
            writeln!(out, "  They are not among each other's nearest, so the pair counts as 0 in the stories.")?;
        }
        if score.by_speakers {
            writeln!(out, "  Scored by {} and {}, which speak for them.", clean(&e.a.speaker), clean(&e.b.speaker))?;
        }
    }
    terms(out, "Terms", "what each adds to the cosine", &e.terms, TERMS)?;
    terms(out, "Numbers", "what each adds to the cosine", &e.numbers, NUMBERS)?;
    names(out, e)?;
    text(out, e)?;
    credits(out, e)?;
    if !e.a.days.is_empty() || !e.b.days.is_empty() {
        writeln!(out, "\nDays named")?;
        for (mark, told) in [("A", &e.a), ("B", &e.b)] {
            let days = if told.days.is_empty() { "-".to_owned() } else { told.days.join(", ") };
            writeln!(out, "  {mark}  {days}")?;
        }
    }
    if e.same_story && !e.one_voice {
        writeln!(out, "\nPath")?;
        for step in &e.path {
            writeln!(out, "  {}", joined(step))?;
        }
    }
    live_blogs(out, e)?;
    constraints(out, e)?;
    e.apart.as_ref().map_or(Ok(()), |kept| apart(out, e, kept))
}

/// How the live blogs of the two came to their stories.
fn live_blogs(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    for placed in &e.live_blogs {
        writeln!(out, "\nLive blog  {}", clean(&placed.id))?;
        let least = six(placed.least);
        match (placed.by, placed.link) {
            (PlacedBy::MustLink, _) => writeln!(out, "  It is where a must-link puts it.")?,
            (PlacedBy::Link, Some(link)) => writeln!(
                out,
                "  It is in the story with the best link to it, {} (threshold {least}), and joins no two stories.",
                six(link)
            )?,
            _ => writeln!(out, "  No story that it may be in has a link to it that reaches the threshold, {least}.")?,
        }
        if let (Some(next), Some(link)) = (&placed.next, placed.next_link) {
            writeln!(out, "  Its best link to another story: {}, {next}", six(link))?;
        }
    }
    Ok(())
}

/// What a file of links says of the story of the two, or of their two stories.
fn constraints(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    if e.constraints.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nLinks")?;
    for told in e.constraints.iter().take(CONSTRAINTS) {
        let place = told.place.to_string();
        writeln!(out, "  {}: {}, {} ({})", told.kind, clean(&told.a), clean(&told.b), clean(&place))?;
    }
    more(out, e.constraints.len(), CONSTRAINTS)
}

fn article(out: &mut impl Write, mark: &str, told: &Told) -> io::Result<()> {
    writeln!(out, "{mark}  {}", clean(&told.id))?;
    writeln!(out, "   {}", clean(&told.title))?;
    let outlet = told.outlet.as_deref().map_or_else(|| "no outlet".into(), clean);
    let doubtful = if told.date_doubtful { ", doubtful" } else { "" };
    let date = told
        .date
        .map_or_else(|| "no date".to_owned(), |date| format!("{} ({}{doubtful})", date.told(), date.provenance));
    writeln!(out, "   {outlet}, {date}, {}", told.lang)?;
    let copied = told.copied_from.as_deref().map_or_else(String::new, |of| format!(" of {}", clean(of)));
    let articles =
        if told.story_articles == 1 { "alone".to_owned() } else { format!("{} articles", told.story_articles) };
    writeln!(out, "   {}{copied} in {} ({articles})", told.role, told.story)?;
    if told.voice_articles > 1 {
        let others =
            if told.voice_articles == 2 { "another".to_owned() } else { format!("{} others", told.voice_articles - 1) };
        writeln!(out, "   one voice with {others} of nearly the same text, for which {} speaks", clean(&told.speaker))?;
    }
    Ok(())
}

fn terms(out: &mut impl Write, title: &str, what: &str, terms: &[SharedTerm], shown: usize) -> io::Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}  {} shared, {what}", terms.len())?;
    for term in terms.iter().take(shown) {
        let written = if term.a.to_lowercase() == term.b.to_lowercase() {
            clean(&term.a).into_owned()
        } else {
            format!("{} / {}", clean(&term.a), clean(&term.b))
        };
        writeln!(out, "  {}  {written}", six(term.adds))?;
    }
    let rest = Micro(terms.iter().skip(shown).map(|term| term.adds.0).sum());
    if terms.len() > shown { writeln!(out, "  {}  ({} more)", six(rest), terms.len() - shown) } else { Ok(()) }
}

fn names(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    if e.names.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nNames  {} shared", e.names.len())?;
    for name in e.names.iter().take(NAMES) {
        let rare = if name.counts { ", rare: counts by itself" } else { "" };
        let articles = if name.articles == 1 { "article" } else { "articles" };
        writeln!(out, "  {} (in {} {articles}{rare})", clean(&name.name), name.articles)?;
    }
    more(out, e.names.len(), NAMES)
}

fn text(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    let text = &e.text;
    if text.same {
        return writeln!(out, "\nShared text  the same word for word");
    }
    if text.passages.is_empty() {
        return writeln!(out, "\nShared text  none");
    }
    let percent = |share: Micro| (share.0 + 5000) / 10_000;
    writeln!(
        out,
        "\nShared text  {}% of A's own words, {}% of B's; {} of {}",
        percent(text.of_a),
        percent(text.of_b),
        counted(text.quotations, "rare quotation"),
        counted(text.quoted_words, "word")
    )?;
    for passage in text.passages.iter().take(PASSAGES) {
        writeln!(out, "  {}, {} words: {}", passage.kind, passage.words, short(&passage.text))?;
    }
    more(out, text.passages.len(), PASSAGES)
}

fn credits(out: &mut impl Write, e: &Explanation) -> io::Result<()> {
    if e.a.credits.is_empty() && e.b.credits.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nCredits")?;
    for (mark, told) in [("A", &e.a), ("B", &e.b)] {
        for credit in told.credits.iter().take(CREDITS) {
            let place = if credit.in_lead { "" } else { ", further down" };
            writeln!(out, "  {mark}  {} ({}{place}): {}", clean(&credit.outlet), credit.form, short(&credit.sentence))?;
        }
        more(out, told.credits.len(), CREDITS)?;
        if !told.origins.is_empty() {
            let origins: Vec<_> = told.origins.iter().map(|outlet| clean(outlet)).collect();
            writeln!(out, "  {mark}  confirmed by a near neighbour: {}", origins.join(", "))?;
        }
    }
    Ok(())
}

/// What keeps the two stories apart, in sentences.
fn apart(out: &mut impl Write, e: &Explanation, kept: &Apart) -> io::Result<()> {
    writeln!(out, "\nWhat keeps them apart")?;
    if kept.why == Why::Language {
        return writeln!(
            out,
            "  They are in different languages ({}, {}), which are not compared.",
            e.a.lang, e.b.lang
        );
    }
    if kept.why == Why::CannotLink {
        writeln!(out, "  A cannot-link between their stories, whatever the scores.")?;
    }
    if let Some(score) = e.score.as_ref().filter(|_| kept.why == Why::Link) {
        let side = if score.total < kept.least { "below" } else { "not below" };
        writeln!(out, "  Their own score, {}, is {side} the threshold, {}.", six(score.total), six(kept.least))?;
    }
    if kept.why == Why::RoundUp {
        return writeln!(out, "  A round-up is a story of its own, whatever it is near to.");
    }
    if kept.why == Why::LiveBlog {
        return writeln!(out, "  A live blog is in one story only, the one with the best link to it.");
    }
    let [here, there] = kept.voices;
    let [mean, needed, looser, larger, link, least] =
        [kept.mean, kept.needed, kept.looser, kept.larger, kept.link, kept.least].map(six);
    writeln!(
        out,
        "  The mean score between their stories (of {here} and {there} voices) is {mean}; {needed} is needed."
    )?;
    let [inner, outer] = kept.cohesion.map(six);
    writeln!(
        out,
        "  Mean score inside A's story: {inner}; inside B's: {outer} (a single voice counts as a loose story)."
    )?;
    writeln!(
        out,
        "  Link of the stories: {mean} - {looser} (looser than inside) - {larger} (size) = {link}, threshold {least}."
    )?;
    match &kept.best {
        Some(best) => writeln!(out, "  Best link between them: {}", joined(best)),
        None => writeln!(out, "  No article of the one is linked to any of the other."),
    }
}

fn joined(step: &Step) -> String {
    let must = if step.must_link { ", must-link" } else { "" };
    format!("{} -- {}{must} -- {}", clean(&step.from), six(step.score), clean(&step.to))
}

/// All six digits, so that columns line up and sums can be checked.
fn six(number: Micro) -> String {
    let (sign, micro) = (if number.0 < 0 { "-" } else { "" }, number.0.unsigned_abs());
    format!("{sign}{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// `1 pair`, `2 pairs`.
fn counted(n: u32, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The beginning of a text, fit for one line.
fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let line = clean(&line);
    if line.chars().count() <= TEXT {
        return line.into_owned();
    }
    let mut cut: String = line.chars().take(TEXT).collect();
    if let Some(space) = cut.rfind(' ').filter(|at| *at > TEXT / 2) {
        cut.truncate(space);
    }
    cut.push('…');
    cut
}

fn more(out: &mut impl Write, count: usize, shown: usize) -> io::Result<()> {
    if count > shown { writeln!(out, "  ... and {} more", count - shown) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use retold::config::Config;
    use retold::corpus::Corpus;
    use retold::ingest::{self, Input};
    use retold::outlets::OutletTable;
    use retold::pipeline::analyse;
    use retold::progress::Silent;

    use super::*;

    /// A printed number in millionths.
    fn micro(text: &str) -> i64 {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let value: i64 = digits.parse().expect("a number");
        if text.starts_with('-') { -value } else { value }
    }

    #[test]
    fn the_parts_that_are_printed_add_up_to_the_score() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
        let (config, outlets) = (Config::default(), OutletTable::shipped());
        let intake = ingest::read(&[Input::Path(folder)], &config.ingest, &outlets, &Silent).expect("the newswire");
        let analysis =
            analyse(Corpus::new(intake.articles).expect("few enough"), &outlets, &config, &Silent).expect("memory");
        for link in &analysis.graph.links {
            let [a, b] = [link.a, link.b].map(|voice| analysis.voices.speakers[voice as usize]);
            let mut page = Vec::new();
            print(&mut page, &explain(&analysis, a, b, &config)).expect("memory");
            let page = String::from_utf8(page).expect("it is text");
            let (_, score) = page.split_once("\nScore  ").expect("a score");
            let mut lines = score.lines();
            let total = micro(lines.next().expect("the score"));
            let parts = lines.take_while(|line| line.starts_with("  ") && line.contains(['+', '-']));
            let parts: Vec<i64> =
                parts.map(|line| micro(line.split_whitespace().next_back().expect("a value"))).collect();
            assert!(parts.len() > 2, "{page}");
            assert_eq!(parts.iter().sum::<i64>(), total, "{page}");
        }
    }
}
