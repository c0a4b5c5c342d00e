//! Where reports go. Files are opened before the run, so that a bad path costs nothing, and take the place of older ones
//! only when they are complete.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::report::html::Folder;
use crate::report::{Format, Options, Report, Run, parts};

/// Where a report goes.
pub enum Target {
    /// A file; the four tables of [`Format::Csv`] go to `x.articles.csv`, `x.stories.csv`, `x.links.csv` and
    /// `x.passages.csv`, the drawings of [`Format::Svg`] to `x.timeline.svg` and `x.matrix.svg`. [`Format::Html`] takes a
    /// folder too ([`Folder::is_meant`]).
    Path(PathBuf),
    /// Anything else; of the tables it gets the articles, of the drawings the timeline.
    Writer(Box<dyn Write>),
}

/// A form of output with its open files.
pub struct Output(Opened);

enum Opened {
    Files(Vec<(Box<dyn Report>, Sink)>),
    Folder(Folder),
}

impl Output {
    /// Opens what is needed.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] if a file cannot be written.
    pub fn open(format: Format, options: Options, target: Target) -> Result<Self, Error> {
        let mut parts = parts(format, options);
        let path = match target {
            Target::Path(path) => path,
            Target::Writer(writer) => {
                parts.truncate(1);
                let mut sink = Some(Sink::open(Target::Writer(writer))?);
                let parts = parts.into_iter().filter_map(|part| Some((part.report, sink.take()?))).collect();
                return Ok(Self(Opened::Files(parts)));
            }
        };
        if format == Format::Html && Folder::is_meant(&path) {
            return Ok(Self(Opened::Folder(Folder::open(&path)?)));
        }
        let open = |part: super::Part| Ok((part.report, Sink::open(Target::Path(named(&path, part.name)))?));
        Ok(Self(Opened::Files(parts.into_iter().map(open).collect::<Result<_, Error>>()?)))
    }

    /// The files that a form of output writes for a path.
    #[must_use]
    pub fn paths(format: Format, path: &Path) -> Vec<PathBuf> {
        parts(format, Options::default()).iter().map(|part| named(path, part.name)).collect()
    }

    /// Writes a run to all files.
    ///
    /// # Errors
    /// What the file or stream says; a broken pipe is one of them.
    pub fn write(self, run: &Run<'_>) -> Result<(), Error> {
        match self.0 {
            Opened::Files(parts) => parts.into_iter().try_for_each(|(report, sink)| {
                sink.write(|out| {
                    report.write(run, out)?;
                    // Before the file takes its name: texts are read as they are written.
                    run.analysis.corpus.spill().check().map_err(io::Error::other)
                })
            }),
            Opened::Folder(folder) => folder.write(run),
        }
    }
}

/// `out.csv` and `articles` make `out.articles.csv`.
fn named(path: &Path, name: &str) -> PathBuf {
    if name.is_empty() {
        return path.to_path_buf();
    }
    let mut file = path.file_stem().unwrap_or_default().to_os_string();
    file.push(".");
    file.push(name);
    if let Some(ending) = path.extension() {
        file.push(".");
        file.push(ending);
    }
    path.with_file_name(file)
}

/// An open place to write to.
pub struct Sink(Place);

impl Sink {
    /// Opens it.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] if a file cannot be written.
    pub fn open(target: Target) -> Result<Self, Error> {
        match target {
            Target::Path(path) => Place::file(&path).map_err(|cause| Error::io(&path, cause)).map(Self),
            Target::Writer(writer) => Ok(Self(Place::Writer(writer))),
        }
    }

    /// Writes to it; a file takes its name when all is written.
    ///
    /// # Errors
    /// What the file or stream says; a broken pipe is one of them.
    pub fn write(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let path = self.0.path().to_path_buf();
        self.0.write(write).map_err(|cause| Error::io(&path, cause))
    }
}

enum Place {
    Writer(Box<dyn Write>),
    /// Something that is no plain file, such as a named pipe: written as it is.
    Special(PathBuf, File),
    /// A file under another name, which it keeps until it is complete.
    File(Draft),
}

/// A file in the making; taken away if it is not finished.
struct Draft {
    path: PathBuf,
    draft: PathBuf,
    file: Option<File>,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nothing can be done if this fails, and nobody misses the file.
            let _ = fs::remove_file(&self.draft);
        }
    }
}

impl Place {
    fn file(path: &Path) -> io::Result<Self> {
        let path = match fs::metadata(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => path.to_path_buf(),
            Err(cause) => return Err(cause),
            Ok(meta) if meta.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
            Ok(meta) => {
                // An older file that must not be written stays, even where the folder would allow to replace it.
                let file = OpenOptions::new().write(true).open(path)?;
                if !meta.is_file() {
                    return Ok(Self::Special(path.to_path_buf(), file));
                }
                // The file itself is replaced, not the link that leads to it.
                path.canonicalize()?
            }
        };
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no name of a file"));
        };
        // Hidden, so that it is not read as input where the output goes into a folder of articles.
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let draft = path.with_file_name(hidden);
        let file = File::create(&draft)?;
        Ok(Self::File(Draft { path, draft, file: Some(file) }))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Writer(_) => Path::new("standard output"),
            Self::Special(path, _) => path,
            Self::File(draft) => &draft.path,
        }
    }

    fn write(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Writer(writer) => fill(writer, write),
            Self::Special(_, file) => fill(file, write),
            Self::File(mut draft) => {
                if let Some(file) = &draft.file {
                    fill(file, write)?;
                    fs::rename(&draft.draft, &draft.path)?;
                }
                draft.file = None;
                Ok(())
            }
        }
    }
}

fn fill(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_tables_are_named_after_the_path() {
        let names = Output::paths(Format::Csv, Path::new("dir.d/out.csv"));
        let names: Vec<_> = names.iter().map(|name| name.display().to_string()).collect();
        let expected =
            ["dir.d/out.articles.csv", "dir.d/out.stories.csv", "dir.d/out.links.csv", "dir.d/out.passages.csv"];
        assert_eq!(names, expected);
        assert_eq!(Output::paths(Format::Json, Path::new("out.json")), [Path::new("out.json")]);
    }

    #[test]
    fn an_older_file_stays_until_the_new_one_is_complete() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.json");
        fs::write(&path, "old").expect("written");
        let files = || fs::read_dir(folder.path()).expect("a folder").count();
        let sink = Place::file(&path).expect("it can be written");
        assert_eq!(files(), 2);
        let failed = sink.write(|out| {
            out.write_all(b"half")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).expect("there"), b"old");
        assert_eq!(files(), 1, "the draft is gone");
        Place::file(&path).expect("open").write(|out| out.write_all(b"new")).expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"new");
        assert_eq!(files(), 1);
        assert!(Place::file(folder.path()).is_err(), "a folder");
        assert!(Place::file(&folder.path().join("nowhere/out.json")).is_err());
    }
}
