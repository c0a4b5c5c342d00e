//! An article a line, with every field that it came with and what was found out about it: the way back to the reader's own
//! data.

use std::fmt;
use std::io::{self, Write};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::article::Article;
use crate::cluster::{Member, Story};
use crate::report::clean::SafeJson;
use crate::report::{Report, Run};

/// Articles as JSON lines, story by story, inside a story by date.
///
/// The fields of the input come first, in their order. `article_id` (the id that all other output uses), `story_id`,
/// `copy_group_id` (or `null`) and `role` stand behind them; a field of the input that has one of these names is replaced.
/// An article that came without fields, as a text file does, has `title`, `outlet`, `date`, `url`, `language` and `text`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Articles;

/// The names that are ours.
const OURS: [&str; 4] = ["article_id", "story_id", "copy_group_id", "role"];

struct Line<'a> {
    article: &'a Article,
    story: &'a Story,
    member: &'a Member,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { article, story, member } = self;
        let mut map = serializer.serialize_map(None)?;
        match &article.fields {
            Some(fields) => {
                let fields: Fields = serde_json::from_str(&fields.read()).map_err(S::Error::custom)?;
                for (name, value) in fields.0.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
                    map.serialize_entry(name, value)?;
                }
            }
            None => {
                map.serialize_entry("title", &article.title)?;
                map.serialize_entry("outlet", &article.outlet_name())?;
                map.serialize_entry("date", &article.date.map(|date| date.to_string()))?;
                map.serialize_entry("url", &article.url)?;
                map.serialize_entry("language", &article.lang)?;
                map.serialize_entry("text", &article.text.read())?;
            }
        }
        let [id, story_id, group, role] = OURS;
        map.serialize_entry(id, &article.id)?;
        map.serialize_entry(story_id, &story.id)?;
        map.serialize_entry(group, &member.copy_group.map(|at| &story.copy_groups[at].id))?;
        map.serialize_entry(role, member.role.name())?;
        map.end()
    }
}

/// The fields of a record in their order, with their values as they are written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = map.next_entry()? {
            fields.push(entry);
        }
        Ok(Fields(fields))
    }
}

impl Report for Articles {
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        for story in &run.analysis.stories {
            for member in &story.members {
                let line = Line { article: run.analysis.corpus.get(member.doc), story, member };
                serde_json::to_writer(SafeJson(&mut *out), &line)?;
                writeln!(out)?;
            }
        }
        Ok(())
    }
}
