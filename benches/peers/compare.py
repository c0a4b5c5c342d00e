#!/usr/bin/env python3
"""Near-duplicate pairs by `retold pairs` and by the tools of PyPI, on one file in one run.

    benches/peers/compare.py ARTICLES.jsonl [--articles 20000] [--retold target/release/retold] [--folder target/peers]

Installs the tools into a virtual environment of its own in the folder (what cannot be installed is named with the reason), turns the texts
into plain words of ASCII letters and digits in lower case with single spaces, so that every tool sees the very same words, and runs each
tool as a process of its own: reading, shingles of five words, pairs out. Recall and precision are against the exact pairs, which
`retold pairs` gives and SetSimilaritySearch, a program of others, confirms where it is run. Prints a table of CPU and wall seconds, peak
memory, and CPU seconds in multiples of those of retold; with the parameters of each tool.
"""
import argparse
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import time
import venv

SHINGLE = 5
PERMUTATIONS = 128
# Name, what pip installs, and what is slow or large enough to be left out above so many articles.
PEERS = [
    ("read", "", None),
    ("gaoya", "gaoya==0.2.2", None),
    ("rensa", "rensa==0.5.0", None),
    ("FastSketchLSH", "FastSketchLSH==1.0.1", None),
    ("datasketch", "datasketch==2.0.0", None),
    ("text-dedup", "text-dedup==0.4.0", None),
    ("SetSimilaritySearch", "SetSimilaritySearch==1.0.1", 5_000),
    ("scikit-learn", "scikit-learn==1.9.1", 20_000),
]
# Rows of a band by threshold: the S-curve of 128 values rises before the threshold, as their authors advise.
ROWS = {0.8: 8, 0.5: 4}


def texts(path):
    with open(path) as lines:
        return [json.loads(line)["text"].split(" ") for line in lines]


def shingles(words):
    if len(words) < SHINGLE:
        return [" ".join(words)]
    return list({" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)})


def peer(name, path, threshold, out):
    """Runs one tool in this process and writes its pairs."""
    rows = ROWS[threshold]
    bands = PERMUTATIONS // rows
    found = set()
    if name == "read":
        sum(len(shingles(words)) for words in texts(path))
    elif name == "gaoya":
        from gaoya.minhash import MinHashStringIndex

        docs = [" ".join(words) for words in texts(path)]
        index = MinHashStringIndex(
            hash_size=32, jaccard_threshold=threshold, num_bands=bands, band_size=rows, num_hashes=PERMUTATIONS,
            analyzer="word", lowercase=False, ngram_range=(SHINGLE, SHINGLE), id_container="vec",
        )
        ids = list(range(len(docs)))
        index.par_bulk_insert_docs(ids, docs)
        for a, near in zip(ids, index.par_bulk_query(docs)):
            found.update((min(a, b), max(a, b)) for b in near if a != b)
    elif name == "rensa":
        from rensa import RMinHash, RMinHashLSH

        sketches = RMinHash.from_token_sets([shingles(words) for words in texts(path)], PERMUTATIONS, 42)
        lsh = RMinHashLSH(threshold, PERMUTATIONS, bands)
        lsh.insert_many(sketches)
        for a, near in enumerate(lsh.query_all(sketches)):
            found.update((a, b) for b in near if a < b and sketches[a].jaccard(sketches[b]) >= threshold)
    elif name == "FastSketchLSH":
        from FastSketchLSH import LSH, FastSimilaritySketch, estimate_jaccard
        import numpy

        sketches = numpy.asarray(FastSimilaritySketch(PERMUTATIONS).batch([shingles(words) for words in texts(path)]))
        lsh = LSH(PERMUTATIONS, bands)
        lsh.insert(sketches)
        for a, near in enumerate(lsh.query(sketches)):
            found.update((a, b) for b in near if a < b and estimate_jaccard(sketches[a], sketches[b]) >= threshold)
    elif name == "datasketch":
        from datasketch import MinHash, MinHashLSH

        lsh, sketches = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, params=(bands, rows)), []
        for a, words in enumerate(texts(path)):
            sketch = MinHash(PERMUTATIONS)
            sketch.update_batch([shingle.encode() for shingle in shingles(words)])
            near = lsh.query(sketch)
            found.update((b, a) for b in near if sketch.jaccard(sketches[b]) >= threshold)
            lsh.insert(a, sketch)
            sketches.append(sketch)
    elif name == "SetSimilaritySearch":
        from SetSimilaritySearch import all_pairs

        sets = [shingles(words) for words in texts(path)]
        found.update((min(a, b), max(a, b)) for a, b, _ in all_pairs(sets, "jaccard", threshold))
    elif name == "scikit-learn":
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.neighbors import NearestNeighbors

        rows = TfidfVectorizer().fit_transform(" ".join(words) for words in texts(path))
        near = NearestNeighbors(metric="cosine", radius=1 - threshold).fit(rows)
        for start in range(0, rows.shape[0], 1000):
            block = near.radius_neighbors(rows[start : start + 1000], return_distance=False)
            found.update((a, b) for a, list_ in enumerate(block, start) for b in list_ if a < b)
    elif name == "text-dedup":
        import pickle

        clusters = {}
        folder = out + ".clusters"
        subprocess.run(
            [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", path, "--split", "train", "--column", "text",
             "--ngram", str(SHINGLE), "--threshold", str(threshold), "--num_perm", str(PERMUTATIONS), "--b", str(bands), "--r", str(rows),
             "--min_length", "0", "--output", folder, "--cache_dir", folder + ".cache", "--debug"],
            check=True,
        )
        # Its clusters are what it gives: all pairs inside one count as found.
        with open(os.path.join(folder, "uf.pkl"), "rb") as forest:
            parents = pickle.load(forest).parent
        for member in parents:
            root = member
            while parents[root] != root:
                root = parents[root]
            clusters.setdefault(root, []).append(member)
        for members in clusters.values():
            found.update(itertools.combinations(sorted(members), 2))
    else:
        sys.exit(f"no tool is called {name}")
    with open(out, "w") as to:
        to.writelines(f"{a}\t{b}\n" for a, b in sorted(found))


def measured(command, log):
    """Runs a command; gives its exit code, CPU and wall seconds, and its peak of memory in MB, those of its children included."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def prepare(source, articles, to):
    """Writes the first articles as plain words."""
    word = re.compile("[a-z0-9]+")
    with open(source) as lines, open(to, "w") as out:
        for number, line in enumerate(itertools.islice(lines, articles)):
            text = " ".join(word.findall(json.loads(line)["text"].lower()))
            out.write(json.dumps({"id": str(number), "text": text}) + "\n")


def install(folder):
    """Installs every tool; gives the interpreter, and why those that are missing are."""
    python = os.path.join(folder, "venv", "bin", "python")
    if not os.path.exists(python):
        venv.create(os.path.join(folder, "venv"), with_pip=True)
    missing = {}
    for name, package, _ in PEERS:
        if package:
            done = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package], capture_output=True, text=True)
            if done.returncode:
                missing[name] = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return python, missing


def main():
    if len(sys.argv) == 6 and sys.argv[1] == "--peer":
        return peer(sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5])
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("source")
    args.add_argument("--articles", type=int, default=20_000)
    args.add_argument("--retold", default="target/release/retold")
    args.add_argument("--folder", default="target/peers")
    args.add_argument("--only", nargs="*", help="only these tools")
    args = args.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    python, missing = install(args.folder)
    words = os.path.join(args.folder, f"words-{args.articles}.jsonl")
    prepare(args.source, args.articles, words)
    with open(os.path.join(args.folder, "log.txt"), "w") as log:
        for threshold in (0.8, 0.5):
            compare(args, python, missing, words, threshold, log)
    for name, reason in missing.items():
        print(f"{name}: not installed: {reason}")


def compare(args, python, missing, words, threshold, log):
    rows, bands = ROWS[threshold], PERMUTATIONS // ROWS[threshold]
    print(f"\n{args.articles} articles, {os.path.getsize(words) / 1e6:.0f} MB of words, Jaccard {threshold} of runs of {SHINGLE} words; "
          f"MinHash: {PERMUTATIONS} values in {bands} bands of {rows}, candidates held against the estimate of the sketches\n")
    print("| tool | CPU s | times retold | wall s | memory, MB | pairs | recall | precision |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    exact = os.path.join(args.folder, "exact.tsv")
    command = [args.retold, "pairs", words, "--jaccard", str(threshold), "--shingle", str(SHINGLE), "--quiet",
               "--set", "ingest.min-words=0", "--field", "text=text"]
    code, cpu, wall, memory = measured(command + ["-o", os.path.join(args.folder, "pairs.tsv")], log)
    if code:
        sys.exit(f"retold failed, see {log.name}")
    subprocess.run(command + ["--expand", "-o", exact], check=True)
    with open(exact) as lines:
        next(lines)
        true = {tuple(sorted(map(int, line.split("\t")[1:3]))) for line in lines}
    print(f"| retold | {cpu:.1f} | 1 | {wall:.1f} | {memory:.0f} | {len(true)} | 1 | 1 |")
    for name, _, most in PEERS:
        if name in missing or args.only and name not in args.only:
            continue
        if most and args.articles > most:
            print(f"| {name} | not run above {most} articles | | | | | | |")
            continue
        out = os.path.join(args.folder, f"{name}.tsv")
        tool = measured([python, os.path.abspath(__file__), "--peer", name, words, str(threshold), out], log)
        if tool[0]:
            print(f"| {name} | failed, see {log.name} | | | | | | |")
            continue
        with open(out) as lines:
            found = {tuple(map(int, line.split())) for line in lines}
        right = len(found & true)
        quality = "| | |" if name == "read" else f"| {len(found)} | {right / max(len(true), 1):.3f} | {right / max(len(found), 1):.3f} |"
        label = "(Python: reading, shingles)" if name == "read" else name
        print(f"| {label} | {tool[1]:.1f} | {tool[1] / cpu:.1f} | {tool[2]:.1f} | {tool[3]:.0f} {quality}", flush=True)


if __name__ == "__main__":
    main()
