"""Runs methods in turn, round after round, and sums their runs up."""

import shutil
import statistics
from dataclasses import asdict

import processes
from processes import WORK, Usage

OUT = WORK / "out"


class Runs:
    """All runs of one mode.

    `after_first` is called with a method, its data set and its output, before that is deleted.
    """

    def __init__(self, peers, time_limit, cold, after_first=None):
        self.peers = peers
        self.time_limit = time_limit
        self.cold = cold
        self.after_first = after_first
        self.runs = []

    def rounds(self, tasks, count, warm_up):
        """Runs (method, data set) pairs in turn; a warm-up round is not counted."""
        for number in range(0 if warm_up else 1, count + 1):
            print(f"Round {number} of {count}" if number else "Warm-up", flush=True)
            for method, data in tasks:
                if not self._hopeless(method, data):
                    self._run(method, data, number)
            for data in {data.shape.name: data for _, data in tasks}.values():
                data.drop_whole()

    def _hopeless(self, method, data):
        """What failed once is not tried again: it would only take its time once more."""
        return any(run["failure"] for run in self.of(method, data))

    def of(self, method, data):
        return [
            run
            for run in self.runs
            if run["method"] == method.key and run["data"] == data.shape.name
        ]

    def _run(self, method, data, number):
        print(f"  {method.group}, {method.label} ({data.shape.name}) ...", end=" ", flush=True)
        directory = processes.empty(OUT)
        if method.needs_whole:
            data.make_whole()
        else:
            # The next method needs its room on the disk.
            data.drop_whole()
        output = directory / "training.parquet" if method.prints else None
        if method.needs_peers and self.peers.missing:
            usage = Usage(0, 0, 0, f"skipped: {self.peers.missing}")
        elif method.cores > len(processes.cores()):
            usage = Usage(0, 0, 0, f"skipped: there are not {method.cores} cores")
        else:
            command = method.command(data, self.peers, directory)
            self.cold = self.cold and processes.cold_caches()
            usage = processes.run(
                method.key, list(map(str, command)), method.cores, self.time_limit, output
            )
        first = not self.of(method, data)
        self.runs.append(
            {
                "method": method.key,
                "data": data.shape.name,
                "round": number,
                **asdict(usage),
                **({} if usage.failure else _output(directory, method)),
            }
        )
        took = usage.failure or f"{usage.wall:.1f} s, {usage.rss_mb:,.0f} MB"
        print(took, flush=True)
        if first and not usage.failure and self.after_first:
            self.after_first(method, data, directory)
        shutil.rmtree(directory)

    def summary(self, method, data):
        """Medians of the runs that count, or why there are none; None when it never ran."""
        runs = self.of(method, data)
        if not runs:
            return None
        result = {"method": method.key, "data": data.shape.name}
        failed = [run["failure"] for run in runs if run["failure"]]
        if failed:
            # What it took until then still says something of a method that ran out of something.
            return {**result, "failure": failed[0], "rss_mb": max(run["rss_mb"] for run in runs)}
        counted = [run for run in runs if run["round"] > 0]
        walls = [run["wall"] for run in counted]
        return {
            **result,
            "failure": "",
            "wall": statistics.median(walls),
            "wall_min": min(walls),
            "wall_max": max(walls),
            "cpu": statistics.median(run["cpu"] for run in counted),
            "rss_mb": max(run["rss_mb"] for run in counted),
            "output_bytes": counted[-1]["output_bytes"],
            "footer_bytes": counted[-1]["footer_bytes"],
        }


def _output(directory, method):
    """Bytes written, and those of a training file's footer; a plain copy has many."""
    files = list(directory.rglob("training*.parquet"))
    footer = 0
    if files and not method.prints:
        with open(files[0], "rb") as file:
            file.seek(-8, 2)
            footer = int.from_bytes(file.read(4), "little")
    return {"output_bytes": processes.size(directory), "footer_bytes": footer}
