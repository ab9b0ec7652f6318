"""Opens a training file with the readers people use, whole, by columns and by row group.

Usage: open_everywhere.py FILE    (needs duckdb, pyarrow, polars and pandas)

Every reader must see the same rows, columns and values; the sums are compared bit by bit on the
columns that are read by all.
"""

import sys

import duckdb
import pandas
import polars
import pyarrow.parquet

KEY = "interval_time"


def main(path):
    file = pyarrow.parquet.ParquetFile(path)
    names = file.schema_arrow.names
    doubles = [f.name for f in file.schema_arrow if str(f.type) == "double"]
    some = [doubles[0], doubles[len(doubles) // 2], doubles[-1]]
    rows = file.metadata.num_rows
    print(f"{rows:,} rows, {len(names):,} columns, {file.num_row_groups} row groups")

    seen = {}
    seen["pyarrow"] = pyarrow.parquet.read_table(path, columns=[KEY] + some).to_pandas()
    seen["polars"] = polars.read_parquet(path, columns=[KEY] + some).to_pandas()
    seen["pandas"] = pandas.read_parquet(path, columns=[KEY] + some)
    quoted = ", ".join(f'"{name}"' for name in [KEY] + some)
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    seen["duckdb"] = duck.execute(f"SELECT {quoted} FROM '{path}'").df()
    reference = seen["pyarrow"]
    for reader, frame in seen.items():
        assert len(frame) == rows, (reader, len(frame))
        times = pandas.to_datetime(frame[KEY], utc=True)
        assert times.is_monotonic_increasing and times.is_unique, reader
        for name in some:
            same = frame[name].to_numpy().view("int64") == reference[name].to_numpy().view("int64")
            both_null = frame[name].isna() & reference[name].isna()
            assert (same | both_null).all(), (reader, name)
        print(f"{reader}: {len(frame):,} rows, {len(some)} columns equal bit by bit")

    last = file.read_row_group(file.num_row_groups - 1)
    assert last.num_rows == file.metadata.row_group(file.num_row_groups - 1).num_rows
    assert last.column_names == names
    print(f"pyarrow: row group {file.num_row_groups - 1} whole, {last.num_rows:,} rows")

    assert polars.scan_parquet(path).collect_schema().names() == names
    first = polars.scan_parquet(path).head(10).collect()
    assert first.shape == (10, len(names))
    print(f"polars: first rows of all {first.width:,} columns")

    described = duck.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    assert [row[0] for row in described] == names
    print(f"duckdb: {len(described):,} columns described")


if __name__ == "__main__":
    main(sys.argv[1])
