//! The command `retold`: reads the command line, calls the library, prints. Everything that prints is below here.
#![allow(clippy::print_stderr, reason = "the binary talks on standard error")]

mod args;
mod commands;
mod laps;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;
use retold::report::clean;

use self::args::{Cli, Command};

/// Millions of small lists are made and dropped here, by all threads.
#[global_allocator]
static ALLOCATOR: retold_allocator::MiMalloc = retold_allocator::MiMalloc;

/// How a command ended that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Done,
    /// It did its work, but input was skipped or could not be read, and `--strict` asked to be told.
    NotStrict,
    /// A gate that the user asked for did not hold; the command has said which.
    GateFailed,
}

fn main() -> ExitCode {
    retold_allocator::keep_freed_memory();
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Cluster(args) => commands::cluster::run(&args),
        Command::Passages(args) => commands::passages::run(&args),
        Command::Pairs(args) => commands::pairs::run(&args),
        Command::Dedup(args) => commands::dedup::run(&args),
        Command::Compare(args) => commands::compare::run(&args),
        Command::Inspect(args) => commands::inspect::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Evaluate(args) => commands::evaluate::run(&args),
        Command::Background(args) => commands::background::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NotStrict) => {
            anstream::eprintln!("retold: some input was skipped or could not be read, and --strict was given");
            ExitCode::from(2)
        }
        Ok(Outcome::GateFailed) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("retold: {}", told(&error));
            ExitCode::from(2)
        }
    }
}

/// An error with its causes, each said once; names of files may hold anything.
fn told(error: &anyhow::Error) -> String {
    let mut out = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !out.contains(&cause) {
            out = if out.is_empty() { cause } else { format!("{out}: {cause}") };
        }
    }
    out.trim_end().lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// The reader of our output has seen enough: `retold inspect | head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    };
    error.chain().any(broken)
}
