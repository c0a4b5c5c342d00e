//! Which format a file is in, found in its first bytes; its name decides only where they do not.

use serde::Serialize;

use super::fields::{Aliases, Field};

/// How the articles of a file are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One article, as it stands.
    Text,
    /// A JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table with a header line.
    Csv,
    /// The same with tabs.
    Tsv,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        })
    }
}

/// What a file begins with if it is something that holds no article for us.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 16] = [
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PAR1", "a Parquet file, which is not read yet"),
        (b"WARC/", "a WARC archive, which is not read yet"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3", "an SQLite database"),
        (b"BZh", "compressed with bzip2; unpack it first"),
        (b"\xfd7zXZ\x00", "compressed with xz; unpack it first"),
        (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
        (b"Rar!", "a RAR archive; unpack it first"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"RIFF", "sound or film"),
        (b"ID3", "sound"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("a tar archive; unpack it first");
    }
    let start = String::from_utf8_lossy(&head[..head.len().min(400)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Some("an HTML page, which is not read yet");
    }
    if ["<?xml", "<rss", "<feed", "<doc", "<tei"].iter().any(|tag| start.starts_with(tag)) {
        return Some("an XML file, which is not read yet");
    }
    None
}

/// Whether decoded text is no text: NUL bytes, or more than a few control characters.
pub(super) fn is_binary(text: &str) -> bool {
    let sample = || text.chars().take(8192);
    let odd = sample()
        .filter(|&c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\u{85}') || c == '\u{fffd}')
        .count();
    sample().any(|c| c == '\0') || odd * 20 > sample().count()
}

/// The format of a file, from the beginning of its text (`whole`: all of it) and its name without a compression ending.
pub(super) fn detect(sample: &str, whole: bool, name: &str, aliases: &Aliases) -> Format {
    let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    let start = sample.trim_start();
    let named_lines = matches!(ending.as_str(), "jsonl" | "ndjson" | "jsonlines" | "ldjson");
    if let Some(list) = start.strip_prefix('[') {
        let inner = list.trim_start();
        // `[Elmford]` opens a text.
        if inner.is_empty() || inner.starts_with(['{', ']']) || ending == "json" {
            return Format::Json;
        }
    }
    if start.starts_with('{') {
        return if named_lines || looks_like_lines(start, whole) { Format::Jsonl } else { Format::Json };
    }
    if named_lines {
        return Format::Jsonl;
    }
    if ending == "json" {
        return if looks_like_lines(start, whole) { Format::Jsonl } else { Format::Json };
    }
    if let Some(delimiter) = delimiter(sample, aliases, 2) {
        return if delimiter == b'\t' { Format::Tsv } else { Format::Csv };
    }
    match ending.as_str() {
        "csv" => Format::Csv,
        "tsv" | "tab" => Format::Tsv,
        // One bad line at the top does not make lines of JSON a text.
        _ if looks_like_lines(start, whole) => Format::Jsonl,
        _ => Format::Text,
    }
}

/// Whether the lines are JSON objects, apart from a few.
fn looks_like_lines(sample: &str, whole: bool) -> bool {
    let mut lines: Vec<&str> = sample.lines().take(50).map(str::trim).collect();
    if !whole && lines.len() < 50 {
        // The last one may be cut.
        lines.pop();
    }
    lines.retain(|l| !l.is_empty());
    let objects = lines.iter().filter(|l| l.starts_with('{') && l.ends_with('}')).count();
    objects >= 2 && objects * 2 >= lines.len()
}

/// The separator of a table: the one that cuts its header line into the most names that are known, at least `least` of
/// them and one of a text or title.
pub(super) fn delimiter(sample: &str, aliases: &Aliases, least: usize) -> Option<u8> {
    let header = sample.trim_start_matches('\u{feff}').lines().find(|l| !l.trim().is_empty())?;
    let known = |mark: u8| {
        let cells = || header.split(char::from(mark)).map(|c| c.trim().trim_matches('"'));
        let fields = || cells().flat_map(|c| aliases.of_key(c)).map(|&r| aliases.get(r).field);
        let body = fields().any(|f| matches!(f, Field::Text | Field::Stub | Field::Title));
        if body { cells().filter(|c| !aliases.of_key(c).is_empty()).count() } else { 0 }
    };
    let best = b"\t,;|".iter().copied().rev().max_by_key(|&mark| known(mark))?;
    (known(best) >= least).then_some(best)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn formats_are_found_by_content() {
        let aliases = Aliases::new(&BTreeMap::new()).expect("the table");
        for (text, name, format) in [
            ("{\"id\":1}\n{\"id\":2}\n", "x", Format::Jsonl),
            ("{\"id\":1}\n", "x.txt", Format::Json),
            ("{\"id\":1}\n", "x.jsonl", Format::Jsonl),
            ("oops\n{\"id\":1}\n{\"id\":2}\n", "x.log", Format::Jsonl),
            ("{\n  \"id\": 1\n}", "x", Format::Json),
            (" [ {\"id\":1}]", "x", Format::Json),
            ("[]", "x", Format::Json),
            ("[Elmford] The bridge is open.", "x.txt", Format::Text),
            ("id,title,text\n1,a,b\n", "x.txt", Format::Csv),
            ("id;Title;body\n", "x", Format::Csv),
            ("url\tTitle\ttext\n", "x", Format::Tsv),
            ("Title, date and place\nThe bridge", "x", Format::Text),
            ("a,b\n1,2\n", "x.csv", Format::Csv),
            ("The bridge is open.", "x", Format::Text),
            ("", "x", Format::Text),
        ] {
            assert_eq!(detect(text, true, name, &aliases), format, "{text:?} {name}");
        }
        assert!(foreign(b"%PDF-1.7").is_some() && foreign(b" <!DOCTYPE html>").is_some() && foreign(b"text").is_none());
        assert!(is_binary("a\0b") && !is_binary("a\tb\n") && !is_binary(""));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}", bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let aliases = Aliases::new(&BTreeMap::new()).expect("the table");
            detect(&text, false, &text, &aliases);
            foreign(&bytes);
            is_binary(&text);
        }
    }
}
