//! Which sets have a shingle among their rarest, found by its hash.

use rayon::prelude::*;

/// Parts of an index, by the lowest bits of the hashes.
const PARTS: usize = 256;
/// Shingles that are looked up together.
const BLOCK: usize = 64;
/// Entries among which one does not look at each.
const MANY: usize = 16;
/// Entries that are handed over together.
const PIECE: usize = 1024;

/// A set has a shingle. In 10 bytes: there may be as many as shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(Rust, packed(2))]
pub(super) struct Entry {
    /// Bits of the hash of the shingle; with the part 40 of them: the wrong set is found now and then, and no right one missed.
    hash: u32,
    /// The set.
    pub(super) set: u32,
    /// The place of the shingle among those of the set, the rarest first, or one before it.
    place: u16,
}

impl Entry {
    fn order(&self) -> u64 {
        u64::from(self.hash) << 32 | u64::from(self.set)
    }

    /// How many shingles of the set stand before this one, at least.
    pub(super) fn before(&self) -> u64 {
        u64::from(self.place)
    }
}

/// The bits of a shingle above its hash do not matter.
fn part(hash: u64) -> usize {
    hash as usize % PARTS
}

fn within(hash: u64) -> u32 {
    (hash >> PARTS.ilog2()) as u32
}

/// Entries that one thread makes.
#[derive(Debug)]
pub(super) struct Entries {
    open: Vec<Vec<Entry>>,
    full: Vec<Vec<Vec<Entry>>>,
}

impl Default for Entries {
    fn default() -> Self {
        Self { open: vec![Vec::new(); PARTS], full: vec![Vec::new(); PARTS] }
    }
}

impl Entries {
    pub(super) fn push(&mut self, hash: u64, set: u32, place: u64) {
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        let part = part(hash);
        let open = &mut self.open[part];
        if open.len() == open.capacity() {
            let full = std::mem::replace(open, Vec::with_capacity(PIECE));
            self.full[part].push(full);
        }
        open.push(Entry { hash: within(hash), set, place });
    }
}

#[derive(Debug, Default)]
struct Part {
    /// By hash, then by set.
    entries: Vec<Entry>,
    /// Where the entries begin whose hashes begin with the same bits.
    starts: Vec<u32>,
    /// How many bits of a hash are behind those.
    rest: u32,
}

/// All entries, by hash.
#[derive(Debug)]
pub(super) struct Index(Vec<Part>);

impl Index {
    /// O(entries log entries), parallel.
    pub(super) fn new(entries: Vec<Entries>) -> Self {
        let mut parts: Vec<Vec<Vec<Entry>>> = vec![Vec::new(); PARTS];
        for made in entries {
            for ((part, full), open) in parts.iter_mut().zip(made.full).zip(made.open) {
                part.extend(full);
                part.push(open);
            }
        }
        Self(parts.into_par_iter().map(Part::new).collect())
    }

    /// Calls `each` with the entries of every one of some shingles for sets from `least` up to and without `behind`, and with the
    /// place of the shingle among them. O(shingles + entries with like hashes).
    pub(super) fn find(&self, shingles: &[u64], least: u32, behind: u32, mut each: impl FnMut(usize, &Entry)) {
        // In steps, so that the memory is asked for many at a time.
        let mut found = [(0u32, 0u32); BLOCK];
        for (block, shingles) in shingles.chunks(BLOCK).enumerate() {
            for (range, &shingle) in found.iter_mut().zip(shingles) {
                let part = &self.0[part(shingle)];
                let bucket = (u64::from(within(shingle)) >> part.rest) as usize;
                *range = (part.starts[bucket], part.starts[bucket + 1]);
            }
            for (at, (&(begin, end), &shingle)) in found.iter().zip(shingles).enumerate() {
                if begin == end {
                    continue;
                }
                let mut entries = &self.0[part(shingle)].entries[begin as usize..end as usize];
                let hash = within(shingle);
                if entries.len() > MANY {
                    let order = |set: u32| u64::from(hash) << 32 | u64::from(set);
                    entries = &entries[entries.partition_point(|entry| entry.order() < order(least))..];
                    entries = &entries[..entries.partition_point(|entry| entry.order() < order(behind))];
                }
                for entry in entries {
                    if entry.hash == hash && entry.set >= least && entry.set < behind {
                        each(block * BLOCK + at, entry);
                    }
                }
            }
        }
    }
}

impl Part {
    fn new(pieces: Vec<Vec<Entry>>) -> Self {
        let mut entries = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
        for piece in pieces {
            entries.extend_from_slice(&piece);
        }
        entries.sort_unstable_by_key(Entry::order);
        let bits = (entries.len() / 2).max(1).ilog2().min(31);
        let rest = 32 - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        let mut at = 0;
        for bucket in 0..1u64 << bits {
            while entries.get(at).is_some_and(|entry| u64::from(entry.hash) >> rest < bucket) {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        Self { entries, starts, rest }
    }
}
