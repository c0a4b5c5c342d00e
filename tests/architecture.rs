//! The rules of the house that no compiler checks: which part of the library may use which, and who may touch the world.
//! docs/architecture.md says why.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The stages in their order: each may use itself and those before it. The pipeline, which calls them, stands before the
/// explanations of its outcome, and both before the reports, which show them.
const STAGES: [&str; 12] = [
    "ingest",
    "normalise",
    "survey",
    "passages",
    "copies",
    "vectorise",
    "join",
    "graph",
    "cluster",
    "pipeline",
    "explain",
    "report",
];
/// What all may use, and what uses no stage.
const SHARED: [&str; 11] = [
    "article",
    "config",
    "constraints",
    "corpus",
    "decimal",
    "error",
    "language",
    "outlets",
    "pool",
    "progress",
    "spill",
];
/// What may use every stage: it works on what a run has found.
const ABOVE: [&str; 3] = ["lib", "evaluate", "pairs"];
/// What stages between `ingest` and `report` leave alone: they compute.
const WORLD: [&str; 9] =
    ["std::fs", "std::io", "std::time", "std::env", "std::net", "std::process", "println!", "print!(", "dbg!"];
/// What only the binary may use.
const OF_THE_BINARY: [&str; 7] = ["println!", "print!(", "anstream", "anyhow", "clap", "indicatif", "process::exit"];

/// A file of the library without its tests and comments.
struct Source {
    path: PathBuf,
    /// The first part of its path below `src`: a stage, or a file of its own.
    part: String,
    /// Line numbers and code.
    lines: Vec<(usize, String)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of the library; `src/bin` is not part of it.
fn sources() -> Vec<Source> {
    let files =
        walkdir::WalkDir::new(root()).sort_by_file_name().into_iter().map(|entry| entry.expect("src can be read"));
    let rust = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    let sources = rust.filter_map(|entry| {
        let path = entry.path().strip_prefix(root()).expect("below src").to_path_buf();
        let part = path.components().next()?.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        let test = path.file_name().is_some_and(|name| name == "tests.rs");
        if part == "bin" || test {
            return None;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a source file");
        Some(Source { path, part, lines: code(&text) })
    });
    sources.collect()
}

/// The lines of a file up to its tests, without comments.
fn code(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(n, line)| (n + 1, line.to_owned())).collect()
}

/// The parts of the library that code names, with their lines: `crate::join::Pair`, `use crate::{join, graph::Link}`.
fn used(lines: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut text = String::new();
    let mut starts = Vec::new();
    for (number, line) in lines {
        starts.push((text.len(), *number));
        text.push_str(line);
        text.push('\n');
    }
    let line_of = |at: usize| starts[starts.partition_point(|(start, _)| *start <= at) - 1].1;
    let name =
        |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = Vec::new();
    for (at, word) in text.match_indices("crate::") {
        let rest = &text[at + word.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            found.push((line_of(at), name(rest)));
            continue;
        };
        let mut depth = 0;
        let mut begin = true;
        for (i, c) in list.char_indices() {
            if begin && !c.is_whitespace() {
                found.push((line_of(at), name(&list[i..])));
                begin = false;
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begin = true,
                _ => {}
            }
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

/// Why `part` may not use `other`; `None` if it may.
fn forbidden(part: &str, other: &str) -> Option<String> {
    let stage = |name: &str| STAGES.iter().position(|stage| *stage == name);
    if part == other || SHARED.contains(&other) {
        return None;
    }
    match (stage(part), stage(other)) {
        _ if ABOVE.contains(&part) => None,
        (Some(here), Some(there)) if there < here => None,
        (Some(_), Some(_)) => Some(format!("`{other}` is a later stage than `{part}`")),
        (Some(_), None) => Some(format!("`{part}` is a stage, and `{other}` works on what the stages have found")),
        (None, _) => Some(format!("`{part}` is used by all stages and may use none, nor `{other}`")),
    }
}

fn fail_if_any(what: &str, wrong: &[String]) {
    let mut list = String::new();
    for line in wrong {
        let _ = writeln!(list, "  {line}");
    }
    assert!(wrong.is_empty(), "{what}:\n{list}");
}

#[test]
fn a_stage_uses_only_stages_before_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, other) in used(&source.lines) {
            if let Some(why) = forbidden(&source.part, &other) {
                wrong.push(format!("src/{}:{line}: {why}", source.path.display()));
            }
        }
    }
    fail_if_any("move what is needed into an earlier stage, or hand it in", &wrong);
}

#[test]
fn every_part_of_the_library_has_its_place() {
    let known = |part: &str| STAGES.contains(&part) || SHARED.contains(&part) || ABOVE.contains(&part);
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| !known(&source.part))
        .map(|source| format!("src/{}", source.path.display()))
        .collect();
    fail_if_any("say in tests/architecture.rs where this stands among the stages", &wrong);
}

#[test]
fn stages_between_ingest_and_report_leave_the_world_alone() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| STAGES[1..11].contains(&source.part.as_str())) {
        for (line, code) in &source.lines {
            for word in WORLD.iter().filter(|word| code.contains(*word)) {
                wrong.push(format!("src/{}:{line}: {word}", source.path.display()));
            }
        }
    }
    fail_if_any("these stages do no I/O and ask no clock; hand in what they need", &wrong);
}

#[test]
fn only_the_binary_prints() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in &source.lines {
            for word in OF_THE_BINARY.iter().filter(|word| code.contains(*word)) {
                wrong.push(format!("src/{}:{line}: {word}", source.path.display()));
            }
        }
    }
    fail_if_any("return it, and let src/bin print it", &wrong);
}

#[test]
fn unsafe_code_is_forbidden() {
    let manifest =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let lint = manifest.get("lints").and_then(|t| t.get("rust")).and_then(|t| t.get("unsafe_code"));
    assert_eq!(lint.and_then(toml::Value::as_str), Some("forbid"), "[lints.rust] unsafe_code in Cargo.toml");
}

/// The test itself: what it would say of code that breaks the rules.
#[test]
fn uses_are_found() {
    let uses =
        |text: &str| used(&code(text)).into_iter().map(|(line, name)| format!("{line} {name}")).collect::<Vec<_>>();
    assert_eq!(uses("use crate::join::Pair;\nlet x = crate::graph::MICRO;"), ["1 join", "2 graph"]);
    assert_eq!(uses("use crate::{join::{Pair, join},\n    graph,\n};"), ["1 join", "1 graph"]);
    assert_eq!(uses("// crate::cluster\n/// [`crate::cluster`]\n#[cfg(test)]\nuse crate::report;"), [""; 0]);
    assert!(forbidden("join", "graph").is_some() && forbidden("join", "vectorise").is_none());
    assert!(forbidden("config", "join").is_some() && forbidden("join", "config").is_none());
    assert!(
        forbidden("cluster", "pipeline").is_some()
            && forbidden("report", "explain").is_none()
            && forbidden("explain", "report").is_some()
    );
}
