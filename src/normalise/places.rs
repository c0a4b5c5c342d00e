//! Where tokens stand, packed: the gap to the one before and the length, mostly in one byte for both.

use std::ops::Range;

use crate::normalise::streams::{Column, MarkedWords};
use crate::normalise::token::Span;

/// Bytes of a place, mostly.
pub(super) const PLACE: usize = 1;

/// The text of a stream of which few places are asked for: each is found when it is.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    /// Its words and marks.
    pub text: MarkedWords<'a>,
    pub(super) places: Column<'a, u8>,
    /// Where those of the text begin in `places`, and whether they take a byte each.
    pub(super) first: usize,
    pub(super) short: bool,
}

impl Placed<'_> {
    /// Of each stretch of tokens, which has one at least: from the beginning of the first to the end of the last. O(tokens + stretches
    /// log stretches).
    #[must_use]
    pub fn spans(&self, stretches: impl IntoIterator<Item = Range<u32>>) -> Vec<Span> {
        let edges = |(at, stretch): (usize, Range<u32>)| [(stretch.start, 2 * at), (stretch.end - 1, 2 * at + 1)];
        let mut asked: Vec<(u32, usize)> = stretches.into_iter().enumerate().flat_map(edges).collect();
        asked.sort_unstable();
        let mut places = &self.places[self.first..];
        let (mut next, mut last, mut span) = (0, 0, Span { begin: 0, end: 0 });
        let mut spans = vec![span; asked.len() / 2];
        for (token, edge) in asked {
            if token >= next {
                let skipped = (token - next) as usize;
                if self.short {
                    let (before, rest) = places.split_at(skipped * PLACE);
                    last += before.iter().map(|place| short_steps(*place).iter().sum::<u32>()).sum::<u32>();
                    places = rest;
                } else {
                    (0..skipped).for_each(|_| _ = span_behind(&mut last, take_place(&mut places)));
                }
                span = span_behind(&mut last, take_place(&mut places));
                next = token + 1;
            }
            match edge % 2 {
                0 => spans[edge / 2].begin = span.begin,
                _ => spans[edge / 2].end = span.end,
            }
        }
        spans
    }
}

/// Adds where the tokens of a field stand: where each begins and ends, in order.
pub(super) fn put_places(packed: &mut Vec<u8>, places: impl ExactSizeIterator<Item = (u32, u32)> + Clone) {
    let steps = |places| {
        let mut last = 0;
        Iterator::map(places, move |(begin, end)| {
            let step = [begin - last, end - begin];
            last = end;
            step
        })
    };
    let first = packed.len();
    packed.resize(first + places.len() * PLACE, 0);
    let mut all_short = true;
    for (place, [gap, length]) in packed[first..].iter_mut().zip(steps(places.clone())) {
        *place = short_place(gap, length);
        all_short &= is_short(gap, length);
    }
    if !all_short {
        packed.truncate(first);
        steps(places).for_each(|[gap, length]| put_place(gap, length, packed));
    }
}

/// A place is one byte if the gap is less than this,
const GAPS: u32 = 12;
/// and the length, which is 1 at least, no more than this; that leaves some bytes over.
const LENGTHS: u32 = 20;
/// Begins a place that takes more bytes.
const LONG: u8 = u8::MAX;

fn is_short(gap: u32, length: u32) -> bool {
    (gap < GAPS) & (length.wrapping_sub(1) < LENGTHS)
}

/// The byte of a place that is short.
fn short_place(gap: u32, length: u32) -> u8 {
    gap.wrapping_mul(LENGTHS).wrapping_add(length).wrapping_sub(1) as u8
}

/// The gap and the length of it.
fn short_steps(place: u8) -> [u32; 2] {
    [u32::from(place) / LENGTHS, u32::from(place) % LENGTHS + 1]
}

fn put_place(gap: u32, length: u32, bytes: &mut Vec<u8>) {
    if is_short(gap, length) {
        bytes.push(short_place(gap, length));
        return;
    }
    bytes.push(LONG);
    put_number(gap, bytes);
    put_number(length, bytes);
}

/// Seven bits a byte, the last with the highest bit off.
fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte <= 0x7f || shift >= 28 {
            break;
        }
        shift += 7;
    }
    number
}

/// So many places of a byte each.
pub(super) fn short_places(bytes: &mut &[u8], count: usize) -> Vec<Span> {
    let (places, rest) = bytes.split_at(count * PLACE);
    *bytes = rest;
    let mut last = 0;
    places.iter().map(|place| span_behind(&mut last, short_steps(*place))).collect()
}

pub(super) fn take_places(bytes: &mut &[u8], count: usize) -> Vec<Span> {
    let mut last = 0;
    (0..count).map(|_| span_behind(&mut last, take_place(bytes))).collect()
}

/// The gap and the length of a place of any size.
pub(super) fn take_place(bytes: &mut &[u8]) -> [u32; 2] {
    let place = bytes.split_off_first().copied().unwrap_or(LONG);
    if place == LONG { [take_number(bytes), take_number(bytes)] } else { short_steps(place) }
}

/// Where a token stands that begins so far behind the end of the last one and is so long.
fn span_behind(last: &mut u32, [gap, length]: [u32; 2]) -> Span {
    let begin = last.wrapping_add(gap);
    *last = begin.wrapping_add(length);
    Span { begin, end: *last }
}
