//! What is drawn on a terminal while work goes on.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retold::progress::Progress;

use crate::laps::Laps;

/// Work that is done sooner than this is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error; none if that is no terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    begun: Instant,
    /// What the stages took.
    pub(crate) laps: Laps,
}

impl Bar {
    /// A bar, or nothing at all if `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if quiet {
            bar.finish();
        }
        Self { bar, begun: Instant::now(), laps: Laps::default() }
    }

    /// Takes the bar away while something else is written to the terminal.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str, total: Option<u64>) {
        self.laps.begin(name);
        self.bar.set_position(0);
        if let Some(total) = total {
            self.bar.set_length(total);
        } else {
            self.bar.unset_length();
        }
        self.bar.set_message(name);
    }

    fn count(&self, what: &'static str, n: u64) {
        self.laps.count(what, n);
    }

    fn advance(&self, n: u64) {
        self.bar.inc(n);
        if self.bar.is_hidden() && !self.bar.is_finished() && self.begun.elapsed() > PATIENCE {
            let pattern = if self.bar.length().is_some() { "{msg} {wide_bar} {percent}% {eta}" } else { "{msg} {pos}" };
            if let Ok(style) = ProgressStyle::with_template(pattern) {
                self.bar.set_style(style);
            }
            // Draws nothing where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
    }
}
