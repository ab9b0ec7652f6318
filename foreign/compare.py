"""Makes the sets, merges them and compares; see run."""

import importlib.util
import os
import shutil
import subprocess
import sys
import warnings
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import write

ROOT = Path(__file__).resolve().parent.parent
BUILD = write.BUILD
JAR = ROOT / "target" / "bqx-ml.jar"
PAIR = "eurusd"
METHODS = ("stream", "beam", "duckdb")
KEY_TYPE = pa.timestamp("us", "UTC")
# A merge of these sets takes some seconds.
TIME_LIMIT_SECONDS = 300
# What INT96 is rounded to otherwise ends in the year 2262.
READING = {"coerce_int96_timestamp_unit": "us"}


def main():
    if not JAR.exists():
        sys.exit(f"error: there is no {JAR}; run make package first")
    warnings.simplefilter("ignore")
    names = sys.argv[1:] or list(write.WRITERS)
    if importlib.util.find_spec("pyspark") is None and "spark" in names:
        print("spark is left out: it is not installed")
        names.remove("spark")
    for name, tool in write.TOOLS.items():
        if name in names and shutil.which(tool) is None:
            print(f"{name} is left out: there is no {tool}")
            names.remove(name)
    print(f"{'writer':12} {'method':8} {'files':>6} {'compared':>9} {'differing':>10} {'refused':>8}", flush=True)
    failed = False
    for name in names:
        folder = BUILD / "sets" / name / PAIR
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.mkdir(parents=True)
        write.WRITERS[name](folder)
        for method in METHODS:
            failed |= report(name, method, folder)
    sys.exit(1 if failed else 0)


def report(name, method, folder):
    """Merges a set by a method and prints a line; whether anything differs or was refused."""
    merged, refusals, refused = merge(name, method, folder)
    compared, differing = compare(merged, tables(merged)) if merged else (0, [])
    files = len(list(folder.glob("*.parquet")))
    print(f"{name:12} {method:8} {files:6} {compared:9} {len(differing):10} {refused:8}", flush=True)
    for line in differing + refusals:
        print(f"  {line}", flush=True)
    return bool(differing or refused)


def merge(name, method, folder):
    """Merges a copy of the set, without the files that are refused, one after the other.

    Returns the copy's folder, what was said of each refused file, and how many columns those have.
    """
    copy = BUILD / "merged" / f"{name}-{method}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy / PAIR, ignore=shutil.ignore_patterns("_*", ".*"))
    refusals, refused = [], 0
    while True:
        command = [
            os.environ.get("JAVA", "java"), "-Xmx1g", "-jar", JAR, "merge", f"--pair={PAIR}",
            f"--checkpoints={copy}", f"--output={copy / 'output'}", f"--mergeMethod={method}",
            "--timeZone=UTC", "--onUnsupportedType=double",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS)
        if done.returncode == 0:
            return copy, refusals, refused
        error = next((line for line in done.stderr.splitlines() if line.startswith("error:")), done.stderr[-500:])
        refusals.append(error)
        guilty = [path for path in (copy / PAIR).glob("*.parquet") if guilt(path, error)]
        if not guilty or guilty[0].stem == "targets":
            return None, refusals, refused + sum(len(pq.read_schema(path)) - 1 for path in (copy / PAIR).glob("*.parquet"))
        for path in guilty:
            refused += len(pq.read_schema(path)) - 1
            path.unlink()


def guilt(path, error):
    """Whether an error names the file, or the name that its columns get."""
    return str(path) in error or f" {group(path)}__" in error


def group(path):
    return path.stem.split("-0")[0]


def tables(copy):
    """The columns of all files that were merged, by group."""
    parts = defaultdict(list)
    for path in sorted((copy / PAIR).glob("*.parquet")):
        parts[group(path)].append(pq.ParquetFile(path, **READING).read())
    return {name: pa.concat_tables(each, promote_options="permissive") for name, each in parts.items()}


def compare(copy, groups):
    """Compares the training file with pyarrow's join of the groups: columns, and which differ."""
    training = pq.ParquetFile(copy / "output" / f"training_{PAIR}.parquet").read()
    targets = groups.pop("targets")
    spine = pa.table({"key": targets[write.KEY].cast(KEY_TYPE)})
    expected = {name: targets[name] for name in targets.column_names if name != write.KEY}
    for name, table in groups.items():
        rows = pa.table({"key": table[write.KEY].cast(KEY_TYPE), "row": pa.array(range(len(table)), pa.int64())})
        joined = spine.join(rows, "key", join_type="left outer").sort_by("key")
        for column in table.column_names:
            if column != write.KEY and not column.startswith("__index_level_"):
                expected[f"{name}__{column}"] = plain(table[column]).take(joined["row"])
    differing = [
        f"{name}: {reason}"
        for name, column in expected.items()
        if (reason := difference(column, training[name] if name in training.column_names else None))
    ]
    additional = set(training.column_names) - set(expected) - {write.KEY}
    return len(expected), differing + [f"{name}: is not in the files" for name in sorted(additional)]


def difference(expected, actual):
    """How two columns differ, or nothing."""
    if actual is None:
        return "is missing"
    expected = plain(expected)
    actual = plain(actual)
    try:
        if pa.types.is_decimal256(expected.type) and actual.type == pa.float64():
            expected = pa.array([None if each is None else float(each) for each in expected.to_pylist()], pa.float64())
        expected = expected if expected.type == actual.type else expected.cast(actual.type)
    except pa.ArrowException as e:
        return f"is {actual.type}, not {expected.type} ({e})"
    if expected.is_null().to_pylist() != actual.is_null().to_pylist():
        return f"has {actual.null_count} nulls, or others, instead of {expected.null_count}"
    left, right = bits(expected), bits(actual)
    row = next((i for i in range(len(left)) if left[i] != right[i]), None)
    return "" if row is None else f"row {row} is {actual[row]}, not {expected[row]}"


def plain(column):
    """The values without what only Arrow's schema says of them."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    # Arrow cannot take rows of views.
    array = array.cast(pa.string()) if pa.types.is_string_view(array.type) else array
    return array.cast(pa.int64()) if pa.types.is_duration(array.type) else array


def bits(array):
    """Values to compare; those of floating point as their bits, so that no NaN is like another."""
    if pa.types.is_floating(array.type):
        zero = pa.scalar(0, pa.float64()).cast(array.type)
        numbers = array.fill_null(zero).to_numpy(zero_copy_only=False)
        return numbers.view(f"u{numbers.itemsize}").tolist()
    return array.to_pylist()


if __name__ == "__main__":
    main()
