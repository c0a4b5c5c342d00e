//! Voices: articles with the same or nearly the same text, folded into one, so that three hundred republications and four
//! reports are five opinions on what the story is.

use crate::article::DocId;
use crate::config::CopiesConfig;
use crate::constraints::Classes;
use crate::copies::Coverage;

/// The voices of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    /// The article that each voice is judged by: its earliest. In the order of their numbers.
    pub speakers: Vec<DocId>,
    /// By article: its voice, a place in `speakers`.
    pub of: Vec<u32>,
}

impl Voices {
    /// The articles of every voice, in order.
    #[must_use]
    pub fn members(&self) -> Vec<Vec<DocId>> {
        let mut members = vec![Vec::new(); self.speakers.len()];
        for (doc, &voice) in (0u32..).zip(&self.of) {
            members[voice as usize].push(DocId(doc));
        }
        members
    }
}

/// Folds each article into the earliest voice whose speaker it nearly equals: both cover each other by `near_identical`.
/// It is the speaker that counts, so nothing chains. `order` ranks the articles in time. What `classes` keeps apart is not
/// folded; what is, is joined there. O(pairs log pairs).
#[must_use]
pub fn fold(
    same_text: &[DocId],
    coverages: &[Coverage],
    order: &[u32],
    classes: &mut Classes,
    config: &CopiesConfig,
) -> Voices {
    let least = share_to_micro(config.near_identical);
    let mut near: Vec<(u32, u32)> = coverages
        .iter()
        .filter(|c| c.of_a >= least && c.of_b >= least)
        .map(|c| if order[c.a.index()] > order[c.b.index()] { (c.a.0, c.b.0) } else { (c.b.0, c.a.0) })
        .collect();
    near.sort_unstable_by_key(|&(later, earlier)| (order[later as usize], order[earlier as usize]));
    let mut speaker: Vec<DocId> = same_text.to_vec();
    for (later, earlier) in near {
        let (later, earlier) = (DocId(later), DocId(earlier));
        let speak = speaker[later.index()] == later && speaker[earlier.index()] == earlier;
        if speak && classes.join(earlier, later) {
            speaker[later.index()] = earlier;
        }
    }
    // Articles with the same text go where their earliest went.
    let speaker: Vec<DocId> = same_text.iter().map(|same| speaker[same.index()]).collect();
    let speakers: Vec<DocId> = (0u32..).zip(&speaker).filter(|(doc, s)| *doc == s.0).map(|(_, s)| *s).collect();
    let of = speaker.iter().map(|s| u32::try_from(speakers.partition_point(|x| x < s)).unwrap_or(u32::MAX)).collect();
    Voices { speakers, of }
}

/// A share of 0 to 1 in millionths.
#[must_use]
pub fn share_to_micro(share: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and a million")]
    let micro = (share.clamp(0.0, 1.0) * 1e6).round() as i64;
    micro
}
