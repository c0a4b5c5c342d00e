//! Fingerprints of a text: hashes of k words each, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003), so
//! that every common run of k + w - 1 words shares one.

use crate::normalise::{Lexicon, Marks, Tokens};

/// Calls `each` with the hash and the first token of every fingerprint. Windows with furniture in them have none.
/// O(tokens * k).
pub fn winnow(tokens: &Tokens, lexicon: &Lexicon, k: usize, w: usize, mut each: impl FnMut(u64, usize)) {
    let mut at = 0;
    while at < tokens.len() {
        if tokens.marks[at].has(Marks::FURNITURE) {
            at += 1;
            continue;
        }
        let end = (at..tokens.len()).find(|&i| tokens.marks[i].has(Marks::FURNITURE)).unwrap_or(tokens.len());
        let hashes: Vec<u64> = tokens.words[at..end]
            .windows(k.max(1))
            .map(|words| words.iter().fold(0u64, |h, &word| mix(h.rotate_left(7) ^ lexicon.hash(word))))
            .collect();
        let mut last = usize::MAX;
        for (first, window) in hashes.windows(w.min(hashes.len()).max(1)).enumerate() {
            // The last of equal ones, so that runs of one word give few fingerprints.
            let least = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash).map_or(0, |(i, _)| first + i);
            if least != last {
                each(hashes[least], at + least);
                last = least;
            }
        }
        at = end;
    }
}

/// Spreads the bits of a hash, so that the least of a window is a fair draw (the finaliser of MurmurHash3).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}
