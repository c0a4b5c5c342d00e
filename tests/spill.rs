//! A run that does not fit its memory gives the same bytes as one that does.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `retold` on the newswire.
fn retold(args: &[&str]) -> Output {
    let newswire = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    let (command, options) = args.split_first().expect("a command");
    let mut run = Command::new(env!("CARGO_BIN_EXE_retold"));
    run.arg(command).arg(newswire).args(options).output().expect("it runs")
}

#[test]
fn the_memory_changes_no_byte() {
    for args in [
        &["cluster", "--format", "json"][..],
        &["cluster", "--format", "jsonl", "--offsets", "bytes"],
        &["cluster", "--format", "articles"],
        &["cluster", "--format", "csv"],
        &["cluster", "--all"],
        &["passages", "--format", "json", "--edits"],
        &["passages", "--format", "jsonl", "--offsets", "utf16"],
        &["passages", "--format", "csv", "--thorough"],
        &["passages", "--all"],
        &["inspect", "--furniture", "--format", "json"],
        &["explain", "tribune-skerrin-depot", "courier-skerrin-closure", "--format", "json"],
        &["compare", "tribune-skerrin-depot", "courier-skerrin-closure"],
    ] {
        let whole = retold(args);
        assert!(whole.status.success() && !whole.stdout.is_empty(), "{args:?}");
        // Nothing fits; some of everything fits.
        for memory in ["0", "400k"] {
            let spilled = retold(&[args, &["--memory", memory]].concat());
            assert!(spilled.status.success(), "{}", String::from_utf8_lossy(&spilled.stderr));
            assert!(spilled.stdout == whole.stdout, "{args:?} --memory {memory}");
        }
    }
}

#[test]
fn temporary_files_are_gone_after_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    assert!(retold(&["cluster", "--memory", "0", "--temp-dir", path]).status.success());
    assert_eq!(std::fs::read_dir(path).expect("a folder").count(), 0);
}

#[test]
fn a_folder_that_is_not_there_is_told_before_the_work() {
    let out = retold(&["cluster", "--temp-dir", "/nowhere/at/all"]);
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("temporary files in /nowhere/at/all: ") && said.contains("--temp-dir"), "{said}");
    assert!(out.stdout.is_empty());
}

/// A disk on which nothing fits any more: the system refuses to make files longer.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_leaves_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let found = folder.path().join("found.json");
    let newswire = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire");
    // Blocks of 512 or 1024 bytes; the signal that comes with the refusal is not for us.
    let script = format!(
        "trap '' XFSZ; ulimit -f 16; exec '{}' cluster '{}' --memory 0 -o '{}'",
        env!("CARGO_BIN_EXE_retold"),
        newswire.display(),
        found.display()
    );
    let out = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("temporary files in ") && said.contains("--temp-dir"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
