//! Passages for people: what was found in numbers, then each passage with who had it first, then the pairs that share most.
//!
//! Every text that comes from the input is cleaned here, whoever prints the result.

use std::cmp::Reverse;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::article::DocId;
use crate::copies::shares::pair_shares;
use crate::passages::{Direction, PassageGroup, PassageKind};
use crate::pipeline::ReportedPassage;
use crate::report::layout::{BOLD, DIM, clip, count, date_of, paint, percent, wrap};
use crate::report::passages::PassageRun;
use crate::report::passages::model::{articles_of, in_order, summary, text_of};
use crate::report::{Look, clean};

/// Lines of a passage that are shown before it is cut.
const LINES: usize = 2;
/// Pairs that are shown.
const PAIRS: usize = 10;
/// Columns of a label such as "Direction".
const LABEL: usize = 11;
/// Columns before everything but the numbers.
const INDENT: usize = 4;

pub(super) fn write(run: &PassageRun<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let look = Look { width: look.width.max(40), ..look };
    let mut page = Page { out, look, run };
    page.counts()?;
    page.groups()?;
    page.pairs()
}

struct Page<'a, 'r> {
    out: &'a mut dyn Write,
    look: Look,
    run: &'a PassageRun<'r>,
}

impl Page<'_, '_> {
    fn counts(&mut self) -> io::Result<()> {
        let summary = summary(self.run);
        let kinds = PassageKind::ALL.map(PassageKind::name);
        let kinds = kinds.into_iter().filter_map(|kind| {
            let found = *summary.kinds.get(kind)?;
            (found > 0).then(|| format!("{kind} {found}"))
        });
        let kinds: Vec<String> = kinds.collect();
        let passages = count(summary.passages, "passage", "passages");
        let mut line = format!(
            "{}, {}, {passages}",
            count(summary.articles_used, "article", "articles"),
            count(summary.pairs, "pair that shares text", "pairs that share text"),
        );
        if !kinds.is_empty() {
            line = format!("{line}: {}", kinds.join(", "));
        }
        for line in wrap(&line, self.look.width) {
            writeln!(self.out, "{}", paint(self.look.colour, BOLD, &line))?;
        }
        Ok(())
    }

    fn groups(&mut self) -> io::Result<()> {
        let groups = in_order(self.run);
        let shown = self.look.top.unwrap_or(usize::MAX);
        // The strongest of the judgements of a group speaks for it.
        let mut judged: Vec<Option<&ReportedPassage>> = vec![None; self.run.report.groups.len()];
        for one in &self.run.report.passages {
            let entry = &mut judged[one.group];
            if entry.is_none_or(|best| strength(one, self.first(one.group)) > strength(best, self.first(one.group))) {
                *entry = Some(one);
            }
        }
        for (number, &(at, words)) in (1..).zip(groups.iter().take(shown)) {
            self.group(number, &self.run.report.groups[at], words, judged[at])?;
        }
        self.hidden(groups.len().saturating_sub(shown), "more passage", "more passages")
    }

    /// The article that has a group first.
    fn first(&self, group: usize) -> Option<DocId> {
        self.run.report.groups[group].places.first().map(|place| place.doc)
    }

    fn group(
        &mut self,
        number: usize,
        group: &PassageGroup,
        words: usize,
        judged: Option<&ReportedPassage>,
    ) -> io::Result<()> {
        let colour = self.look.colour;
        let text = text_of(self.run, group);
        let text = clean(&text);
        let room = self.look.width - INDENT;
        let mut lines = wrap(&text, room);
        if self.look.top.is_some() && lines.len() > LINES {
            lines.truncate(LINES);
            if let Some(last) = lines.last_mut() {
                *last = clip(&format!("{last} …"), room);
            }
        }
        writeln!(self.out)?;
        for (at, line) in lines.iter().enumerate() {
            let margin = if at == 0 { format!("{number:>2}  ") } else { " ".repeat(INDENT) };
            writeln!(self.out, "{margin}{}", paint(colour, BOLD, line))?;
        }
        let kind = group.kind.name();
        let facts =
            format!(", {}, in {}", count(words, "word", "words"), count(articles_of(group), "article", "articles"));
        writeln!(self.out, "    {}{facts}  {}", paint(colour, style(group.kind), kind), paint(colour, DIM, &group.id))?;
        if let Some(first) = group.places.first() {
            let dated = self.run.found.corpus.get(first.doc).date.is_some();
            let label = if dated { "Earliest" } else { "In" };
            self.labelled(label, &self.who(first.doc))?;
        }
        match judged {
            Some(one) => self.labelled("Direction", &self.direction(one)),
            None => Ok(()),
        }
    }

    /// `The Harbour Ledger, 2031-03-04 09:15, ledger-1`.
    fn who(&self, doc: DocId) -> String {
        let article = self.run.found.corpus.get(doc);
        let outlet = article.outlet_name().map_or_else(|| "unknown outlet".to_owned(), |name| clean(name).into_owned());
        let date = article.date.map_or_else(|| "undated".to_owned(), date_of);
        format!("{outlet}, {date}, {}", clean(&article.id))
    }

    /// Which way the passage went and why, in words.
    fn direction(&self, one: &ReportedPassage) -> String {
        let name = |doc: DocId| {
            let article = self.run.found.corpus.get(doc);
            clean(&article.id).into_owned()
        };
        let (a, b) = (name(one.passage.a), name(one.passage.b));
        let (reason, sure) = (clean(&one.judgement.reason), one.judgement.confidence.name());
        match one.judgement.direction {
            Direction::AToB => format!("from {a} to {b}: {reason} ({sure} confidence)"),
            Direction::BToA => format!("from {b} to {a}: {reason} ({sure} confidence)"),
            Direction::CommonOrigin => format!("{a} and {b} have it from elsewhere: {reason} ({sure} confidence)"),
            Direction::Undecided => format!("undecided: {reason}"),
        }
    }

    fn pairs(&mut self) -> io::Result<()> {
        let normalised = &self.run.found.normalised;
        let pairs = self.run.pairs().filter_map(|passages| {
            let one = &passages.first()?.passage;
            let shares = pair_shares(passages.iter().map(|one| &one.passage), one.a, one.b, normalised);
            // The article more of which stands in the other comes first.
            let (a, b) = ((one.a, shares.of_a), (one.b, shares.of_b));
            Some(if a.1 >= b.1 { (a, b) } else { (b, a) })
        });
        let mut pairs: Vec<_> = pairs.collect();
        // A stable sort: pairs that share alike stay in the order of their ids.
        pairs.sort_by_key(|(more, less)| (Reverse(more.1), Reverse(less.1)));
        if pairs.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{}", paint(self.look.colour, BOLD, "Pairs that share most"))?;
        let shown = if self.look.top.is_some() { PAIRS } else { usize::MAX };
        for ((a, of_a), (b, of_b)) in pairs.iter().take(shown) {
            let [a, b] = [a, b].map(|doc| clean(&self.run.found.corpus.get(*doc).id).into_owned());
            let line = format!("{} of {a} stands in {b}, {} the other way round", percent(*of_a), percent(*of_b));
            for (at, line) in wrap(&line, self.look.width - INDENT - 2).iter().enumerate() {
                writeln!(self.out, "{}{line}", " ".repeat(if at == 0 { INDENT } else { INDENT + 2 }))?;
            }
        }
        self.hidden(pairs.len().saturating_sub(shown), "more pair", "more pairs")
    }

    fn hidden(&mut self, number: usize, one: &str, many: &str) -> io::Result<()> {
        if number == 0 {
            return Ok(());
        }
        let line = format!("… and {} (--all shows them)", count(number, one, many));
        writeln!(self.out, "\n{}", paint(self.look.colour, DIM, &line))
    }

    /// A label and a text that goes on below itself.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (at, line) in wrap(text, self.look.width - INDENT - LABEL).iter().enumerate() {
            let label = format!("{:<LABEL$}", if at == 0 { label } else { "" });
            writeln!(self.out, "    {}{line}", paint(self.look.colour, DIM, &label))?;
        }
        Ok(())
    }
}

/// What a judgement is worth for its group: what is decided, then what the first article takes part in, then what is sure.
fn strength(one: &ReportedPassage, first: Option<DocId>) -> impl Ord + use<> {
    let decided = one.judgement.direction != Direction::Undecided;
    let with_first = Some(one.passage.a) == first || Some(one.passage.b) == first;
    (with_first, decided, one.judgement.confidence)
}

fn style(kind: PassageKind) -> Style {
    match kind {
        PassageKind::Prose => AnsiColor::Yellow.on_default(),
        PassageKind::Quote | PassageKind::Attributed => AnsiColor::Cyan.on_default(),
        PassageKind::Headline | PassageKind::List | PassageKind::Furniture => AnsiColor::Magenta.on_default(),
    }
}
