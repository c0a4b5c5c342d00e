//! Plain text: a file an article. The text is the whole file; what its first and last lines say is marked in it.

use super::build::{Built, Context, check, outlet_of};
use super::text_head::recognise;
use crate::article::{Article, Date, Provenance, Text};

/// Makes an article of a file's text; `name` is the file's name.
///
/// # Errors
/// The reason why it is none.
pub(super) fn read_text(text: String, name: &str, context: Context<'_>) -> Result<Built, String> {
    if text.trim().is_empty() {
        return Err("empty".to_owned());
    }
    check(None, &text, context.config)?;
    let head = recognise(&text, context.table);
    let mut derived = Vec::new();
    let date = head.date.map(|moment| {
        derived.push(("date", "line of the text"));
        Date { at: moment.at, resolution: moment.resolution, provenance: Provenance::PageHeader }
    });
    if head.title.is_some() {
        derived.push(("title", "line of the text"));
    }
    if head.outlet.is_some() {
        derived.push(("outlet", "line of the text"));
    }
    derived.push(("text", "the whole file"));
    let outlet = outlet_of(head.outlet.as_deref(), None, context.table, &mut Vec::new());
    let lang = context.languages.of(&text[head.prose..], None);
    let article = Article {
        id: id_of(name),
        outlet,
        title: head.title,
        date,
        lang,
        head: head.spans,
        text: Text::keep(text, context.spill),
        ..Article::default()
    };
    Ok(Built { article, used: Vec::new(), derived, warnings: Vec::new() })
}

/// The file's name without its ending.
fn id_of(name: &str) -> String {
    let name = without_compression(name);
    let stem = name.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty()).unwrap_or(name);
    if stem == "-" { String::new() } else { stem.to_owned() }
}

/// A file's name without the ending of its compression.
pub(super) fn without_compression(name: &str) -> &str {
    let ending = [".gz", ".zst", ".gzip", ".zstd"].iter().find(|e| name.to_ascii_lowercase().ends_with(**e));
    ending.map_or(name, |e| &name[..name.len() - e.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_file_names_without_endings() {
        for (name, id) in [("a.txt", "a"), ("a.b.txt.gz", "a.b"), ("a", "a"), (".txt", ".txt"), ("-", "")] {
            assert_eq!(id_of(name), id);
        }
    }
}
