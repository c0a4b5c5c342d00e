//! Folders of labelled passages: the articles, the cases (which stretch of a text was copied from which stretch of another),
//! and, where only some pairs of articles are to be judged, those pairs.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::labels::read_text;
use crate::error::{Error, ErrorKind};

/// A copied passage as a file of labels names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    /// The line it stands on, from 1.
    pub line: u64,
    /// The id of the article that copied.
    pub dst: String,
    /// The id of the article that it copied from.
    pub src: String,
    /// Where the passage stands in the text of `dst`, in Unicode code points.
    pub dst_range: Range<u32>,
    /// Where it stands in the text of `src`, in Unicode code points.
    pub src_range: Range<u32>,
    /// What was done to it: `verbatim` and the like, in the words of the file.
    pub kind: String,
}

/// A pair of articles that is to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairLine {
    /// The line it stands on, from 1.
    pub line: u64,
    /// The type of the pair, in the words of the file.
    pub kind: String,
    /// The id of the article that may have copied.
    pub dst: String,
    /// The id of the article that it may have copied from.
    pub src: String,
}

/// The pairs of articles that alone are to be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairFile {
    /// Where they were read.
    pub path: PathBuf,
    /// One a line.
    pub lines: Vec<PairLine>,
}

/// A folder of labelled passages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFolder {
    /// The file of the articles; it is not read yet.
    pub docs: PathBuf,
    /// Where the cases were read.
    pub path: PathBuf,
    /// The cases.
    pub cases: Vec<CaseLine>,
    /// The pairs that are judged; `None` if all are.
    pub pairs: Option<PairFile>,
}

/// Reads `gold.jsonl` and, if it is there, `pairs.tsv` of a folder, and finds `docs.jsonl` or `docs.jsonl.zst` in it.
///
/// # Errors
/// [`ErrorKind::Io`] if one of the files cannot be opened, [`ErrorKind::Table`] with the line of the first record that is no
/// case or no pair.
pub fn read_cases(folder: &Path) -> Result<CaseFolder, Error> {
    let plain = folder.join("docs.jsonl");
    let packed = folder.join("docs.jsonl.zst");
    let docs = if plain.exists() || !packed.exists() { plain } else { packed };
    // Said before the labels are read, and long before the articles would be missed.
    std::fs::metadata(&docs).map_err(|cause| Error::io(&docs, cause))?;
    let path = folder.join("gold.jsonl");
    let cases = parsed(&path, parse_case)?;
    let pairs_path = folder.join("pairs.tsv");
    let pairs = if pairs_path.exists() {
        Some(PairFile { lines: parsed(&pairs_path, parse_pair)?, path: pairs_path })
    } else {
        None
    };
    Ok(CaseFolder { docs, path, cases, pairs })
}

/// The lines of a file that are not empty, each parsed.
fn parsed<T>(path: &Path, parse: fn(u64, &str) -> Result<T, String>) -> Result<Vec<T>, Error> {
    let text = read_text(path)?;
    let lines = (1u64..).zip(text.lines()).filter(|(_, record)| !record.trim().is_empty());
    let read = |(line, record)| {
        parse(line, record).map_err(|cause| ErrorKind::Table { path: path.to_path_buf(), line, cause }.into())
    };
    lines.map(read).collect()
}

fn parse_case(line: u64, record: &str) -> Result<CaseLine, String> {
    #[derive(Deserialize)]
    struct Fields {
        dst: String,
        src: String,
        dst_b: u32,
        dst_e: u32,
        src_b: u32,
        src_e: u32,
        kind: String,
    }
    let fields: Fields = serde_json::from_str(record).map_err(|error| format!("not a case: {error}"))?;
    if fields.dst == fields.src {
        return Err(format!("{:?} cannot be copied from itself", fields.dst));
    }
    for (name, begin, end) in [("dst", fields.dst_b, fields.dst_e), ("src", fields.src_b, fields.src_e)] {
        if end <= begin {
            return Err(format!("{name}_e {end} is not behind {name}_b {begin}"));
        }
    }
    Ok(CaseLine {
        line,
        dst: fields.dst,
        src: fields.src,
        dst_range: fields.dst_b..fields.dst_e,
        src_range: fields.src_b..fields.src_e,
        kind: fields.kind,
    })
}

fn parse_pair(line: u64, record: &str) -> Result<PairLine, String> {
    let cells: Vec<&str> = record.split('\t').map(str::trim).collect();
    match cells[..] {
        [kind, dst, src] if cells.iter().all(|cell| !cell.is_empty()) && dst != src => {
            Ok(PairLine { line, kind: kind.to_owned(), dst: dst.to_owned(), src: src.to_owned() })
        }
        _ => Err("not a pair: a line is a type, a tab, the id of an article, a tab and that of another".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_and_pairs_are_read() {
        let case =
            r#"{"dst": "b", "src": "a", "dst_b": 3, "dst_e": 9, "src_b": 0, "src_e": 7, "kind": "light", "x": 1}"#;
        let read = parse_case(4, case).expect("a case");
        assert_eq!((read.line, &*read.dst, &*read.src, &*read.kind), (4, "b", "a", "light"));
        assert_eq!((read.dst_range, read.src_range), (3..9, 0..7));
        let pair = PairLine { line: 2, kind: "02".to_owned(), dst: "b".to_owned(), src: "a".to_owned() };
        assert_eq!(parse_pair(2, "02\tb\ta"), Ok(pair));
    }

    #[test]
    fn what_is_no_case_or_pair_is_told() {
        let case = |dst: &str, end: i64| {
            let case =
                format!(r#"{{"dst":"{dst}","src":"a","dst_b":3,"dst_e":{end},"src_b":0,"src_e":7,"kind":"light"}}"#);
            parse_case(1, &case).expect_err("it is wrong")
        };
        assert!(case("a", 9).contains("from itself"));
        assert!(case("b", 3).contains("dst_e 3 is not behind dst_b 3"));
        assert!(case("b", -1).contains("not a case: invalid value"));
        assert!(parse_case(1, "{}").expect_err("it is wrong").contains("missing field"));
        for pair in ["02\tb", "02\tb\ta\tc", "02\t\ta", "02\ta\ta"] {
            assert!(parse_pair(1, pair).is_err(), "{pair}");
        }
    }

    #[test]
    fn errors_name_the_file_and_the_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        let error = || read_cases(folder.path()).expect_err("it is wrong").to_string();
        assert!(error().contains("docs.jsonl"));
        write("docs.jsonl.zst", "");
        assert!(error().contains("gold.jsonl"));
        write("gold.jsonl", "\n\noops\n");
        assert!(error().contains("gold.jsonl, line 3: not a case"), "{}", error());
        write("gold.jsonl", "");
        let read = read_cases(folder.path()).expect("a folder of cases");
        assert!(read.docs.ends_with("docs.jsonl.zst") && read.cases.is_empty() && read.pairs.is_none());
        write("pairs.tsv", "01\ta\tb\n02\n");
        assert!(error().contains("pairs.tsv, line 2: not a pair"), "{}", error());
    }
}
