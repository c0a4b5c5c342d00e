//! From exact runs to passages: runs that follow each other are chained, chains are extended over changed words, and chains
//! that lie side by side in both texts, in whatever order, become one passage.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::config::PassagesConfig;
use crate::normalise::WordId;
use crate::passages::runs::{Run, common_runs, to_u32};

/// A passage as it is found: the tokens it takes in both bodies, and the runs in it, by their place in the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// Tokens of the body of the first article.
    pub a: Range<u32>,
    /// Tokens of the body of the second.
    pub b: Range<u32>,
    /// Common runs, sorted; no token of either side is in two of them.
    pub runs: Vec<Run>,
}

impl Alignment {
    /// The passage that these runs make; they are sorted.
    pub(super) fn of(runs: Vec<Run>) -> Option<Self> {
        let a = runs.first()?.a..runs.last()?.a_end();
        let b = runs.iter().map(|run| run.b).min()?..runs.iter().map(Run::b_end).max()?;
        Some(Self { a, b, runs })
    }

    /// Two texts of the same words.
    #[must_use]
    pub fn whole(words: usize) -> Self {
        let len = to_u32(words);
        Self { a: 0..len, b: 0..len, runs: vec![Run { a: 0, b: 0, len, spread: 2 }] }
    }

    /// The same seen from the other text.
    #[must_use]
    pub fn turned(&self) -> Self {
        let mut runs: Vec<Run> = self.runs.iter().map(|run| run.turned()).collect();
        runs.sort_unstable();
        Self { a: self.b.clone(), b: self.a.clone(), runs }
    }

    /// Tokens that stand in both.
    #[must_use]
    pub fn matched(&self) -> u32 {
        self.runs.iter().map(|run| run.len).sum()
    }

    /// What it says, in bits: the information of the words of each run, less what it could be found by chance for.
    #[must_use]
    pub fn weight(&self, texts: Texts<'_>) -> f64 {
        self.runs.iter().map(|run| (texts.bits_of(run) - CHANCE).max(0.0)).sum()
    }

    /// Share of the tokens of its longer side that stand in both, 0 to 1.
    #[must_use]
    pub fn density(&self) -> f64 {
        f64::from(self.matched()) / f64::from(to_u32(self.a.len().max(self.b.len()).max(1)))
    }
}

/// The bits that choose a place in a window of 16 by 16 words: what a run must say beyond to count as found.
const CHANCE: f64 = 8.0;
/// Passages that stand together in one text are at most so many words apart there.
const ADJACENT: i64 = 4;
/// Words around a passage in which all common runs are looked for.
const MARGIN: u32 = 40;

/// Two texts and what their words say.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// The words of the first.
    pub a: &'a [WordId],
    /// The words of the second.
    pub b: &'a [WordId],
    /// The information of words, by number, in hundredths of a bit.
    pub bits: &'a [u16],
}

impl Texts<'_> {
    /// The information of the words of a run, in bits.
    pub(super) fn bits_of(&self, run: &Run) -> f64 {
        self.a[run.in_a()].iter().map(|&word| self.bits_of_word(word)).sum()
    }

    fn bits_of_word(&self, word: WordId) -> f64 {
        f64::from(self.bits.get(word.index()).copied().unwrap_or(0)) / 100.0
    }
}

/// The passages of two texts, sorted, given common runs of them, sorted. Around what these give all runs are looked for, so
/// that it matters little which of them were known before.
#[must_use]
pub fn align(runs: &[Run], texts: Texts<'_>, config: &PassagesConfig) -> Vec<Alignment> {
    if !promising(runs, texts, config) {
        return Vec::new();
    }
    let passages = |chains: Vec<Vec<Run>>| {
        let mut found = assemble(chains, texts, config);
        found.retain(|one| holds(one, texts, config));
        found.sort_unstable_by_key(|one| (one.a.start, one.b.start));
        found
    };
    // What says no more than chance is where no passage begins.
    let mut seeds = chain(runs, texts, config.gap);
    seeds.retain(|chain| chain.iter().any(|run| texts.bits_of(run) > CHANCE));
    let one = |run: &Run| Alignment { a: run.a..run.a_end(), b: run.b..run.b_end(), runs: vec![*run] };
    let found = if runs.iter().any(|run| holds(&one(run), texts, config)) {
        let mut runs = seeds.concat();
        runs.sort_unstable();
        Alignment::of(runs).into_iter().collect()
    } else {
        passages(seeds)
    };
    if found.is_empty() {
        return found;
    }
    let mut runs: Vec<Run> = found.iter().flat_map(|one| around(one, texts, config)).collect();
    runs.sort_unstable_by_key(|run| (run.a, run.b, Reverse(run.len), run.spread));
    // Of runs that were cut at the edges of several stretches the longest is left.
    let mut ends: HashMap<i64, u32, FixedState> = HashMap::default();
    runs.retain(|run| {
        let end = ends.entry(i64::from(run.b) - i64::from(run.a)).or_default();
        let new = run.a_end() > *end;
        *end = run.a_end().max(*end);
        new
    });
    passages(chain(&runs, texts, config.gap))
}

/// Whether the runs of a pair can be worth more than the phrase that most pairs share and no more: one has the length of a
/// core, one says more than chance, and all of them are long, or rare.
fn promising(runs: &[Run], texts: Texts<'_>, config: &PassagesConfig) -> bool {
    let said = || runs.iter().map(|run| texts.bits_of(run));
    runs.iter().any(|run| run.len >= config.core_words)
        && said().any(|bits| bits > CHANCE)
        && (runs.iter().map(|run| run.len).sum::<u32>() >= config.least_words_in_story
            || said().sum::<f64>() >= config.least_bits)
}

/// The runs in and around a passage.
fn around(found: &Alignment, texts: Texts<'_>, config: &PassagesConfig) -> Vec<Run> {
    let wide = |range: &Range<u32>, len: usize| {
        range.start.saturating_sub(MARGIN) as usize..((range.end + MARGIN) as usize).min(len)
    };
    let (x, y) = (wide(&found.a, texts.a.len()), wide(&found.b, texts.b.len()));
    let mut runs = common_runs(texts.a, texts.b, x, y, config.shingle);
    let spread_of = |run: &Run| {
        let known = found.runs.iter().filter(|known| known.a < run.a_end() && run.a < known.a_end());
        known.map(|known| known.spread).min()
    };
    let rarest = found.runs.iter().map(|run| run.spread).min().unwrap_or(2);
    for run in &mut runs {
        run.spread = spread_of(run).unwrap_or(rarest);
    }
    runs
}

/// Whether this is enough to be a passage.
fn holds(found: &Alignment, texts: Texts<'_>, config: &PassagesConfig) -> bool {
    found.matched() >= config.least_words
        && found.runs.iter().any(|run| run.len >= config.core_words)
        && dense(found, config)
        && found.weight(texts) >= config.least_bits
}

/// Extends and merges chains of runs.
fn assemble(chains: Vec<Vec<Run>>, texts: Texts<'_>, config: &PassagesConfig) -> Vec<Alignment> {
    let mut found: Vec<Alignment> = Vec::new();
    for mut chain in chains {
        fill(&mut chain, texts);
        extend(&mut chain, texts);
        dense_parts(&chain, config, &mut found);
    }
    distinct(merge(distinct(found), config))
}

/// Hangs each run on the chain whose end is nearest before it in both texts, if both say more than the gap between them costs.
/// O(runs * chains that are open at once).
fn chain(runs: &[Run], texts: Texts<'_>, gap: u32) -> Vec<Vec<Run>> {
    let gap = i64::from(gap);
    let mut chains: Vec<Vec<Run>> = Vec::new();
    let mut said: Vec<f64> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for &run in runs {
        let says = texts.bits_of(&run);
        open.retain(|&at| chains[at].last().is_some_and(|tail| i64::from(run.a) - i64::from(tail.a_end()) <= gap));
        let mut best: Option<(i64, usize, u32)> = None;
        for &at in &open {
            let Some(tail) = chains[at].last() else { continue };
            let (da, db) = (i64::from(run.a) - i64::from(tail.a_end()), i64::from(run.b) - i64::from(tail.b_end()));
            // What both runs have belongs to the earlier; one that is mostly cut away does not follow it.
            let cut = (-da).max(-db).max(0);
            if db > gap || cut * 2 > i64::from(run.len) {
                continue;
            }
            let [x, y] = [da, db].map(|gap| usize::try_from(gap).unwrap_or(0));
            if skipped(x, y) > says.min(said[at]) {
                continue;
            }
            let cost = da.max(0) + db.max(0) + (da - db).abs();
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, at, u32::try_from(cut).unwrap_or(0)));
            }
        }
        match best {
            Some((_, at, cut)) => {
                said[at] += says;
                chains[at].push(Run { a: run.a + cut, b: run.b + cut, len: run.len - cut, ..run });
            }
            None => {
                open.push(chains.len());
                chains.push(vec![run]);
                said.push(says);
            }
        }
    }
    chains
}

/// The largest gap, in tokens of one side times those of the other, whose common words are looked for.
const GAP_AREA: usize = 1 << 14;

/// Puts the common words between the runs of a chain into it.
fn fill(chain: &mut Vec<Run>, texts: Texts<'_>) {
    let mut filled: Vec<Run> = Vec::with_capacity(chain.len());
    for &run in chain.iter() {
        if let Some(before) = filled.last().copied() {
            let (x, y) = (before.a_end() as usize..run.a as usize, before.b_end() as usize..run.b as usize);
            let spread = before.spread.max(run.spread);
            common_words(x, y, texts, spread, &mut filled);
        }
        join(&mut filled, run);
    }
    *chain = filled;
}

/// Adds a run, as part of the last one if it goes on where that ends.
fn join(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.a_end() == run.a && last.b_end() == run.b => {
            last.len += run.len;
            last.spread = last.spread.min(run.spread);
        }
        _ => runs.push(run),
    }
}

/// The longest common subsequence of two short stretches, as runs. O(area).
fn common_words(x: Range<usize>, y: Range<usize>, texts: Texts<'_>, spread: u32, out: &mut Vec<Run>) {
    let (n, m) = (x.len(), y.len());
    if n == 0 || m == 0 || n * m > GAP_AREA {
        return;
    }
    let (p, q) = (&texts.a[x.clone()], &texts.b[y.clone()]);
    // best[i][j]: of what is left from (i, j) on.
    let width = m + 1;
    let mut best = vec![0u16; (n + 1) * width];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            best[i * width + j] = if p[i] == q[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        if p[i] == q[j] {
            join(out, Run { a: to_u32(x.start + i), b: to_u32(y.start + j), len: 1, spread });
            i += 1;
            j += 1;
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// How far behind its end a passage is looked on for, in words.
const REACH: usize = 12;
/// The shortest run that it is extended by, unless only one word was changed before it.
const BLOCK: usize = 2;
/// What a word that is skipped costs, and what it costs more if it stands in one of the texts only, in bits; common words win
/// what they say.
const SKIPPED: f64 = 3.0;
const DRIFTED: f64 = 0.5;
/// How much an extension may lose before it is given up, in bits.
const DROP: f64 = 24.0;

/// A passage of known borders with the common words in it that stand in one order in both; `None` if there are none.
#[must_use]
pub fn common_within(a: Range<u32>, b: Range<u32>, texts: Texts<'_>) -> Option<Alignment> {
    let (x, y) = (a.start as usize..a.end as usize, b.start as usize..b.end as usize);
    let mut runs = heaviest(&common_runs(texts.a, texts.b, x.clone(), y.clone(), 2));
    let mut filled = Vec::with_capacity(runs.len() * 2);
    let (mut i, mut j) = (x.start, y.start);
    for run in runs.drain(..) {
        common_words(i..run.a as usize, j..run.b as usize, texts, 2, &mut filled);
        join(&mut filled, run);
        (i, j) = (run.a_end() as usize, run.b_end() as usize);
    }
    common_words(i..x.end, j..y.end, texts, 2, &mut filled);
    (!filled.is_empty()).then_some(Alignment { a, b, runs: filled })
}

/// The runs with the most words that follow each other in both texts; `runs` are sorted. O(runs * runs), of the longest
/// [`CHAINED`].
pub(super) fn heaviest(runs: &[Run]) -> Vec<Run> {
    let mut runs = runs.to_vec();
    if runs.len() > CHAINED {
        runs.sort_unstable_by_key(|run| (Reverse(run.len), run.a, run.b));
        runs.truncate(CHAINED);
        runs.sort_unstable();
    }
    // Words up to and with each run, and the run before it.
    let mut best: Vec<(u32, Option<usize>)> = Vec::with_capacity(runs.len());
    for (at, run) in runs.iter().enumerate() {
        let before = (0..at).filter(|&i| runs[i].a_end() <= run.a && runs[i].b_end() <= run.b);
        let before = before.max_by_key(|&i| (best[i].0, Reverse(i)));
        best.push((run.len + before.map_or(0, |i| best[i].0), before));
    }
    let mut chain = Vec::new();
    let mut at = (0..runs.len()).max_by_key(|&i| (best[i].0, Reverse(i)));
    while let Some(i) = at {
        chain.push(runs[i]);
        at = best[i].1;
    }
    chain.reverse();
    chain
}

/// Runs that take part in finding the heaviest chain.
const CHAINED: usize = 512;

/// Lengthens a chain at both ends over changed words, as long as what is won outweighs what is skipped.
fn extend(chain: &mut Vec<Run>, texts: Texts<'_>) {
    let Texts { a, b, .. } = texts;
    let Some((first, last)) = chain.first().copied().zip(chain.last().copied()) else { return };
    // Backwards it is the same on the texts turned round.
    let (i, j) = (first.a as usize, first.b as usize);
    let behind = reach([0, 0], [i, j], |x| a[i - 1 - x], |y| b[j - 1 - y], texts);
    let mut all: Vec<Run> = Vec::with_capacity(chain.len() + behind.len());
    for ([x, y], len) in behind.into_iter().rev() {
        join(&mut all, Run { a: to_u32(i - x - len), b: to_u32(j - y - len), len: to_u32(len), spread: first.spread });
    }
    for &run in chain.iter() {
        join(&mut all, run);
    }
    let ends = [last.a_end() as usize, last.b_end() as usize];
    for ([x, y], len) in reach(ends, [a.len(), b.len()], |x| a[x], |y| b[y], texts) {
        join(&mut all, Run { a: to_u32(x), b: to_u32(y), len: to_u32(len), spread: last.spread });
    }
    *chain = all;
}

/// What it costs to skip so many words of either text, in bits.
fn skipped(x: usize, y: usize) -> f64 {
    let [far, drift] = [x.max(y), x.abs_diff(y)].map(|words| f64::from(to_u32(words)));
    SKIPPED * far + DRIFTED * drift
}

/// A block of common words: where it begins in both texts, and its length.
type Block = ([usize; 2], usize);

/// The blocks of common words from `at` on, up to `ends`: an extension is given up when it has lost more since its best than it
/// may (the X-drop rule of Altschul et al., Nucleic Acids Research 25, 1997).
fn reach(
    mut at: [usize; 2],
    ends: [usize; 2],
    a: impl Fn(usize) -> WordId,
    b: impl Fn(usize) -> WordId,
    texts: Texts<'_>,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut score, mut best, mut kept) = (0.0f64, 0.0f64, 0);
    while let Some((place, len)) = next_block(at, ends, &a, &b) {
        let [x, y] = [place[0] - at[0], place[1] - at[1]];
        let won: f64 = (place[0]..place[0] + len).map(|at| texts.bits_of_word(a(at))).sum();
        score += won - skipped(x, y);
        blocks.push((place, len));
        at = place.map(|from| from + len);
        if score > best {
            best = score;
            kept = blocks.len();
        } else if score < best - DROP {
            break;
        }
    }
    blocks.truncate(kept);
    blocks
}

/// The nearest block of common words within [`REACH`] of both places: the one whose farther side is nearest, of those the one
/// nearest to the diagonal, of these the one that skips more of the first text. O(REACH), and blocks that may be common.
fn next_block(
    [i, j]: [usize; 2],
    [n, m]: [usize; 2],
    a: impl Fn(usize) -> WordId,
    b: impl Fn(usize) -> WordId,
) -> Option<Block> {
    let block = |[x, y]: [usize; 2]| {
        let (x, y) = (i + x, j + y);
        let most = n.saturating_sub(x).min(m.saturating_sub(y));
        ([x, y], (0..most).take_while(|&d| a(x + d) == b(y + d)).count())
    };
    // The nearest may be one word.
    for (place, least) in [([0, 0], 1), ([1, 1], 1), ([1, 0], BLOCK), ([0, 1], BLOCK)] {
        let found = block(place);
        if found.1 >= least {
            return Some(found);
        }
    }
    // Farther away a block begins with two words in a row that both texts have: a bit for each place where that may be.
    let slot = |x: WordId, y: WordId| (x.0.wrapping_mul(0x9e37_79b1) ^ y.0) as usize % 1024;
    let pairs = |from: usize, end: usize| 0..(REACH + 1).min(end.saturating_sub(from + 1));
    let mut seen = [0u64; 1024 / 64];
    for y in pairs(j, m) {
        let slot = slot(b(j + y), b(j + y + 1));
        seen[slot / 64] |= 1 << (slot % 64);
    }
    let common = pairs(i, n).filter(|&x| {
        let slot = slot(a(i + x), a(i + x + 1));
        seen[slot / 64] >> (slot % 64) & 1 == 1
    });
    let places = common.flat_map(|x| pairs(j, m).map(move |y| [x, y]));
    let found = places.filter(|&[x, y]| x.max(y) > 1).map(|place| (place, block(place)));
    let nearest = found.filter(|(_, (_, len))| *len >= BLOCK);
    nearest.min_by_key(|([x, y], _)| (*x.max(y), x.abs_diff(*y), *y)).map(|(_, block)| block)
}

/// Whether enough of a passage's words stand in both texts: of the shorter side, and of the longer.
fn dense(found: &Alignment, config: &PassagesConfig) -> bool {
    let [short, long] = [found.a.len().min(found.b.len()), found.a.len().max(found.b.len())].map(to_u32);
    let matched = f64::from(found.matched());
    matched >= config.density * f64::from(short) && matched >= config.long_density * f64::from(long)
}

/// Parts a chain at its widest gap until every part is dense.
fn dense_parts(chain: &[Run], config: &PassagesConfig, found: &mut Vec<Alignment>) {
    let Some(one) = Alignment::of(chain.to_vec()) else { return };
    let gap = |at: &usize| {
        let (before, run) = (&chain[at - 1], &chain[*at]);
        (run.a - before.a_end()).max(run.b - before.b_end())
    };
    match (1..chain.len()).max_by_key(gap) {
        Some(widest) if !dense(&one, config) => {
            dense_parts(&chain[..widest], config, found);
            dense_parts(&chain[widest..], config, found);
        }
        _ => found.push(one),
    }
}

/// Leaves out what better passages say already: most of whose common words are theirs in both texts, or in one of them those
/// of a much larger passage (a text that repeats itself). What is there twice as a whole is found twice.
fn distinct(mut found: Vec<Alignment>) -> Vec<Alignment> {
    if found.len() < 2 {
        return found;
    }
    found.sort_unstable_by(|x, y| (y.matched(), x.a.start, x.b.start).cmp(&(x.matched(), y.a.start, y.b.start)));
    let mut taken = [Taken::by(&found, |one| &one.a, Run::in_a), Taken::by(&found, |one| &one.b, Run::in_b)];
    found.retain(|one| {
        let own = one.matched();
        let covered = |taken: &Taken, least: u32| taken.covered(one, least) * 2 > own as usize;
        let said = taken.iter().all(|taken| covered(taken, 1)) || taken.iter().any(|taken| covered(taken, own * 2));
        if !said {
            taken.iter_mut().for_each(|taken| taken.add(one, own));
        }
        !said
    });
    found
}

/// What passages take of one text.
struct Taken {
    /// By token, from the first on that is in any: the length of the largest passage that has it.
    by: Vec<u32>,
    from: usize,
    tokens: fn(&Run) -> Range<usize>,
}

impl Taken {
    /// Nothing yet of all these.
    fn by(found: &[Alignment], side: fn(&Alignment) -> &Range<u32>, tokens: fn(&Run) -> Range<usize>) -> Self {
        let sides = || found.iter().map(side);
        let from = sides().map(|range| range.start).min().unwrap_or(0);
        let end = sides().map(|range| range.end).max().unwrap_or(from);
        Self { by: vec![0; (end - from) as usize], from: from as usize, tokens }
    }

    fn of(&self, run: &Run) -> Range<usize> {
        let tokens = (self.tokens)(run);
        tokens.start - self.from..tokens.end - self.from
    }

    /// How many tokens of a passage are taken by others that are `least` long or longer.
    fn covered(&self, one: &Alignment, least: u32) -> usize {
        let tokens = one.runs.iter().flat_map(|run| &self.by[self.of(run)]);
        tokens.filter(|length| **length >= least).count()
    }

    fn add(&mut self, one: &Alignment, length: u32) {
        for run in &one.runs {
            let tokens = self.of(run);
            self.by[tokens].iter_mut().for_each(|known| *known = length.max(*known));
        }
    }
}

/// Passages behind one in the first text that it is held against, so that lists of thousands do not take the square of that.
const NEIGHBOURS: usize = 64;

/// Joins passages that lie side by side in both texts until none do.
fn merge(mut found: Vec<Alignment>, config: &PassagesConfig) -> Vec<Alignment> {
    found.sort_unstable_by_key(|one| (one.a.start, one.b.start));
    loop {
        let mut merged = false;
        let mut at = 0;
        while at < found.len() {
            let mut next = at + 1;
            while next < found.len().min(at + NEIGHBOURS) {
                if let Some(one) = merged_of(&found[at], &found[next], config) {
                    found[at] = one;
                    found.remove(next);
                    merged = true;
                } else {
                    next += 1;
                }
            }
            at += 1;
        }
        if !merged {
            return found;
        }
    }
}

/// Two passages as one, if they are near in both texts, do not say the same twice, and are dense together.
fn merged_of(x: &Alignment, y: &Alignment, config: &PassagesConfig) -> Option<Alignment> {
    let gap = |p: &Range<u32>, q: &Range<u32>| i64::from(p.start.max(q.start)) - i64::from(p.end.min(q.end));
    let (gap_a, gap_b) = (gap(&x.a, &y.a), gap(&x.b, &y.b));
    let (short, long) = (gap_a.min(gap_b), gap_a.max(gap_b));
    let merge_gap = i64::from(config.merge_gap);
    let (large, small) = if x.matched() >= y.matched() { (x, y) } else { (y, x) };
    // What stands together in one text may have lost as much in between as is left of it.
    let cut = if short <= ADJACENT { i64::from(x.matched() + y.matched()) } else { 0 };
    if short > merge_gap || long > merge_gap.max(cut) {
        return None;
    }
    let own: Vec<Run> = small.runs.iter().filter_map(|&run| outside(run, large)).collect();
    if own.iter().map(|run| run.len).sum::<u32>() * 2 < small.matched() {
        return None;
    }
    let mut runs = large.runs.clone();
    runs.extend(own);
    runs.sort_unstable();
    let one = Alignment::of(runs)?;
    dense(&one, config).then_some(one)
}

/// The longest part of a run whose words are in no run of `other`.
fn outside(run: Run, other: &Alignment) -> Option<Run> {
    let mut free = vec![true; run.len as usize];
    for taken in &other.runs {
        for (begin, end, from) in [(taken.a, taken.a_end(), run.a), (taken.b, taken.b_end(), run.b)] {
            let (begin, end) = (begin.clamp(from, from + run.len) - from, end.clamp(from, from + run.len) - from);
            free[begin as usize..end as usize].fill(false);
        }
    }
    let mut at = 0;
    let pieces = free.chunk_by(|x, y| x == y).map(|piece| {
        at += piece.len();
        (piece[0], at - piece.len(), piece.len())
    });
    let (_, first, len) = pieces.filter(|piece| piece.0).max_by_key(|piece| piece.2)?;
    let first = to_u32(first);
    Some(Run { a: run.a + first, b: run.b + first, len: to_u32(len), ..run })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_near_a_passage_belong_to_it_whether_they_were_known_or_not() {
        let words = |numbers: &[Range<u32>]| numbers.iter().cloned().flatten().map(WordId).collect::<Vec<_>>();
        // A sentence of six words stands behind a passage in one text and before it in the other.
        let (a, b) = (words(&[0..20, 40..43, 20..26]), words(&[20..26, 50..53, 0..20]));
        let texts = Texts { a: &a, b: &b, bits: &[500; 60] };
        let passage = Run { a: 0, b: 9, len: 20, spread: 2 };
        let sentence = Run { a: 23, b: 0, len: 6, spread: 2 };
        let config = PassagesConfig::default();
        let whole = Alignment { a: 0..29, b: 0..29, runs: vec![passage, sentence] };
        for known in [&[passage, sentence][..], &[passage]] {
            assert_eq!(align(known, texts, &config), std::slice::from_ref(&whole));
        }
    }
}
