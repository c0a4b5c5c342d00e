//! CSV and its relatives: a header line that names the columns, a row an article.

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::build::{Context, Reduce, build};
use super::fields::Aliases;
use super::format::{Format, delimiter};
use super::grain;
use super::record::Record;
use super::report::Taken;

/// Rows that are built at a time.
const BATCH: usize = 4096;

/// Reads a table. A row with more or fewer cells than the header is skipped; where a quote that is never closed swallows
/// the rest of the file, reading goes on in the line after it.
pub(super) fn read_table<T: Send>(
    text: &str,
    format: Format,
    context: Context<'_>,
    reduce: Reduce<'_, T>,
    taken: &mut Taken<T>,
) {
    let separator = separator(text, format, context.aliases);
    let mut header = csv::StringRecord::new();
    if !rows(text, separator).read_record(&mut header).unwrap_or(false) {
        return;
    }
    if header.iter().all(|name| context.aliases.of_key(name).is_empty()) {
        let reason = "no column of the header line has a name that is known; say --field text=COLUMN".to_owned();
        taken.skip(Some(1), reason);
        return;
    }
    let mut batch = Vec::new();
    each_row(text, separator, |line, _, row| {
        batch.push((line, row));
        if batch.len() == BATCH {
            take_batch(&mut batch, &header, grain(text.len()), context, reduce, taken);
        }
    });
    take_batch(&mut batch, &header, grain(text.len()), context, reduce, taken);
}

/// What stands between the cells of a table.
pub(super) fn separator(text: &str, format: Format, aliases: &Aliases) -> u8 {
    match format {
        Format::Tsv => b'\t',
        _ => delimiter(text, aliases, 1).unwrap_or(b','),
    }
}

/// The header line as it stands in the text.
pub(super) fn header(text: &str, separator: u8) -> &str {
    let mut reader = rows(text, separator);
    let found = reader.read_record(&mut csv::StringRecord::new()).unwrap_or(false);
    let end = if found { usize::try_from(reader.position().byte()).unwrap_or(0) } else { 0 };
    &text[..line_end(text, end)]
}

/// The end of a line of which the reader has taken the `\r` and left the `\n`.
fn line_end(text: &str, at: usize) -> usize {
    at + usize::from(text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

/// Calls `each` with the rows behind the header: the line that it begins in, all that stands in the text from the end of the row
/// before to its own, and its cells, or why it has none.
pub(super) fn each_row(text: &str, separator: u8, mut each: impl FnMut(u64, &str, Result<csv::StringRecord, String>)) {
    let mut reader = rows(text, separator);
    let mut header = csv::StringRecord::new();
    if !reader.read_record(&mut header).unwrap_or(false) {
        return;
    }
    // Where `reader` began in the text: its byte and line; and where the row before ended.
    let (mut start, mut line) = (0usize, 0u64);
    let mut behind = line_end(text, usize::try_from(reader.position().byte()).unwrap_or(0));
    loop {
        let mut row = csv::StringRecord::new();
        let at = reader.position().clone();
        // The text is UTF-8, memory does not fail, and any width is allowed.
        if !reader.read_record(&mut row).unwrap_or(false) {
            break;
        }
        let at = row.position().cloned().unwrap_or(at);
        let number = line + at.line();
        let begin = start + usize::try_from(at.byte()).unwrap_or(0);
        let end = start + usize::try_from(reader.position().byte()).unwrap_or(0);
        let raw = text.get(begin..end).unwrap_or("").trim_start_matches(['\n', '\r']);
        // Only a quote that is never closed makes a row run to the end of the file.
        let swallowed = end >= text.len() && raw.matches('"').count() % 2 == 1;
        let whole = |end: usize| text.get(behind..end).unwrap_or("");
        if !swallowed {
            let cells = row.len();
            let fits = cells == header.len();
            let width = || format!("{cells} cells where the header line has {}", header.len());
            let end = line_end(text, end);
            each(number, whole(end), if fits { Ok(row) } else { Err(width()) });
            behind = end;
            continue;
        }
        let next = raw.find('\n').map(|next| end - raw.len() + next + 1);
        each(number, whole(next.unwrap_or(end)), Err("a quote in this row is never closed".to_owned()));
        behind = next.unwrap_or(end);
        if let Some(next) = next {
            start = next;
            line = text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count() as u64;
            reader = rows(&text[start..], separator);
        }
    }
}

fn rows(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// Builds the rows that could be read.
fn take_batch<T: Send>(
    batch: &mut Vec<(u64, Result<csv::StringRecord, String>)>,
    header: &csv::StringRecord,
    grain: usize,
    context: Context<'_>,
    reduce: Reduce<'_, T>,
    taken: &mut Taken<T>,
) {
    let read: Vec<_> = std::mem::take(batch)
        .into_par_iter()
        .with_min_len(grain)
        .map(|(line, row)| {
            let row = match row {
                Ok(row) => row,
                Err(reason) => return (line, Err(reason)),
            };
            let mut record = Record::default();
            for (name, cell) in header.iter().zip(&row) {
                record.put_text(context.aliases, name, cell);
            }
            if context.config.keep_fields {
                let cell = |(name, cell): (&str, &str)| (name.to_owned(), Value::String(cell.to_owned()));
                record.fields = Some(header.iter().zip(&row).map(cell).collect::<Map<_, _>>());
            }
            (line, build(record, context).map(|built| built.reduce(reduce)))
        })
        .collect();
    for (line, outcome) in read {
        taken.add(Some(line), outcome);
    }
}
