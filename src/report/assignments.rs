//! Which article is in which story, and nothing else: `id<TAB>story_id`, the form that the scorers of the field read.

use std::io::{self, Write};

use crate::report::{Report, Run, write_id};

/// A line an article, sorted by id. An id with a control character in it, or with a quotation mark at its beginning, is
/// written as a JSON string (see [`write_id`]); every other id as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assignments;

impl Report for Assignments {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        let corpus = &run.analysis.corpus;
        let stories = run.analysis.stories.iter();
        let mut lines: Vec<(&str, &str)> = stories
            .flat_map(|story| {
                story.members.iter().map(|member| (corpus.get(member.doc).id.as_str(), story.id.as_str()))
            })
            .collect();
        lines.sort_unstable();
        for (id, story) in lines {
            writeln!(out, "{}\t{story}", write_id(id))?;
        }
        Ok(())
    }
}
