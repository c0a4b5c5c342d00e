//! Fingerprints of a text: hashes of k words each, thinned by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003), so
//! that every common run of k + w - 1 words shares one.

use crate::normalise::{Lexicon, WordId};

/// Calls `each` with the hash and the first token of every fingerprint. O(tokens).
pub fn winnow(words: &[WordId], lexicon: &Lexicon, k: usize, w: usize, mut each: impl FnMut(u64, usize)) {
    let k = k.max(1);
    if words.len() < k {
        return;
    }
    // A polynomial of the hashes of the words, which the next word changes by its first and its last term.
    let words: Vec<u64> = words.iter().map(|&word| lexicon.hash(word)).collect();
    let first = (1..k).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = words[..k - 1].iter().fold(0u64, |sum, word| sum.wrapping_mul(BASE).wrapping_add(*word));
    let hashes: Vec<u64> = (words.iter().zip(&words[k - 1..]))
        .map(|(leaving, coming)| {
            let whole = sum.wrapping_mul(BASE).wrapping_add(*coming);
            sum = whole.wrapping_sub(leaving.wrapping_mul(first));
            mix(whole)
        })
        .collect();
    let w = w.min(hashes.len()).max(1);
    // The least of the last w hashes; the last of equal ones, so that runs of one word give few fingerprints.
    let (mut least, mut told) = (0, usize::MAX);
    for last in 0..hashes.len() {
        if hashes[last] <= hashes[least] {
            least = last;
        } else if least + w <= last {
            least = (last + 1 - w..=last).rev().min_by_key(|&i| hashes[i]).unwrap_or(last);
        }
        if last + 1 >= w && least != told {
            each(hashes[least], least);
            told = least;
        }
    }
}

/// An odd number with many bits set.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads the bits of a hash, so that the least of a window is a fair draw (the finaliser of MurmurHash3).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}
