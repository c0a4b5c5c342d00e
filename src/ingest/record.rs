//! One record of JSON or CSV as far as an article needs it: for each field the best value, everything else passed over
//! without being built.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::fields::{Aliases, FIELDS, Field};
use crate::outlets::as_domain;

/// A record's value for one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The rank of the name that it stood under.
    pub(super) rank: u16,
    /// The value.
    pub(super) value: String,
}

/// What a record holds for an article.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Record {
    found: [Option<Found>; FIELDS],
    /// Every key and value, if they are kept.
    pub(super) fields: Option<Map<String, Value>>,
}

impl Record {
    /// The value of a field.
    pub(super) fn get(&self, field: Field) -> Option<&Found> {
        self.found[field as usize].as_ref()
    }

    /// Takes the value of a field out.
    pub(super) fn take(&mut self, field: Field) -> Option<Found> {
        self.found[field as usize].take()
    }

    /// The names that would improve the record.
    fn wanted<'a>(&self, aliases: &'a Aliases, ranks: &'a [u16]) -> impl Iterator<Item = u16> + use<'a> {
        let best: [u16; FIELDS] = std::array::from_fn(|i| self.found[i].as_ref().map_or(u16::MAX, |f| f.rank));
        ranks.iter().copied().filter(move |&rank| rank < best[aliases.get(rank).field as usize])
    }

    /// Takes a cell of a table, or any value that is plain text.
    pub(super) fn put_text(&mut self, aliases: &Aliases, key: &str, value: &str) {
        if is_nothing(value) {
            return;
        }
        for rank in self.wanted(aliases, aliases.of_key(key)) {
            if aliases.get(rank).path.is_empty() {
                self.put(aliases, rank, Extracted { text: value.to_owned(), ..Extracted::default() });
            }
        }
    }

    fn put_value(&mut self, aliases: &Aliases, key: &str, value: &Value) {
        for rank in self.wanted(aliases, aliases.of_key(key)) {
            let alias = aliases.get(rank);
            let Some(end) = follow(value, &alias.path) else { continue };
            if let Ok(Some(extracted)) = (Extract { field: alias.field, depth: 0 }).deserialize(end) {
                self.put(aliases, rank, extracted);
            }
        }
    }

    fn put(&mut self, aliases: &Aliases, rank: u16, extracted: Extracted) {
        let field = aliases.get(rank).field;
        if self.get(field).is_some_and(|best| best.rank < rank) {
            return;
        }
        // `source` is a URL for some and a name for others.
        if aliases.get(rank).name == "source" {
            let url = !extracted.nested && extracted.text.contains("://");
            if (field == Field::Url) != url {
                return;
            }
        }
        if field == Field::Url && !extracted.text.contains("://") && as_domain(&extracted.text).is_none() {
            return;
        }
        self.found[field as usize] = Some(Found { rank, value: extracted.text });
    }
}

/// Walks a path of keys and array positions.
fn follow<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, key| match at {
        Value::Object(map) => map.get(key),
        Value::Array(list) => match key.parse::<usize>() {
            Ok(index) => list.get(index),
            Err(_) => list.iter().find_map(|item| item.get(key)),
        },
        _ => None,
    })
}

/// Whether a value says nothing: news-please writes `None`, pandas `nan`.
pub(super) fn is_nothing(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || value.len() <= 4 && ["none", "null", "nan"].iter().any(|nothing| value.eq_ignore_ascii_case(nothing))
}

/// Reads a JSON object into a [`Record`].
#[derive(Clone, Copy)]
pub(super) struct ReadRecord<'a> {
    /// The names of fields.
    pub(super) aliases: &'a Aliases,
    /// Whether to keep every field.
    pub(super) keep: bool,
}

impl<'de> DeserializeSeed<'de> for ReadRecord<'_> {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Record, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ReadRecord<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut record = Record::default();
        if self.keep {
            let mut fields = Map::new();
            while let Some(key) = map.next_key::<String>()? {
                let value: Value = map.next_value()?;
                record.put_value(self.aliases, &key, &value);
                fields.insert(key, value);
            }
            record.fields = Some(fields);
            return Ok(record);
        }
        while let Some(ranks) = map.next_key_seed(ReadKey { aliases: self.aliases })? {
            let mut wanted = record.wanted(self.aliases, ranks.ranks);
            let Some(first) = wanted.next() else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let rest: Vec<u16> = wanted.collect();
            let path = std::iter::once(&first).chain(&rest).any(|&r| !self.aliases.get(r).path.is_empty());
            if path {
                // Only a name with a path in it needs the value as a tree.
                let value: Value = map.next_value()?;
                record.put_value(self.aliases, &ranks.key(), &value);
                continue;
            }
            // What may be a URL or something else is a URL only if it is plain text.
            let mut fields = std::iter::once(&first).chain(&rest).map(|&r| self.aliases.get(r).field);
            let field = fields.find(|f| *f != Field::Url).unwrap_or(Field::Url);
            let extract = Extract { field, depth: 0 };
            if let Some(extracted) = map.next_value_seed(extract)? {
                for &rank in &rest {
                    record.put(self.aliases, rank, extracted.clone());
                }
                record.put(self.aliases, first, extracted);
            }
        }
        Ok(record)
    }
}

/// A key that is turned into the names that it stands for without being copied.
struct ReadKey<'a> {
    aliases: &'a Aliases,
}

/// The names of a key.
struct Key<'a> {
    ranks: &'a [u16],
    aliases: &'a Aliases,
}

impl Key<'_> {
    /// A spelling of the key that finds the same names.
    fn key(&self) -> String {
        self.ranks.first().map_or(String::new(), |&r| {
            let alias = self.aliases.get(r);
            if alias.path.is_empty() {
                return alias.name.clone();
            }
            alias.name.split('.').next().unwrap_or_default().to_owned()
        })
    }
}

impl<'de, 'a> DeserializeSeed<'de> for ReadKey<'a> {
    type Value = Key<'a>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Key<'a>, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for ReadKey<'a> {
    type Value = Key<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'a>, E> {
        Ok(Key { ranks: self.aliases.of_key(key), aliases: self.aliases })
    }
}

/// A value as text.
#[derive(Clone, Debug, Default)]
struct Extracted {
    text: String,
    /// It was found inside an object.
    nested: bool,
    /// The object says that it has the role `main` (ninjs).
    main: bool,
    /// How good the key was under which it stood in its object; 0 is best.
    rank: usize,
}

/// Reads any value as text: a string or number as it stands, an object by the best of the keys that hold a value in such
/// objects, an array by its element of role `main`, else its first; the elements of a text are joined.
#[derive(Clone, Copy)]
struct Extract {
    field: Field,
    depth: u8,
}

/// Deeper objects hold nothing that an article needs.
const DEEPEST: u8 = 4;

/// Keys that hold the value of an object, the best first.
const VALUE_KEYS: [&str; 17] = [
    "value",
    "rendered",
    "name",
    "title",
    "text",
    "#text",
    "@value",
    "$date",
    "$oid",
    "$numberlong",
    "eventid",
    "content",
    "@id",
    "url",
    "href",
    "uri",
    "id",
];
/// The same for a URL.
const URL_KEYS: [&str; 5] = ["@id", "url", "href", "uri", "value"];

impl Extract {
    fn text<E>(text: &str) -> Result<Option<Extracted>, E> {
        Ok((!is_nothing(text)).then(|| Extracted { text: text.to_owned(), ..Extracted::default() }))
    }
}

impl<'de> DeserializeSeed<'de> for Extract {
    type Value = Option<Extracted>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Extract {
    type Value = Option<Extracted>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Self::text(text)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Self::text(&number.to_string())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Self::text(&number.to_string())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Self::text(&number.to_string())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if self.depth >= DEEPEST {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(None);
        }
        let inner = Self { depth: self.depth + 1, ..self };
        let mut best: Option<Extracted> = None;
        while let Some(item) = list.next_element_seed(inner)? {
            let Some(item) = item else { continue };
            match &mut best {
                Some(best) if item.main && !best.main => *best = item,
                Some(best) if self.field == Field::Text && item.main == best.main => {
                    best.text.push_str("\n\n");
                    best.text.push_str(&item.text);
                }
                Some(_) => {}
                None => best = Some(item),
            }
        }
        Ok(best)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let keys: &[&str] = if self.field == Field::Url { &URL_KEYS } else { &VALUE_KEYS };
        let inner = Self { depth: self.depth + 1, ..self };
        let mut best: Option<Extracted> = None;
        let mut main = false;
        while let Some(key) = map.next_key::<String>()? {
            let key = key.to_lowercase();
            if key == "role" {
                let role = map.next_value_seed(Self { field: Field::Label, depth: DEEPEST })?;
                main = role.is_some_and(|r| r.text == "main");
                continue;
            }
            let rank = keys.iter().position(|k| *k == key);
            match rank {
                Some(rank) if self.depth < DEEPEST && best.as_ref().is_none_or(|b| rank < b.rank) => {
                    if let Some(found) = map.next_value_seed(inner)? {
                        best = Some(Extracted { rank, nested: true, ..found });
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(best.map(|found| Extracted { main, ..found }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(json: &str, overrides: &[(&str, &str)], keep: bool) -> Record {
        let overrides = overrides.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let aliases = Aliases::new(&overrides).expect("good names");
        let mut from = serde_json::Deserializer::from_str(json);
        ReadRecord { aliases: &aliases, keep }.deserialize(&mut from).expect("a record")
    }

    fn values(json: &str, overrides: &[(&str, &str)]) -> Vec<(usize, String)> {
        let plain = read(json, overrides, false);
        assert_eq!(plain.found, read(json, overrides, true).found, "keeping fields changes nothing");
        plain.found.iter().enumerate().filter_map(|(i, f)| Some((i, f.as_ref()?.value.clone()))).collect()
    }

    #[test]
    fn the_first_name_that_is_not_empty_wins() {
        for (json, expected) in [
            (r#"{"text":"b","maintext":"a"}"#, vec![(Field::Text, "a")]),
            (r#"{"maintext":"None","text":" ","content":"c"}"#, vec![(Field::Text, "c")]),
            (r#"{"source":{"uri":"nowhere.com","title":"Nowhere"}}"#, vec![(Field::Outlet, "Nowhere")]),
            (r#"{"source":"https://nowhere.com/1"}"#, vec![(Field::Url, "https://nowhere.com/1")]),
            (r#"{"source":"Nowhere"}"#, vec![(Field::Outlet, "Nowhere")]),
            (
                r#"{"headlines":[{"role":"sub","value":"S"},{"value":"M","role":"main"}],"id":7}"#,
                vec![(Field::Id, "7"), (Field::Title, "M")],
            ),
            (r#"{"bodies":[{"value":"a"},{"value":"b"}]}"#, vec![(Field::Text, "a\n\nb")]),
            (r#"{"mainEntityOfPage":{"@type":"WebPage","@id":"http://n.org/"}}"#, vec![(Field::Url, "http://n.org/")]),
            (r#"{"newsCluster":{"EventId":12,"Name":{"x":[1]}}}"#, vec![(Field::Label, "12")]),
            (r#"{"date":{"$date":{"$numberLong":"1700000000000"}}}"#, vec![(Field::Published, "1700000000000")]),
            (r#"{"title":true,"text":[[[[[[["deep"]]]]]]],"link":"nothing"}"#, vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(f, v)| (f as usize, v.to_owned())).collect();
            assert_eq!(values(json, &[]), expected, "{json}");
        }
    }

    #[test]
    fn a_path_of_the_user_reaches_into_objects() {
        let json = r#"{"text":"no","Data":{"parts":[{"x":1},{"body":"yes"}]},"a.b":"dotted"}"#;
        assert_eq!(
            values(json, &[("text", "Data.parts.body"), ("title", "a.b")]),
            [(Field::Title as usize, "dotted".to_owned()), (Field::Text as usize, "yes".to_owned())]
        );
        assert_eq!(values(json, &[("text", "Data.parts.1.body")]), [(Field::Text as usize, "yes".to_owned())]);
        assert_eq!(values(json, &[("text", "Data.none")]), [(Field::Text as usize, "no".to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(json in r#"[\{\}\[\]":,a-z0-9 \\]{0,80}"#, keep in proptest::bool::ANY) {
            let aliases = Aliases::new(&BTreeMap::new()).expect("the table");
            let mut from = serde_json::Deserializer::from_str(&json);
            let _ = ReadRecord { aliases: &aliases, keep }.deserialize(&mut from);
        }
    }
}
