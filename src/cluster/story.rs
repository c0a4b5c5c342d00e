//! What comes out: stories, and in them copy groups, members with their roles, origins and the links that made them.

use crate::article::{Date, DocId};
use crate::constraints::Constraint;
use crate::copies::{CopyGroup, CopyLink};
use crate::graph::Part;
use crate::language::Lang;
use crate::normalise::Span;
use crate::passages::Confidence;

/// What an article is inside its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Others copied it, and it copied nobody in the input.
    Original,
    /// At least half of its own words stand in an earlier article of another outlet.
    Copy,
    /// At least a fifth of them do.
    PartialCopy,
    /// A later version of an article of the same outlet.
    Revision,
    /// Only the beginning of an article, cut off by a paywall or a teaser.
    Stub,
    /// Several stories in one article.
    RoundUp,
    /// One story told in many dated entries.
    LiveBlog,
    /// An article in its own words.
    Report,
}

impl Role {
    /// All roles, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::Copy,
        Self::PartialCopy,
        Self::Revision,
        Self::Stub,
        Self::RoundUp,
        Self::LiveBlog,
        Self::Report,
    ];

    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Copy => "copy",
            Self::PartialCopy => "partial-copy",
            Self::Revision => "revision",
            Self::Stub => "stub",
            Self::RoundUp => "round-up",
            Self::LiveBlog => "live-blog",
            Self::Report => "report",
        }
    }
}

/// A sentence of an article that shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The article.
    pub doc: DocId,
    /// The sentence, in bytes of its text.
    pub sentence: Span,
}

/// Who had a story first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The members credit this outlet, whose own article need not be in the input.
    Credited {
        /// The outlet's name.
        outlet: String,
        /// Its own article in the story, if it is in the input.
        doc: Option<DocId>,
        /// Members that credit it, each with the sentence.
        evidence: Vec<Evidence>,
        /// How sure.
        confidence: Confidence,
    },
    /// The earliest article that the others copied.
    Article {
        /// It.
        doc: DocId,
        /// How sure.
        confidence: Confidence,
    },
    /// Nothing speaks for one.
    Undecided {
        /// Why not.
        reason: &'static str,
    },
}

/// An article in its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The article.
    pub doc: DocId,
    /// What it is here.
    pub role: Role,
    /// Place of its copy group in [`Story::copy_groups`].
    pub copy_group: Option<usize>,
    /// The article it was taken from, with how much of it stands there.
    pub copied_from: Option<CopyLink>,
    /// Its date disagrees with those of its near neighbours, or with rare text shared with an article of another time.
    pub doubtful_date: bool,
}

/// A link that holds a story together, with what its score is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLink {
    /// One article.
    pub a: DocId,
    /// The other.
    pub b: DocId,
    /// The score in millionths: the sum of the parts.
    pub score: i64,
    /// The named parts.
    pub parts: Vec<Part>,
}

/// A story that speaks of the same affair but another event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its place in the list of stories.
    pub story: usize,
    /// The best score between two of their articles without dates and origins, in millionths.
    pub score: i64,
    /// The article of this story in that best link.
    pub here: DocId,
    /// The article of the other.
    pub there: DocId,
}

impl Story {
    /// The strongest link of an article that speaks for its voice: to a report, else to what else there is. `None` where only a
    /// must-link holds it. Every member's strongest link is among those that hold the story together.
    #[must_use]
    pub fn strongest_link(&self, doc: DocId) -> Option<&StoryLink> {
        let decides = |doc: DocId| {
            let member = self.members.iter().find(|member| member.doc == doc);
            member.is_some_and(|member| !matches!(member.role, Role::LiveBlog | Role::RoundUp))
        };
        let links = self.links.iter().filter(|link| link.a == doc || link.b == doc);
        links.max_by_key(|link| (decides(if link.a == doc { link.b } else { link.a }), link.score))
    }

    /// That of the weakest member: why it is in, unless a must-link says so.
    #[must_use]
    pub fn link_of_weakest(&self) -> Option<&StoryLink> {
        self.strongest_link(self.weakest?.0)
    }
}

/// Articles that report one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Stable: made of the key of its first article.
    pub id: String,
    /// The title of the article nearest to all others.
    pub headline: String,
    /// That article.
    pub central: DocId,
    /// The language of its articles.
    pub lang: Lang,
    /// By date (undated last), then key.
    pub members: Vec<Member>,
    /// Texts and their republications, two or more articles each; the largest first.
    pub copy_groups: Vec<CopyGroup>,
    /// Names of the outlets, sorted.
    pub outlets: Vec<String>,
    /// Whose words the story rests on: outlets or their owners, sorted. Those that only copy, and those that print what another
    /// wrote or retell its exclusive report, do not count.
    pub independent: Vec<String>,
    /// Earliest date of a member, doubtful dates apart.
    pub first: Option<Date>,
    /// Latest date.
    pub last: Option<Date>,
    /// The terms that weigh most over all members, as words that stand in them.
    pub key_terms: Vec<String>,
    /// Who had it first.
    pub origin: Origin,
    /// Mean score over all pairs of voices, in millionths; `None` for a single voice.
    pub cohesion: Option<i64>,
    /// The member that is least close to the others, with its mean score in millionths.
    pub weakest: Option<(DocId, i64)>,
    /// The strongest links that hold the voices together, one fewer than there are voices.
    pub links: Vec<StoryLink>,
    /// Stories of the same affair, the nearest first.
    pub related: Vec<Related>,
    /// What people say of its articles: must-links inside, and cannot-links with one end in it. Sorted.
    pub constraints: Vec<Constraint>,
}
