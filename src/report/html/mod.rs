//! The report as HTML pages, in one file or in a folder, to be opened from disk: a front page, a page a story, and copies
//! side by side with what they were taken from.
//!
//! The templates are the files of `templates/`; what stands here makes the values that they show. All text of the input goes
//! through `line` or `shown` and is escaped by the templates; addresses go through `web_address`.

mod bar;
mod changes;
mod comparison;
mod drawing;
mod folder;
mod front;
mod material;
mod matrix;
mod sources;
mod story;
mod why;

use std::borrow::Cow;
use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::report::clean::is_hostile;
use crate::report::{Report, Run};
use material::Material;

pub use comparison::write_comparison;
pub(super) use comparison::{Frame, Other, section};
pub(super) use drawing::{day_told, range_told, span_of_days};
pub use folder::Folder;
pub(super) use material::label;
pub(super) use matrix::Matrix;

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");

/// The report in one file. Stories are part of it and loaded when they are asked for; where no scripts run, they follow the
/// front page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Html;

/// Stories that are made at a time: they are written in order while others are in the making.
const BATCH: usize = 128;

impl Report for Html {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let material = Material::new(run, Layout::OneFile);
        let mut body = front::page(&material)?;
        let (before, after) = split(&Page::new("retold", &what(run), "#top", Layout::OneFile, true))?;
        out.write_all(before.as_bytes())?;
        body.push('\n');
        out.write_all(body.as_bytes())?;
        for_each_story(&material, |at, pages| {
            let id = &material.analysis.stories[at].id;
            writeln!(out, "<noscript data-ids=\"{id}\">{}</noscript>", pages.story)?;
            for (id, page) in &pages.comparisons {
                writeln!(out, "<noscript data-ids=\"{id}\">{page}</noscript>")?;
            }
            Ok(())
        })?;
        out.write_all(after.as_bytes())
    }
}

/// Makes the pages of all stories, several at a time, and hands them on in order.
fn for_each_story(
    material: &Material<'_>,
    mut take: impl FnMut(usize, story::Pages) -> io::Result<()>,
) -> io::Result<()> {
    let places: Vec<usize> = (0..material.analysis.stories.len()).collect();
    for batch in places.chunks(BATCH) {
        let pages: Vec<io::Result<story::Pages>> = batch.par_iter().map(|&at| story::pages(material, at)).collect();
        for (&at, pages) in batch.iter().zip(pages) {
            take(at, pages?)?;
        }
    }
    Ok(())
}

/// What the header of the pages says of a run.
fn what(run: &Run<'_>) -> String {
    let range = range_told(run.analysis.corpus.articles().iter().filter_map(|article| article.date));
    format!("{}{range}", crate::report::layout::count(run.analysis.corpus.len(), "article", "articles"))
}

/// How the pages are laid out, which says where links lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    OneFile,
    Folder,
}

/// The frame of a page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page<'a> {
    title: &'a str,
    what: &'a str,
    home: &'a str,
    body: &'a str,
    policy: String,
    /// Whether style and script are files beside the page.
    linked: bool,
    glossary: bool,
    version: &'static str,
    css: &'static str,
    js: &'static str,
}

impl<'a> Page<'a> {
    pub(super) fn new(title: &'a str, what: &'a str, home: &'a str, layout: Layout, glossary: bool) -> Self {
        let linked = layout == Layout::Folder;
        let [style, script] = if linked { ["'self'".into(), "'self'".into()] } else { [STYLE, SCRIPT].map(allowed) };
        let policy =
            format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
        let version = env!("CARGO_PKG_VERSION");
        Self { title, what, home, body: MARK, policy, linked, glossary, version, css: STYLE, js: SCRIPT }
    }
}

/// Stands for the body while the frame is made; no text of the input is in the frame where it could be taken for this.
const MARK: &str = "<!--body-->";

/// What stands before and behind the body of a page.
pub(super) fn split(page: &Page<'_>) -> io::Result<(String, String)> {
    let whole = render(page)?;
    let (before, after) = whole.split_once(MARK).unwrap_or((&whole, ""));
    Ok((before.to_owned(), after.to_owned()))
}

/// A whole page.
fn whole(page: &Page<'_>, body: &str) -> io::Result<String> {
    let (before, after) = split(page)?;
    Ok(format!("{before}{body}{after}"))
}

pub(super) fn render(template: &impl Template) -> io::Result<String> {
    template.render().map_err(io::Error::other)
}

/// An inline style or script as a policy allows it: by its hash.
fn allowed(text: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
}

/// A text as it is shown: without control characters, and without marks that turn the direction of writing; which way a text
/// runs the pages find out by themselves.
fn shown(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_hostile(c) && c != '\n' && c != '\t';
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| !bad(c)).collect())
}

/// The same on one line.
pub(super) fn line(text: &str) -> String {
    shown(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text on one line, at most so many characters, cut between words.
pub(super) fn beginning(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let clean = shown(text);
    for word in clean.split_whitespace() {
        let len = word.chars().count();
        if used > 0 && used + 1 + len > limit {
            out.push_str(" …");
            return out;
        }
        if used > 0 {
            out.push(' ');
        }
        out.extend(word.chars().take(limit));
        used += len + 1;
    }
    out
}

/// An address that may be followed; empty for everything but http and https.
fn web_address(url: Option<&str>) -> String {
    let url = url.unwrap_or("").trim();
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    let plain = !url.contains(|c: char| c.is_control() || c.is_whitespace());
    if plain && matches!(scheme.as_str(), "http" | "https") { url.to_owned() } else { String::new() }
}

/// The code of a language for the attribute `lang`; empty where it is unknown.
fn lang_of(lang: crate::language::Lang) -> String {
    let code = lang.code();
    if code == "und" { String::new() } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_without_what_a_page_would_obey() {
        assert_eq!(shown("a\u{202e}b\u{0}c\nd"), "abc\nd");
        assert_eq!(line(" a\n b\u{1b}[31m "), "a b[31m");
        assert_eq!(beginning("one two three four", 9), "one two …");
        assert_eq!(beginning("abcdefgh", 4), "abcd");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(web_address(Some("https://a.example/x?y=1")), "https://a.example/x?y=1");
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "java\nscript://x", "//a.example", ""]
        {
            assert_eq!(web_address(Some(bad)), "", "{bad}");
        }
    }

    #[test]
    fn the_frame_allows_its_own_style_and_script_and_nothing_else() {
        let page = Page::new("t", "w", "#top", Layout::OneFile, true);
        let html = whole(&page, "<p>body</p>").expect("rendered");
        assert!(
            html.contains("default-src &#39;none&#39;")
                || html.contains("default-src &#x27;none&#x27;")
                || html.contains("default-src 'none'"),
            "{html}"
        );
        assert!(html.contains("<p>body</p>") && !html.contains(MARK));
        // The hash is of what stands between the tags.
        let css = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
        let js = html.rsplit_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).expect("a script").0;
        for text in [css, js] {
            let hash = allowed(text).trim_matches('\'').to_owned();
            assert!(html.contains(&hash), "{hash}");
        }
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
