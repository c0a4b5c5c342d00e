//! The report as a folder: a front page, a page a story, pages of a hundred stories of one article, style and script.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::report::Run;
use crate::report::html::material::Material;
use crate::report::html::{Layout, Page, SCRIPT, STYLE, for_each_story, front, what, whole};

/// A folder in the making: made beside its place under a hidden name, and put there when it is complete.
pub struct Folder {
    path: PathBuf,
    draft: PathBuf,
    done: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.done {
            // Nothing can be done if this fails, and nobody misses the folder.
            let _ = fs::remove_dir_all(&self.draft);
        }
    }
}

impl Folder {
    /// Whether a path means a folder: it ends as one does, or is one.
    #[must_use]
    pub fn is_meant(path: &Path) -> bool {
        path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir()
    }

    /// Makes room for a report. A folder that is there must be empty or hold nothing but an older report.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] if it cannot be written, or if it holds something else.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            let name = path.file_name().ok_or_else(|| io::Error::other("is no name of a folder"))?;
            match fs::read_dir(path) {
                Ok(entries) => {
                    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
                    let names: Vec<String> = names.collect::<io::Result<_>>()?;
                    if let Some(name) = names.iter().filter(|name| !is_ours(name)).min() {
                        return Err(io::Error::other(format!(
                            "holds something that is no part of a report ({name}); name another folder"
                        )));
                    }
                }
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause),
            }
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".{}.part", std::process::id()));
            let draft = path.parent().unwrap_or(Path::new("")).join(hidden);
            fs::create_dir(&draft)?;
            Ok(draft)
        };
        let draft = open().map_err(|cause| Error::io(path, cause))?;
        Ok(Self { path: path.to_path_buf(), draft, done: false })
    }

    /// Writes a run and puts the folder in its place.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] if something cannot be written.
    pub fn write(mut self, run: &Run<'_>) -> Result<(), Error> {
        // Before the folder takes its place: texts are read as they are written.
        let whole = || run.analysis.corpus.spill().check().map_err(io::Error::other);
        self.fill(run).and_then(|()| whole()).and_then(|()| self.settle()).map_err(|cause| Error::io(&self.path, cause))
    }

    fn fill(&self, run: &Run<'_>) -> io::Result<()> {
        let material = Material::new(run, Layout::Folder);
        let what = what(run);
        let page = |title: &str, body: &str| whole(&Page::new(title, &what, "index.html", Layout::Folder, true), body);
        let write = |name: &str, text: &str| fs::write(self.draft.join(name), text);
        write("report.css", STYLE)?;
        write("report.js", SCRIPT)?;
        write("index.html", &page("retold", &front::page(&material)?)?)?;
        let mut shared = (0, String::new());
        let finish = |(number, body): &(u32, String)| match number {
            0 => Ok(()),
            number => write(&single(*number), &page("stories of one article – retold", body)?),
        };
        for_each_story(&material, |at, pages| {
            let id = &material.analysis.stories[at].id;
            let mut body = pages.story;
            for (id, section) in &pages.comparisons {
                body.push_str(&format!("\n<noscript data-ids=\"{id}\">{section}</noscript>"));
            }
            match material.shared_page(at) {
                0 => write(&format!("{id}.html"), &page(&format!("{} – retold", pages.title), &body)?),
                number => {
                    if number != shared.0 {
                        finish(&shared)?;
                        shared = (number, String::new());
                    }
                    shared.1.push_str(&body);
                    Ok(())
                }
            }
        })?;
        finish(&shared)
    }

    /// Takes the place of an older report, file by file if it is one.
    fn settle(&mut self) -> io::Result<()> {
        match fs::read_dir(&self.path) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry?;
                    if is_ours(&entry.file_name().to_string_lossy()) {
                        fs::remove_file(entry.path())?;
                    }
                }
                fs::remove_dir(&self.path)?;
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(cause),
        }
        fs::rename(&self.draft, &self.path)?;
        self.done = true;
        Ok(())
    }
}

fn single(number: u32) -> String {
    format!("single-{number:04}.html")
}

/// Whether a file has the name of a part of a report.
fn is_ours(name: &str) -> bool {
    let story =
        |stem: &str| stem.len() == 17 && stem.starts_with('s') && stem[1..].bytes().all(|b| b.is_ascii_hexdigit());
    let shared = |stem: &str| {
        stem.strip_prefix("single-").is_some_and(|n| n.len() >= 4 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(name, "index.html" | "report.css" | "report.js")
        || name.strip_suffix(".html").is_some_and(|stem| story(stem) || shared(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reports_are_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report");
        let drafts = || fs::read_dir(folder.path()).expect("a folder").count();
        drop(Folder::open(&path).expect("it can be made"));
        assert_eq!(drafts(), 0, "the draft is gone");
        fs::create_dir(&path).expect("made");
        for name in ["index.html", "s0123456789abcdef.html", "single-0001.html", "report.css", "report.js"] {
            fs::write(path.join(name), "old").expect("written");
        }
        assert!(Folder::open(&path).is_ok());
        fs::write(path.join("diary.html"), "mine").expect("written");
        let error = Folder::open(&path).err().expect("it holds something else").to_string();
        assert!(error.contains("diary.html"), "{error}");
        assert!(Folder::open(&folder.path().join("nowhere/report")).is_err());
        assert!(
            Folder::is_meant(&path) && Folder::is_meant(Path::new("new/")) && !Folder::is_meant(Path::new("new.html"))
        );
    }
}
