#!/usr/bin/env python3
"""Compares our merges and extraction with cat, Polars and DuckDB; see README.md."""

import argparse
import fnmatch
import sys
from pathlib import Path

import processes
import report
from datasets import DataSet, Shape, begin
from methods import COMPOSED, EXTRACTION, GAPS, METHODS, SEED_ROWS, SMALL, SOURCES, START
from peers import Peers
from rounds import Runs


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--rows", type=int, default=SEED_ROWS, help="rows of the training file")
    add("--tables", default="*", metavar="GLOB", help="feature tables to make")
    add("--size", choices=["seed", "full"], default="seed", help="6,477 or 16,965 features")
    add("--only", default="*", metavar="NAMES", help="of: " + ", ".join(m.key for m in METHODS))
    common(parser)
    add("--keep-warehouse", action="store_true", help="keep it for the next extraction")
    return parser.parse_args()


def common(parser):
    add = parser.add_argument
    add("--rounds", type=int, default=3, metavar="N", help="runs of each method")
    add("--warm-up", action="store_true", help="run one more round first, which is not counted")
    add("--time-limit", type=int, default=600, metavar="S", help="seconds a run may take")
    add("--warm", action="store_true", help="leave the page cache as it is")
    add("--remake", action="store_true", help="make the data set again")
    add("--results", type=Path, metavar="DIR", help=f"where results go: {report.RESULTS} for all methods, otherwise scratch")


def main():
    options = arguments()
    begin()
    methods = chosen(options.only)
    starts = [m for m in methods if m.group == START]
    extractions = [m for m in methods if m.group in (EXTRACTION, SOURCES)]
    peers = Peers()
    data = DataSet(Shape(options.rows, options.size, options.tables))
    if options.remake:
        data.delete()
    gaps = any(m.group == GAPS for m in methods)
    data.make(peers, with_warehouse=bool(extractions), with_gaps=gaps)
    small = DataSet(SMALL)
    if starts:
        small.make(peers, with_warehouse=True, with_gaps=False, beside=[data])
    if any(m.group == SOURCES for m in methods):
        data.record()
    described = data.describe()
    print("{rows:,} rows, {features:,} features, {targets} targets".format(**described), end=", ")
    print("{checkpoints_with_gaps} of {checkpoints} checkpoints with gaps".format(**described))

    check = report.Check(peers, COMPOSED)
    tasks = [(m, small if m in starts else data) for m in methods]
    runs = Runs(peers, options.time_limit, not options.warm, check)
    if extractions:
        runs.rounds([(m, data) for m in extractions], options.rounds, options.warm_up)
    if not options.keep_warehouse:
        # Merges need its room on the disk, and making it again takes only minutes.
        data.drop_warehouse()
    if len(extractions) < len(methods):
        rest = [task for task in tasks if task[0] not in extractions]
        runs.rounds(rest, options.rounds, options.warm_up)
    finish(options, peers, data, described, tasks, runs, check)


def chosen(only):
    """Methods by their name, or by how it begins: stream stands for stream-1 and all the others."""
    names = only.split(",")
    methods = [
        m
        for m in METHODS
        if any(fnmatch.fnmatch(m.key, n) or m.key.startswith(n + "-") for n in names)
    ]
    if not methods:
        raise SystemExit(f"error: there is no method {only}; see --help")
    return methods


def finish(options, peers, data, described, tasks, runs, check):
    summaries = report.judged(runs, tasks)
    rates = report.rates(summaries, data)
    environment = report.environment(peers, runs.cold)
    print()
    print("{rows:,} rows x {features:,} features".format(**described), end=", ")
    print(f"{environment['cache']} cache, medians of {options.rounds} runs, MB of 10^6 bytes,")
    print("on {disk}".format(**environment), end=", ")
    print(f"time until everything is on the disk, peaks from {processes.own_peak():.0f} MB on")
    print()
    print(report.table(report.HEAD, list(report.rows(summaries))))
    print()
    print("\n".join([*rates, *check.lines()]))
    full_size = (options.rows, options.size, options.tables) == (SEED_ROWS, "seed", "*")
    if not full_size:
        print("marks are for 177,748 rows, some for half of them, and all tables of size seed")
    print()
    # What the pages show is a whole run's.
    default = report.RESULTS if len(tasks) == len(METHODS) else processes.WORK / "results"
    results = options.results or default
    latest = results / "latest.json"
    content = {
        **environment,
        "data": described,
        "rounds": options.rounds,
        "summary": summaries,
        "check": check.result,
        "runs": runs.runs,
    }
    report.write(latest, content)
    report.draw(peers, latest, results / "latest.webp", summaries)
    if check.result["differ"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
