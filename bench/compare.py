#!/usr/bin/env python3
"""Merges one set of checkpoints with every method that runs on this machine, and compares them.

Each method is a process of its own; the time is until all it wrote is on the disk. Results are
compared value by value, bit by bit. Needs nothing but Python's standard library; polars runs when
the interpreter of --python has it, bigquery when --bigquery-options are given.
"""

import argparse
import json
import re
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import processes
import report
from datasets import JAR, JAVA, begin
from methods import BEAM, COPY, GATHER

# What Java is told, as in the benchmark; DuckDB and Polars have their own memory besides.
JVMS = {
    "compose": COPY,
    "stream": GATHER,
    "beam": BEAM,
    "duckdb": GATHER,
    "polars": GATHER,
    "bigquery": GATHER,
}
# What the others are compared with: it copies, and is verified against the manifest.
REFERENCE = "stream"
METHODS = [REFERENCE, *(name for name in JVMS if name != REFERENCE)]
# What the operating system counts for a process as written, unit of ru_oublock.
BLOCK_BYTES = 512
# Units of our summaries.
UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
PRICES = Path("src/main/resources/ml/bqx/cost/prices.tsv")
OUT = processes.WORK / "compare"
HEAD = ["", "wall s", "CPU s", "peak MB", "written MB", "dollars", "equal"]


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--checkpoints", type=Path, default=Path("run/checkpoints"), metavar="DIR")
    add("--pair", default="eurusd")
    add("--methods", default=",".join(METHODS), help="methods, separated by commas")
    add("--python", default=sys.executable, help="the interpreter for polars")
    add("--bigquery-options", default="", metavar="OPTIONS", help="options of bigquery, such as --project=...")
    add("--merge-options", default="", metavar="OPTIONS", help="options of all methods, such as --onDuplicate=first")
    add("--time-limit", type=int, default=1800, metavar="S", help="seconds a method may take")
    return parser.parse_args()


def main():
    options = arguments()
    begin()
    if not (options.checkpoints / options.pair).is_dir():
        raise SystemExit(f"error: no checkpoints in {options.checkpoints}; run make run first")
    results = processes.empty(OUT)
    lines, notes = [], []
    for method in options.methods.split(","):
        print(f"{method} ...", end=" ", flush=True)
        line, note = run(method, options, results)
        print(note or f"{line[1]} s", flush=True)
        lines.append(line)
        notes += [f"{method}: {note}"] if note else []
    print()
    print(report.table(HEAD, lines, left=(0, -1)))
    print("peak is that of the largest process: polars has Java's and Python's")
    print("\n".join(notes))
    shutil.rmtree(results)
    sys.exit(1 if any(line[1] == "failed" or line[-1] == "NO" for line in lines) else 0)


def run(method, options, results):
    """A line of the table, and what there is to be said to it."""
    unfinished = [""] * (len(HEAD) - 2)
    reason = skipped(method, options)
    if reason:
        return [method, "skipped", *unfinished], reason
    directory = results / method
    command = [
        *(JAVA, *JVMS[method], "-jar", JAR, "merge", f"--mergeMethod={method}"),
        *(f"--pair={options.pair}", f"--checkpoints={options.checkpoints}"),
        *(f"--output={directory}", f"--python={options.python}"),
        *shlex.split(options.merge_options),
        *(shlex.split(options.bigquery_options) if method == "bigquery" else []),
    ]
    processes.cold_caches()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_oublock
    usage = processes.run(f"compare-{method}", command, len(processes.cores()), options.time_limit)
    written = resource.getrusage(resource.RUSAGE_CHILDREN).ru_oublock - before
    if usage.failure:
        return [method, "failed", *unfinished], usage.failure
    equal, note = comparison(method, options, results)
    return [
        method,
        report.number(usage.wall, 1),
        report.number(usage.cpu, 1),
        report.number(usage.rss_mb),
        report.number(written * BLOCK_BYTES, 0, 1e6),
        dollars(method),
        equal,
    ], note


def skipped(method, options):
    if method == "bigquery" and not options.bigquery_options:
        return "it needs --bigquery-options='--project=... --tempLocation=gs://...'"
    if method == "polars":
        done = subprocess.run([options.python, "-c", "import polars"], capture_output=True)
        return f"{options.python} has no package polars" if done.returncode else ""
    if method == "compose" and not aligned(options):
        return "the checkpoints are not aligned"
    return ""


def aligned(options):
    """Whether their own extraction says so; a foreign set is never taken for one."""
    manifest = options.checkpoints / options.pair / "_manifest.json"
    return manifest.exists() and json.loads(manifest.read_text())["layout"] == "aligned"


def dollars(method):
    """What the queries cost by their list price; this machine costs nothing more."""
    log = (processes.LOGS / f"compare-{method}.log").read_text(errors="replace")
    billed = re.search(r"^ +bytes billed +([\d.]+) (\S+)", log, re.MULTILINE)
    if not billed:
        return ""
    price = re.search(r"^QUERY\t([\d.]+)\tTiB\t", PRICES.read_text(), re.MULTILINE)
    tebibytes = float(billed.group(1)) * UNITS[billed.group(2)] / 2**40
    return f"{tebibytes * float(price.group(1)):.4f}"


def comparison(method, options, results):
    """Whether the result is that of the reference, and how it differs."""
    name = f"training_{options.pair}.parquet"
    reference = results / REFERENCE / name
    if method == REFERENCE or not reference.exists():
        return ("reference", "") if method == REFERENCE else ("?", f"there is no {REFERENCE}")
    done = subprocess.run(
        [
            *(JAVA, *GATHER, "-jar", JAR, "diff", "--bits"),
            *(f"--before={reference}", f"--after={results / method / name}"),
        ],
        capture_output=True,
        text=True,
    )
    return ("yes", "") if done.returncode == 0 else ("NO", done.stderr.strip())


if __name__ == "__main__":
    main()
