"""The methods that run side by side, and what is asked of them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from datasets import PAIR, Shape, extract, extract_recorded, ours

# What Java is told. A copy needs room for footers only, and none of its loops is hot enough to pay
# for the second compiler; a gather needs a column a worker and its pages; Beam keeps bundles, and
# its threads' blocks, on the heap.
COPY = ("-Xmx112m", "-XX:TieredStopAtLevel=1")
GATHER = ("-Xmx768m",)
BEAM = ("-Xmx2g",)
# The part of the machine's memory that DuckDB may take before it spills.
DUCKDB_MEMORY = 0.7

LIMIT, ALIGNED, GAPS, EXTRACTION = "limit", "aligned", "with gaps", "extraction"
CHOSEN, SOURCES, START = "chosen", "sources", "start"
MERGES = (LIMIT, ALIGNED, GAPS)
TITLES = {
    LIMIT: "the disk, past the page cache",
    ALIGNED: "merge of aligned checkpoints",
    CHOSEN: "merge of 500 chosen features",
    GAPS: "merge of checkpoints with gaps",
    EXTRACTION: "extraction from DuckDB",
    SOURCES: "extraction of every 16th table",
    START: "four small tables",
}
SEED_ROWS = 177_748
# So small that starting is nearly all that there is to do.
SMALL = Shape(2_000, tables="{base_idx,cyc_bqx,div,div_bqx}_eurusd")
# Bytes that dd reads or writes at a time.
DD_BLOCK = 1 << 21


@dataclass(frozen=True)
class Mark:
    """At most so many times the wall time of another method, so many seconds and megabytes.

    `half` is the multiple for half of the seed's rows, where that differs.
    """

    than: str = ""
    times: float = 0
    rss_mb: float = 0
    half: float = 0
    seconds: float = 0

    def at(self, rows):
        """The mark for a set of so many rows."""
        return replace(self, times=self.half) if self.half and rows <= SEED_ROWS / 2 else self

    def text(self, names):
        parts = [f"{self.times:g} x {names[self.than]}"] if self.than else []
        parts += [f"{self.seconds:g} s"] if self.seconds else []
        parts += [f"{self.rss_mb:,.0f} MB"] if self.rss_mb else []
        return ", ".join(parts) or "completes"

    def misses(self, wall, wall_ratio, rss_mb):
        """What it is missed in; `wall_ratio` is None when the other method has no time."""
        if self.than and wall_ratio is None:
            return ["unknown"]
        late = (self.than and wall_ratio > self.times) or (self.seconds and wall > self.seconds)
        missed = ["time"] if late else []
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
    prints: bool = False
    # Whether all bytes of the aligned checkpoints must be there as one file.
    needs_whole: bool = False

    @property
    def label(self):
        return f"{self.name}, {self.cores} core{'s' if self.cores > 1 else ''}"


def merge(method, java_options, part):
    """The command of a merge of ours over one of a data set's parts."""

    def command(data, peers, directory):
        return [
            *ours(java_options, "merge", f"--pair={PAIR}"),
            *(f"--checkpoints={getattr(data, part)}", f"--output={directory}"),
            f"--mergeMethod={method}",
        ]

    return command


def _chosen(data, peers, directory):
    features = f"--features=@{data.chosen_features()}"
    return [*merge("stream", COPY, "aligned")(data, peers, directory), features]


def _cat(data, peers, directory):
    return ["cat", *map(str, data.aligned_files())]


def _dd(data, *operands):
    blocks = -(-sum(file.stat().st_size for file in data.aligned_files()) // DD_BLOCK)
    return ["dd", f"bs={DD_BLOCK}", f"count={blocks}", *operands]


def _dd_write(data, peers, directory):
    return _dd(data, "if=/dev/zero", f"of={directory / 'training'}", "oflag=direct")


def _dd_read(data, peers, directory):
    return _dd(data, f"if={data.whole}", "of=/dev/null", "iflag=direct")


def _dd_copy(data, peers, directory):
    direct = ["iflag=direct", "oflag=direct"]
    return _dd(data, f"if={data.whole}", f"of={directory / 'training'}", *direct)


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


def _source(name, cores, command, mark=None):
    label = {"bigquery": "from BigQueryIO", "duckdb": "from DuckDB"}[name]
    return Method(f"from-{name}-{cores}", label, SOURCES, cores, command, mark, ours=True)


CAT = "cat"
DD = "dd-copy"
POLARS = "polars-join"
COMPOSED = "compose-1"

# Copies are judged by dd, which is as fast as the disk. cat goes through the page cache, and takes
# twice as long one time as another.
METHODS = [
    Method("dd-write", "dd, write", LIMIT, 2, _dd_write),
    Method("dd-read", "dd, read", LIMIT, 2, _dd_read, needs_whole=True),
    Method(DD, "dd, copy", LIMIT, 2, _dd_copy, needs_whole=True),
    Method(CAT, "cat", ALIGNED, 2, _cat, prints=True),
    _ours("compose", 1, COPY, ALIGNED, Mark(DD, 1.35, 250, half=1.5)),
    _ours("compose", 2, COPY, ALIGNED),
    _ours("stream", 1, COPY, ALIGNED, Mark(DD, 1.35, 250, half=1.5)),
    _ours("stream", 2, COPY, ALIGNED),
    _ours("beam", 1, BEAM, ALIGNED),
    _ours("beam", 2, BEAM, ALIGNED, Mark(CAT, 3, 2500)),
    _peer("polars-concat", "Polars concat", ALIGNED, _polars_concat),
    _peer("duckdb-positional", "DuckDB positional join", ALIGNED, _duckdb_positional),
    Method("chosen-1", "stream", CHOSEN, 1, _chosen, Mark("stream-1", 0.15, 250), ours=True),
    _ours("stream", 1, GATHER, GAPS, Mark()),
    _ours("stream", 2, GATHER, GAPS, Mark(POLARS, 0.22, 760, half=0.3)),
    _peer(POLARS, "Polars left joins", GAPS, _polars_join),
    Method("extract-2", "extract", EXTRACTION, 2, _extract, Mark("duckdb-copy", 0.7), ours=True),
    _peer("duckdb-copy", "DuckDB COPY", EXTRACTION, _duckdb_copy),
    _source("bigquery", 1, _extract_recorded),
    _source("duckdb", 1, _extract_same),
    _source("bigquery", 2, _extract_recorded, Mark("from-duckdb-2", 1.3)),
    _source("duckdb", 2, _extract_same),
    Method("start-merge-1", "merge", START, 1, merge("stream", (), "aligned"), Mark(seconds=0.7), ours=True),
    Method("start-extract-2", "extract", START, 2, _extract, ours=True),
]
