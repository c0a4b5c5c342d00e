//! A passage a line, flat.

use std::io::{self, Write};

use crate::report::clean::SafeJson;
use crate::report::passages::model::Build;
use crate::report::passages::{PassageOptions, PassageRun};

pub(super) fn write(run: &PassageRun<'_>, options: PassageOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut build = Build::new(run, options);
    for one in &run.report.passages {
        serde_json::to_writer(SafeJson(&mut *out), &build.passage(one))?;
        writeln!(out)?;
    }
    Ok(())
}
