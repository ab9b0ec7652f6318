#!/usr/bin/env python3
"""Measures what compressions and float32 save, and what they cost; see README.md."""

import argparse
import json
import shutil

import processes
import report
from bench import common
from datasets import PAIR, DataSet, Shape, begin, extract, ours
from methods import COPY, SEED_ROWS
from peers import Peers

READERS = ["pyarrow", "polars", "duckdb"]
# What trainers take of thousands of features at a time.
FEW_COLUMNS = 50
CORES = 2
VARIANTS = {
    "snappy": [],
    "zstd": ["--compression=zstd"],
    "best": ["--compression=best"],
    "float32": ["--floatType=float32"],
    "float32-best": ["--floatType=float32", "--compression=best"],
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=SEED_ROWS, help="rows of the training file")
    parser.add_argument("--tables", default="*", metavar="GLOB", help="feature tables to make")
    parser.add_argument("--only", default=",".join(VARIANTS), metavar="NAMES")
    common(parser)
    options = parser.parse_args()
    begin()
    peers = Peers()
    if peers.missing:
        raise SystemExit(f"error: {peers.missing}")
    data = DataSet(Shape(options.rows, tables=options.tables))
    data.make_warehouse()
    results = (options.results or processes.WORK / "results") / "encodings.json"
    found = json.loads(results.read_text()) if results.exists() else {}
    for name in options.only.split(","):
        found[name] = measured(data, peers, name, options.time_limit)
        report.write(results, found)
    print("\n".join(table({name: found[name] for name in VARIANTS if name in found})))


def measured(data, peers, name, time_limit):
    """Bytes, seconds and CPU seconds of a set and of its training file."""
    checkpoints = processes.empty(processes.WORK / "set")
    training = processes.empty(processes.WORK / "out")
    took = timed(f"extract {name}", extract(data.warehouse, checkpoints, (), *VARIANTS[name]), time_limit)
    result = {"bytes": processes.size(checkpoints), "extract": took}
    merge = [*ours(COPY, "merge", f"--pair={PAIR}", "--mergeMethod=stream")]
    merge += [f"--checkpoints={checkpoints}", f"--output={training}"]
    processes.tell(merge, f"merge {name}")
    shutil.rmtree(checkpoints)
    file = training / f"training_{PAIR}.parquet"
    for reader in READERS:
        for count in (0, FEW_COLUMNS):
            scan = peers.command("scan.py", reader, file, count)
            what = f"{reader}-{count or 'all'}"
            result[what] = timed(f"{name} {what}", scan, time_limit)
    shutil.rmtree(training)
    return result


def timed(what, command, time_limit):
    processes.cold_caches()
    usage = processes.run(what.replace(" ", "-"), list(map(str, command)), CORES, time_limit)
    if usage.failure:
        raise SystemExit(f"error: {what}: {usage.failure}")
    print(f"  {what}: {usage.wall:.1f} s, CPU {usage.cpu:.1f} s", flush=True)
    return {"wall": usage.wall, "cpu": usage.cpu, "rss_mb": usage.rss_mb}


def table(found):
    """Lines in Markdown: a column for each way to store the values."""
    yield "| | " + " | ".join(found) + " |"
    yield "|---" * (len(found) + 1) + "|"
    yield row("checkpoints, GB", (f"{each['bytes'] / 1e9:.2f}" for each in found.values()))
    yield row("extraction, CPU s", (f"{each['extract']['cpu']:.0f}" for each in found.values()))
    for reader in READERS:
        whole = (each[f"{reader}-all"] for each in found.values())
        yield row(f"{reader}, all columns, CPU s (s)", map(both, whole))
    for reader in READERS:
        few = (each[f"{reader}-{FEW_COLUMNS}"] for each in found.values())
        yield row(f"{reader}, {FEW_COLUMNS} columns, CPU s (s)", map(both, few))


def row(name, cells):
    return f"| {name} | " + " | ".join(cells) + " |"


def both(took):
    return f"{took['cpu']:.1f} ({took['wall']:.1f})"


if __name__ == "__main__":
    main()
