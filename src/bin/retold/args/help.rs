//! What stands behind the lists of arguments in `--help`: how things are meant, and examples. One text a command.

pub(crate) const RETOLD: &str = "\
Examples:
  retold cluster news/                         the stories of a folder, to read
  retold cluster articles.jsonl -o found.json  all of it with the evidence, as JSON
  retold passages news/                        the text that articles share, and who had it first
  retold compare a.txt b.txt                   two articles side by side
  retold inspect articles.jsonl.gz             what is in a file, and what is wrong with it
  retold inspect news/ --lang en               a folder of texts, English ones only
  retold explain news/ article-1 article-2     why two articles are in one story, or not
  retold evaluate labelled.jsonl               how well the stories agree with labels
  zcat dump.gz | retold inspect -              standard input
  retold inspect export.csv --field text=Body  a column with an unusual name

Exit codes: 0 done, 1 a gate that was asked for did not hold, 2 error.";

pub(crate) const CLUSTER: &str = "\
Examples:
  retold cluster news/
  retold cluster articles.jsonl.gz -o found.json
  retold cluster export.csv --format articles > with-stories.jsonl
  retold cluster a.jsonl b.jsonl -o tables.csv          four tables: tables.articles.csv and so on
  retold cluster news/ -o report.html                   pages for a browser in one file
  retold cluster dump.jsonl.gz -o report/               the same as a folder, for many articles
  retold cluster news/ -o figure.svg                    drawings: figure.timeline.svg, figure.matrix.svg
  retold cluster dump.jsonl --format assignments --granularity strict
  retold cluster news/ --set join.nearest=100 --dump-config

Without --format the ending of the file decides: .json, .jsonl (a story a line), .csv, .tsv (assignments), .txt,
.html, .svg; a folder is html.";

pub(crate) const PASSAGES: &str = "\
Examples:
  retold passages news/
  retold passages articles.jsonl.gz -o passages.jsonl            a passage a line
  retold passages dump.jsonl --format csv --kind prose --min-words 20
  retold passages agency.jsonl papers.jsonl --edits -o all.json  pairs, articles and groups, with what was changed
  retold passages news/ --thorough                               lightly rewritten passages too; takes longer

Without --format the ending of the file decides: .json, .jsonl, .csv, .txt, .html.";

pub(crate) const PAIRS: &str = "\
The set of an article holds every run of --shingle words of its text (the title apart), or the one run of all its words where
it has fewer. The similarity of two is the number of runs that both have, divided by the number that one of them has. All
pairs from --jaccard on are found, in any language, and no others: nothing is estimated.

Articles with the same set are one class, listed once (`same`); pairs are between the first articles of classes.

Examples:
  retold pairs articles.jsonl                                  a pair a line
  retold pairs articles.jsonl --jaccard 0.5 --shingle 8 -o near.csv
  retold pairs dump.jsonl.zst --expand | wc -l                 every pair, those of identical texts too
  retold pairs news/ --lang de --since 2031-01-01

Without --format the ending of the file decides: .jsonl, .csv, .tsv.";

pub(crate) const DEDUP: &str = "\
Without --jaccard one article of every copy group is kept: a copy group is a text with its republications, shortened or
wrapped as they may be (`copies.copy`, `copies.partial-copy`: --set copies.partial-copy=0.5 leaves partial copies alone).

With --jaccard the best article by --keep is kept and stands for all that are at least so similar to it; then the best of
those that are left, and so on. What is left out is always that similar to what stands for it: there are no chains.

The kept lines of JSON lines and rows of tables are written unchanged and in their order, also those that hold no article
(they are told on standard error); of a folder of text files the names of the kept ones, one a line. The input is read
twice, so it cannot be standard input.

Examples:
  retold dedup articles.jsonl -o kept.jsonl --report stand-ins.jsonl
  retold dedup articles.jsonl --jaccard 0.8 --keep longest > kept.jsonl
  retold dedup a.csv b.csv --keep outlet-order --outlet-order \"Meridian Wire,Vale Gazette\" -o kept.csv
  retold dedup news/ --keep earliest | xargs -d '\\n' cp -t kept/";

pub(crate) const COMPARE: &str = "\
Examples:
  retold compare agency.txt paper.txt
  retold compare news/ harbour-fire-1 harbour-fire-7
  retold compare news.jsonl --a harbour-fire-1 --b harbour-fire-7 --all
  retold compare agency.txt paper.txt -o both.html               a page for a browser

In the texts a passage stands between [1: and :1]. Inside it {-words-} that only A has and {+words+} that only B has are
underlined where there are colours, and {~words~} that stand elsewhere in the passage are in italics.

A text file's id is its name without the ending; `retold cluster INPUT --format assignments` lists all ids.";

pub(crate) const INSPECT: &str = "\
Examples:
  retold inspect news/
  retold inspect a.jsonl b.csv --format json
  retold inspect news/ --furniture                  what each outlet repeats
  retold inspect export.tsv --field text=Body --field date=Day";

pub(crate) const EXPLAIN: &str = "\
Examples:
  retold explain news/ harbour-fire-1 harbour-fire-7
  retold explain news.jsonl --a harbour-fire-1 --b harbour-fire-7 --format json

A text file's id is its name without the ending; `retold cluster INPUT --format assignments` lists all ids.";

pub(crate) const EVALUATE: &str = "\
Labels are taken from the input (the fields story, cluster, cluster_id, label and others), or from a file: JSON lines, a
table with a header line, or lines of id, tab, label. Articles without a label take part in the run but not in the score.
Several inputs are one corpus, measured together and input by input; with --each every input is a corpus of its own.

Examples:
  retold evaluate labelled.jsonl
  retold evaluate news/ --gold labels.tsv --min-f1 0.9
  retold evaluate set-a.jsonl set-b.jsonl --each --format json
  retold evaluate set-a.jsonl set-b.jsonl unlabelled.jsonl       one corpus with other news in it
  retold evaluate set-a.jsonl --chunks 15                        many small corpora
  retold evaluate set-a.jsonl --without dates                    as if nothing were dated
  retold evaluate set-a.jsonl set-b.jsonl --each --ablate        what each part of the score is worth
  retold evaluate --assignments stories.tsv --gold labels.tsv    two files, nothing is run
  retold evaluate labelled.jsonl --errors 10                     the worst mistakes
  retold evaluate --passages copied/ --min-plagdet 0.8           the copied passages of a folder

The folder of --passages holds the articles (docs.jsonl or docs.jsonl.zst) and the labelled passages (gold.jsonl: an object
a line with the ids `dst` and `src`, the later and the earlier article, dst_b, dst_e, src_b and src_e, where the passage
begins and ends in their texts in Unicode code points, the end exclusive, and its kind). If pairs.tsv is there (lines of
type, tab, dst, tab, src), only those pairs are judged, and there is a row for each type; otherwise a detection between two
articles that no passage joins is false if their texts share no six words in a row, and left out if they do.

Exit codes: 0 done, 1 a B-cubed F1 below --min-f1 or a plagdet below --min-plagdet, 2 error.";

pub(crate) const BACKGROUND: &str = "\
The table is a text compressed with zstd. Its first line is `retold-background`, the version of the layout, the language
and the number of articles; each further line is a term (a stem), the number of articles whose title or first 400 words
have it, and its mean weight in their term vectors in millionths, all parted by tabs. Terms in fewer than 8 articles are
left out. It holds counts only, no text. Ten thousand articles of a year or more make a good one; where no news is at hand,
a list of word frequencies (lines of word, tab, occurrences a word of running text, 0 to 1) will do.

Examples:
  retold background news-2030.jsonl.zst --lang en -o en.tsv.zst
  retold background --frequencies words.tsv --lang nl -o nl.tsv.zst";

pub(crate) const BENCH: &str = "\
CPU is that of all threads; `busy` is CPU over wall time and threads, so 100 % is every thread at work. `memory` is what the
process holds when the stage is over, `peak` the most so far. What went to temporary files
is counted in the last stage.

Examples:
  retold bench articles.jsonl.zst
  retold bench articles.jsonl.zst --only passages
  retold bench articles.jsonl.zst --threads 1 --json";
