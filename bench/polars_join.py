"""polars_join.py DIRECTORY FILE: left joins of a directory's checkpoints, eagerly, in memory."""

import sys
from pathlib import Path

import polars as pl

KEY = "interval_time"


def main(directory, output):
    files = sorted(Path(directory).glob("*.parquet"))
    spine = next(file for file in files if file.name == "checkpoint_targets.parquet")
    joined = pl.read_parquet(spine)
    for file in files:
        if file != spine:
            # The order of rows is part of what a training file promises.
            joined = joined.join(pl.read_parquet(file), on=KEY, how="left", maintain_order="left")
    joined.write_parquet(output, compression="snappy", row_group_size=16_384)


main(*sys.argv[1:])
