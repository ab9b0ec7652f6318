"""Sets of Parquet files as each writer writes them, with targets and feature groups.

A set has 200 minutes of targets. Its groups have every type that the writer has, in each of its
codecs, page versions and encodings, with gaps, nulls and rows out of order.
"""

import datetime
import decimal
import random
import re
import subprocess
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "target" / "foreign"
ROWS = 200
START = datetime.datetime(2024, 1, 1)
MINUTE = datetime.timedelta(minutes=1)
KEY = "interval_time"
UTC = datetime.timezone.utc


def minutes(rows=ROWS):
    return [START + i * MINUTE for i in range(rows)]


def shuffled():
    """Row numbers of most minutes, out of order."""
    rows = [i for i in range(ROWS) if i % 9 != 4]
    random.Random(7).shuffle(rows)
    return rows


def with_nulls(values, every=7):
    return [None if i % every == 3 else value for i, value in enumerate(values)]


def doubles(rows):
    special = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 5e-324, 1.7976931348623157e308]
    return [special[i] if i < len(special) else i / 7 - 11 for i in rows]


def named(kind):
    """A column's name made of its type."""
    return re.sub("[^A-Za-z0-9]+", "_", kind).strip("_").lower() + "_"


# pyarrow


def arrow_columns(rows):
    """A column of each type that Arrow can write to Parquet without nesting."""
    import pyarrow as pa

    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in rows]
    times = [(START + i * MINUTE + datetime.timedelta(microseconds=i)).time() for i in rows]
    moments = [START + i * MINUTE + datetime.timedelta(microseconds=i * 1001) for i in rows]
    texts = [f"row {i} \u00e4\u20ac" if i % 5 else "" for i in rows]
    labels = [f"label {i % 4}" for i in rows]
    numbers = [decimal.Decimal(i * 37 - 1000).scaleb(-2) for i in rows]
    values = {
        "bool": (pa.bool_(), [i % 3 == 0 for i in rows]),
        "float16": (pa.float16(), [float(i) for i in rows]),
        "float32": (pa.float32(), doubles(rows)),
        "float64": (pa.float64(), doubles(rows)),
        "string": (pa.string(), texts),
        "large_string": (pa.large_string(), texts),
        "string_view": (pa.string_view(), texts),
        "binary": (pa.binary(), [text.encode() for text in texts]),
        "fixed": (pa.binary(5), [b"%05d" % i for i in rows]),
        "date32": (pa.date32(), days),
        "date64": (pa.date64(), days),
        "time_ms": (pa.time32("ms"), [t.replace(microsecond=0) for t in times]),
        "time_us": (pa.time64("us"), times),
        "time_ns": (pa.time64("ns"), times),
        "duration": (pa.duration("us"), [datetime.timedelta(microseconds=i) for i in rows]),
        "none": (pa.null(), [None for _ in rows]),
    }
    for bits in (8, 16, 32, 64):
        top = 2 ** (bits - 1) - 1
        values[f"int{bits}"] = (getattr(pa, f"int{bits}")(), [(-1) ** i * (top - i % 100) for i in rows])
        values[f"uint{bits}"] = (getattr(pa, f"uint{bits}")(), [2 * top - i % 100 for i in rows])
    for unit in ("s", "ms", "us", "ns"):
        exact = [moment.replace(microsecond=0) if unit in ("s", "ms") else moment for moment in moments]
        values[f"local_{unit}"] = (pa.timestamp(unit), exact)
        values[f"instant_{unit}"] = (pa.timestamp(unit, "UTC"), [m.replace(tzinfo=UTC) for m in exact])
    for name, precision in (("decimal32", 9), ("decimal64", 18), ("decimal128", 38), ("decimal256", 60)):
        values[name] = (getattr(pa, name)(precision, 2), numbers)
    columns = {name: pa.array(with_nulls(items), type=kind) for name, (kind, items) in values.items()}
    columns["dictionary"] = pa.array(with_nulls(labels)).dictionary_encode()
    columns["float64_all"] = pa.array(doubles(rows), type=pa.float64())
    columns["uuid"] = pa.array([uuid.UUID(int=i).bytes for i in rows], type=pa.uuid())
    return columns


def arrow_table(rows, unit="us", zone="UTC", **columns):
    import pyarrow as pa

    key = pa.array([START + i * MINUTE for i in rows], type=pa.timestamp(unit)).cast(pa.timestamp(unit, zone))
    return pa.table({KEY: key, **columns})


def pyarrow_files(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    def write(name, table, **options):
        pq.write_table(table, folder / f"{name}.parquet", **options)

    write("targets", arrow_table(range(ROWS), y=pa.array(range(ROWS)), z=pa.array(doubles(range(ROWS)))))
    rows = shuffled()
    everything = arrow_table(rows, **arrow_columns(rows))
    write("defaults", everything)
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        for pages, version in (("old", "1.0"), ("new", "2.0")):
            write(f"{codec}_{pages}_pages", everything, compression=codec, data_page_version=version, row_group_size=61)
    # Since 2020 its LZ4 is LZ4_RAW.
    write("checksums", everything, write_page_checksum=True, write_page_index=True, data_page_size=200)
    write("no_dictionary", everything, use_dictionary=False, write_statistics=False)
    write("oldest", everything, version="1.0")
    write("int96", arrow_table(rows, unit="ns", zone=None, **{
        "moment": pa.array(with_nulls([START + i * MINUTE for i in rows]), type=pa.timestamp("us")),
    }), use_deprecated_int96_timestamps=True)
    for encoding, names in {
        "BYTE_STREAM_SPLIT": ("float16", "float32", "float64", "int32", "int64", "fixed"),
        "DELTA_BINARY_PACKED": ("int8", "int16", "int32", "int64", "uint32", "uint64"),
        "DELTA_LENGTH_BYTE_ARRAY": ("string", "binary", "large_string"),
        "DELTA_BYTE_ARRAY": ("string", "binary", "fixed"),
        "RLE": ("bool",),
    }.items():
        chosen = {name: everything[name] for name in names}
        write(encoding.lower(), arrow_table(rows, **chosen), use_dictionary=False,
              column_encoding={name: encoding for name in names}, data_page_version="2.0")
    for unit in ("s", "ms", "us", "ns"):
        write(f"key_{unit}", arrow_table(rows, unit=unit, x=pa.array(rows)))
    write("integer_decimals", everything.select([KEY, "decimal32", "decimal64", "decimal128"]), store_decimal_as_integer=True)
    write("empty", everything.slice(0, 0))
    with pq.ParquetWriter(folder / "empty_groups.parquet", everything.schema) as writer:
        for part in (everything.slice(0, 0), everything.slice(0, 50), everything.slice(0, 0), everything.slice(50)):
            writer.write_table(part)
    write("null_parts-00000-of-00003", arrow_table(rows[:50], x=pa.nulls(50), s=pa.array([f"{i}" for i in rows[:50]])))
    write("null_parts-00001-of-00003", arrow_table(rows[50:100], x=pa.array(doubles(rows[50:100])), s=pa.nulls(50)))
    write("null_parts-00002-of-00003", arrow_table(rows[100:], x=pa.array(doubles(rows[100:])), s=pa.array([f"{i}" for i in rows[100:]])))


# pandas


def pandas_files(folder):
    import numpy as np
    import pandas as pd

    def frame(rows, unit="ns"):
        time = pd.to_datetime([START + i * MINUTE for i in rows]).as_unit(unit)
        return pd.DataFrame({
            KEY: time,
            "x": doubles(rows),
            "n": pd.array(with_nulls(rows), dtype="Int64"),
            "f": pd.array(with_nulls([i / 3 for i in rows]), dtype="Float32"),
            "b": pd.array(with_nulls([i % 2 == 0 for i in rows]), dtype="boolean"),
            "s": with_nulls([f"text {i % 11}" for i in rows]),
            "c": pd.Categorical([f"kind {i % 3}" for i in rows]),
            "d": [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in rows],
            "t": pd.to_datetime([START + i * MINUTE for i in rows]).tz_localize("UTC"),
            "u8": np.array([i % 200 for i in rows], dtype="uint8"),
            "f32": np.array(rows, dtype="float32"),
            "delta": pd.to_timedelta(list(rows), unit="s"),
        })

    pd.DataFrame({KEY: minutes(), "y": range(ROWS)}).to_parquet(folder / "targets.parquet")
    rows = shuffled()
    for unit in ("s", "ms", "us", "ns"):
        frame(rows, unit).to_parquet(folder / f"unit_{unit}.parquet")
    for codec in ("snappy", "gzip", "brotli", "zstd", "lz4", None):
        frame(rows).to_parquet(folder / f"codec_{codec}.parquet", compression=codec)
    frame([]).to_parquet(folder / "empty.parquet")
    frame(rows)[lambda df: df.x > 3].to_parquet(folder / "filtered.parquet")


# Polars


def polars_files(folder):
    import polars as pl

    def frame(rows, unit="us"):
        time = pl.Series([START + i * MINUTE for i in rows], dtype=pl.Datetime(unit))
        moments = [START + i * MINUTE for i in rows]
        columns = {
            KEY: time,
            "b": pl.Series(with_nulls([i % 3 == 0 for i in rows]), dtype=pl.Boolean),
            "f32": pl.Series(with_nulls(doubles(rows)), dtype=pl.Float32),
            "f64": pl.Series(with_nulls(doubles(rows)), dtype=pl.Float64),
            "s": pl.Series(with_nulls([f"row {i}" for i in rows]), dtype=pl.String),
            "bin": pl.Series(with_nulls([b"%d" % i for i in rows]), dtype=pl.Binary),
            "cat": pl.Series([f"kind {i % 3}" for i in rows], dtype=pl.Categorical),
            "enum": pl.Series([f"kind {i % 3}" for i in rows], dtype=pl.Enum(["kind 0", "kind 1", "kind 2"])),
            "d": pl.Series(with_nulls([m.date() for m in moments]), dtype=pl.Date),
            "t": pl.Series(with_nulls([m.time() for m in moments]), dtype=pl.Time),
            "delta": pl.Series([datetime.timedelta(seconds=i) for i in rows], dtype=pl.Duration("us")),
            "dec": pl.Series([decimal.Decimal(i).scaleb(-2) for i in rows], dtype=pl.Decimal(20, 2)),
            "zoned": pl.Series(moments, dtype=pl.Datetime("ns")).dt.replace_time_zone("UTC"),
            "null": pl.Series([None for _ in rows], dtype=pl.Null),
        }
        for kind in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"):
            columns[kind] = pl.Series(with_nulls([i % 100 for i in rows]), dtype=getattr(pl, kind))
        return pl.DataFrame(columns)

    pl.DataFrame({KEY: minutes(), "y": range(ROWS)}).write_parquet(folder / "targets.parquet")
    rows = shuffled()
    for unit in ("ms", "us", "ns"):
        frame(rows, unit).write_parquet(folder / f"unit_{unit}.parquet")
    for codec in ("lz4", "uncompressed", "snappy", "gzip", "brotli", "zstd"):
        frame(rows).write_parquet(folder / f"codec_{codec}.parquet", compression=codec, row_group_size=61, data_page_size=300)
    frame(rows).write_parquet(folder / "no_statistics.parquet", statistics=False)
    frame([]).write_parquet(folder / "empty.parquet")
    frame(rows).lazy().sink_parquet(folder / "sunk.parquet")


# DuckDB


def duckdb_files(folder):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")

    def write(name, select, options=""):
        connection.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet{options})")

    time = "(TIMESTAMP '2024-01-01' + to_minutes(i))"
    rows = "FROM range(200) r(i) WHERE i % 9 <> 4 ORDER BY hash(i)"
    write("targets", f"SELECT {time} AS {KEY}, i AS y FROM range(200) r(i)")
    types = {
        "BOOLEAN": "i % 3 = 0", "TINYINT": "i % 100", "SMALLINT": "i", "INTEGER": "i", "BIGINT": "i * 1000000007",
        "UTINYINT": "i % 200", "USMALLINT": "i", "UINTEGER": "i", "UBIGINT": "18446744073709551615 - i::HUGEINT",
        "FLOAT": "i / 7", "DOUBLE": "i / 7", "VARCHAR": "'row ' || i", "BLOB": "('row ' || i)::BLOB", "DATE": time,
        "TIME": time, "TIMESTAMP": time, "TIMESTAMPTZ": time, "TIMESTAMP_S": time, "TIMESTAMP_MS": time,
        "TIMESTAMP_NS": time, "DECIMAL(4,1)": "i / 10", "DECIMAL(9,2)": "i / 100", "DECIMAL(18,3)": "i / 1000",
        "DECIMAL(38,9)": "i / 1000", "UUID": "uuid()", "HUGEINT": "i", "UHUGEINT": "i", "INTERVAL": "to_minutes(i)",
        "TIMETZ": time, "BIT": "i::INTEGER::BIT", "ENUM('a', 'b')": "CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END",
    }
    columns = ", ".join(
        f"CASE WHEN i % 7 <> 3 THEN ({value})::{kind} END AS {named(kind)}" for kind, value in types.items()
    )
    for pages, version in (("old", "V1"), ("new", "V2")):
        for codec in ("uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4", "lz4_raw"):
            write(f"{codec}_{pages}_pages", f"SELECT {time} AS {KEY}, {columns} {rows}", f", CODEC '{codec}', PARQUET_VERSION '{version}', ROW_GROUP_SIZE 61")
    for kind in ("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ"):
        write(f"key_{kind}", f"SELECT {time}::{kind} AS {KEY}, i AS x {rows}")
    write("empty", f"SELECT {time} AS {KEY}, {columns} FROM range(0) r(i)")


# fastparquet


def fastparquet_files(folder):
    import fastparquet
    import numpy as np
    import pandas as pd

    def frame(rows, unit="ns"):
        return pd.DataFrame({
            KEY: pd.to_datetime([START + i * MINUTE for i in rows]).as_unit(unit),
            "x": doubles(rows),
            "n": pd.array(with_nulls(rows), dtype="Int64"),
            "small": pd.array(with_nulls([i % 100 for i in rows]), dtype="Int8"),
            "f": pd.array(with_nulls([i / 3 for i in rows]), dtype="Float32"),
            "b": pd.array(with_nulls([i % 2 == 0 for i in rows]), dtype="boolean"),
            "flag": np.array([i % 2 == 0 for i in rows], dtype=bool),
            "s": pd.Series(with_nulls([f"text {i % 11}" for i in rows]), dtype=object),
            "all": pd.Series([f"text {i}" for i in rows], dtype=object),
            "bytes": pd.Series(with_nulls([b"%d" % i for i in rows]), dtype=object),
            "c": pd.Categorical(with_nulls([f"kind {i % 3}" for i in rows])),
            "numbers": pd.Categorical([i % 5 for i in rows]),
            "t": pd.to_datetime([START + i * MINUTE for i in rows]).tz_localize("UTC"),
            "local": pd.Series(with_nulls([START + i * MINUTE for i in rows]), dtype="datetime64[ns]"),
            "i8": np.array([i % 100 for i in rows], dtype="int8"),
            "i16": np.array(list(rows), dtype="int16"),
            "i32": np.array(list(rows), dtype="int32"),
            "i64": np.array([i * 10**15 for i in rows], dtype="int64"),
            "u8": np.array([i % 200 for i in rows], dtype="uint8"),
            "u16": np.array(list(rows), dtype="uint16"),
            "u32": np.array([i * 2 * 10**7 for i in rows], dtype="uint32"),
            "u64": np.array([i * 9 * 10**16 for i in rows], dtype="uint64"),
            "f32": np.array(list(rows), dtype="float32"),
            "delta": pd.to_timedelta(list(rows), unit="s"),
        })

    def write(name, data, **options):
        fastparquet.write(str(folder / f"{name}.parquet"), data, write_index=False, **options)

    write("targets", pd.DataFrame({KEY: pd.to_datetime(minutes()).as_unit("ns"), "y": range(ROWS)}))
    rows = shuffled()
    for unit in ("s", "ms", "us", "ns"):
        write(f"unit_{unit}", frame(rows, unit))
    for codec in ("UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4", "LZ4_RAW"):
        write(f"codec_{codec}", frame(rows), compression=codec, row_group_offsets=61)
    write("optional", frame(rows), has_nulls=True)
    write("no_statistics", frame(rows), stats=False)
    write("int96", frame(rows), times="int96")
    write("json", frame(rows)[[KEY]].assign(j=[{"a": i} for i in rows]), object_encoding={"j": "json"})
    write("empty", frame([]))


# Spark


def spark_files(folder):
    import os
    import shutil
    import sys

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]").appName("foreign")
        .config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "_warehouse"))
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )

    def write(name, select, **options):
        """One file out of the folder that Spark makes of it."""
        part = folder / f"_{name}"
        spark.sql(select).coalesce(1).write.options(**options).parquet(str(part))
        (file,) = part.glob("part-*.parquet")
        file.rename(folder / f"{name}.parquet")
        shutil.rmtree(part)

    time = "timestampadd(MINUTE, id, timestamp'2024-01-01 00:00:00')"
    types = {
        "BOOLEAN": "id % 3 = 0", "TINYINT": "id % 100", "SMALLINT": "id", "INT": "id", "BIGINT": "id * 1000000007",
        "FLOAT": "id / 7", "DOUBLE": "id / 7", "STRING": "concat('row ', id)", "BINARY": "concat('row ', id)",
        "DATE": time, "TIMESTAMP": time, "TIMESTAMP_NTZ": time, "DECIMAL(4,1)": "id / 10", "DECIMAL(18,3)": "id / 1000",
        "DECIMAL(38,9)": "id / 1000",
    }
    columns = ", ".join(
        f"CASE WHEN id % 7 <> 3 THEN CAST({value} AS {kind}) END AS {named(kind)}"
        for kind, value in types.items()
    )
    rows = "FROM range(200) WHERE id % 9 <> 4 ORDER BY hash(id)"
    try:
        write("targets", f"SELECT {time} AS {KEY}, id AS y FROM range(200)")
        for codec in ("none", "snappy", "gzip", "zstd", "lz4", "lz4_raw"):
            write(codec, f"SELECT {time} AS {KEY}, {columns} {rows}", compression=codec)
        for kind in ("INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"):
            spark.conf.set("spark.sql.parquet.outputTimestampType", kind)
            write(f"key_{kind}", f"SELECT {time} AS {KEY}, {columns} {rows}")
        spark.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
        write("legacy", f"SELECT {time} AS {KEY}, {columns} {rows}")
        spark.conf.set("parquet.writer.version", "v2")
        write("v2", f"SELECT {time} AS {KEY}, {columns} {rows}")
        write("empty", f"SELECT {time} AS {KEY}, {columns} FROM range(0)")
    finally:
        spark.stop()


# Programs in other languages


def parquet_go_files(folder):
    """What Go's module writes; built in the folder of the writers, as it is the first time."""
    program = BUILD / "parquet-go-files"
    subprocess.run(["go", "build", "-o", program, "."], cwd=HERE / "parquet-go", check=True)
    subprocess.run([program, folder], check=True)


def arrow_rs_files(folder):
    """What Rust's crate writes."""
    target = BUILD / "arrow-rs"
    manifest = HERE / "arrow-rs" / "Cargo.toml"
    subprocess.run(["cargo", "build", "--quiet", "--manifest-path", manifest, "--target-dir", target], check=True)
    subprocess.run([target / "debug" / "arrow-rs-files", folder], check=True)


# What a writer needs besides the packages of Python.
TOOLS = {"parquet-go": "go", "arrow-rs": "cargo"}

WRITERS = {
    "pyarrow": pyarrow_files,
    "pandas": pandas_files,
    "polars": polars_files,
    "duckdb": duckdb_files,
    "fastparquet": fastparquet_files,
    "parquet-go": parquet_go_files,
    "arrow-rs": arrow_rs_files,
    "spark": spark_files,
}
