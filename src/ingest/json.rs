//! JSON: lines of objects, and documents (an article, an array of articles, an object that holds such an array, or
//! several of these one after the other).

use std::fmt;
use std::io::BufRead;
use std::sync::mpsc;

use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::build::{Built, Context, Reduce, build};
use super::grain;
use super::record::ReadRecord;
use super::report::Taken;
use super::stream::{Stream, decode};

/// Bytes of lines that are parsed at a time: with what is made of them they stay in the memory near to a core.
const BATCH: usize = 1 << 20;

/// Bytes that all other fields of an article may take beside a text of any length.
const OTHERS: usize = 4 << 20;

/// One record.
fn read_record(json: &str, context: Context<'_>) -> Result<Built, String> {
    let mut from = serde_json::Deserializer::from_str(json);
    let seed = ReadRecord { aliases: context.aliases, keep: context.config.keep_fields };
    let record = seed.deserialize(&mut from).and_then(|record| from.end().map(|()| record));
    match record {
        Ok(record) => build(record, context),
        Err(_) if !json.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(json).is_ok() => {
            Err("JSON, but not an object".to_owned())
        }
        Err(error) => Err(format!("not JSON: {}", told(&error))),
    }
}

/// What is wrong and at which column; the line is known better by the reader.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or("");
    format!("{text} at column {}", error.column())
}

/// Some whole lines of a file.
struct Batch {
    bytes: Vec<u8>,
    /// A line before the first was too long to be read.
    overlong: bool,
}

/// Reads JSON lines; `head` is what has been read of the stream already. Lines are parsed in parallel while the next ones
/// are being decompressed.
pub(super) fn read_lines<T: Send>(
    mut stream: Stream<'_>,
    mut head: Vec<u8>,
    context: Context<'_>,
    reduce: Reduce<'_, T>,
    taken: &mut Taken<T>,
) {
    if encoding_rs::Encoding::for_bom(&head).is_some() || head.iter().take(1000).filter(|&&b| b == 0).count() > 100 {
        stream.fill_all(&mut head);
        let decoded = decode(head);
        taken.encoding = decoded.encoding;
        taken.damage = stream.damage.take();
        head = decoded.text.into_bytes();
        stream.ended = true;
    }
    // An article may be six times as long in JSON, and has other fields.
    let limit =
        usize::try_from(context.config.max_article).unwrap_or(usize::MAX).saturating_mul(8).saturating_add(OTHERS);
    let (give, get) = mpsc::sync_channel(2);
    let (give_back, used) = mpsc::channel();
    let mut line = 1;
    if stream.ended {
        // One batch, and nothing to wait for.
        taken.damage = taken.damage.take().or(cut(stream, head, limit, &give, &used));
        drop(give);
        for batch in get {
            take_batch(&batch, &mut line, context, reduce, taken);
        }
        taken.last_line = Some(line);
        return;
    }
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || cut(stream, head, limit, &give, &used));
        for batch in get {
            take_batch(&batch, &mut line, context, reduce, taken);
            // One that had to grow for a long line is not kept; nobody takes any once everything has been read.
            if batch.bytes.capacity() <= 2 * BATCH {
                let _ = give_back.send(batch.bytes);
            }
        }
        let damage = reader.join().unwrap_or_else(|_| Some("reading broke off".to_owned()));
        taken.damage = taken.damage.take().or(damage);
        taken.last_line = Some(line);
    });
}

/// Cuts a stream into batches of whole lines; gives the damage that ended it. Memory of batches that are `used` is taken again.
fn cut(
    mut stream: Stream<'_>,
    mut buffer: Vec<u8>,
    limit: usize,
    give: &mpsc::SyncSender<Batch>,
    used: &mpsc::Receiver<Vec<u8>>,
) -> Option<String> {
    let mut dropping = false;
    let mut overlong = false;
    let mut want = BATCH;
    loop {
        stream.fill(&mut buffer, want);
        let ended = stream.ended;
        let end = if ended { Some(buffer.len()) } else { buffer.iter().rposition(|&b| b == b'\n').map(|at| at + 1) };
        let Some(end) = end else {
            if buffer.len() >= limit {
                dropping = true;
                buffer.clear();
            }
            want = if dropping { BATCH } else { buffer.len() + BATCH };
            continue;
        };
        let mut rest = used.try_recv().unwrap_or_default();
        rest.clear();
        rest.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
        let mut bytes = std::mem::replace(&mut buffer, rest);
        if dropping {
            let line = bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |at| at + 1);
            bytes.drain(..line);
            (dropping, overlong) = (false, true);
        }
        if (!bytes.is_empty() || overlong) && give.send(Batch { bytes, overlong }).is_err() || ended {
            return stream.damage;
        }
        overlong = false;
        want = BATCH.max(buffer.len() + BATCH / 2);
    }
}

fn take_batch<T: Send>(
    batch: &Batch,
    line: &mut u64,
    context: Context<'_>,
    reduce: Reduce<'_, T>,
    taken: &mut Taken<T>,
) {
    if batch.overlong {
        taken.skip(Some(*line), "the line is far above the limit for an article (--max-article)".to_owned());
        *line += 1;
    }
    let mut lines = Vec::new();
    let mut rest = batch.bytes.as_slice();
    while !rest.is_empty() {
        let before = rest;
        // The standard library's fast search for a byte.
        let Ok(length) = rest.skip_until(b'\n') else { break };
        let bytes = before[..length].trim_ascii();
        if !bytes.is_empty() {
            lines.push((*line, bytes));
        }
        *line += u64::from(before[..length].ends_with(b"\n"));
    }
    let read: Vec<_> = lines
        .into_par_iter()
        .with_min_len(grain(batch.bytes.len()))
        .map(|(line, bytes)| {
            let (outcome, encoding) = match std::str::from_utf8(bytes) {
                Ok(text) => (read_record(text, context), None),
                Err(_) => {
                    let decoded = decode(bytes.to_vec());
                    let outcome = read_record(decoded.text.trim(), context).map(|mut built| {
                        let how =
                            if decoded.replaced { "bytes that cannot be read were replaced" } else { "decoded so" };
                        built.warnings.push(format!("not valid UTF-8; taken as {}, {how}", decoded.encoding));
                        built
                    });
                    (outcome, Some(decoded.encoding))
                }
            };
            (line, outcome.map(|built| built.reduce(reduce)), encoding)
        })
        .collect();
    for (line, outcome, encoding) in read {
        if let Some(encoding) = encoding.filter(|e| *e != "UTF-8") {
            taken.encoding = encoding;
        }
        taken.add(Some(line), outcome);
    }
}

/// Keys whose arrays hold articles.
const WRAPPERS: [&str; 10] =
    ["articles", "items", "results", "clusters", "stories", "data", "documents", "docs", "hits", "news"];

/// Reads JSON documents.
pub(super) fn read_document<T: Send>(text: &str, context: Context<'_>, reduce: Reduce<'_, T>, taken: &mut Taken<T>) {
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut records = Vec::new();
    let mut broken = None;
    while !rest.trim_start().is_empty() {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                gather(value.get(), context, &mut records);
                rest = &rest[values.byte_offset()..];
            }
            Some(Err(error)) => {
                // What stands before the damage is good.
                let mut from = serde_json::Deserializer::from_str(rest);
                let _ = Gather { out: &mut records, depth: 0 }.deserialize(&mut from);
                broken = Some((line_after(text, rest, &error), format!("not JSON: {}", told(&error))));
                break;
            }
            None => break,
        }
    }
    let read = |record: &str| read_record(record, context).map(|built| built.reduce(reduce));
    let read: Vec<_> = records.par_iter().with_min_len(grain(text.len())).map(|record| read(record)).collect();
    let (mut line, mut at) = (1, 0);
    for (record, outcome) in records.iter().zip(read) {
        // The records are parts of the text, in order.
        let start = (record.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
        line += newlines(&text.as_bytes()[at.min(start)..start]);
        at = start;
        taken.add(Some(line), outcome);
    }
    if let Some((line, reason)) = broken {
        taken.skip(Some(line), reason);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&b| b == b'\n').count() as u64
}

/// The line of the whole text at which a part of it could not be read on.
fn line_after(text: &str, rest: &str, error: &serde_json::Error) -> u64 {
    newlines(&text.as_bytes()[..text.len().saturating_sub(rest.len())]) + (error.line() as u64).max(1)
}

/// Adds the records of a document. An object is an article if it has a text of its own, else a wrapper if it has one of
/// the keys of wrappers.
fn gather<'a>(json: &'a str, context: Context<'_>, out: &mut Vec<&'a str>) {
    let before = out.len();
    let mut from = serde_json::Deserializer::from_str(json);
    let wrapper = Gather { out, depth: 0 }.deserialize(&mut from).unwrap_or(false);
    let article = json.starts_with('{')
        && (!wrapper || {
            let mut from = serde_json::Deserializer::from_str(json);
            let record = ReadRecord { aliases: context.aliases, keep: false }.deserialize(&mut from);
            record.is_ok_and(|r| r.get(super::fields::Field::Text).is_some())
        });
    if article || !wrapper {
        out.truncate(before);
        out.push(json);
    }
}

/// Gathers the records of an array, or of the arrays in an object under the keys of wrappers; gives whether there were
/// such. What was gathered before an error stays.
struct Gather<'o, 'de> {
    out: &'o mut Vec<&'de str>,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Gather<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Gather<'_, 'de> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while let Some(item) = list.next_element::<&'de RawValue>()? {
            let item = item.get();
            let start = self.out.len();
            // Clusters, each with its articles.
            let mut from = serde_json::Deserializer::from_str(item);
            let deeper = self.depth < 4
                && item.starts_with('{')
                && Gather { out: &mut *self.out, depth: 9 }.deserialize(&mut from).unwrap_or(false);
            if !deeper || self.out.len() == start {
                self.out.truncate(start);
                self.out.push(item);
            }
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut wrapper = false;
        while let Some(key) = map.next_key::<String>()? {
            let key = key.to_lowercase();
            // Inside an article other lists may be called "items" or "data"; a cluster says "articles".
            let named = if self.depth == 9 { key == "articles" } else { WRAPPERS.contains(&key.as_str()) };
            if named && (self.depth < 4 || self.depth == 9) {
                let depth = if self.depth == 9 { 8 } else { self.depth + 1 };
                wrapper |= map.next_value_seed(Gather { out: &mut *self.out, depth })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(wrapper)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}
