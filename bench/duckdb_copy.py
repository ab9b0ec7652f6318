"""duckdb_copy.py WAREHOUSE MANIFEST DIRECTORY: COPY table TO Parquet, of the manifest's tables."""

import json
import os
import sys
from pathlib import Path

import duckdb


def main(warehouse, manifest, directory):
    connection = duckdb.connect(warehouse, read_only=True)
    connection.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
    for checkpoint in json.loads(Path(manifest).read_text())["checkpoints"]:
        table = f'"{checkpoint["dataset"]}"."{checkpoint["table"]}"'
        connection.execute(
            f"COPY {table} TO '{directory}/{checkpoint['table']}.parquet' (FORMAT parquet)"
        )


main(*sys.argv[1:])
