//! The one room that touches the disk between ingest and report: what does not fit the memory of a run stands in temporary
//! files.
//!
//! A file is made when the first thing of a thread does not fit: threads that write to one file wait for each other. It has no
//! name, or loses it with its last handle, so it is gone after any end of the run. Things are appended and read by their place,
//! from any thread. How much fits decides where things stand and never what comes out.
//!
//! Readers in the middle of a parallel loop have nobody to give an error to. The first one is remembered instead and what
//! could not be read is zeros, as long as it was, so that every place in it is one. [`Spill::check`], which the pipeline calls
//! at the end of its stages and the reports at their end, gives the error: a run that had one has no result.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, ErrorKind};

/// How much memory a run may take, and where it puts what does not fit. Clones are handles of one and the same; the default
/// keeps everything in memory.
#[derive(Clone, Debug, Default)]
pub struct Spill(Arc<Room>);

#[derive(Debug)]
struct Room {
    budget: u64,
    dir: PathBuf,
    /// Bytes in memory, by [`Share`].
    held: [AtomicU64; 3],
    files: [OnceLock<Option<Spool>>; FILES],
    failed: OnceLock<Arc<io::Error>>,
    /// In tests: so many more times the disk does what it is asked for.
    #[cfg(test)]
    good: AtomicU64,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            budget: u64::MAX,
            dir: PathBuf::new(),
            held: Default::default(),
            files: Default::default(),
            failed: OnceLock::new(),
            #[cfg(test)]
            good: AtomicU64::new(u64::MAX),
        }
    }
}

/// Things that stay in memory as long as their share of it is not used up. The rest of the memory is for what is not
/// spilled: titles, facts, what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// The texts of the articles: an eighth.
    Texts,
    /// Their token streams: three eighths.
    Tokens,
    /// What is sorted to find passages: an eighth.
    Sorting,
}

/// More threads share files.
const FILES: usize = 16;
/// The bits of a place that are one in its file; those above are the number of the file.
const PLACE: u32 = 56;

/// Where something stands in the files of a [`Spill`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The first byte. What stands behind it in the same thing is as many bytes behind.
    pub at: u64,
    /// How many bytes.
    pub bytes: usize,
}

impl Spill {
    /// A run in about `budget` bytes of memory, with its temporary files in `dir`. What cannot be spilled may need more.
    #[must_use]
    pub fn new(budget: u64, dir: PathBuf) -> Self {
        Self(Arc::new(Room { budget, dir, ..Room::default() }))
    }

    /// A run in three quarters of the memory that the machine has, or the control group that the process is in may take; where
    /// that cannot be known (it is read from `/proc` and `/sys`) in 6 GiB. Temporary files are where the system has them.
    #[must_use]
    pub fn of_machine() -> Self {
        Self::new(memory_of_machine().map_or(6 << 30, |bytes| bytes / 4 * 3), std::env::temp_dir())
    }

    /// The same in so much memory, or with the temporary files in another folder.
    ///
    /// # Errors
    /// [`ErrorKind::Spill`] if the folder is none or cannot be written, told before the work.
    pub fn of_machine_or(budget: Option<u64>, dir: Option<&Path>) -> Result<Self, Error> {
        let machine = Self::of_machine();
        let spill = Self::new(budget.unwrap_or(machine.0.budget), dir.unwrap_or(&machine.0.dir).to_path_buf());
        if dir.is_some() { spill.probe().map(|()| spill) } else { Ok(spill) }
    }

    /// Makes and drops a temporary file, so that a folder that cannot be used is told before the work.
    ///
    /// # Errors
    /// [`ErrorKind::Spill`] if there is no such folder or it cannot be written.
    pub fn probe(&self) -> Result<(), Error> {
        tempfile::tempfile_in(&self.0.dir).map(drop).map_err(|cause| self.error(Arc::new(cause)))
    }

    /// Whether everything went well.
    ///
    /// # Errors
    /// [`ErrorKind::Spill`] if anything could not be written or read, now and ever after.
    pub fn check(&self) -> Result<(), Error> {
        self.0.failed.get().map_or(Ok(()), |cause| Err(self.error(Arc::clone(cause))))
    }

    fn error(&self, cause: Arc<io::Error>) -> Error {
        ErrorKind::Spill { dir: self.0.dir.clone(), cause }.into()
    }

    fn fail(&self, cause: io::Error) {
        self.0.failed.get_or_init(|| Arc::new(cause));
    }

    /// The bytes of a share, `None` if there is no limit.
    #[must_use]
    pub fn limit(&self, share: Share) -> Option<u64> {
        let eighths = match share {
            Share::Texts | Share::Sorting => 1,
            Share::Tokens => 3,
        };
        (self.0.budget != u64::MAX).then_some(self.0.budget / 8 * eighths)
    }

    /// Whether this many bytes more fit a share; they count as held from now on if they do.
    #[must_use]
    pub fn hold(&self, share: Share, bytes: usize) -> bool {
        let Some(limit) = self.limit(share) else { return true };
        let held = &self.0.held[share as usize];
        let fits = held.fetch_add(bytes as u64, Relaxed).saturating_add(bytes as u64) <= limit;
        if !fits {
            held.fetch_sub(bytes as u64, Relaxed);
        }
        fits
    }

    /// So many bytes of a share are held no more.
    pub fn release(&self, share: Share, bytes: usize) {
        if self.limit(share).is_some() {
            self.0.held[share as usize].fetch_sub(bytes as u64, Relaxed);
        }
    }

    /// Appends bytes.
    #[must_use]
    pub fn put(&self, bytes: &[u8]) -> Address {
        let open = || Spool::open(&self.0.dir).map_err(|cause| self.fail(cause)).ok();
        let number = rayon::current_thread_index().unwrap_or(0) % FILES;
        let put = self.0.files[number].get_or_init(open).as_ref().map_or(Ok(0), |spool| {
            self.works()?;
            spool.put(bytes)
        });
        let at = put.map_err(|cause| self.fail(cause)).unwrap_or(0);
        Address { at: (number as u64) << PLACE | at, bytes: bytes.len() }
    }

    /// The file of a place, if it was made, and the place in it.
    fn file(&self, at: u64) -> Option<(&Spool, u64)> {
        let spool = self.0.files.get((at >> PLACE) as usize)?.get()?.as_ref()?;
        Some((spool, at & ((1 << PLACE) - 1)))
    }

    /// Writes over bytes that were put there before.
    pub fn change(&self, at: u64, bytes: &[u8]) {
        if let Some((spool, at)) = self.file(at)
            && let Err(cause) = self.works().and_then(|()| spool.write(at, bytes))
        {
            self.fail(cause);
        }
    }

    /// What was put there; zeros after an error.
    #[must_use]
    pub fn get(&self, address: Address) -> Vec<u8> {
        let mut bytes = vec![0; address.bytes];
        // Nothing that was put after the first error is anywhere.
        if self.0.failed.get().is_none()
            && let Some((spool, at)) = self.file(address.at)
            && let Err(cause) = self.works().and_then(|()| spool.read(at, &mut bytes))
        {
            self.fail(cause);
            bytes.fill(0);
        }
        bytes
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as in tests")]
    fn works(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn works(&self) -> io::Result<()> {
        let good = self.0.good.fetch_update(Relaxed, Relaxed, |good| good.checked_sub(1));
        good.map(drop).map_err(|_| io::Error::new(io::ErrorKind::StorageFull, "the disk is full"))
    }

    /// How many bytes were put there so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.0.files.iter().filter_map(|file| file.get()?.as_ref()).map(|spool| spool.end.load(Relaxed)).sum()
    }

    /// The text that was put there; zeros after an error.
    #[must_use]
    pub fn text(&self, address: Address) -> String {
        String::from_utf8(self.get(address)).unwrap_or_else(|_| {
            self.fail(io::Error::new(io::ErrorKind::InvalidData, "a text is not what was written"));
            "\0".repeat(address.bytes)
        })
    }
}

/// The bytes of memory of this machine, or of its control group if that may take less.
fn memory_of_machine() -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let total = info.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
    let total = total.and_then(|kilobytes| kilobytes.trim().parse::<u64>().ok())? * 1024;
    // Of version 2 and of version 1; "max", or a number above all memory, where there is no limit.
    let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limits = groups.iter().filter_map(|path| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok());
    Some(limits.fold(total, u64::min))
}

/// A temporary file that is appended to and read by place, from any thread.
#[derive(Debug)]
struct Spool {
    file: File,
    end: AtomicU64,
}

impl Spool {
    fn open(dir: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(dir)?, end: AtomicU64::new(0) })
    }

    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(bytes.len() as u64, Relaxed);
        self.write(at, bytes).map(|()| at)
    }

    #[cfg(unix)]
    fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.file, bytes, at)
    }

    #[cfg(unix)]
    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, at)
    }

    #[cfg(windows)]
    fn write(&self, mut at: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = std::os::windows::fs::FileExt::seek_write(&self.file, bytes, at)?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            (at, bytes) = (at + written as u64, &bytes[written..]);
        }
        Ok(())
    }

    #[cfg(windows)]
    fn read(&self, mut at: u64, mut bytes: &mut [u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(&self.file, bytes, at)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            (at, bytes) = (at + read as u64, &mut bytes[read..]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Text};
    use crate::config::Config;
    use crate::corpus::Corpus;
    use crate::ingest::{self, Input};
    use crate::outlets::OutletTable;
    use crate::pipeline::{analyse, passages_of_corpus};
    use crate::progress::Silent;

    fn nothing_in_memory(good: u64) -> Spill {
        let room = Room { budget: 0, dir: std::env::temp_dir(), good: AtomicU64::new(good), ..Room::default() };
        Spill(Arc::new(room))
    }

    /// Reads the newswire and does something with it.
    fn run(spill: &Spill, work: impl FnOnce(Corpus, &OutletTable, &Config) -> Result<(), Error>) -> Result<(), Error> {
        let (config, outlets) = (Config::default(), OutletTable::shipped());
        let input = [Input::Path(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/newswire"))];
        let mut articles = ingest::read_bounded(&input, &config.ingest, &outlets, spill, &Silent)?.articles;
        // What cannot be read may name the first of all articles, and words behind the end of its text.
        let text = |n| Text::keep(format!("Notice {n}"), spill);
        articles.extend((0..300).map(|n| Article { text: text(n), ..Article::default() }));
        let corpus = Corpus::bounded(articles, spill.clone())?;
        assert!(corpus.articles()[0].text.len() < 12);
        work(corpus, &outlets, &config)
    }

    /// Whatever it is that the disk fails at, the run ends with the error and does not panic.
    #[test]
    fn no_run_has_a_result_after_an_error() {
        let passages = |corpus: Corpus, outlets: &OutletTable, config: &Config| {
            let found = passages_of_corpus(corpus, outlets, config, &Silent)?;
            drop(found.report(&config.passages));
            found.corpus.spill().check()
        };
        let stories = |corpus: Corpus, outlets: &OutletTable, config: &Config| {
            analyse(corpus, outlets, config, &Silent).map(drop)
        };
        type Run<'a> = &'a dyn Fn(&Spill) -> Result<(), Error>;
        // How often the disk is asked.
        let asked = |run: Run<'_>| {
            let spill = nothing_in_memory(1 << 40);
            run(&spill).expect("the disk is good");
            (1 << 40) - spill.0.good.load(Relaxed)
        };
        let runs: [Run<'_>; 2] = [&|spill| run(spill, passages), &|spill| run(spill, stories)];
        for run in runs {
            let all = asked(run);
            assert!(all > 500, "{all}");
            for good in (0..all).step_by(usize::try_from(all / 16).expect("few")).chain([all - 1]) {
                let error = run(&nothing_in_memory(good)).expect_err("the disk fails");
                assert!(matches!(error.kind(), ErrorKind::Spill { .. }));
                assert!(error.to_string().contains("the disk is full (--temp-dir"), "{error}");
            }
        }
    }

    #[test]
    fn what_is_changed_is_read_changed_and_an_error_stays() {
        let spill = Spill::new(0, std::env::temp_dir());
        let [first, second] = ["Aldbrook", "Vale"].map(|text| spill.put(text.as_bytes()));
        spill.change(first.at, b"B");
        assert_eq!((spill.text(first).as_str(), spill.text(second).as_str()), ("Bldbrook", "Vale"));
        assert_eq!(spill.written(), 12);
        assert!(spill.check().is_ok());
        let behind = Address { at: 9, bytes: 100 };
        assert_eq!(spill.get(behind), [0; 100]);
        assert!(spill.check().is_err() && spill.check().is_err());
        assert_eq!(spill.text(second), "\0\0\0\0", "nothing is believed any more");
    }

    #[test]
    fn a_share_is_held_up_to_its_limit() {
        let spill = Spill::new(8000, std::env::temp_dir());
        assert!(spill.hold(Share::Texts, 600) && !spill.hold(Share::Texts, 401) && spill.hold(Share::Texts, 400));
        assert!(spill.hold(Share::Tokens, 3000) && !spill.hold(Share::Tokens, 1));
        spill.release(Share::Texts, 400);
        assert!(spill.hold(Share::Texts, 400));
        assert!(Spill::default().hold(Share::Texts, usize::MAX));
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_told() {
        let gone = Spill::new(0, "/nowhere/at/all".into());
        let told = |error: Error| error.to_string();
        assert!(told(gone.probe().expect_err("no folder")).starts_with("temporary files in /nowhere/at/all: "));
        assert!(gone.check().is_ok());
        let _ = gone.put(b"x");
        assert!(told(gone.check().expect_err("no folder")).contains("/nowhere/at/all"));
    }
}
