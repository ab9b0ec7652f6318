"""The table, the JSON file and the picture."""

import json
import subprocess
from datetime import date

import processes
from datasets import JAVA
from methods import CAT, DD, MERGES, METHODS, POLARS, SOURCES, TITLES
from processes import BENCH

RESULTS = BENCH / "results"
# A composed file may have this much of it covered by no column chunk and no footer.
MOST_DEAD = 0.01


def environment(peers, cold):
    return {
        "date": date.today().isoformat(),
        "machine": processes.machine(),
        "versions": {
            "java": processes.first_line(JAVA, "-version").replace('"', ""),
            "cat": processes.first_line("cat", "--version"),
            **peers.versions(),
        },
        "disk": processes.disk(),
        "cache": "cold" if cold else "warm",
    }


def judged(runs, tasks):
    """Summaries of all methods that ran on their data sets, with ratios and marks."""
    summaries, marks = {}, {}
    for method, data in tasks:
        summary = runs.summary(method, data)
        marks[method.key] = method.mark and method.mark.at(data.shape.rows)
        if summary:
            summaries[method.key] = summary

    def wall(key):
        return summaries.get(key, {}).get("wall")

    names = {method.key: method.name for method in METHODS}
    for method, _ in tasks:
        summary, mark = summaries.get(method.key), marks[method.key]
        if not summary:
            continue
        about = {field: getattr(method, field) for field in ("label", "group", "cores", "ours")}
        summary.update(about)
        mine = summary.get("wall")
        for field, key in [("to_dd", DD), ("to_cat", CAT), ("to_polars", POLARS)]:
            comparable = mine and wall(key) and method.group in MERGES
            summary[field] = mine / wall(key) if comparable else None
        if mark:
            than = wall(mark.than)
            ratio = mine / than if mine and than else None
            summary["mark"] = mark.text(names)
            summary["mark_ratio"] = ratio
            summary["mark_wall"] = mark.seconds or (than and than * mark.times)
            summary["mark_rss_mb"] = mark.rss_mb
            summary["mark_missed"] = _missed(mark, ratio, summary)
    return list(summaries.values())


def _missed(mark, ratio, summary):
    if summary["failure"]:
        return ["unknown" if summary["failure"].startswith("skipped") else "fails"]
    return mark.misses(summary["wall"], ratio, summary["rss_mb"])


def rates(summaries, data):
    """Adds to the extractions of recorded tables how fast they went; one line for each."""
    timed = {s["method"]: s for s in summaries if s["group"] == SOURCES and not s["failure"]}
    if not timed:
        return []
    recorded = data.recorded()
    lines = ["{tables} tables, {rows:,} rows".format(**recorded)]
    lines[0] += f", {recorded['bytes'] / 1e6:,.0f} MB as Storage Read sends them"
    for key, summary in timed.items():
        core_seconds = summary["wall"] * summary["cores"]
        summary["rows_a_core_second"] = recorded["rows"] / core_seconds
        summary["mb_a_core_second"] = recorded["bytes"] / 1e6 / core_seconds
        line = f"  {summary['label']}: {summary['rows_a_core_second']:,.0f} rows"
        line += f" and {summary['mb_a_core_second']:,.1f} MB a second and core"
        other = timed.get(key.replace("bigquery", "duckdb"))
        if other and other is not summary:
            summary["to_duckdb"] = summary["wall"] / other["wall"]
            line += f", {summary['to_duckdb']:.2f} times as long as from DuckDB"
        lines.append(line)
    return lines


def number(value, digits=0, unit=1):
    return "" if not value else f"{value / unit:,.{digits}f}"


def verdict(missed, ratio=None):
    if missed == ["unknown"]:
        return "cannot be told"
    at = f" at {ratio:,.2f} x" if ratio else ""
    return f"MISSED{at}: {', '.join(missed)}" if missed else f"kept{at}"


HEAD = [
    *("", "wall s", "min - max", "x dd", "x cat", "x Polars"),
    *("CPU s", "peak MB", "out MB", "footer MB", "at most", ""),
]


def rows(summaries):
    """The table's lines: of each group its title, then its methods."""
    group = ""
    for summary in summaries:
        if summary["group"] != group:
            group = summary["group"]
            yield [TITLES[group]]
        mark = ["", ""]
        if "mark" in summary:
            mark = [summary["mark"], verdict(summary["mark_missed"], summary["mark_ratio"])]
        label = "  " + summary["label"]
        if summary["failure"]:
            peak = number(summary["rss_mb"])
            yield [label, summary["failure"], "", "", "", "", "", peak, "", "", *mark]
            continue
        yield [
            label,
            number(summary["wall"], 1),
            f"{summary['wall_min']:,.1f} - {summary['wall_max']:,.1f}",
            number(summary["to_dd"], 2),
            number(summary["to_cat"], 2),
            number(summary["to_polars"], 2),
            number(summary["cpu"], 1),
            number(summary["rss_mb"]),
            number(summary["output_bytes"], 0, 1e6),
            number(summary["footer_bytes"], 1, 1e6),
            *mark,
        ]


def table(head, lines, left=(0, -2, -1)):
    """Text in columns, the `left` ones flush left; a long text may run over empty cells."""
    full = [line for line in lines if len(line) == len(head)]
    spilling = [line for line in full if len(line) > 2 and line[1] and not line[2] and not line[3]]
    widths = [
        max(len(line[i]) for line in [head, *full] if i != 1 or line not in spilling)
        for i in range(len(head))
    ]
    flush_left = {i % len(head) for i in left}

    def text(line):
        if len(line) == 1:
            return line[0]
        if line in spilling:
            # The reason takes the place of the figures, up to the peak.
            room = sum(widths[1:7]) + 2 * 5
            cells = [line[0].ljust(widths[0]), line[1][:room].ljust(room)]
            start = 7
        else:
            cells, start = [], 0
        for i in range(start, len(head)):
            cells.append(line[i].ljust(widths[i]) if i in flush_left else line[i].rjust(widths[i]))
        return "  ".join(cells).rstrip()

    return "\n".join(map(text, [head, *lines]))


class Check:
    """Compares the tables that methods made, and looks for dead bytes in a composed one."""

    def __init__(self, peers, composed):
        self.peers = peers
        self.composed = composed
        self.reference = None
        self.result = {"agree": [], "differ": {}, "dead_share": None}
        if peers.missing:
            self.result["skipped"] = peers.missing

    def __call__(self, method, data, directory):
        if self.peers.missing or method.prints or method.group not in ("aligned", "with gaps"):
            return
        file = next(directory.glob("*.parquet"))
        try:
            found = self.peers.ask("examine.py", file)
        except (subprocess.CalledProcessError, ValueError):
            self.result["differ"][method.key] = "cannot be read"
            return
        if method.key == self.composed:
            self.result["dead_share"] = found["dead"] / found["bytes"]
        content = {key: found[key] for key in ("rows", "columns", "sampled")}
        if self.reference is None:
            self.reference = (method.key, content)
        difference = _difference(self.reference[1], content)
        if difference:
            self.result["differ"][method.key] = f"{difference} (compared with {self.reference[0]})"
            print(f"    DIFFERS: {self.result['differ'][method.key]}", flush=True)
        else:
            self.result["agree"].append(method.key)

    def lines(self):
        if "skipped" in self.result:
            return [f"values not compared: {self.result['skipped']}"]
        agree = ", ".join(self.result["agree"]) or "none"
        lines = [f"same rows, columns and values in 50 columns: {agree}"]
        lines += [f"DIFFERS: {key}: {why}" for key, why in self.result["differ"].items()]
        share = self.result["dead_share"]
        if share is not None:
            kept = verdict(["share"] if share > MOST_DEAD else [])
            lines.append(f"dead bytes of a composed file: {share:.3%} (at most 1 %: {kept})")
        return lines


def _difference(reference, content):
    for key in ("rows", "columns"):
        if reference[key] != content[key]:
            return f"{content[key]} {key} instead of {reference[key]}"
    for name, value in reference["sampled"].items():
        if content["sampled"].get(name) != value:
            return f"values of {name}"
    return ""


def write(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(_rounded(content), indent=1) + "\n")
    print(f"written: {file}")


def _rounded(content):
    """Without digits that no clock has."""
    if isinstance(content, float):
        return round(content, 3) if abs(content) >= 0.1 else round(content, 6)
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, list) else content


def draw(peers, source, picture, summaries):
    if not summaries:
        return
    if peers.missing:
        print(f"no picture: {peers.missing}")
        return
    done = subprocess.run(peers.command("plot.py", source, picture))
    print(f"written: {picture}" if done.returncode == 0 else "the picture failed")
