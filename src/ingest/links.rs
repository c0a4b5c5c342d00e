//! Files of must-links and cannot-links: three columns `id`, `id`, `must` or `cannot` (parted by tabs, commas or semicolons,
//! with or without a header line `a`, `b`, `link`), or an object with these three fields a line.

use std::path::Path;

use super::labels::{plain_id, read_text};
use crate::constraints::{ConstraintKind, ConstraintLine};
use crate::error::{Error, Place, Warning};

/// Reads a file of must-links and cannot-links; it may be compressed, and in any encoding. A line that cannot be used is a
/// warning, and the others stand.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] if the file cannot be read, [`crate::error::ErrorKind::Table`] if it is damaged.
pub fn read_links(path: &Path) -> Result<(Vec<ConstraintLine>, Vec<Warning>), Error> {
    Ok(parse(&read_text(path)?, &path.display().to_string()))
}

/// The names of the columns, and of the fields of an object.
const COLUMNS: [&str; 3] = ["a", "b", "link"];

/// Line by line, so that a quotation mark that is not closed spoils one line only: no id has a line break in it.
fn parse(text: &str, file: &str) -> (Vec<ConstraintLine>, Vec<Warning>) {
    let (mut links, mut warnings) = (Vec::new(), Vec::new());
    let mut table = None;
    for (number, line) in (1u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let cells = if line.trim_start().starts_with('{') {
            fields(line).map(Some)
        } else {
            let known = table.is_some();
            let table = table.get_or_insert_with(|| Table::of(line));
            if !known && table.columns.is_some() { Ok(None) } else { table.cells(line).map(Some) }
        };
        let place = Place { file: file.to_owned(), line: Some(number) };
        let link = cells.and_then(|cells| {
            let Some([a, b, kind]) = cells else { return Ok(None) };
            if a.is_empty() || b.is_empty() {
                return Err("an id is empty".to_owned());
            }
            let kind = ConstraintKind::parse(&kind).ok_or_else(|| format!("{kind:?} is neither must nor cannot"))?;
            Ok(Some(ConstraintLine { a, b, kind, place: place.clone() }))
        });
        match link {
            Ok(link) => links.extend(link),
            Err(cause) => warnings.push(Warning { place, reason: format!("link not used: {cause}") }),
        }
    }
    (links, warnings)
}

/// The fields of an object.
fn fields(line: &str) -> Result<[String; 3], String> {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(line).map_err(|error| format!("not a JSON object: {error}"))?;
    let field = |name: &str| match object.get(name) {
        Some(serde_json::Value::String(text)) => Ok(text.trim().to_owned()),
        Some(serde_json::Value::Number(number)) => Ok(number.to_string()),
        _ => Err(format!("no field {name:?} that is a text")),
    };
    let [a, b, link] = COLUMNS.map(field);
    Ok([a?, b?, link?])
}

/// How the rows of a table are to be read.
struct Table {
    mark: char,
    /// Where the columns stand, if there is a header line.
    columns: Option<[usize; 3]>,
}

impl Table {
    /// As the first line says.
    fn of(first: &str) -> Self {
        let mark = ['\t', ',', ';'].into_iter().find(|&mark| first.contains(mark)).unwrap_or('\t');
        let bare = Self { mark, columns: None };
        let names: Vec<String> = bare.split(first).iter().map(|name| name.trim().to_lowercase()).collect();
        let places = COLUMNS.map(|column| names.iter().position(|name| name == column));
        let columns = if let [Some(a), Some(b), Some(link)] = places { Some([a, b, link]) } else { None };
        Self { columns, ..bare }
    }

    fn split(&self, line: &str) -> Vec<String> {
        if self.mark == '\t' {
            return line.split('\t').map(|cell| plain_id(cell.trim())).collect();
        }
        let mark = if self.mark == ';' { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).delimiter(mark).from_reader(line.trim().as_bytes());
        let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
        row.iter().map(|cell| cell.trim().to_owned()).collect()
    }

    fn cells(&self, line: &str) -> Result<[String; 3], String> {
        let row = self.split(line);
        if let Some(columns) = self.columns {
            let cell = |at: usize| row.get(at).cloned().ok_or_else(|| format!("only {} columns", row.len()));
            let [a, b, link] = columns.map(cell);
            return Ok([a?, b?, link?]);
        }
        let count = row.len();
        row.try_into().map_err(|_| format!("{count} columns where there should be two ids and must or cannot"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_the_same_links() {
        for text in [
            "x\ty\tmust\nx\tz 1\tcannot\n",
            "x,y,must-link\r\nx,z 1,Cannot-Link",
            "link;note;b;a\nmust;why;y;x\n\ncannot;;z 1;x\n",
            "A,B,Link\n\"x\",y,MUST\nx,\"z 1\",cannot\n",
            "{\"a\":\"x\",\"b\":\"y\",\"link\":\"must\"}\n{\"link\":\"cannot\",\"b\":\"z 1\",\"a\":\"x\",\"by\":\"me\"}\n",
        ] {
            let (links, warnings) = parse(text, "links");
            assert_eq!(warnings, [], "{text}");
            let links: Vec<_> = links.iter().map(|link| (link.a.as_str(), link.b.as_str(), link.kind)).collect();
            assert_eq!(links, [("x", "y", ConstraintKind::Must), ("x", "z 1", ConstraintKind::Cannot)], "{text}");
        }
        assert_eq!(parse("", "links"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_bad_line_is_told_and_the_others_stand() {
        let text = "x,y,must\nx,y\nx,y,perhaps\n,y,must\n\"x,y,must\nx,z,cannot\n{\"a\":\"x\"}\n{oops\n";
        let (links, warnings) = parse(text, "links.csv");
        let lines: Vec<_> = links.iter().map(|link| link.place.line).collect();
        assert_eq!(lines, [Some(1), Some(6)]);
        let told: Vec<String> = warnings.iter().map(|w| format!("{}: {}", w.place, w.reason)).collect();
        for (warning, says) in told.iter().zip([
            "links.csv:2: link not used: 2 columns",
            "links.csv:3: link not used: \"perhaps\" is neither must nor cannot",
            "links.csv:4: link not used: an id is empty",
            "links.csv:5: link not used: 1 columns",
            "links.csv:7: link not used: no field \"b\"",
            "links.csv:8: link not used: not a JSON object",
        ]) {
            assert!(warning.starts_with(says), "{warning}");
        }
        assert_eq!(told.len(), 6);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"[\{\}":,;a-c\t\n ]{0,60}"#) {
            let _ = parse(&text, "links");
        }
    }
}
