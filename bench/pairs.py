#!/usr/bin/env python3
"""Extracts and merges all 28 pairs, one after the other and several at a time; see README.md."""

import argparse
import itertools
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import processes
import report
from datasets import DATA, begin, ours
from methods import COPY

# Each is quoted in those that follow it.
CURRENCIES = ["eur", "gbp", "aud", "nzd", "usd", "cad", "chf", "jpy"]
PAIRS = ["".join(both) for both in itertools.combinations(CURRENCIES, 2)]
# The machine that all of them have together.
MEMORY_MB = 8 * 1024**3 / 1e6
# Of an extraction, four of which fit into that with what DuckDB takes besides.
EXTRACT_JVM = ("-Xmx1g",)
SAMPLING = 0.1
HEAD = ["", "at a time", "wall s", "s a pair", "peak MB of all", "at most", ""]


class Memory:
    """The most memory that processes had together, looked at ten times a second."""

    def __init__(self):
        self.pids = set()
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(SAMPLING):
            self.peak = max(self.peak, sum(map(resident, list(self.pids))))


def resident(pid):
    """Megabytes of a process; none when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) * processes.MB_PER_RSS if found else 0


def run(command, log, memory):
    with open(log, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    memory.pids.add(process.pid)
    code = process.wait()
    memory.pids.remove(process.pid)
    if code != 0:
        raise SystemExit(f"error: a run failed; see {log}")


def all_of(what, commands, at_a_time):
    """Runs a command for each pair; returns seconds until all is on the disk, and the peak."""
    processes.cold_caches()
    processes.LOGS.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with Memory() as memory, ThreadPoolExecutor(at_a_time) as pool:
        logs = (processes.LOGS / f"{what}-{pair}.log" for pair in commands)
        list(pool.map(lambda task: run(*task, memory), zip(commands.values(), logs)))
    os.sync()
    return time.monotonic() - start, memory.peak


def commands(directory, pairs):
    """What is run for each pair, by the name of the step."""
    checkpoints, training = directory / "checkpoints", directory / "training"
    extractions = {
        pair: [
            *ours(EXTRACT_JVM, "extract", f"--pair={pair}", f"--checkpoints={checkpoints}"),
            f"--warehouse=duckdb:{directory / pair}.duckdb",
        ]
        for pair in pairs
    }
    merges = {
        pair: [
            *ours(COPY, "merge", f"--pair={pair}", f"--checkpoints={checkpoints}"),
            *(f"--output={training}", "--mergeMethod=stream"),
        ]
        for pair in pairs
    }
    return {"extract": (extractions, checkpoints), "stream": (merges, training)}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--rows", type=int, default=5_000, help="rows of each training file")
    add("--tables", default="*", metavar="GLOB", help="feature tables to make")
    add("--pairs", type=int, default=len(PAIRS), metavar="N", help="how many pairs")
    add("--at-a-time", type=int, nargs="+", default=[1, 4], metavar="N", help="pairs side by side")
    add("--results", type=Path, metavar="DIR", default=report.RESULTS, help="where results go")
    return parser.parse_args()


def main():
    options = arguments()
    begin()
    directory = processes.empty(DATA / "pairs")
    pairs = PAIRS[: options.pairs]
    for pair in pairs:
        sample = ours([], "sample", f"--pair={pair}", f"--warehouse=duckdb:{directory / pair}.duckdb")
        sample += [f"--minutes={options.rows}", f"--tables={options.tables}"]
        processes.tell(sample, f"sample {pair}")

    results, lines = [], []
    for at_a_time in options.at_a_time:
        steps = commands(directory, pairs)
        for what, (each, output) in steps.items():
            wall, peak = all_of(what, each, at_a_time)
            missed = ["memory"] if peak > MEMORY_MB else []
            results.append({"step": what, "at_a_time": at_a_time, "wall": wall, "rss_mb": peak})
            sizes = (f"{wall:,.1f}", f"{wall / len(pairs):.2f}", f"{peak:,.0f}", f"{MEMORY_MB:,.0f}")
            lines.append([what, str(at_a_time), *sizes, report.verdict(missed)])
        for _, output in steps.values():
            shutil.rmtree(output)
    shutil.rmtree(directory)
    print()
    print(f"{len(pairs)} pairs, {options.rows:,} rows each, cold cache")
    print()
    print(report.table(HEAD, lines, left=(0, -1)))
    content = {**processes.machine(), "pairs": len(pairs), "rows": options.rows, "summary": results}
    report.write(options.results / "pairs.json", content)


if __name__ == "__main__":
    main()
