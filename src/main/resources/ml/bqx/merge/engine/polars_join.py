"""Joins checkpoints on their timestamp with Polars, in memory, for --mergeMethod=polars.

polars_join.py                  prints the version of Polars
polars_join.py PLAN OUT         joins what the JSON file PLAN lists, to the Parquet file OUT;
                                prints a line for each checkpoint that is joined

PLAN: {"keep": "first" or "last", "checkpoints": [the targets, then the others:
  {"files": paths in order, "columns": {name in the files: name in OUT}, "targets": whether rows
   with a null are left out, "positional": whether the rows are just those of OUT, "duplicates":
   whether timestamps repeat}]}

OUT has the column interval_time and one row for each timestamp of the targets. What is not a whole
number of microseconds was refused before.

It ends when its input does, which is when who started it has ended.
"""

import json
import os
import sys
import threading

import polars as pl

KEY = "interval_time"
# Microseconds since 1970, whatever unit and zone the key has in its file.
MICROS = "t"
ROW_GROUP_ROWS = 16_384


def end_with_input():
    while os.read(0, 1):
        pass
    os._exit(1)


def main(plan_file, output):
    threading.Thread(target=end_with_input, daemon=True).start()
    with open(plan_file, encoding="utf-8") as file:
        plan = json.load(file)
    checkpoints = plan["checkpoints"]
    spine = rows(checkpoints[0]).select(MICROS).unique().sort(MICROS)
    frames = [spine.select(pl.from_epoch(MICROS, time_unit="us").alias(KEY))]
    for checkpoint in checkpoints:
        # One may have nothing but a key.
        if checkpoint["columns"]:
            frames.append(joined(spine, checkpoint, plan["keep"]))
        print("joined", flush=True)
    merged = pl.concat(frames, how="horizontal")
    del frames
    merged.write_parquet(
        output, compression="snappy", statistics=False, row_group_size=ROW_GROUP_ROWS
    )


def joined(spine, checkpoint, keep):
    """The columns of a checkpoint for the rows of the spine."""
    table = rows(checkpoint)
    if not checkpoint["positional"]:
        if checkpoint["duplicates"]:
            table = table.unique(subset=MICROS, keep=keep, maintain_order=True)
        table = spine.join(table, on=MICROS, how="left", maintain_order="left")
    return table.drop(MICROS)


def rows(checkpoint):
    """All rows of a checkpoint that can be joined, in the order of its files."""
    names = checkpoint["columns"]
    columns = [pl.col(KEY).dt.epoch("us").alias(MICROS)]
    columns += [pl.col(name).alias(alias) for name, alias in names.items()]
    parts = [
        pl.read_parquet(path, columns=[KEY, *names], glob=False, hive_partitioning=False)
        for path in checkpoint["files"]
    ]
    parts = [part.select(columns) for part in parts]
    table = pl.concat(parts, how="vertical")
    return table.drop_nulls(None if checkpoint["targets"] else MICROS)


if len(sys.argv) == 1:
    print(pl.__version__)
else:
    main(*sys.argv[1:])
