"""Data sets that are made once: a warehouse, its aligned checkpoints, and a set with gaps."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from processes import BENCH, ROOT, empty, size, tell

PAIR = "eurusd"
DATA = BENCH / "data"
JAVA = os.environ.get("JAVA", "java")
BUILT_JAR = "target/bqx-ml.jar"
JAR = os.environ.get("BQX_JAR", BUILT_JAR)

# What the benchmark may take of the disk in all.
DISK_BUDGET = 40e9
# Bytes a value takes in the warehouse, in aligned checkpoints and training files, and in Parquet
# files of DuckDB's; measured on samples.
WAREHOUSE_BYTES, ALIGNED_BYTES, DUCKDB_BYTES = 9.4, 7.7, 8.3
# Features and targets of all 666 tables.
COLUMNS = {"seed": 6_484, "full": 16_972}
# The Direct runner keeps a table per core on the heap, and DuckDB its own memory beside it.
EXTRACT_HEAP = "-Xmx4g"
# BigQuery's answers are recorded for so many tables, evenly spread: half as many as a wave has.
RECORDED_SHARE = 16
# As feature selection leaves them, for a merge of some features.
CHOSEN_FEATURES = 500
# The classes that record and serve them, behind the jar and with the JVM's options of ./bqx, whose
# archive of classes is for this class path; the jar opens these packages to Beam.
RECORDER = os.pathsep.join(["target/bqx.jar" if JAR == BUILT_JAR else JAR, "target/jmh-classes"])
RECORDER_JVM = [
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "nio", "util")),
    *("-XX:SharedArchiveFile=target/bqx-ml.jsa", "-Xshare:auto", "-Xlog:disable"),
    *("-XX:CompileThresholdScaling=5", "-XX:+UseSerialGC"),
]


def begin():
    """Goes to where all paths begin; ends the benchmark when nothing has been built there."""
    os.chdir(ROOT)
    if not Path(JAR).exists():
        raise SystemExit(f"error: there is no {JAR}; run make package first")


def ours(java_options, *arguments):
    """One of our commands as users start it; a jar from elsewhere has no archive of its classes."""
    if JAR == BUILT_JAR:
        return ["env", "BQX_JAVA_OPTIONS=" + " ".join(java_options), "./bqx", *arguments]
    return [JAVA, *java_options, "-jar", JAR, *arguments]


@dataclass(frozen=True)
class Shape:
    """How large a data set is.

    `groups` are the tables that are taken of a larger set's warehouse, empty for all.
    """

    rows: int
    size: str = "seed"
    tables: str = "*"
    name_suffix: str = ""
    groups: tuple = ()

    @property
    def name(self):
        glob = "" if self.tables == "*" else "-" + re.sub(r"\W+", "_", self.tables).strip("_")
        return f"{self.size}-{self.rows}{glob}{self.name_suffix}"


class DataSet:
    """A data set on the disk, in parts that each appear when they are whole."""

    def __init__(self, shape):
        self.shape = shape
        self.directory = DATA / shape.name
        self.warehouse = self.directory / "warehouse.duckdb"
        self.aligned = self.directory / "aligned"
        self.gaps = self.directory / "gaps"
        self.recording = self.directory / "recording"
        self.whole = self.directory / "whole"

    @property
    def manifest_file(self):
        return self.aligned / PAIR / "_manifest.json"

    def manifest(self):
        return json.loads(self.manifest_file.read_text())

    def aligned_files(self):
        """Targets first, then as the manifest lists them."""
        return [
            self.aligned / PAIR / file["name"]
            for checkpoint in self.manifest()["checkpoints"]
            for file in checkpoint["files"]
        ]

    def chosen_features(self):
        """A file that names some features, evenly spread: most groups have one or two of them."""
        names = [
            column["name"]
            for checkpoint in self.manifest()["checkpoints"]
            for column in checkpoint["columns"]
            if checkpoint["category"] != "TARGETS"
        ]
        file = self.directory / "chosen.txt"
        chosen = (names[i * len(names) // CHOSEN_FEATURES] for i in range(CHOSEN_FEATURES))
        file.write_text("".join(name + "\n" for name in chosen))
        return file

    def recorded_groups(self):
        tables = [c["table"] for c in self.manifest()["checkpoints"] if c["category"] != "TARGETS"]
        return tables[::RECORDED_SHARE]

    def recorded(self):
        """How much is recorded: rows of all tables together, and bytes of the messages."""
        tables = [json.loads(f.read_text()) for f in self.recording.glob("*/*/table.json")]
        return {
            "tables": len(tables),
            "rows": sum(int(table["numRows"]) for table in tables),
            "bytes": sum(map(size, self.recording.glob("*/*/stream-*"))),
        }

    def describe(self):
        manifest = self.manifest()
        checkpoints = manifest["checkpoints"]
        columns = sum(len(checkpoint["columns"]) for checkpoint in checkpoints)
        targets = sum(len(c["columns"]) for c in checkpoints if c["category"] == "TARGETS")
        return {
            "name": self.shape.name,
            "rows": manifest["spine"]["rows"],
            "groups": len(checkpoints) - 1,
            "features": columns - targets,
            "targets": targets,
            "checkpoints": len(checkpoints),
            "checkpoints_with_gaps": sum(c["rowsMissing"] > 0 for c in checkpoints),
            "aligned_bytes": sum(map(size, self.aligned_files())),
            "gaps_bytes": size(self.gaps),
            "warehouse_bytes": size(self.warehouse),
        }

    def make(self, peers, with_warehouse, with_gaps=True, outputs=2, beside=()):
        """Makes what is missing of it; the warehouse only when something is made of it.

        `outputs` is how many times the size of a training file a merge takes: two when it writes
        parts before it makes one file of them. Data sets `beside` it must stay.
        """
        whole = self.manifest_file.exists() and (self._has_gaps(peers) or not with_gaps)
        if whole and (self.warehouse.exists() or not with_warehouse):
            return self
        print(f"Making the data set {self.shape.name}", flush=True)
        self._check_disk(with_warehouse, outputs, beside)
        self.make_warehouse()
        self.make_checkpoints(peers, self.warehouse, with_gaps)
        return self

    def make_warehouse(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self.warehouse.exists():
            tell(self._sample(), "sample warehouse")

    def record(self):
        """Makes BigQuery's answers for some of the tables: serving them then costs little."""
        if self.recording.exists():
            return
        partial = empty(self.directory / "recording.partial")
        groups = "{" + ",".join(self.recorded_groups()) + "}"
        command = [*_recorder("RecordBigQuery"), self.warehouse, PAIR, groups, partial]
        tell(list(map(str, command)), "recording of BigQuery's answers")
        partial.rename(self.recording)

    def make_whole(self):
        """Puts the aligned checkpoints one behind the other into one file."""
        if not self.whole.exists():
            with open(self.whole, "wb") as whole:
                for file in self.aligned_files():
                    with open(file, "rb") as source:
                        shutil.copyfileobj(source, whole)

    def drop_whole(self):
        self.whole.unlink(missing_ok=True)

    def make_checkpoints(self, peers, warehouse, with_gaps=True):
        """Makes the sets of checkpoints from a warehouse, which may be a larger set's."""
        if not self.manifest_file.exists():
            # What a killed run left is taken up.
            tell(extract(warehouse, self.aligned, self.shape.groups), "aligned checkpoints")
        if with_gaps and not self._has_gaps(peers):
            shutil.rmtree(self.gaps, ignore_errors=True)
            partial = empty(self.directory / "gaps.partial")
            tell(self._extract_gaps(peers, warehouse, partial), "checkpoints with gaps")
            partial.rename(self.gaps)

    def _has_gaps(self, peers):
        """Whether there is a set with gaps; one of ours is only for want of a foreign one."""
        ours = (self.gaps / PAIR / "_manifest.json").exists()
        return self.gaps.exists() and (not ours or bool(peers.missing))

    def _extract_gaps(self, peers, warehouse, directory):
        if peers.missing:
            return extract(warehouse, directory, self.shape.groups, "--layout=sharded")
        (directory / PAIR).mkdir()
        return peers.command(
            "duckdb_checkpoints.py", warehouse, self.manifest_file, directory / PAIR
        )

    def _sample(self):
        return [
            *ours([], "sample"),
            *(f"--warehouse=duckdb:{self.warehouse}", f"--pair={PAIR}"),
            *(f"--minutes={self.shape.rows}", f"--size={self.shape.size}"),
            f"--tables={self.shape.tables}",
        ]

    def drop_warehouse(self):
        self.warehouse.unlink(missing_ok=True)

    def delete(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def _check_disk(self, with_warehouse, outputs, beside):
        """Makes room for the set, and ends the benchmark if that is not enough."""
        parts = ALIGNED_BYTES + DUCKDB_BYTES
        extracting = parts + WAREHOUSE_BYTES + (DUCKDB_BYTES if with_warehouse else 0)
        merging = parts + outputs * ALIGNED_BYTES
        need = self.shape.rows * COLUMNS[self.shape.size] * max(extracting, merging)
        if self.shape.tables != "*":
            # What share of the columns that is, nobody knows before the sample is made.
            need = 0
        used = [data.directory for data in beside]
        _check_room(need, DISK_BUDGET - sum(map(size, used)), "allowed")
        unused = [path for path in DATA.glob("*") if path not in [*used, self.directory]]
        # Of what can be made again first what is made the fastest.
        for path in [*(other / "warehouse.duckdb" for other in unused), *unused]:
            if path.exists() and sum(map(size, [*used, *unused])) + need > DISK_BUDGET:
                print(f"  deleting {path}: {DISK_BUDGET / 1e9:.0f} GB of disk are not enough")
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        _check_room(need, shutil.disk_usage(BENCH).free + size(self.directory), "free")


def _check_room(need, room, what):
    if need > room:
        raise SystemExit(
            f"error: the data set and its merges take {need / 1e9:.1f} GB of disk,"
            f" {room / 1e9:.1f} GB are {what}; take fewer --rows"
        )


def extract(warehouse, directory, groups=(), *options):
    """The command that extracts checkpoints from a warehouse."""
    chosen = ["--groups={" + ",".join(groups) + "}"] if groups else []
    return [
        *ours([EXTRACT_HEAP], "extract"),
        *(f"--warehouse=duckdb:{warehouse}", f"--pair={PAIR}", f"--checkpoints={directory}"),
        *chosen,
        *options,
    ]


def _recorder(main):
    return [JAVA, *RECORDER_JVM, EXTRACT_HEAP, "-cp", RECORDER, f"ml.bqx.{main}"]


def extract_recorded(recording, directory):
    """The command that extracts checkpoints through BigQueryIO, in one wave."""
    return [
        *(*_recorder("ExtractRecorded"), recording, f"--pair={PAIR}"),
        *(f"--checkpoints={directory}", "--waves=1"),
    ]
