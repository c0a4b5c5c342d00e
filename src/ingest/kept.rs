//! The input written out again without some of its articles: what is left stays as it is, byte for byte.

use std::io::{self, Write};

use super::fields::Aliases;
use super::stream::{Stream, decode};
use super::{File, FileReport, Format, Input, list, table};
use crate::config::IngestConfig;
use crate::progress::Progress;

/// Writes the inputs once more without the articles for which `leave_out` says so, given their file, a place in `files`, and
/// their line. Lines of JSON and rows of tables are written as they are, those that hold no article too; a table's header line
/// once; of text files the names, one a line. Only what is not UTF-8 becomes UTF-8, and a last line gets its end.
///
/// # Errors
/// What `out` says, or that a file cannot be read again. A JSON document is no lines, and the tables of a run must have the
/// same columns.
pub fn write_kept(
    inputs: &[Input],
    files: &[FileReport],
    config: &IngestConfig,
    leave_out: impl Fn(u32, Option<u64>) -> bool,
    progress: &dyn Progress,
    out: &mut dyn Write,
) -> io::Result<()> {
    let aliases = Aliases::new(&config.fields).map_err(io::Error::other)?;
    let mut listed = Vec::new();
    for input in inputs {
        list(input, &mut listed, &mut Vec::new()).map_err(io::Error::other)?;
    }
    let mut header: Option<String> = None;
    for (number, report) in (0u32..).zip(files) {
        // A file that is new since is not asked about.
        let Some(file) = listed.iter().find(|file| file.name == report.file) else {
            return Err(io::Error::other(format!("{}: is not there any more", report.file)));
        };
        let again = |cause: io::Error| io::Error::other(format!("{}: {cause}", report.file));
        match report.format {
            None => {}
            Some(Format::Text) if report.articles > 0 && !leave_out(number, None) => {
                writeln!(out, "{}", file.name)?;
            }
            Some(Format::Text) => {}
            Some(Format::Jsonl) => {
                let stream = open(file, progress).map_err(again)?;
                each_line(stream, &mut |line, bytes| {
                    if leave_out(number, Some(line)) {
                        return Ok(());
                    }
                    out.write_all(bytes)?;
                    if bytes.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n") }
                })?;
            }
            Some(format @ (Format::Csv | Format::Tsv)) => {
                let mut bytes = Vec::new();
                open(file, progress).map_err(again)?.fill_all(&mut bytes);
                let text = decode(bytes).text;
                let mut write = |line: u64, raw: &str| {
                    if leave_out(number, Some(line)) {
                        return Ok(());
                    }
                    out.write_all(raw.as_bytes())?;
                    if raw.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
                };
                let separator = table::separator(&text, format, &aliases);
                let (first, mut failed) = (table::header(&text, separator), Ok(()));
                match &header {
                    None => {
                        write(1, first)?;
                        header = Some(first.trim_end().to_owned());
                    }
                    Some(header) if header == first.trim_end() => {}
                    Some(_) => {
                        let why = format!("{}: has other columns than the tables before it", report.file);
                        return Err(io::Error::other(why));
                    }
                }
                table::each_row(&text, separator, |line, raw, _| {
                    if failed.is_ok() {
                        failed = write(line, raw);
                    }
                });
                failed?;
            }
            Some(Format::Json) => {
                let why = format!("{}: is a JSON document and has no lines; make JSON lines of it", report.file);
                return Err(io::Error::other(why));
            }
        }
    }
    Ok(())
}

fn open<'a>(file: &File, progress: &'a dyn Progress) -> io::Result<Stream<'a>> {
    match &file.path {
        Some(path) => Stream::open(std::fs::File::open(path)?, progress),
        None => Err(io::Error::other("standard input can be read only once")),
    }
}

/// Calls `each` with every line and its number, from 1.
fn each_line(mut stream: Stream<'_>, each: &mut dyn FnMut(u64, &[u8]) -> io::Result<()>) -> io::Result<()> {
    const STEP: usize = 1 << 20;
    let (mut buffer, mut line) = (Vec::new(), 0);
    stream.fill(&mut buffer, STEP);
    if encoding_rs::Encoding::for_bom(&buffer).is_some() || buffer.iter().take(1000).filter(|&&b| b == 0).count() > 100
    {
        stream.fill_all(&mut buffer);
        buffer = decode(buffer).text.into_bytes();
    }
    loop {
        let mut begin = 0;
        while let Some(len) = buffer[begin..].iter().position(|&b| b == b'\n') {
            line += 1;
            each(line, &buffer[begin..=begin + len])?;
            begin += len + 1;
        }
        buffer.drain(..begin);
        if stream.ended {
            return if buffer.is_empty() { Ok(()) } else { each(line + 1, &buffer) };
        }
        let want = buffer.len() + STEP;
        stream.fill(&mut buffer, want);
    }
}
