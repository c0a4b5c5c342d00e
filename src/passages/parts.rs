//! Small records in many parts, each to be sorted for itself: in memory as far as they fit, else in the temporary file of
//! the run.

use rayon::prelude::*;

use crate::spill::{Address, Share, Spill};

/// As many parts there are.
pub(super) const PARTS: usize = 256;

/// What can be written down in a fixed number of bytes.
pub(super) trait Record: Copy + Default + Send + Sync {
    /// How many.
    const BYTES: usize;
    /// Writes it.
    fn put(&self, bytes: &mut Vec<u8>);
    /// Reads it.
    fn take(bytes: &[u8]) -> Self;
}

/// The number at a place.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// One part: lists in the order of what they came from.
pub(super) struct Part<T>(Vec<List<T>>);

enum List<T> {
    Memory(Vec<T>),
    Spilled(Address),
}

impl<T: Record> Part<T> {
    /// Its records, list by list; those of lists that cannot be read are left out, and [`Spill::check`] tells it.
    pub(super) fn load(self, spill: &Spill) -> Vec<Vec<T>> {
        let load = |list| match list {
            List::Memory(list) => {
                spill.release(Share::Sorting, list.len() * size_of::<T>());
                list
            }
            List::Spilled(address) => {
                let bytes = spill.get(address);
                // What cannot be read is made of zeros, which name words and articles that may not be there.
                if spill.check().is_err() { Vec::new() } else { bytes.chunks_exact(T::BYTES).map(T::take).collect() }
            }
        };
        self.0.into_iter().map(load).collect()
    }
}

/// Where one thread puts its records.
pub(super) struct Writer<'a, T> {
    /// By part: lists of [`LIST`] bytes and less, of which the last one may have room. A single list that grows would be moved, and take up to
    /// twice as much memory as is in it.
    lists: Vec<Vec<Vec<T>>>,
    /// By part: how many records come next, and these. Records of one part mostly come far apart, and a list has mostly left the
    /// memory near to a core by then: so many at a time wait for it together.
    coming: Vec<(usize, [T; TOGETHER])>,
    done: Vec<Vec<List<T>>>,
    /// Records in `lists`, and those of them that memory is held for.
    records: usize,
    held: usize,
    /// So many records more are looked at together.
    step: usize,
    spill: &'a Spill,
}

impl<T: Record> Writer<'_, T> {
    /// Records of a list.
    const IN_LIST: usize = LIST / size_of::<T>() / TOGETHER * TOGETHER;

    /// Adds a record.
    pub(super) fn push(&mut self, part: usize, record: T) {
        let (count, coming) = &mut self.coming[part];
        coming[*count] = record;
        *count += 1;
        if *count == TOGETHER {
            self.take_in(part);
            if self.records - self.held >= self.step {
                self.settle();
            }
        }
    }

    /// Moves what comes next to the list of its part.
    fn take_in(&mut self, part: usize) {
        let (count, coming) = &mut self.coming[part];
        let lists = &mut self.lists[part];
        let room = |list: &Vec<T>| list.capacity() - list.len();
        if *count > 0 && lists.last().is_none_or(|list| room(list) < *count) {
            // Twice as many as in the one before, so that few records take little.
            let records = lists.last().map_or(TOGETHER, |list| (2 * list.len()).min(Self::IN_LIST));
            lists.push(Vec::with_capacity(records));
        }
        let last = lists.last_mut().into_iter();
        // A number that is known beforehand is moved in a few instructions.
        match *count {
            TOGETHER => last.for_each(|list| list.extend_from_slice(coming)),
            count => last.for_each(|list| list.extend_from_slice(&coming[..count])),
        }
        self.records += std::mem::take(count);
    }

    /// Holds memory for what is new, or spills everything.
    fn settle(&mut self) {
        if self.spill.hold(Share::Sorting, (self.records - self.held) * size_of::<T>()) {
            self.held = self.records;
            return;
        }
        let mut bytes = Vec::new();
        for (lists, done) in self.lists.iter_mut().zip(&mut self.done).filter(|(lists, _)| !lists.is_empty()) {
            bytes.clear();
            lists.drain(..).flatten().for_each(|record| record.put(&mut bytes));
            done.push(List::Spilled(self.spill.put(&bytes)));
        }
        self.spill.release(Share::Sorting, self.held * size_of::<T>());
        (self.records, self.held) = (0, 0);
    }

    fn finish(mut self) -> Vec<Vec<List<T>>> {
        (0..PARTS).for_each(|part| self.take_in(part));
        self.settle();
        for (lists, done) in self.lists.into_iter().zip(&mut self.done) {
            done.extend(lists.into_iter().map(List::Memory));
        }
        self.done
    }
}

/// What `give` puts into each part, in the order of the sources.
pub(super) fn in_parts<S: Send, T: Record>(
    sources: Vec<S>,
    spill: &Spill,
    give: impl Fn(S, &mut Writer<'_, T>) + Sync,
) -> Vec<Part<T>> {
    let threads = rayon::current_num_threads();
    let group = sources.len().div_ceil(4 * threads).max(1);
    let fits = |limit| usize::try_from(limit).unwrap_or(usize::MAX) / size_of::<T>();
    let most = spill.limit(Share::Sorting).map_or(usize::MAX, fits) / (4 * threads);
    let step = (STEP / size_of::<T>()).min(most).max(1);
    let mut sources = sources.into_iter();
    let mut groups: Vec<Vec<S>> = Vec::new();
    while sources.len() > 0 {
        groups.push(sources.by_ref().take(group).collect());
    }
    let given: Vec<Vec<Vec<List<T>>>> = groups
        .into_par_iter()
        .map(|sources| {
            let mut writer = Writer {
                lists: (0..PARTS).map(|_| Vec::new()).collect(),
                coming: vec![(0, [T::default(); TOGETHER]); PARTS],
                done: (0..PARTS).map(|_| Vec::new()).collect(),
                records: 0,
                held: 0,
                step,
                spill,
            };
            for source in sources {
                give(source, &mut writer);
            }
            writer.finish()
        })
        .collect();
    let mut parts: Vec<Part<T>> = (0..PARTS).map(|_| Part(Vec::new())).collect();
    for lists in given {
        for (part, lists) in parts.iter_mut().zip(lists) {
            part.0.extend(lists);
        }
    }
    parts
}

/// So many records of a part are moved together: some lines of memory.
const TOGETHER: usize = 16;

/// Bytes of most lists, whatever is in them: a later one finds room where others were.
const LIST: usize = 4096;

/// Bytes of records that are looked at together: with the number of parts it makes stretches of some pages in the file.
const STEP: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    impl Record for u32 {
        const BYTES: usize = 4;

        fn put(&self, bytes: &mut Vec<u8>) {
            bytes.extend(self.to_le_bytes());
        }

        fn take(bytes: &[u8]) -> Self {
            u32_at(bytes, 0)
        }
    }

    #[test]
    fn parts_are_the_same_wherever_they_stand() {
        let parts = |spill: &Spill| -> Vec<Vec<u32>> {
            let give = |source: u32, writer: &mut Writer<'_, u32>| {
                (0..source % 97).for_each(|n| writer.push((source * n % 5 * n % 251) as usize, source + n));
            };
            let parts = in_parts((0..30_000).collect(), spill, give);
            parts.into_iter().map(|part| part.load(spill).concat()).collect()
        };
        let in_memory = parts(&Spill::default());
        for budget in [0, 10_000, 1_000_000] {
            let spill = Spill::new(budget, std::env::temp_dir());
            assert_eq!(parts(&spill), in_memory, "{budget}");
            assert!(spill.check().is_ok());
        }
        assert_eq!(in_memory.iter().map(Vec::len).sum::<usize>(), (0..30_000).map(|n| n % 97).sum::<usize>());
    }
}
