"""duckdb_positional.py MANIFEST FILE MEMORY: positional join of aligned checkpoints."""

import json
import os
import sys
from pathlib import Path

import duckdb

KEY = "interval_time"


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def main(manifest, output, memory):
    directory = Path(manifest).parent
    checkpoints = json.loads(Path(manifest).read_text())["checkpoints"]
    columns = [f"t0.{KEY}"]
    tables = []
    for i, checkpoint in enumerate(checkpoints):
        columns.append(f"t{i}.* EXCLUDE ({KEY})")
        files = ", ".join(quoted(directory / file["name"]) for file in checkpoint["files"])
        tables.append(f"read_parquet([{files}]) AS t{i}")
    connection = duckdb.connect()
    connection.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
    connection.execute(f"SET memory_limit = {quoted(memory)}")
    connection.execute(f"SET temp_directory = {quoted(output + '.spill')}")
    connection.execute(
        f"COPY (SELECT {', '.join(columns)} FROM {' POSITIONAL JOIN '.join(tables)})"
        f" TO {quoted(output)} (FORMAT parquet, ROW_GROUP_SIZE 16384, COMPRESSION snappy)"
    )


main(*sys.argv[1:])
