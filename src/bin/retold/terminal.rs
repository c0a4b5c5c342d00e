//! What is drawn on a terminal: progress, and text that cannot be trusted.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retold::progress::Progress;

/// Work that is done sooner than this is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error; none if that is no terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    begun: Instant,
}

impl Bar {
    /// A bar, or nothing at all if `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if quiet {
            bar.finish();
        }
        Self { bar, begun: Instant::now() }
    }

    /// Takes the bar away while something else is written to the terminal.
    #[allow(dead_code, reason = "for the commands that run later stages")]
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
        self.bar.set_position(0);
        if let Some(total) = total {
            self.bar.set_length(total);
        } else {
            self.bar.unset_length();
        }
        self.bar.set_message(name);
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

/// Text of others made safe to print: control characters (escape sequences begin with one) and the marks that turn the
/// direction of writing become U+FFFD; line breaks and tabs become spaces.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
    };
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if bad(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_made_harmless() {
        assert_eq!(clean("plain ß"), "plain ß");
        assert_eq!(clean("a\u{1b}[31mb\u{9b}c\u{202e}d\ne\0"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d e\u{fffd}");
    }
}
