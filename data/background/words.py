#!/usr/bin/env python3
"""Prints a word list of an installed wordfreq as lines of word, tab, occurrences a word of running text.

Usage: words.py LANGUAGE [small|large]

wordfreq keeps its lists in the "cB" format: gzipped msgpack of a header and then lists of words, where the words of the list
with index i have a frequency of 10 to the power of -i/100.
"""

import gzip
import importlib.util
import pathlib
import sys

import msgpack


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    language, size = sys.argv[1], (sys.argv[2:] or ["small"])[0]
    spec = importlib.util.find_spec("wordfreq")
    if spec is None or spec.origin is None:
        sys.exit("wordfreq is not installed: pip install wordfreq==3.1.1")
    path = pathlib.Path(spec.origin).parent / "data" / f"{size}_{language}.msgpack.gz"
    if not path.exists():
        sys.exit(f"wordfreq has no {size} list of the language {language}")
    with gzip.open(path, "rb") as file:
        header, *lists = msgpack.load(file, raw=False)
    if header.get("format") != "cB" or header.get("version") != 1:
        sys.exit(f"{path.name}: not in the format cB, version 1")
    for index, words in enumerate(lists):
        for word in words:
            print(f"{word}\t{10 ** (-index / 100):.6g}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
