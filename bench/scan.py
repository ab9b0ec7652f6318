"""scan.py READER FILE [COLUMNS]: reads a training file, all of it or so many features of it."""

import sys

import duckdb
import polars as pl
import pyarrow.parquet as pq


def with_pyarrow(path, columns):
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        file.read_row_group(group, columns=columns)


def with_polars(path, columns):
    """A row group at a time, as the whole of it does not fit into the memory of most machines."""
    metadata = pq.read_metadata(path)
    frame = pl.scan_parquet(path).select(columns)
    for first in range(0, metadata.num_rows, metadata.row_group(0).num_rows):
        frame.slice(first, metadata.row_group(0).num_rows).collect()


def with_duckdb(path, columns):
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
    kinds = {row[0]: row[1] for row in described}
    numbers = ("DOUBLE", "FLOAT", "BIGINT")
    uses = [f'{"sum" if kinds[c] in numbers else "count"}("{c}")' for c in columns]
    connection.execute(f"SELECT {', '.join(uses)} FROM read_parquet('{path}')").fetchall()


def main(reader, path, count="0"):
    names = pq.read_schema(path).names
    features = [name for name in names if "__" in name]
    chosen = [features[i * len(features) // int(count)] for i in range(int(count))]
    readers = {"pyarrow": with_pyarrow, "polars": with_polars, "duckdb": with_duckdb}
    readers[reader](path, chosen or names)


main(*sys.argv[1:])
