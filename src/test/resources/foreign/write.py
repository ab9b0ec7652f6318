"""Writes the Parquet files beside it, which the tests read: python3 write.py

Needs pyarrow, pandas, fastparquet and pyspark (written with 26.0.1, 3.1.1, 2026.9.0 and 4.3.0).
Each file has the first five minutes of 2024. Which values it has is in WritersTest.
"""

import datetime
import os
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import fastparquet
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
ROWS = range(5)
MINUTES = [datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=i) for i in ROWS]


def key(rows=ROWS):
    return pa.array([MINUTES[i] for i in rows], type=pa.timestamp("us"))


def empty_groups():
    """Row groups without rows, before, between and behind others."""
    table = pa.table({
        "interval_time": key(),
        "x": pa.array([i / 2 for i in ROWS]),
        "s": pa.array([f"row {i}" for i in ROWS]).dictionary_encode(),
    })
    with pq.ParquetWriter(HERE / "empty_groups.parquet", table.schema) as writer:
        for part in (table[:0], table[:2], table[:0], table[2:], table[:0]):
            writer.write_table(part)


def empty():
    """A file without rows."""
    frame = pd.DataFrame({"interval_time": MINUTES, "x": [0.5] * 5, "s": ["a"] * 5})
    frame[frame.x > 1].to_parquet(HERE / "empty.parquet", index=False)


def brotli():
    table = pa.table({"interval_time": key(), "x": [i / 2 for i in ROWS], "s": ["again and " * 20] * 5})
    pq.write_table(table, HERE / "brotli.parquet", compression="brotli")


class Geometry(pa.ExtensionType):
    """What Arrow writes as Parquet's logical type GEOMETRY."""

    def __init__(self):
        super().__init__(pa.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self):
        return b"{}"

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type, serialized):
        return cls()


def unsupported():
    """Columns that cannot be features, between two that can."""
    pa.register_extension_type(Geometry())
    table = pa.table({
        "interval_time": key(),
        "x": pa.array([i / 2 for i in ROWS]),
        "g": pa.ExtensionArray.from_storage(Geometry(), pa.array([b"point"] * 5)),
        "l": pa.array([[i, i] for i in ROWS]),
        "st": pa.array([{"a": i, "b": [i]} for i in ROWS]),
        "s": pa.array([f"row {i}" for i in ROWS]),
    })
    pq.write_table(table, HERE / "unsupported.parquet")


def wide():
    """A decimal of more digits than most readers take, and one that all do."""
    table = pa.table({
        "interval_time": key(),
        "wide": pa.array([None if i == 3 else Decimal(i * 10**60 + 7).scaleb(-20) for i in ROWS], type=pa.decimal256(70, 20)),
        "narrow": pa.array([Decimal(i).scaleb(-2) for i in ROWS], type=pa.decimal128(9, 2)),
    })
    pq.write_table(table, HERE / "wide.parquet")


def fast():
    frame = pd.DataFrame({
        "interval_time": pd.to_datetime(MINUTES).as_unit("ns"),
        "x": [i / 2 for i in ROWS],
        "n": pd.array([None if i == 3 else i for i in ROWS], dtype="Int64"),
        "f": pd.array([None if i == 3 else i / 4 for i in ROWS], dtype="Float32"),
        "b": pd.array([None if i == 3 else i % 2 == 0 for i in ROWS], dtype="boolean"),
        "flag": np.array([i % 2 == 0 for i in ROWS]),
        "s": pd.Series([None if i == 3 else f"row {i}" for i in ROWS], dtype=object),
        "bytes": pd.Series([None if i == 3 else b"%d" % i for i in ROWS], dtype=object),
        "c": pd.Categorical([None if i == 3 else f"kind {i % 2}" for i in ROWS]),
        "i8": np.array(ROWS, dtype="int8"),
        "i32": np.array(ROWS, dtype="int32"),
        "u16": np.array(ROWS, dtype="uint16"),
        "u64": np.array(ROWS, dtype="uint64"),
        "t": pd.to_datetime(MINUTES).tz_localize("UTC"),
        "delta": pd.to_timedelta(ROWS, unit="s"),
    })
    fastparquet.write(str(HERE / "fastparquet.parquet"), frame, row_group_offsets=[0, 2])


def spark():
    """What Spark writes by default, INT96, in the LZ4 of Hadoop."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC").config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    )
    time = "timestampadd(MINUTE, id, timestamp'2024-01-01 00:00:00')"
    folder = HERE / "spark"
    select = f"SELECT {time} AS interval_time, CASE WHEN id <> 3 THEN {time} END AS t, concat('row ', id) AS s FROM range(5)"
    session.sql(select).coalesce(1).write.option("compression", "lz4").parquet(str(folder))
    next(folder.glob("part-*.parquet")).rename(HERE / "spark.parquet")
    shutil.rmtree(folder)
    session.stop()


def null_parts():
    """Parts of one group; a column without any value in a part has the null type there."""
    parts = {
        0: ([0, 1], pa.nulls(2), pa.array(["row 0", "row 1"]), pa.nulls(2)),
        1: ([2], pa.array([1.0]), pa.nulls(1), pa.nulls(1)),
        2: ([3, 4], pa.array([1.5, 2.0]), pa.array(["row 3", "row 4"]), pa.nulls(2)),
    }
    for part, (rows, x, s, none) in parts.items():
        days = pa.array([MINUTES[i].date() for i in rows]) if part == 1 else pa.nulls(len(rows))
        flags = pa.array([i % 2 == 0 for i in rows]) if part == 2 else pa.nulls(len(rows))
        table = pa.table({"interval_time": key(rows), "x": x, "s": s, "none": none, "d": days, "b": flags})
        pq.write_table(table, HERE / f"null_parts-0000{part}-of-00003.parquet")


if __name__ == "__main__":
    for write in (empty_groups, empty, brotli, unsupported, wide, fast, null_parts, spark):
        write()
