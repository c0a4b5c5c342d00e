//! What the stages of a run took: time, CPU and memory of the process.

use std::sync::Mutex;
use std::time::Instant;

use serde::Serialize;

/// One stage.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Lap {
    /// Its name.
    pub(crate) stage: &'static str,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds of all threads; 0 where the system does not say.
    pub(crate) cpu: f64,
    /// Bytes that the process holds at its end; 0 where the system does not say.
    pub(crate) memory: u64,
    /// The most that it held until then.
    pub(crate) peak: u64,
    /// What it counted.
    pub(crate) counts: Vec<(&'static str, u64)>,
}

/// The stages so far; one begins where another ends.
#[derive(Debug, Default)]
pub(crate) struct Laps(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    laps: Vec<Lap>,
    /// When the last of them began: on the clock, and in CPU seconds.
    begun: Option<(Instant, f64)>,
}

impl Laps {
    /// The stage so far is over; a stage of this name begins.
    pub(crate) fn begin(&self, stage: &'static str) {
        let Ok(mut state) = self.0.lock() else { return };
        let now = (Instant::now(), cpu_seconds());
        let begun = state.begun.replace(now);
        if let (Some(lap), Some((clock, cpu))) = (state.laps.last_mut(), begun) {
            (lap.wall, lap.cpu) = ((now.0 - clock).as_secs_f64(), now.1 - cpu);
            (lap.memory, lap.peak) = (status("VmRSS:"), status("VmHWM:"));
        }
        state.laps.push(Lap { stage, ..Lap::default() });
    }

    /// Adds to what the stage counts.
    pub(crate) fn count(&self, what: &'static str, n: u64) {
        let Ok(mut state) = self.0.lock() else { return };
        let Some(lap) = state.laps.last_mut() else { return };
        match lap.counts.iter_mut().find(|(name, _)| *name == what) {
            Some((_, sum)) => *sum += n,
            None => lap.counts.push((what, n)),
        }
    }

    /// Ends the last stage; all of them, those of one name put together.
    pub(crate) fn end(&self) -> Vec<Lap> {
        self.begin("");
        let Ok(mut state) = self.0.lock() else { return Vec::new() };
        state.laps.pop();
        let mut laps: Vec<Lap> = Vec::new();
        for lap in state.laps.drain(..) {
            match laps.iter_mut().find(|one| one.stage == lap.stage) {
                Some(one) => {
                    (one.wall, one.cpu) = (one.wall + lap.wall, one.cpu + lap.cpu);
                    (one.memory, one.peak) = (lap.memory, lap.peak);
                    one.counts.extend(lap.counts);
                }
                None => laps.push(lap),
            }
        }
        laps
    }
}

/// CPU time of the process in seconds; 0 where /proc does not say.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    // The kernel tells it in hundredths, whatever its own clock.
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A line of /proc/self/status, in bytes; 0 where there is none.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.split_whitespace().next());
    line.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1024
}
