//! A summary for people: what came in, then the stories by size, each with its members as small trees of copies.
//!
//! Every text that comes from the input is cleaned here, whoever prints the result.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::article::{Date, DocId, Resolution};
use crate::cluster::{Member, Origin, Role, Story};
use crate::constraints::ConstraintKind;
use crate::copies::CopyGroup;
use crate::graph::Part;
use crate::pipeline::Analysis;
use crate::report::layout::{BOLD, DIM, clip, count, date_of, pad, paint, wrap};
use crate::report::{Micro, Report, Run, clean, model};

/// How much is shown, and how.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of a line, 40 at least.
    pub width: usize,
    /// Whether escape sequences for colours are written.
    pub colour: bool,
    /// Stories that are shown, the largest first; `None` for all, with all their members.
    pub top: Option<usize>,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 100, colour: false, top: Some(20) }
    }
}

/// The summary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// How it looks.
    pub look: Look,
}

/// Members of a story that are shown before the rest is only counted.
const MEMBERS: usize = 16;
/// Parts of a score that are named.
const PARTS: usize = 3;
/// Columns of a label such as "Origin".
const LABEL: usize = 11;
/// Columns that an outlet and the branches before it may take.
const OUTLET: usize = 30;
/// Fewer columns than this are not worth a title.
const TITLE: usize = 16;

const DOUBT: Style = AnsiColor::Red.on_default();

impl Report for Terminal {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let look = Look { width: self.look.width.max(40), ..self.look };
        let mut page = Page { out, look, analysis: run.analysis };
        page.counts(run)?;
        let shown = look.top.unwrap_or(usize::MAX);
        let stories = || run.analysis.stories.iter().filter(|story| story.members.len() > 1);
        for (at, story) in stories().take(shown).enumerate() {
            page.story(at + 1, story)?;
        }
        let hidden = stories().count().saturating_sub(shown);
        if hidden > 0 {
            writeln!(
                page.out,
                "\n{}",
                page.paint(DIM, &format!("… and {} (--all shows them)", count(hidden, "more story", "more stories")))
            )?;
        }
        Ok(())
    }
}

struct Page<'a> {
    out: &'a mut dyn Write,
    look: Look,
    analysis: &'a Analysis,
}

/// A line of the list of members.
struct Row<'a> {
    /// Branches of the tree of copies.
    branch: String,
    member: &'a Member,
}

impl Page<'_> {
    fn paint<'t>(&self, style: Style, text: &'t str) -> Cow<'t, str> {
        paint(self.look.colour, style, text)
    }

    fn counts(&mut self, run: &Run<'_>) -> io::Result<()> {
        let summary = model::summary(run);
        let several = summary.stories - summary.singletons;
        let articles = count(summary.articles_used, "article", "articles");
        let line = format!(
            "{articles} from {}: {} of two or more, {} of one",
            count(summary.outlets, "outlet", "outlets"),
            count(several, "story", "stories"),
            summary.singletons
        );
        writeln!(self.out, "{}", self.paint(BOLD, &line))?;
        let mut more =
            vec![count(summary.copy_groups, "copy group", "copy groups"), count(summary.voices, "voice", "voices")];
        let languages: Vec<String> = summary.languages.iter().map(|(code, n)| format!("{code} {n}")).collect();
        more.extend((!languages.is_empty()).then(|| format!("languages {}", languages.join(", "))));
        more.extend((summary.must_links > 0).then(|| count(summary.must_links, "must-link", "must-links")));
        more.extend((summary.cannot_links > 0).then(|| count(summary.cannot_links, "cannot-link", "cannot-links")));
        let left = run.left_out.total();
        more.extend((left > 0).then(|| format!("{left} left out")));
        more.extend((summary.skipped > 0).then(|| format!("{} skipped", summary.skipped)));
        more.extend((summary.warnings > 0).then(|| count(summary.warnings, "warning", "warnings")));
        for line in wrap(&more.join("; "), self.look.width) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn story(&mut self, number: usize, story: &Story) -> io::Result<()> {
        let number = format!("{number:>2}  ");
        let indent = " ".repeat(number.len());
        let room = self.look.width - number.len();
        let headline = clean(&story.headline);
        writeln!(self.out)?;
        for (at, line) in wrap(&headline, room).iter().enumerate() {
            writeln!(self.out, "{}{}", if at == 0 { &number } else { &indent }, self.paint(BOLD, line))?;
        }
        let mut facts = vec![count(story.members.len(), "article", "articles")];
        facts.push(count(story.outlets.len(), "outlet", "outlets"));
        facts.push(count(story.independent.len(), "origin", "origins"));
        facts.extend(self.span(story));
        let facts = format!("{}  ", facts.join(", "));
        writeln!(self.out, "{indent}{facts}{}", self.paint(DIM, &story.id))?;

        let independent: Vec<Cow<'_, str>> = story.independent.iter().map(|name| clean(name)).collect();
        self.labelled(&indent, "Own words", &independent.join(", "))?;
        self.origin(&indent, story)?;
        let terms: Vec<Cow<'_, str>> = story.key_terms.iter().map(|term| clean(term)).collect();
        self.labelled(&indent, "Terms", &terms.join(", "))?;
        self.cohesion(&indent, story)?;
        self.members(&indent, story)?;
        self.constraints(&indent, story)?;
        for (at, related) in story.related.iter().enumerate() {
            let other = &self.analysis.stories[related.story];
            let text = format!("{} ({}, {})", clean(&other.headline), other.id, Micro(related.score / 1000 * 1000));
            self.labelled(&indent, if at == 0 { "Related" } else { "" }, &text)?;
        }
        Ok(())
    }

    /// How near its voices are to each other, which of them is the least so, and by what that one is in.
    fn cohesion(&mut self, indent: &str, story: &Story) -> io::Result<()> {
        let (Some(cohesion), Some((weakest, mean))) = (story.cohesion, story.weakest) else { return Ok(()) };
        let corpus = &self.analysis.corpus;
        let name = |doc: DocId| corpus.get(doc).outlet_name().map_or_else(|| clean(&corpus.get(doc).id), clean);
        let three = |score: i64| Micro(score / 1000 * 1000);
        let (link, why) = match story.link_of_weakest() {
            None => (String::new(), "a must-link".to_owned()),
            Some(link) => {
                let mut parts: Vec<_> = link.parts.iter().filter(|part| part.value > 0).collect();
                parts.sort_by_key(|part| (std::cmp::Reverse(part.value), part.kind));
                let part = |part: &&Part| format!("{} {}", part.kind.name(), three(part.value));
                let parts: Vec<String> = parts.iter().take(PARTS).map(part).collect();
                let other = if link.a == weakest { link.b } else { link.a };
                (format!("its link to {} ({}): ", name(other), three(link.score)), parts.join(", "))
            }
        };
        let voices: HashSet<u32> = story.members.iter().map(|m| self.analysis.voices.of[m.doc.index()]).collect();
        // Of two one is as weak as the other.
        let text = if voices.len() == 2 {
            format!("{}, by {why}", three(cohesion))
        } else {
            format!("{}; weakest {} ({}), in by {link}{why}", three(cohesion), name(weakest), three(mean))
        };
        self.labelled(indent, "Cohesion", &text)
    }

    /// How many pairs people put into the story, and how many they keep out of it.
    fn constraints(&mut self, indent: &str, story: &Story) -> io::Result<()> {
        let of = |kind| story.constraints.iter().filter(|constraint| constraint.kind == kind).count();
        let (must, cannot) = (of(ConstraintKind::Must), of(ConstraintKind::Cannot));
        let mut said = Vec::new();
        said.extend((must > 0).then(|| count(must, "must-link", "must-links")));
        said.extend((cannot > 0).then(|| count(cannot, "cannot-link", "cannot-links")));
        self.labelled(indent, "Corrected", &said.join(", "))
    }

    /// First and last day.
    fn span(&self, story: &Story) -> Option<String> {
        let day = |date: Date| date_of(Date { resolution: Resolution::Day, ..date });
        let (first, last) = (day(story.first?), day(story.last?));
        Some(if first == last { first } else { format!("{first} to {last}") })
    }

    fn origin(&mut self, indent: &str, story: &Story) -> io::Result<()> {
        let corpus = &self.analysis.corpus;
        let outlet = |doc: DocId| corpus.get(doc).outlet_name().map_or_else(|| clean(&corpus.get(doc).id), clean);
        match &story.origin {
            Origin::Undecided { reason } => self.labelled(indent, "Origin", &format!("undecided: {reason}")),
            Origin::Article { doc, confidence } => {
                let text = format!("{}, whose text the others have ({} confidence)", outlet(*doc), confidence.name());
                self.labelled(indent, "Origin", &text)
            }
            Origin::Credited { outlet: name, doc, evidence, confidence } => {
                let here = if doc.is_some() { "" } else { ", whose own article is not here" };
                let by = count(evidence.len(), "article", "articles");
                let text = format!("{}{here}; credited by {by} ({} confidence)", clean(name), confidence.name());
                self.labelled(indent, "Origin", &text)?;
                let Some(first) = evidence.first() else { return Ok(()) };
                let sentence = clean(&first.sentence.part_of(&corpus.get(first.doc).text)).trim().to_owned();
                let by = format!("  {}", outlet(first.doc));
                let room = (self.look.width - indent.len() - LABEL) * 2;
                let room = room.saturating_sub(by.width() + 4);
                let sentence = around(&sentence, name, room);
                self.labelled(indent, "", &format!("“{sentence}”{by}"))
            }
        }
    }

    /// A label and a text that goes on below itself.
    fn labelled(&mut self, indent: &str, label: &str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        for (at, line) in wrap(text, self.look.width - indent.len() - LABEL).iter().enumerate() {
            let label = format!("{:<LABEL$}", if at == 0 { label } else { "" });
            writeln!(self.out, "{indent}{}{line}", self.paint(DIM, &label))?;
        }
        Ok(())
    }

    fn members(&mut self, indent: &str, story: &Story) -> io::Result<()> {
        let rows = rows(story);
        let limit = if self.look.top.is_none() || rows.len() <= MEMBERS + 1 { rows.len() } else { MEMBERS };
        let corpus = &self.analysis.corpus;
        let who = |row: &Row<'_>| {
            let article = corpus.get(row.member.doc);
            let name = article
                .outlet_name()
                .map_or_else(|| format!("[{}]", clean(&article.id)), |name| clean(name).into_owned());
            clip(&format!("{}{name}", row.branch), OUTLET)
        };
        let shown: Vec<([String; 3], &Row<'_>)> =
            rows[..limit].iter().map(|row| ([who(row), self.date(row.member), standing(row.member)], row)).collect();
        let widest = |column: usize| shown.iter().map(|(cells, _)| cells[column].width()).max().unwrap_or(0);
        let [first, second, third] = [0, 1, 2].map(widest);
        for ([who, date, standing], row) in &shown {
            let used = indent.len() + first + second + third + 6;
            let title = self.title(story, row.member, self.look.width.saturating_sub(used));
            let date_style = if row.member.doubtful_date { DOUBT } else { DIM };
            let date = pad(date, second);
            let (date, role) = (self.paint(date_style, &date), self.paint(style(row.member.role), standing));
            write!(self.out, "{indent}{}  {date}  {role}", pad(who, first))?;
            if !title.is_empty() {
                write!(self.out, "{}{title}", " ".repeat(third - standing.width() + 2))?;
            }
            writeln!(self.out)?;
        }
        let hidden = rows.len() - limit;
        if hidden > 0 {
            writeln!(self.out, "{indent}{}", self.paint(DIM, &format!("… and {hidden} more (--all shows them)")))?;
        }
        Ok(())
    }

    fn date(&self, member: &Member) -> String {
        let date = self.analysis.corpus.get(member.doc).date.map_or_else(|| "undated".to_owned(), date_of);
        if member.doubtful_date { format!("{date} ?") } else { date }
    }

    /// The title, unless it says what the headline says.
    fn title(&self, story: &Story, member: &Member, room: usize) -> String {
        let title = self.analysis.corpus.get(member.doc).headline(300);
        let same = |title: &str| title.to_lowercase().starts_with(&story.headline.to_lowercase());
        if room < TITLE || same(&title) { String::new() } else { clip(&clean(&title), room) }
    }
}

/// Members by date; those of a copy group stand together, as the tree that they hang in, where its first one stands.
fn rows(story: &Story) -> Vec<Row<'_>> {
    let members: HashMap<DocId, &Member> = story.members.iter().map(|member| (member.doc, member)).collect();
    let trees: Vec<Tree> = story.copy_groups.iter().map(Tree::of).collect();
    let mut rows = Vec::with_capacity(story.members.len());
    let mut done: HashSet<DocId> = HashSet::new();
    for member in &story.members {
        if done.contains(&member.doc) {
            continue;
        }
        match member.copy_group.and_then(|at| trees.get(at)) {
            None => rows.push(Row { branch: String::new(), member }),
            Some(tree) => tree.rows(&members, &mut rows, &mut done),
        }
    }
    rows
}

/// A copy group by what hangs on what.
struct Tree {
    roots: Vec<DocId>,
    copies: HashMap<DocId, Vec<DocId>>,
}

impl Tree {
    fn of(group: &CopyGroup) -> Self {
        let hangs_on: HashMap<DocId, DocId> = group.links.iter().map(|link| (link.copy, link.of)).collect();
        let mut tree = Self { roots: Vec::new(), copies: HashMap::new() };
        for &doc in &group.members {
            match hangs_on.get(&doc) {
                Some(&of) => tree.copies.entry(of).or_default().push(doc),
                None => tree.roots.push(doc),
            }
        }
        tree
    }

    /// Adds its members depth first.
    fn rows<'a>(&self, members: &HashMap<DocId, &'a Member>, rows: &mut Vec<Row<'a>>, done: &mut HashSet<DocId>) {
        // (article, branches before its own, its own branch)
        let mut open: Vec<(DocId, String, &str)> =
            self.roots.iter().rev().map(|&doc| (doc, String::new(), "")).collect();
        while let Some((doc, before, own)) = open.pop() {
            let Some(member) = members.get(&doc).filter(|_| done.insert(doc)) else { continue };
            rows.push(Row { branch: format!("{before}{own}"), member });
            let below = match own {
                "" => before,
                "└ " => format!("{before}  "),
                _ => format!("{before}│ "),
            };
            let copies = self.copies.get(&doc).map_or(&[][..], Vec::as_slice);
            for (at, &copy) in copies.iter().rev().enumerate() {
                open.push((copy, below.clone(), if at == 0 { "└ " } else { "├ " }));
            }
        }
    }
}

/// What a member is, and how much of it is copied.
fn standing(member: &Member) -> String {
    match &member.copied_from {
        Some(link) => format!("{} {} %", member.role.name(), link.coverage / 10_000),
        None => member.role.name().to_owned(),
    }
}

fn style(role: Role) -> Style {
    match role {
        Role::Original => AnsiColor::Green.on_default(),
        Role::Copy | Role::PartialCopy | Role::Revision => AnsiColor::Yellow.on_default(),
        Role::Stub | Role::RoundUp | Role::LiveBlog => AnsiColor::Magenta.on_default(),
        Role::Report => AnsiColor::Cyan.on_default(),
    }
}

/// So many columns of a sentence, with `name` among them if it stands there.
fn around(sentence: &str, name: &str, width: usize) -> String {
    let at = sentence.find(name).or_else(|| {
        let last = name.split_whitespace().next_back()?;
        sentence.find(last)
    });
    let end = at.map_or(0, |at| at + name.len()).min(sentence.len());
    if sentence.width() <= width || sentence.get(..end).is_none_or(|head| head.width() < width) {
        return clip(sentence, width);
    }
    // Words are taken off the front until the name fits.
    let mut rest = sentence;
    while let Some((_, behind)) = rest.split_once(' ') {
        let missing = sentence.len() - behind.len();
        let fits =
            end.checked_sub(missing).and_then(|end| behind.get(..end)).is_none_or(|head| head.width() + 3 < width);
        rest = behind;
        if fits {
            break;
        }
    }
    clip(&format!("… {rest}"), width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_sentence_keeps_the_name() {
        let sentence =
            format!("{} told The Harbour Ledger on Tuesday that {}", "many words ".repeat(20), "and more ".repeat(20));
        let short = around(&sentence, "The Harbour Ledger", 60);
        assert!(short.contains("The Harbour Ledger") && short.width() <= 60, "{short}");
        assert_eq!(around("He told The Post.", "The Post", 60), "He told The Post.");
    }
}
