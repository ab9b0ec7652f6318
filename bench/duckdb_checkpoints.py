"""duckdb_checkpoints.py WAREHOUSE MANIFEST DIRECTORY: checkpoints as another tool writes them.

The tables of the manifest, each with the rows it has and in DuckDB's own row groups; columns have
the names that they get in a training file, so that all peers can join them as they are.
"""

import json
import os
import sys
from pathlib import Path

import duckdb

KEY = "interval_time"
# DuckDB's default.
ROW_GROUP_ROWS = 122_880


def query(checkpoint):
    columns = [KEY] + [f'"{c["source"]}" AS "{c["name"]}"' for c in checkpoint["columns"]]
    condition = ""
    if checkpoint["category"] == "TARGETS":
        known = [f'"{c["source"]}" IS NOT NULL' for c in checkpoint["columns"]]
        condition = f" WHERE {' AND '.join(known)}"
    table = f'"{checkpoint["dataset"]}"."{checkpoint["table"]}"'
    return f"SELECT {', '.join(columns)} FROM {table}{condition}"


def main(warehouse, manifest, directory):
    connection = duckdb.connect(warehouse, read_only=True)
    connection.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
    for checkpoint in json.loads(Path(manifest).read_text())["checkpoints"]:
        targets = checkpoint["category"] == "TARGETS"
        name = "targets" if targets else checkpoint["table"]
        connection.execute(
            f"COPY ({query(checkpoint)}) TO '{directory}/checkpoint_{name}.parquet'"
            f" (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
        )


main(*sys.argv[1:])
