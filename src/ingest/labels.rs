//! Files of labels: which story each article is said to be in. JSON records (one a line, or an array), a table with a
//! header line, or two columns `id<TAB>label` without one.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;

use super::fields::{Aliases, Field};
use super::record::{ReadRecord, Record};
use super::stream::{Stream, decode};
use crate::error::{Error, ErrorKind};
use crate::progress::Silent;

/// What a file of labels is, where a record has both a label (`story`, `cluster`, ...) and the `story_id` of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// Given by people: the label is meant.
    Gold,
    /// The outcome of a run: the `story_id` is meant.
    Assignments,
}

/// The labels of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The label of each article, by the article's id.
    pub of: BTreeMap<String, String>,
    /// Records that have an id and no label.
    pub unlabelled: usize,
}

/// Reads a file of labels; it may be compressed, and in any encoding.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be opened, [`ErrorKind::Table`] with the line of the first record that is no label,
/// or that gives an article a second one.
pub fn read_labels(path: &Path, kind: LabelKind) -> Result<Labels, Error> {
    let wrong = |(line, cause)| ErrorKind::Table { path: path.to_path_buf(), line, cause }.into();
    parse(&read_text(path)?, kind).map_err(wrong)
}

/// The text of a file of labels or links, which may be compressed, and in any encoding.
pub(super) fn read_text(path: &Path) -> Result<String, Error> {
    let io = |cause| Error::io(path, cause);
    let file = std::fs::File::open(path).map_err(io)?;
    let mut stream = Stream::open(BufReader::new(file), &Silent).map_err(io)?;
    let mut bytes = Vec::new();
    stream.fill_all(&mut bytes);
    if let Some(cause) = stream.damage.take() {
        return Err(ErrorKind::Table { path: path.to_path_buf(), line: 1, cause }.into());
    }
    Ok(decode(bytes).text.trim_start_matches('\u{feff}').to_owned())
}

/// The line, and what is wrong with it.
type Wrong = (u64, String);

fn parse(text: &str, kind: LabelKind) -> Result<Labels, Wrong> {
    let names = Names::new(kind)?;
    let mut labels = Labels::default();
    let start = text.trim_start();
    if start.starts_with('[') {
        let records: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| (1, format!("not JSON: {error}")))?;
        for (n, record) in (1u64..).zip(records) {
            let (id, label) = names.read(record.get()).map_err(|cause| (1, format!("record {n}: {cause}")))?;
            labels.add(id, label).map_err(|cause| (1, format!("record {n}: {cause}")))?;
        }
    } else if start.starts_with('{') {
        for (line, record) in (1u64..).zip(text.lines()).filter(|(_, record)| !record.trim().is_empty()) {
            names.read(record).and_then(|(id, label)| labels.add(id, label)).map_err(|cause| (line, cause))?;
        }
    } else {
        read_table(text, &names, &mut labels)?;
    }
    Ok(labels)
}

/// Reads rows, the first of which may be a header.
fn read_table(text: &str, names: &Names, labels: &mut Labels) -> Result<(), Wrong> {
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else { return Ok(()) };
    let Some(mark) = [b'\t', b',', b';'].into_iter().find(|&mark| first.contains(char::from(mark))) else {
        return Err((
            1,
            "no label: a line is an id, a tab and a label, or the file is JSON lines or a table with a header"
                .to_owned(),
        ));
    };
    let cells = || first.split(char::from(mark)).map(|cell| cell.trim().trim_matches('"'));
    let header: Option<Vec<String>> = names.is_header(cells()).then(|| cells().map(str::to_owned).collect());
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(header.is_some())
        .flexible(true)
        .delimiter(mark)
        .quoting(mark != b'\t' || header.is_some())
        .from_reader(text.as_bytes());
    for row in rows.records() {
        let row = row.map_err(|error| (error.position().map_or(1, csv::Position::line), error.to_string()))?;
        let line = row.position().map_or(1, csv::Position::line);
        let (id, label) = match &header {
            Some(header) => {
                let cells: Vec<(&str, &str)> = header.iter().map(String::as_str).zip(row.iter()).collect();
                names.of_cells(&cells)
            }
            None if row.len() == 2 => {
                Ok((plain_id(row[0].trim()), Some(row[1].trim().to_owned()).filter(|l| !l.is_empty())))
            }
            None => Err(format!("{} columns where there should be an id and a label", row.len())),
        }
        .map_err(|cause| (line, cause))?;
        labels.add(id, label).map_err(|cause| (line, cause))?;
    }
    Ok(())
}

/// An id as our own assignments write it: a JSON string where it could not stand in a line as it is.
pub(super) fn plain_id(written: &str) -> String {
    let quoted = written.starts_with('"');
    quoted.then(|| serde_json::from_str(written).ok()).flatten().unwrap_or_else(|| written.to_owned())
}

/// The names of the fields, the best set first.
struct Names(Vec<Aliases>);

impl Names {
    fn new(kind: LabelKind) -> Result<Self, Wrong> {
        let plain = Aliases::new(&BTreeMap::new());
        let of_run = Aliases::new(&BTreeMap::from([("label".to_owned(), "story_id".to_owned())]));
        let sets = match kind {
            LabelKind::Gold => [plain, of_run],
            LabelKind::Assignments => [of_run, plain],
        };
        sets.into_iter().collect::<Result<_, _>>().map(Self).map_err(|cause| (1, cause))
    }

    fn is_header<'a>(&self, cells: impl Iterator<Item = &'a str>) -> bool {
        let (mut id, mut label) = (false, false);
        for cell in cells {
            for aliases in &self.0 {
                let fields = || aliases.of_key(cell).iter().map(|&rank| aliases.get(rank).field);
                id |= fields().any(|field| field == Field::Id);
                label |= fields().any(|field| field == Field::Label);
            }
        }
        id && label
    }

    /// The id and the label of a record that is read with each set of names until one finds a label.
    fn best(&self, read: impl Fn(&Aliases) -> Result<Record, String>) -> Result<(String, Option<String>), String> {
        let mut id = None;
        for aliases in &self.0 {
            let mut record = read(aliases)?;
            id = record.take(Field::Id).map(|found| found.value);
            if let Some((id, label)) = id.clone().zip(record.take(Field::Label)) {
                return Ok((id, Some(label.value)));
            }
        }
        Ok((id.ok_or("no id")?, None))
    }

    fn read(&self, json: &str) -> Result<(String, Option<String>), String> {
        self.best(|aliases| {
            let mut from = serde_json::Deserializer::from_str(json);
            let record = ReadRecord { aliases, keep: false }.deserialize(&mut from);
            record.and_then(|record| from.end().map(|()| record)).map_err(|error| format!("not a JSON object: {error}"))
        })
    }

    fn of_cells(&self, cells: &[(&str, &str)]) -> Result<(String, Option<String>), String> {
        self.best(|aliases| {
            let mut record = Record::default();
            for (key, value) in cells {
                record.put_text(aliases, key, value);
            }
            Ok(record)
        })
    }
}

impl Labels {
    fn add(&mut self, id: String, label: Option<String>) -> Result<(), String> {
        let Some(label) = label else {
            self.unlabelled += 1;
            return Ok(());
        };
        match self.of.get(&id) {
            Some(before) if *before != label => {
                Err(format!("{id:?} is labelled {label:?} and, further up, {before:?}"))
            }
            _ => {
                self.of.insert(id, label);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str, kind: LabelKind) -> Vec<(String, String)> {
        parse(text, kind).expect("labels").of.into_iter().collect()
    }

    #[test]
    fn every_form_gives_the_same_labels() {
        let expected = [("a".to_owned(), "x".to_owned()), ("b".to_owned(), "7".to_owned())];
        for text in [
            "{\"id\":\"a\",\"story\":\"x\"}\n\n{\"uri\":\"b\",\"cluster\":7}\n",
            "[{\"id\":\"a\",\"story\":\"x\"},{\"id\":\"b\",\"newsCluster\":{\"EventId\":7}}]",
            "id,story\na,x\nb,7\n",
            "Story;Title;ID\nx;\"T;U\";a\n7;V;b\n",
            "id\tstory_id\na\tx\nb\t7\n",
            "a\tx\nb\t7",
            "a,x\r\nb,7\r\n",
            "\"\\u0061\"\tx\nb\t7\n",
        ] {
            assert_eq!(labels(text, LabelKind::Gold), expected, "{text}");
            assert_eq!(labels(text, LabelKind::Assignments), expected, "{text}");
        }
    }

    #[test]
    fn gold_and_the_outcome_of_a_run_stand_in_one_file() {
        let text = "{\"id\":\"a\",\"story\":\"gold\",\"story_id\":\"run\"}";
        assert_eq!(labels(text, LabelKind::Gold)[0].1, "gold");
        assert_eq!(labels(text, LabelKind::Assignments)[0].1, "run");
    }

    #[test]
    fn what_is_no_label_is_told_with_its_line() {
        assert_eq!(parse("id,story\na,\nb,x\n", LabelKind::Gold).expect("labels").unlabelled, 1);
        for (text, line, why) in [
            ("{\"id\":\"a\",\"story\":\"x\"}\n{\"story\":\"x\"}", 2, "no id"),
            ("{\"id\":\"a\",\"story\":\"x\"}\noops", 2, "not a JSON object"),
            ("{\"id\":\"a\",\"story\":\"x\"}\n{\"id\":\"a\",\"story\":\"y\"}", 2, "further up"),
            ("a\tx\nb\n", 2, "1 columns"),
            ("nothing here", 1, "no label"),
        ] {
            let (at, cause) = parse(text, LabelKind::Gold).expect_err(text);
            assert_eq!(at, line, "{text}");
            assert!(cause.contains(why), "{cause}");
        }
        assert_eq!(parse("", LabelKind::Gold), Ok(Labels::default()));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"[\{\}\[\]":,;a-c\t\n ]{0,60}"#) {
            let _ = parse(&text, LabelKind::Gold);
        }
    }
}
