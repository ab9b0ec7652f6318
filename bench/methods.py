"""The methods that run side by side, and what is asked of them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from datasets import JAR, JAVA, PAIR, extract, extract_recorded

# What Java is told. A copy needs room for footers only, and none of its loops is hot enough to pay
# for the second compiler; a gather needs a column a worker and its pages; Beam keeps bundles, and
# its threads' blocks, on the heap.
COPY = ("-Xmx160m", "-XX:TieredStopAtLevel=1")
GATHER = ("-Xmx768m",)
BEAM = ("-Xmx2g",)
# The part of the machine's memory that DuckDB may take before it spills.
DUCKDB_MEMORY = 0.7

ALIGNED, GAPS, EXTRACTION, SOURCES = "aligned", "with gaps", "extraction", "sources"
MERGES = (ALIGNED, GAPS)
TITLES = {
    ALIGNED: "merge of aligned checkpoints",
    GAPS: "merge of checkpoints with gaps",
    EXTRACTION: "extraction from DuckDB",
    SOURCES: "extraction of every 16th table",
}


@dataclass(frozen=True)
class Mark:
    """At most so many times the wall time of another method, and so many megabytes."""

    than: str = ""
    times: float = 0
    rss_mb: float = 0

    def text(self, names):
        parts = [f"{self.times:g} x {names[self.than]}"] if self.than else []
        parts += [f"{self.rss_mb:,.0f} MB"] if self.rss_mb else []
        return ", ".join(parts) or "completes"

    def misses(self, wall_ratio, rss_mb):
        """What it is missed in; `wall_ratio` is None when the other method has no time."""
        if self.than and wall_ratio is None:
            return ["unknown"]
        missed = ["time"] if self.than and wall_ratio > self.times else []
        return missed + (["memory"] if self.rss_mb and rss_mb > self.rss_mb else [])


@dataclass(frozen=True)
class Method:
    """A row of the table.

    `command` takes the data set, the peers and an empty directory to write to.
    """

    key: str
    name: str
    group: str
    cores: int
    command: Callable
    mark: Mark | None = None
    ours: bool = False
    needs_peers: bool = False
    # Whether the command prints the file instead of writing it.
    prints: bool = field(default=False)

    @property
    def label(self):
        return f"{self.name}, {self.cores} core{'s' if self.cores > 1 else ''}"


def merge(method, java_options, part):
    """The command of a merge of ours over one of a data set's parts."""

    def command(data, peers, directory):
        return [
            *(JAVA, *java_options, "-jar", JAR, "merge", f"--pair={PAIR}"),
            *(f"--checkpoints={getattr(data, part)}", f"--output={directory}"),
            f"--mergeMethod={method}",
        ]

    return command


def _cat(data, peers, directory):
    return ["cat", *map(str, data.aligned_files())]


def _polars_join(data, peers, directory):
    return peers.command("polars_join.py", data.gaps / PAIR, directory / "training.parquet")


def _polars_concat(data, peers, directory):
    return peers.command("polars_concat.py", data.manifest_file, directory / "training.parquet")


def _duckdb_positional(data, peers, directory):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * DUCKDB_MEMORY
    output = directory / "training.parquet"
    limit = f"{memory / 1e9:.1f}GB"
    return peers.command("duckdb_positional.py", data.manifest_file, output, limit)


def _extract(data, peers, directory):
    return extract(data.warehouse, directory)


def _extract_recorded(data, peers, directory):
    return extract_recorded(data.recording, directory)


def _extract_same(data, peers, directory):
    return extract(data.warehouse, directory, data.recorded_groups())


def _duckdb_copy(data, peers, directory):
    return peers.command("duckdb_copy.py", data.warehouse, data.manifest_file, directory)


def _ours(name, cores, java_options, group, mark=None):
    part = "aligned" if group == ALIGNED else "gaps"
    key = f"{name}{'-gaps' if group == GAPS else ''}-{cores}"
    label = name + (f" {java_options[0]}" if group == GAPS and cores == 1 else "")
    return Method(key, label, group, cores, merge(name, java_options, part), mark, ours=True)


def _peer(key, name, group, command):
    return Method(key, name, group, 2, command, needs_peers=True)


def _source(name, cores, command):
    label = {"bigquery": "from BigQueryIO", "duckdb": "from DuckDB"}[name]
    return Method(f"from-{name}-{cores}", label, SOURCES, cores, command, ours=True)


CAT = "cat"
POLARS = "polars-join"
COMPOSED = "compose-1"

METHODS = [
    Method(CAT, "cat", ALIGNED, 2, _cat, prints=True),
    _ours("compose", 1, COPY, ALIGNED, Mark(CAT, 1.3, 300)),
    _ours("compose", 2, COPY, ALIGNED),
    _ours("stream", 1, COPY, ALIGNED, Mark(CAT, 1.6, 400)),
    _ours("stream", 2, COPY, ALIGNED),
    _ours("beam", 1, BEAM, ALIGNED),
    _ours("beam", 2, BEAM, ALIGNED, Mark(CAT, 3, 2500)),
    _peer("polars-concat", "Polars concat", ALIGNED, _polars_concat),
    _peer("duckdb-positional", "DuckDB positional join", ALIGNED, _duckdb_positional),
    _ours("stream", 1, GATHER, GAPS, Mark()),
    _ours("stream", 2, GATHER, GAPS, Mark(POLARS, 1.0, 1000)),
    _peer(POLARS, "Polars left joins", GAPS, _polars_join),
    Method("extract-2", "extract", EXTRACTION, 2, _extract, Mark("duckdb-copy", 2.5), ours=True),
    _peer("duckdb-copy", "DuckDB COPY", EXTRACTION, _duckdb_copy),
    _source("bigquery", 1, _extract_recorded),
    _source("duckdb", 1, _extract_same),
    _source("bigquery", 2, _extract_recorded),
    _source("duckdb", 2, _extract_same),
]
