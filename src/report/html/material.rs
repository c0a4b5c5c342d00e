//! What the pages of a run are made from: the run, and the tables that they look things up in.

use crate::article::DocId;
use crate::cluster::Story;
use crate::corpus::Corpus;
use crate::explain::Explainer;
use crate::normalise::{Normalised, Span};
use crate::passages::Passage;
use crate::pipeline::{Analysis, PassageReport};
use crate::report::Run;
use crate::report::html::{Layout, line};

/// One table a question.
pub(super) struct Material<'a> {
    pub(super) run: Run<'a>,
    pub(super) analysis: &'a Analysis,
    pub(super) explainer: Explainer<'a>,
    pub(super) layout: Layout,
    /// By article: its rank in time.
    pub(super) order: Vec<u32>,
    /// By article: its place among the members of its story.
    place: Vec<u32>,
    report: PassageReport,
    /// By article and place in the report: the passages that it is in.
    of_docs: Vec<(DocId, u32)>,
    /// By article: where passages stand, and their groups.
    groups: Vec<(DocId, Span, u32)>,
    /// By story of one article, in a folder: the number of the page that it is on with others.
    shared_page: Vec<u32>,
    /// So many of the stories, the first ones, have pages side by side.
    pub(super) side_by_side: usize,
}

/// Stories of one article on a page of a folder.
const ON_A_PAGE: u32 = 100;
/// Articles that stand side by side with what they were taken from, in one file: about 50 MB.
const COMPARED: usize = 4000;

impl<'a> Material<'a> {
    /// O(articles + links + words of the passages).
    pub(super) fn new(run: &Run<'a>, layout: Layout) -> Self {
        let analysis = run.analysis;
        let report = analysis.passage_report();
        let mut place = vec![0; analysis.corpus.len()];
        let mut shared_page = vec![0; analysis.stories.len()];
        let mut singles = 0;
        for (at, story) in analysis.stories.iter().enumerate() {
            if story.members.len() == 1 {
                shared_page[at] = singles / ON_A_PAGE + 1;
                singles += 1;
            }
            for (nth, member) in (0u32..).zip(&story.members) {
                place[member.doc.index()] = nth;
            }
        }
        let mut compared = 0;
        let fits = |story: &&Story| {
            compared += story.members.len() - 1;
            layout == Layout::Folder || compared <= COMPARED
        };
        let side_by_side = analysis.stories.iter().take_while(fits).count();
        let sides = (0u32..).zip(&report.passages).flat_map(|(at, one)| [(one.passage.a, at), (one.passage.b, at)]);
        let mut of_docs: Vec<(DocId, u32)> = sides.collect();
        of_docs.sort_unstable();
        let places = (0u32..).zip(&report.groups);
        let mut groups: Vec<(DocId, Span, u32)> =
            places.flat_map(|(at, group)| group.places.iter().map(move |p| (p.doc, p.span, at))).collect();
        groups.sort_unstable();
        Self {
            run: *run,
            analysis,
            explainer: Explainer::new(analysis, run.config),
            layout,
            order: analysis.corpus.time_order(),
            place,
            report,
            of_docs,
            groups,
            shared_page,
            side_by_side,
        }
    }

    pub(super) fn corpus(&self) -> &'a Corpus {
        &self.analysis.corpus
    }

    pub(super) fn normalised(&self) -> &'a Normalised {
        &self.analysis.normalised
    }

    /// The passages that an article is in.
    pub(super) fn passages_of(&self, doc: DocId) -> impl Iterator<Item = &Passage> {
        let from = self.of_docs.partition_point(|&(other, _)| other < doc);
        let rest = self.of_docs[from..].iter().take_while(move |(other, _)| *other == doc);
        rest.map(|&(_, at)| &self.report.passages[at as usize].passage)
    }

    /// Who else has a passage: the articles of the groups that have most of these bytes in common with it, in order of time.
    pub(super) fn who_else(&self, doc: DocId, span: Span) -> Vec<DocId> {
        let from = self.groups.partition_point(|&(other, ..)| other < doc);
        let here = self.groups[from..].iter().take_while(|(other, ..)| *other == doc);
        let alike = here.filter(|(_, other, _)| {
            let common = span.end.min(other.end).saturating_sub(span.begin.max(other.begin));
            let whole = span.end.max(other.end) - span.begin.min(other.begin);
            common * 2 > whole
        });
        let places = alike.flat_map(|&(.., group)| &self.report.groups[group as usize].places);
        let mut docs: Vec<DocId> = places.map(|place| place.doc).filter(|&other| other != doc).collect();
        docs.sort_unstable_by_key(|doc| self.order[doc.index()]);
        docs.dedup();
        docs
    }

    /// The name of an article in HTML: that of its story, and its place there.
    pub(super) fn anchor(&self, doc: DocId) -> String {
        let story = &self.analysis.stories[self.explainer.story_of(doc)];
        format!("{}-a{}", story.id, self.place[doc.index()])
    }

    /// Where the page of a story is.
    pub(super) fn story(&self, at: usize) -> String {
        let id = &self.analysis.stories[at].id;
        match self.layout {
            Layout::OneFile => format!("#{id}"),
            Layout::Folder => self.page(at, id),
        }
    }

    fn page(&self, at: usize, anchor: &str) -> String {
        match self.shared_page[at] {
            0 if anchor == self.analysis.stories[at].id => format!("{anchor}.html"),
            0 => format!("{}.html#{anchor}", self.analysis.stories[at].id),
            page => format!("single-{page:04}.html#{anchor}"),
        }
    }

    /// Where an article is.
    pub(super) fn article(&self, doc: DocId) -> String {
        let anchor = self.anchor(doc);
        match self.layout {
            Layout::OneFile => format!("#{anchor}"),
            Layout::Folder => self.page(self.explainer.story_of(doc), &anchor),
        }
    }

    /// The number of the page that a story is on with others, from 1; 0 if it has a page of its own.
    pub(super) fn shared_page(&self, at: usize) -> u32 {
        self.shared_page[at]
    }

    /// Where the front page is.
    pub(super) fn front(&self) -> &'static str {
        match self.layout {
            Layout::OneFile => "#top",
            Layout::Folder => "index.html",
        }
    }

    /// What an article is called: its outlet, else its id.
    pub(super) fn label(&self, doc: DocId) -> String {
        label(self.corpus(), doc)
    }

    /// The headline of a story on one line.
    pub(super) fn headline(&self, story: &Story) -> String {
        let title = line(&story.headline);
        if title.is_empty() { format!("[{}]", line(&self.corpus().get(story.central).id)) } else { title }
    }
}

/// What an article is called: its outlet, else its id.
pub(in crate::report) fn label(corpus: &Corpus, doc: DocId) -> String {
    let article = corpus.get(doc);
    article.outlet_name().map_or_else(|| format!("[{}]", line(&article.id)), line)
}
