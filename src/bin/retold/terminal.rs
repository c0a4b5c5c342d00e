//! What is drawn on a terminal while work goes on.

use std::io::IsTerminal;
use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retold::progress::Progress;

use crate::laps::Laps;

/// Work that is done sooner than this is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error; none if that is no terminal.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    begun: Instant,
    drawn: Once,
    /// What the stages took.
    pub(crate) laps: Laps,
}

impl Bar {
    /// A bar, or nothing at all if `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let watched = !quiet && std::io::stderr().is_terminal();
        let bar = watched.then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()));
        Self { bar, begun: Instant::now(), drawn: Once::new(), laps: Laps::default() }
    }

    /// Takes the bar away while something else is written to the terminal.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str, total: Option<u64>) {
        self.laps.begin(name);
        let Some(bar) = &self.bar else { return };
        // First, or what comes next is drawn under the name of what is done.
        bar.set_message(name);
        let pattern = if total.is_some() { "{msg} {wide_bar} {percent}% {eta}" } else { "{msg} {pos}" };
        if let Ok(style) = ProgressStyle::with_template(pattern) {
            bar.set_style(style);
        }
        bar.set_position(0);
        match total {
            Some(total) => bar.set_length(total),
            None => bar.unset_length(),
        }
    }

    fn count(&self, what: &'static str, n: u64) {
        self.laps.count(what, n);
    }

    fn advance(&self, n: u64) {
        let Some(bar) = &self.bar else { return };
        bar.inc(n);
        if !self.drawn.is_completed() && self.begun.elapsed() > PATIENCE {
            self.drawn.call_once(|| bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8)));
        }
    }
}
