//! Text of others made safe: for a terminal, for a line of a table, and inside JSON that somebody may print.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a terminal may obey a character instead of showing it: control characters (escape sequences begin with one, and
/// U+009B is one by itself) and the marks that turn the direction of writing.
#[must_use]
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// Text made safe to print on one line: hostile characters become U+FFFD; line breaks and tabs become spaces.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// An id for a line of a table: as it is, or, where it holds a hostile character or begins with a quotation mark, as a JSON
/// string. [`read_id`] reads both.
#[must_use]
pub fn write_id(id: &str) -> Cow<'_, str> {
    if !id.starts_with('"') && !id.contains(is_hostile) {
        return Cow::Borrowed(id);
    }
    let quoted = serde_json::Value::from(id).to_string();
    Cow::Owned(escape(&quoted).into_owned())
}

/// The id that [`write_id`] wrote; what begins with a quotation mark and is no JSON string stays as it is.
#[must_use]
pub fn read_id(written: &str) -> Cow<'_, str> {
    if !written.starts_with('"') {
        return Cow::Borrowed(written);
    }
    serde_json::from_str::<String>(written).map_or(Cow::Borrowed(written), Cow::Owned)
}

/// Hostile characters of a piece of JSON as `\uXXXX`. Those below U+0020 that JSON leaves are white space between values.
fn escape(json: &str) -> Cow<'_, str> {
    let bad = |c: char| c >= '\u{7f}' && is_hostile(c);
    if !json.contains(bad) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if bad(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Takes JSON and writes the same JSON without hostile characters: outside its strings JSON has none, and inside them an
/// escape says the same. Pieces must end between characters, as those of `serde_json` do.
#[derive(Debug)]
pub struct SafeJson<W>(pub W);

impl<W: Write> Write for SafeJson<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(buf) {
            Ok(text) => self.0.write_all(escape(text).as_bytes())?,
            Err(_) => self.0.write_all(buf)?,
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_made_harmless() {
        assert_eq!(clean("plain ß"), "plain ß");
        assert_eq!(clean("a\u{1b}[31mb\u{9b}c\u{202e}d\ne\0"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d e\u{fffd}");
    }

    #[test]
    fn ids_come_back() {
        for id in [
            "plain",
            "with space",
            "C:\\news\\a",
            "tab\there",
            "two\nlines",
            "\"quoted\"",
            "\"",
            "\u{9b}31m",
            "",
            "ß\u{202e}",
        ] {
            let written = write_id(id);
            assert_eq!(read_id(&written), id);
            assert!(!written.contains(is_hostile), "{written:?}");
        }
        assert_eq!(write_id("C:\\news\\a"), "C:\\news\\a");
    }

    #[test]
    fn json_says_the_same() {
        let text = "a\u{1b}b\u{9b}c\u{202e}d\u{7f}e\nß😀";
        let mut out = SafeJson(Vec::new());
        serde_json::to_writer(&mut out, &[text]).expect("memory takes everything");
        let json = String::from_utf8(out.0).expect("it is text");
        assert!(!json.contains(is_hostile));
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).expect("it is JSON"), [text]);
    }
}
