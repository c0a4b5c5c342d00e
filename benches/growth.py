#!/usr/bin/env python3
"""CPU seconds of `retold bench` by size, as a picture and a table.

    benches/growth.py --retold target/release/retold [--floor FLOOR] [--memory SIZE] [--picture docs/pictures/growth.svg] FILE...

Each FILE is a corpus; it is run once. --floor names a program that takes a file and reads it as cheaply as can be: it is run in
the same minutes, and its user and system time is the unit. --json FOLDER keeps what `retold bench` said, and reads it there
if it was kept before, so that a long run need not be made twice.
"""
import argparse
import json
import math
import pathlib
import resource
import subprocess

STAGES = ["join", "graph, cluster", "passages, copies", "read to vectors", "write"]
COLOURS = ["#b5402f", "#d98c3f", "#3f7fb5", "#7a8b99", "#b9c3cc"]


def cpu_of(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(path: pathlib.Path, args: argparse.Namespace) -> dict:
    kept = args.json / f"{path.name}.json" if args.json else None
    if kept and kept.exists():
        return json.loads(kept.read_text())
    command = [args.retold, "bench", str(path), "--quiet", "--format", "json"]
    if args.memory:
        command += ["--memory", args.memory]
    bench = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    bench["floor"] = cpu_of([args.floor, str(path)]) if args.floor else None
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(bench))
    return bench


def parts(bench: dict) -> list[float]:
    """CPU seconds of the groups of stages that are drawn."""
    room = {"join": 0, "graph": 1, "cluster": 1, "passages": 2, "copies": 2, "write": 4}
    sums = [0.0] * len(STAGES)
    for stage in bench["stages"]:
        sums[room.get(stage["stage"], 3)] += stage["cpu"]
    return sums


def table(runs: list[dict]) -> str:
    lines = ["| articles | " + " | ".join(STAGES) + " | all, CPU s | wall s | peak MB | times the floor | exponent |"]
    lines.append("|" + " --- |" * (len(STAGES) + 6))
    for before, run in zip([None, *runs], runs):
        floor = f"{run['cpu'] / run['floor']:.0f}" if run.get("floor") else ""
        exponent = ""
        if before:
            exponent = f"{math.log(run['cpu'] / before['cpu']) / math.log(run['articles'] / before['articles']):.2f}"
        cells = [f"{run['articles']:,}", *(f"{s:.1f}" for s in parts(run)), f"{run['cpu']:.0f}", f"{run['wall']:.0f}"]
        lines.append("| " + " | ".join([*cells, f"{run['peak'] / 1e6:,.0f}", floor, exponent]) + " |")
    return "\n".join(lines)


def picture(runs: list[dict]) -> str:
    """CPU seconds against articles, both as powers of ten; a line for each group of stages, one for all, one that is linear."""
    width, height, left, bottom, top, right = 640, 400, 64, 48, 16, 150
    sizes = [run["articles"] for run in runs]
    series = [("all", "#111", [run["cpu"] for run in runs])]
    series += [(name, colour, [parts(run)[i] for run in runs]) for i, (name, colour) in enumerate(zip(STAGES, COLOURS))]
    first = series[0][2][0] / sizes[0]
    x_low, x_high = math.floor(math.log10(sizes[0])), math.ceil(math.log10(sizes[-1]))
    y_low, y_high = -1, math.ceil(math.log10(max(series[0][2])))
    x = lambda n: left + (math.log10(n) - x_low) / (x_high - x_low) * (width - left - right)
    y = lambda s: height - bottom - (math.log10(max(s, 0.1)) - y_low) / (y_high - y_low) * (height - bottom - top)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">']
    out.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for power in range(x_low, x_high + 1):
        at = x(10**power)
        out.append(f'<path d="M{at:.1f} {top}V{height - bottom}" stroke="#ddd"/>')
        out.append(f'<text x="{at:.1f}" y="{height - bottom + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(y_low, y_high + 1):
        at = y(10**power)
        out.append(f'<path d="M{left} {at:.1f}H{width - right}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 8}" text-anchor="middle">articles</text>')
    out.append(f'<text transform="translate(14 {height / 2}) rotate(-90)" text-anchor="middle">CPU seconds</text>')
    ends = f"M{x(sizes[0]):.1f} {y(first * sizes[0]):.1f}L{x(sizes[-1]):.1f} {y(first * sizes[-1]):.1f}"
    out.append(f'<path d="{ends}" stroke="#999" stroke-dasharray="4 4" fill="none"/>')
    labels = [(y(values[-1]), name, colour) for name, colour, values in series] + [(y(first * sizes[-1]), "linear", "#777")]
    for name, colour, values in series:
        points = " ".join(f"{x(n):.1f},{y(s):.1f}" for n, s in zip(sizes, values))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{2.5 if name == "all" else 1.5}"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(s):.1f}" r="2.5" fill="{colour}"/>' for n, s in zip(sizes, values)]
    # Labels that would lie over each other move down.
    last = 0.0
    for at, name, colour in sorted(labels):
        at = max(at + 4, last + 14)
        last = at
        out.append(f'<text x="{width - right + 8}" y="{at:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--retold", default="target/release/retold")
    args.add_argument("--floor")
    args.add_argument("--memory", help="as for retold")
    args.add_argument("--picture", type=pathlib.Path)
    args.add_argument("--json", type=pathlib.Path)
    args.add_argument("files", nargs="+", type=pathlib.Path)
    args = args.parse_args()
    runs = sorted((measured(path, args) for path in args.files), key=lambda run: run["articles"])
    print(table(runs))
    if args.picture:
        args.picture.write_text(picture(runs))


if __name__ == "__main__":
    main()
