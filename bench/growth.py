#!/usr/bin/env python3
"""How time and memory grow when rows or columns double, and up to the full width; see README.md."""

import argparse

import processes
import report
from datasets import DataSet, Shape, begin
from methods import EXTRACTION, METHODS
from peers import Peers
from rounds import Runs

from bench import common

# A quarter of the seed set's rows.
BASE_ROWS = 44_437
GROWING = ["extract-2", "compose-1", "stream-1", "stream-gaps-2"]
# For twice the data, and in proportion for data that are not twice as large.
MOST_TIMES, MOST_MEMORY = 2.1, 1.2
STEPS = ["rows", "columns", "full"]

HEAD = ["", "data x", "wall s", "", "wall x", "at most", "peak MB", "", "peak x", "at most", ""]


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--rows", type=int, default=BASE_ROWS, help="rows of the smallest set")
    add("--tables", default="*", metavar="GLOB", help="feature tables to make")
    add("--steps", nargs="+", choices=STEPS, default=STEPS, help="what grows")
    add("--doublings", type=int, default=1, help="how often the rows are doubled")
    common(parser)
    add("--keep", action="store_true", help="keep the data sets")
    return parser.parse_args()


def half(manifest):
    """Tables with half of the columns, of those with and without gaps."""
    chosen, columns = [], {True: [0, 0], False: [0, 0]}
    groups = [c for c in manifest["checkpoints"] if c["category"] != "TARGETS"]
    for checkpoint in sorted(groups, key=lambda c: (-len(c["columns"]), c["table"])):
        sides = columns[checkpoint["rowsMissing"] > 0]
        side = sides.index(min(sides))
        sides[side] += len(checkpoint["columns"])
        if side == 0:
            chosen.append(checkpoint["table"])
    return tuple(chosen)


class Growth:
    """Runs the steps one after the other, and keeps what came of them."""

    def __init__(self, options, peers):
        self.options = options
        self.peers = peers
        self.methods = [method for method in METHODS if method.key in GROWING]
        self.base = self.data(options.rows, "seed")
        self.cold = not options.warm
        self.runs = []
        self.lines = []
        self.results = []

    def data(self, rows, size, *half_of_it):
        return DataSet(Shape(rows, size, self.options.tables, *half_of_it))

    def run(self, steps):
        if self.options.remake:
            self.base.delete()
        self.base.make(self.peers, with_warehouse=True, outputs=1)
        if "columns" in steps:
            halved = self.data(self.options.rows, "seed", "-half", half(self.base.manifest()))
            halved.make_checkpoints(self.peers, self.base.warehouse)
            # There is no warehouse with half of the columns.
            self.step("columns x2", halved, self.base, self.merges())
            self.done_with(halved)
        if "full" in steps:
            self.done_with(self.grow("seed to full width", self.base, "full", self.options.rows))
        small = self.base
        for _ in range(self.options.doublings if "rows" in steps else 0):
            large = self.grow("rows x2", small, "seed", 2 * small.shape.rows)
            self.done_with(small)
            small = large
        self.done_with(small)

    def grow(self, name, small, size, rows):
        """Compares a set with a larger one, which is made beside it."""
        large = self.data(rows, size)
        if self.options.remake:
            large.delete()
        # Another step may have taken its room.
        small.make_warehouse()
        large.make(self.peers, with_warehouse=True, with_gaps=False, outputs=1, beside=[small])
        self.step(name, small, large, self.extractions())
        # The larger set with gaps needs its room.
        small.drop_warehouse()
        large.make(self.peers, with_warehouse=True, outputs=1, beside=[small])
        self.step(name, small, large, self.merges())
        return large

    def extractions(self):
        return [method for method in self.methods if method.group == EXTRACTION]

    def merges(self):
        return [method for method in self.methods if method.group != EXTRACTION]

    def done_with(self, data):
        if not self.options.keep:
            data.delete()

    def step(self, name, small, large, methods):
        """Runs methods over both, in turn."""
        # Of an earlier step's runs of the same data set nothing is taken: the machine may have
        # been faster or slower then.
        runs = Runs(self.peers, self.options.time_limit, self.cold)
        tasks = [(method, data) for method in methods for data in (small, large)]
        runs.rounds(tasks, self.options.rounds, self.options.warm_up)
        self.cold = runs.cold
        self.runs += [{"step": name, **run} for run in runs.runs]
        sizes = [small.describe(), large.describe()]
        values = [size["rows"] * (size["features"] + size["targets"]) for size in sizes]
        ends = "{rows:,} x {features:,}"
        title = [f"{name}: {ends.format(**sizes[0])} to {ends.format(**sizes[1])}"]
        if title not in self.lines:
            self.lines.append(title)
        for method in methods:
            before, after = (runs.summary(method, data) for data in (small, large))
            self.result(name, sizes, values[1] / values[0], method, before, after)

    def result(self, name, sizes, factor, method, before, after):
        result = {
            "step": name,
            "method": method.key,
            "label": f"{method.label}, {method.group}",
            "data": sizes,
            "factor": factor,
            "before": before,
            "after": after,
        }
        self.results.append(result)
        label = "  " + result["label"]
        failure = before["failure"] or after["failure"]
        if failure:
            result["missed"] = ["fails"]
            self.lines.append([label, f"{factor:.2f}", *[""] * 8, f"MISSED: {failure}"])
            return
        most = MOST_TIMES / 2 * factor
        most_memory = 1 + (MOST_MEMORY - 1) * (factor - 1)
        times = after["wall"] / before["wall"]
        memory = after["rss_mb"] / before["rss_mb"]
        missed = (["time"] if times > most else []) + (["memory"] if memory > most_memory else [])
        result.update(wall_ratio=times, most_wall=most, missed=missed)
        result.update(rss_ratio=memory, most_rss=most_memory)
        self.lines.append(
            [
                *(label, f"{factor:.2f}", f"{before['wall']:,.1f}", f"{after['wall']:,.1f}"),
                *(f"{times:.2f}", f"{most:.2f}"),
                *(f"{before['rss_mb']:,.0f}", f"{after['rss_mb']:,.0f}"),
                *(f"{memory:.2f}", f"{most_memory:.2f}", report.verdict(missed)),
            ]
        )


def main():
    options = arguments()
    begin()
    peers = Peers()
    growth = Growth(options, peers)
    growth.run(options.steps)
    environment = report.environment(peers, growth.cold)
    print()
    print(f"{environment['cache']} cache, medians of {options.rounds} runs")
    print()
    print(report.table(HEAD, growth.lines, left=(0, -1)))
    print()
    content = {
        **environment,
        "rounds": options.rounds,
        "summary": growth.results,
        "runs": growth.runs,
    }
    report.write((options.results or report.RESULTS) / "growth.json", content)


if __name__ == "__main__":
    main()
