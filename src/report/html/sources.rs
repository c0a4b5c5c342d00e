//! Where the words of a story's articles come from: from the earliest of its articles that has them.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::article::DocId;
use crate::cluster::Story;
use crate::normalise::Marks;
use crate::passages::{Passage, PassageKind, Run as WordRun};
use crate::report::html::bar::{Bar, Origin, class_of};
use crate::report::html::material::Material;

/// Sources with a colour of their own.
const SOURCES: usize = 6;

/// A colour of the page and what it stands for.
pub(super) struct Legend {
    pub(super) class: &'static str,
    pub(super) label: String,
}

/// The sources of a story, and the words that others have from them.
pub(super) struct Sources {
    /// Articles that others have text from, those with most of it first,
    docs: Vec<DocId>,
    /// and their places there.
    places: HashMap<DocId, usize>,
    /// By article: where each of its words comes from.
    words: HashMap<DocId, Vec<Option<DocId>>>,
}

impl Sources {
    /// Of a story; `taken` has what copies have from what they were taken from, which is `a`. O(words of the articles).
    pub(super) fn new(material: &Material<'_>, story: &Story, taken: &HashMap<DocId, Vec<Passage>>) -> Self {
        let rank = |doc: DocId| material.order[doc.index()];
        let mut members: Vec<DocId> = story.members.iter().map(|member| member.doc).collect();
        members.sort_unstable_by_key(|&doc| rank(doc));
        let inside: HashSet<DocId> = members.iter().copied().collect();
        let same_text = &material.analysis.passages.same_text;
        let mut counts: BTreeMap<DocId, usize> = BTreeMap::new();
        let mut words: HashMap<DocId, Vec<Option<DocId>>> = HashMap::new();
        for doc in members {
            let same = same_text[doc.index()];
            let of_doc = match words.get(&same).filter(|_| same != doc) {
                Some(words) => words.iter().map(|from| from.or(Some(same))).collect(),
                None => words_of(material, doc, &inside, taken.get(&doc).map_or(&[], Vec::as_slice)),
            };
            for from in of_doc.iter().flatten() {
                *counts.entry(*from).or_default() += 1;
            }
            words.insert(doc, of_doc);
        }
        let mut counts: Vec<(DocId, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|&(doc, words)| (std::cmp::Reverse(words), rank(doc)));
        let docs: Vec<DocId> = counts.into_iter().map(|(doc, _)| doc).collect();
        let places = docs.iter().enumerate().map(|(at, &doc)| (doc, at)).collect();
        Self { docs, places, words }
    }

    /// The place of an article among the sources, which gives it its colour.
    pub(super) fn place(&self, doc: DocId) -> Option<usize> {
        self.places.get(&doc).copied()
    }

    /// What the colours stand for.
    pub(super) fn legend(&self, name: impl Fn(DocId) -> String) -> Vec<Legend> {
        let mut legend: Vec<Legend> = (0..self.docs.len().min(SOURCES))
            .map(|at| Legend { class: class_of(at), label: format!("first in {}", name(self.docs[at])) })
            .collect();
        if self.docs.len() > SOURCES {
            legend.push(Legend { class: class_of(SOURCES), label: "first in other articles of the story".to_owned() });
        }
        legend
    }

    /// The drawing of an article.
    pub(super) fn bar(&self, material: &Material<'_>, doc: DocId, name: impl Fn(DocId) -> String) -> Bar {
        let stream = material.normalised().stream(doc);
        let tokens = &stream.body;
        let words = self.words.get(&doc).map_or(&[][..], Vec::as_slice);
        let origin = |(from, marks): (&Option<DocId>, &Marks)| match from {
            _ if marks.has(Marks::FURNITURE) => Origin::Furniture,
            Some(from) => self.place(*from).map_or(Origin::Own, Origin::From),
            None => Origin::Own,
        };
        let origins: Vec<Origin> = words.iter().zip(&*tokens.marks).map(origin).collect();
        Bar::new(tokens, &origins, |source| name(self.docs[source]), self.place(doc))
    }
}

/// By word of an article: the earliest other article of its story (`inside`) that has it; at least the one that it was `taken` from.
fn words_of(material: &Material<'_>, doc: DocId, inside: &HashSet<DocId>, taken: &[Passage]) -> Vec<Option<DocId>> {
    let rank = |doc: DocId| material.order[doc.index()];
    let mut words = vec![None; material.normalised().body_len(doc)];
    let other = |passage: &Passage| if passage.a == doc { passage.b } else { passage.a };
    let mut earlier: Vec<&Passage> = material
        .passages_of(doc)
        .filter(|passage| {
            let other = other(passage);
            passage.kind != PassageKind::Furniture && inside.contains(&other) && rank(other) < rank(doc)
        })
        .collect();
    earlier.sort_by_key(|passage| rank(other(passage)));
    let parent = taken.iter().filter(|passage| passage.kind != PassageKind::Furniture);
    for passage in earlier.into_iter().chain(parent) {
        let (from, range): (DocId, fn(&WordRun) -> std::ops::Range<usize>) =
            if passage.a == doc { (passage.b, WordRun::in_a) } else { (passage.a, WordRun::in_b) };
        for at in passage.found.runs.iter().flat_map(range) {
            if let Some(word) = words.get_mut(at) {
                word.get_or_insert(from);
            }
        }
    }
    words
}
