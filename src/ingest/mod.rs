//! Reading articles: folders, files and standard input, in every container, compression and encoding that news comes in.
//!
//! `stream` gives decompressed and decoded bytes, `format` finds out what they are, `json`, `table` and `text` read
//! records, `fields` and `record` know what fields are called, `build` makes articles of them.
//!
//! One bad article never stops a run: what cannot be taken in is [`Skipped`], a field that cannot be read is a [`Warning`].

mod build;
mod cases;
mod date;
mod fields;
mod format;
mod json;
mod kept;
mod labels;
mod links;
mod markup;
mod record;
mod report;
mod select;
mod stream;
mod table;
mod text;
mod text_head;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use foldhash::quality::RandomState;
use rayon::prelude::*;

pub use self::build::Languages;
use self::build::{Context, Reduce};
pub use self::cases::{CaseFolder, CaseLine, PairFile, PairLine, read_cases};
use self::fields::Aliases;
pub use self::format::Format;
pub use self::kept::write_kept;
pub use self::labels::{LabelKind, Labels, read_labels};
pub use self::links::read_links;
pub use self::report::FileReport;
use self::report::Taken;
pub use self::select::{LeftOut, Selection};
pub use self::stream::Compression;
use self::stream::{Stream, decode};
use crate::article::Article;
use crate::config::{IngestConfig, InputFormat};
use crate::error::{Error, ErrorKind, Place, Skipped, Warning};
use crate::outlets::{OutletTable, unify};
use crate::progress::Progress;
use crate::spill::Spill;

/// Bytes that are enough to tell formats apart; a file that is no longer is read by one thread.
const HEAD: usize = 1 << 18;

/// How few records of a file one thread takes: all of a small one, so that many small files do not wait for each other.
fn grain(bytes: usize) -> usize {
    if bytes <= HEAD { usize::MAX } else { 1 }
}

/// Where articles come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with everything in it except hidden files.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

/// What came in.
#[derive(Debug, Default)]
pub struct Intake {
    /// The articles, in the order of the input.
    pub articles: Vec<Article>,
    /// What could not be taken in.
    pub skipped: Vec<Skipped>,
    /// Fields that could not be read, and oddities; the articles are there.
    pub warnings: Vec<Warning>,
    /// What was taken of each file.
    pub files: Vec<FileReport>,
}

/// What came in where every article was reduced to a `T` as it was read.
#[derive(Debug)]
pub struct Gathered<T> {
    /// What the articles were reduced to, in the order of the input.
    pub articles: Vec<T>,
    /// Where each of them stands: a place in `files`, and the line in it where there are lines.
    pub places: Vec<(u32, Option<u64>)>,
    /// What could not be taken in.
    pub skipped: Vec<Skipped>,
    /// Fields that could not be read, and oddities.
    pub warnings: Vec<Warning>,
    /// What was taken of each file.
    pub files: Vec<FileReport>,
}

impl<T> Gathered<T> {
    /// Where an article stands in the input.
    #[must_use]
    pub fn place(&self, index: usize) -> Place {
        let (file, line) = self.places[index];
        Place { file: self.files[file as usize].file.clone(), line }
    }

    /// A warning for every article whose id another one has before it.
    pub fn warn_of_repeated_ids(&mut self, id: impl Fn(&T) -> &str) {
        let mut first: HashMap<&str, usize, RandomState> = HashMap::default();
        first.reserve(self.articles.len());
        let mut warnings = Vec::new();
        for (index, id) in self.articles.iter().map(id).enumerate().filter(|(_, id)| !id.is_empty()) {
            if let Some(&before) = first.get(id) {
                let reason = format!(
                    "the id {id:?} stands already at {}; one of the two gets a number behind it",
                    self.place(before)
                );
                warnings.push(Warning { place: self.place(index), reason });
            } else {
                first.insert(id, index);
            }
        }
        self.warnings.append(&mut warnings);
    }
}

/// Reads all inputs. Progress is told in bytes of the files.
///
/// # Errors
/// [`ErrorKind::Io`] if a file or folder that was named cannot be opened; one found in a folder is only skipped.
/// [`ErrorKind::Config`] if `fields` names none of our fields.
pub fn read(
    inputs: &[Input],
    config: &IngestConfig,
    table: &OutletTable,
    progress: &dyn Progress,
) -> Result<Intake, Error> {
    read_bounded(inputs, config, table, &Spill::default(), progress)
}

/// The same within bounds: texts that do not fit them are spilled as they are read.
///
/// # Errors
/// Those of [`read`], and [`ErrorKind::Spill`] if a text cannot be written.
pub fn read_bounded(
    inputs: &[Input],
    config: &IngestConfig,
    table: &OutletTable,
    spill: &Spill,
    progress: &dyn Progress,
) -> Result<Intake, Error> {
    let mut gathered = each(inputs, config, table, Languages::Identified, spill, progress, &|article| article)?;
    unify(&mut gathered.articles);
    gathered.warn_of_repeated_ids(|article| &article.id);
    let Gathered { articles, skipped, warnings, files, .. } = gathered;
    Ok(Intake { articles, skipped, warnings, files })
}

/// Reads all inputs and reduces every article in the thread that has read it, so that the texts are never there all at once.
/// Of the names of outlets none is unified with those of other articles.
///
/// # Errors
/// As [`read_bounded`].
pub fn each<T: Send>(
    inputs: &[Input],
    config: &IngestConfig,
    table: &OutletTable,
    languages: Languages,
    spill: &Spill,
    progress: &dyn Progress,
    reduce: &(dyn Fn(Article) -> T + Sync),
) -> Result<Gathered<T>, Error> {
    let aliases = Aliases::new(&config.fields).map_err(ErrorKind::Config)?;
    let context = Context { config, aliases: &aliases, table, progress, spill, languages };
    let mut all = Gathered {
        articles: Vec::new(),
        places: Vec::new(),
        skipped: Vec::new(),
        warnings: Vec::new(),
        files: Vec::new(),
    };
    let mut files = Vec::new();
    for input in inputs {
        list(input, &mut files, &mut all.skipped)?;
    }
    progress.stage("read", files.iter().map(|f| f.bytes).sum());
    let taken: Vec<Result<Taken<T>, Error>> = files.par_iter().map(|file| file.read(context, reduce)).collect();
    spill.check()?;
    for (number, (file, taken)) in (0u32..).zip(files.iter().zip(taken)) {
        let mut taken = taken?;
        all.files.push(taken.report(&file.name, &aliases));
        let place = |line| Place { file: file.name.clone(), line };
        all.skipped.extend(taken.skipped.into_iter().map(|(line, reason)| Skipped { place: place(line), reason }));
        all.warnings.extend(taken.warnings.into_iter().map(|(line, reason)| Warning { place: place(line), reason }));
        all.places.extend(taken.lines.iter().map(|line| (number, *line)));
        // Mostly there is one file, of which nothing need be moved.
        if all.articles.is_empty() {
            std::mem::swap(&mut all.articles, &mut taken.articles);
        }
        all.articles.append(&mut taken.articles);
    }
    Ok(all)
}

/// A file to read.
struct File {
    /// `None` is standard input.
    path: Option<PathBuf>,
    /// As it is shown.
    name: String,
    /// Its size, if it is known.
    bytes: Option<u64>,
    /// The caller named it, so it has to be there.
    named: bool,
}

/// Adds the files of an input.
fn list(input: &Input, files: &mut Vec<File>, skipped: &mut Vec<Skipped>) -> Result<(), Error> {
    let path = match input {
        Input::Stdin => {
            files.push(File { path: None, name: "-".to_owned(), bytes: None, named: true });
            return Ok(());
        }
        Input::Path(path) => path,
    };
    let meta = std::fs::metadata(path).map_err(|cause| Error::io(path, cause))?;
    let file = |path: &Path, bytes: Option<u64>, named: bool| File {
        path: Some(path.to_path_buf()),
        name: path.display().to_string(),
        bytes,
        named,
    };
    if !meta.is_dir() {
        files.push(file(path, Some(meta.len()), true));
        return Ok(());
    }
    std::fs::read_dir(path).map_err(|cause| Error::io(path, cause))?;
    let hidden = |e: &walkdir::DirEntry| e.depth() > 0 && e.file_name().to_string_lossy().starts_with('.');
    let walk = walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|e| !hidden(e)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                files.push(file(entry.path(), entry.metadata().ok().map(|m| m.len()), false));
            }
            Ok(_) => {}
            Err(error) => {
                let place = error.path().unwrap_or(path).display().to_string();
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                skipped.push(Skipped { place: Place { file: place, line: None }, reason });
            }
        }
    }
    Ok(())
}

impl File {
    fn read<T: Send>(&self, context: Context<'_>, reduce: Reduce<'_, T>) -> Result<Taken<T>, Error> {
        let mut taken = Taken::new(context.aliases);
        let stream = match &self.path {
            None => Stream::open(std::io::stdin(), context.progress),
            Some(path) => std::fs::File::open(path).and_then(|file| Stream::open(file, context.progress)),
        };
        match stream {
            Ok(stream) => take(stream, &self.file_name(), context, reduce, &mut taken),
            Err(cause) if self.named => return Err(Error::io(Path::new(&self.name), cause)),
            Err(cause) => taken.skip(None, cause.to_string()),
        }
        taken.tell_damage();
        Ok(taken)
    }

    fn file_name(&self) -> String {
        let name = self.path.as_ref().and_then(|p| p.file_name());
        name.map_or_else(|| "-".to_owned(), |n| n.to_string_lossy().into_owned())
    }
}

/// Finds out what a stream holds and takes it in.
fn take<T: Send>(
    mut stream: Stream<'_>,
    name: &str,
    context: Context<'_>,
    reduce: Reduce<'_, T>,
    taken: &mut Taken<T>,
) {
    let mut head = Vec::new();
    stream.fill(&mut head, HEAD);
    taken.compression = stream.compression;
    if head.is_empty() {
        taken.damage = stream.damage.take();
        if taken.damage.is_none() {
            taken.skip(None, "empty file".to_owned());
        }
        return;
    }
    let forced = match context.config.input_format {
        InputFormat::Auto => None,
        InputFormat::Text => Some(Format::Text),
        InputFormat::Json => Some(Format::Json),
        InputFormat::Jsonl => Some(Format::Jsonl),
        InputFormat::Csv => Some(Format::Csv),
        InputFormat::Tsv => Some(Format::Tsv),
    };
    if let Some(what) = format::foreign(&head).filter(|_| forced.is_none()) {
        taken.skip(None, what.to_owned());
        return;
    }
    let sample = decode(head.clone()).text;
    let whole = stream.ended;
    let format =
        forced.unwrap_or_else(|| format::detect(&sample, whole, text::without_compression(name), context.aliases));
    if format == Format::Text && format::is_binary(&sample) {
        taken.skip(None, "binary data, not a text".to_owned());
        return;
    }
    taken.format = Some(format);
    if format == Format::Jsonl {
        json::read_lines(stream, head, context, reduce, taken);
        return;
    }
    let mut bytes = head;
    if format == Format::Text {
        // In UTF-16 or UTF-32 it has up to four bytes for one of UTF-8.
        let limit = usize::try_from(context.config.max_article).unwrap_or(usize::MAX).saturating_mul(4);
        stream.fill(&mut bytes, limit.saturating_add(8));
        if bytes.len() > limit {
            taken.skip(
                None,
                format!("above the limit of {} bytes for an article (--max-article)", context.config.max_article),
            );
            return;
        }
    } else {
        stream.fill_all(&mut bytes);
    }
    taken.damage = stream.damage.take();
    if taken.damage.is_some() && matches!(format, Format::Csv | Format::Tsv) {
        // Half a row may have as many cells as a whole one.
        bytes.truncate(bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1));
    }
    let decoded = decode(bytes);
    taken.encoding = decoded.encoding;
    if decoded.replaced {
        let reason = format!("some bytes are not {} and were replaced", decoded.encoding);
        taken.warnings.push((None, reason));
    }
    match format {
        Format::Text => {
            let outcome = text::read_text(decoded.text, name, context);
            taken.add(None, outcome.map(|built| built.reduce(reduce)));
        }
        Format::Json => json::read_document(&decoded.text, context, reduce, taken),
        _ => table::read_table(&decoded.text, format, context, reduce, taken),
    }
}

#[cfg(test)]
mod tests;
