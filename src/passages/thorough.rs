//! The thorough preset: two texts compared with all that they have, for passages that were rewritten.

use std::ops::Range;

use crate::article::DocId;
use crate::config::PassagesConfig;
use crate::normalise::Normalised;
use crate::passages::align::{Alignment, Texts, align, common_within};
use crate::passages::rarity::Rarity;
use crate::passages::rewritten::{Sentences, rewritten};
use crate::passages::runs::common_runs;

/// The passages of two articles, copied and rewritten, sorted. O(sentences * sentences + tokens).
#[must_use]
pub fn compare(
    a: DocId,
    b: DocId,
    normalised: &Normalised,
    rarity: &Rarity,
    config: &PassagesConfig,
) -> Vec<Alignment> {
    let (x, y) = (normalised.stream(a), normalised.stream(b));
    let texts = Texts { a: &x.body.words, b: &y.body.words, bits: rarity.of_lang(x.lang) };
    let runs = common_runs(texts.a, texts.b, 0..texts.a.len(), 0..texts.b.len(), config.shingle);
    let copied = align(&runs, texts, config);
    let sentences = |doc: DocId| Sentences::of(&normalised.stream(doc).body, normalised.terms(doc));
    let blocks = if x.lang == y.lang { rewritten(&sentences(a), &sentences(b), &config.thorough) } else { Vec::new() };
    merge(copied, blocks, texts)
}

const REWRITTEN_BITS: f64 = 0.0;
/// Where most of a rewritten passage was copied the copied passages say more exactly where; else they are parts of it.
fn merge(mut copied: Vec<Alignment>, blocks: Vec<(Range<u32>, Range<u32>)>, texts: Texts<'_>) -> Vec<Alignment> {
    let mut found = Vec::new();
    for (a, b) in blocks {
        let mostly_in = |part: &Range<u32>, whole: &Range<u32>| {
            let common = part.end.min(whole.end).saturating_sub(part.start.max(whole.start));
            common as usize * 2 > part.len()
        };
        let inside = |one: &Alignment| mostly_in(&one.a, &a) && mostly_in(&one.b, &b);
        let matched: u32 = copied.iter().filter(|one| inside(one)).map(Alignment::matched).sum();
        if matched as usize * 2 >= a.len().min(b.len()) {
            continue;
        }
        let touch = |p: &Range<u32>, q: &Range<u32>| p.start < q.end && q.start < p.end;
        let hull = |p: &Range<u32>, q: &Range<u32>| p.start.min(q.start)..p.end.max(q.end);
        let (parts, rest): (Vec<_>, Vec<_>) = copied.into_iter().partition(|one| touch(&one.a, &a) && touch(&one.b, &b));
        let whole = parts.iter().fold((a, b), |(x, y), part| (hull(&x, &part.a), hull(&y, &part.b)));
        copied = rest;
        let block = common_within(whole.0, whole.1, texts).filter(|block| block.weight(texts) >= REWRITTEN_BITS);
        match block { Some(b) => found.push(b), None => copied.extend(parts) }
    }
    found.append(&mut copied);
    found.sort_unstable_by(|x, y| (x.a.start, x.b.start, x.a.end).cmp(&(y.a.start, y.b.start, y.a.end)));
    found
}
