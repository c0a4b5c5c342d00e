//! Where the output of a command goes, and how it looks there.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use retold::report::{Look, Target};

/// Columns where nobody says how wide the terminal is.
const WIDTH: usize = 100;
/// Lines longer than this are hard to read.
pub(super) const WIDEST: usize = 140;

/// The path of `-o`, unless it means standard output.
pub(super) fn path(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| path.as_os_str() != "-")
}

/// How things look in a file.
pub(super) fn plain(top: Option<usize>) -> Look {
    Look { width: WIDTH, colour: false, top }
}

/// How they look on standard output: its only escape sequences are ours, and [`to_people`] drops them where it is no terminal.
pub(super) fn painted(top: Option<usize>, widest: usize) -> Look {
    let width = terminal_size::terminal_size_of(io::stdout()).map_or(WIDTH, |(width, _)| usize::from(width.0));
    Look { width: width.min(widest), colour: true, top }
}

/// Standard output for what is to be read.
pub(super) fn to_people() -> Target {
    Target::Writer(Box::new(anstream::stdout()))
}

/// Standard output for what another program reads.
pub(super) fn to_programs() -> Target {
    Target::Writer(Box::new(io::stdout()) as Box<dyn Write>)
}

/// Refuses to replace a file that is an input, or that would be read as one because it stands in a folder that is.
pub(super) fn spare_the_input(inputs: &[PathBuf], outputs: &[PathBuf]) -> anyhow::Result<()> {
    for output in outputs {
        // One that is not there yet is no input.
        let Ok(whole) = output.canonicalize() else { continue };
        for input in inputs.iter().filter_map(|input| input.canonicalize().ok()) {
            if whole == input || input.is_dir() && whole.starts_with(&input) {
                bail!("-o {}: is part of the input; write elsewhere, or remove it first", output.display());
            }
        }
    }
    Ok(())
}
