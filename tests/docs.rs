//! The documents keep up with the program: links lead somewhere, every setting is described with its default, and nothing is
//! left lying about.

use std::path::{Path, PathBuf};

use retold::config::Config;

/// What has no place in a finished document.
const LEFTOVERS: [&str; 7] = ["TODO", "FIXME", "TBD", "XXX", "source file", "/tmp/", "/home/"];

/// Every document of the project, with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = ["README.md", "CHANGELOG.md"].map(|name| root.join(name)).into();
    for folder in ["docs", "data"] {
        let files = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter();
        let files = files.map(|entry| entry.expect("a folder that can be read").into_path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    }
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a document"))).collect()
}

/// The text outside fenced blocks, by line.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

#[test]
fn links_lead_somewhere() {
    for (path, text) in documents() {
        let folder = path.parent().expect("a folder");
        for line in prose(&text) {
            for (at, _) in line.match_indices("](") {
                let target = line[at + 2..].split(')').next().unwrap_or("").split('#').next().unwrap_or("");
                let outside = target.contains("://") || target.is_empty();
                assert!(outside || folder.join(target).exists(), "{}: {target}", path.display());
            }
        }
    }
}

/// The keys of a section, those of a table in it behind its name.
fn flat(section: &toml::Table) -> Vec<(String, toml::Value)> {
    let keys = section.iter().flat_map(|(name, value)| match value {
        toml::Value::Table(table) if !table.is_empty() => {
            flat(table).into_iter().map(|(key, value)| (format!("{name}.{key}"), value)).collect()
        }
        value => vec![(name.clone(), value.clone())],
    });
    keys.collect()
}

/// A bound as the document writes it: large ones by their power of ten.
fn round(bound: f64) -> String {
    let exact = format!("{bound:e}");
    match exact.split_once('e') {
        Some((digits, power)) if bound >= 1e5 => {
            format!("{}10^{power}", if digits == "1" { String::new() } else { format!("{digits} * ") })
        }
        _ => bound.to_string(),
    }
}

#[test]
fn every_setting_is_described_with_its_default_and_range() {
    let text = include_str!("../docs/configuration.md");
    let settings = toml::Table::try_from(Config::default()).expect("settings");
    let mut described = 0;
    for (section, keys) in &settings {
        let part = text.split(&format!("\n## {section}\n")).nth(1).unwrap_or_else(|| panic!("no section {section}"));
        let part = part.split("\n## ").next().unwrap_or("");
        let rows = part.lines().filter(|line| line.starts_with("| `")).count();
        let keys = flat(keys.as_table().expect("a section"));
        assert_eq!(rows, keys.len(), "rows of the section {section}");
        for (key, default) in &keys {
            let default = match default {
                toml::Value::Table(empty) if empty.is_empty() => "empty".to_owned(),
                value => format!("`{value}`"),
            };
            let whole = format!("{section}.{key}");
            let range = Config::ranges().iter().find(|(ranged, ..)| *ranged == whole);
            let range =
                range.map_or_else(String::new, |(_, least, most)| format!(" {} to {}", round(*least), round(*most)));
            let row = format!("| `{key}` | {default} |{range} |");
            assert!(part.contains(&row), "docs/configuration.md, section {section}: a row that begins with {row}");
            described += 1;
        }
    }
    assert!(described > 40);
}

#[test]
fn nothing_is_left_lying_about() {
    for (path, text) in documents() {
        for word in LEFTOVERS {
            assert!(!text.contains(word), "{}: {word:?}", path.display());
        }
    }
}
