"""polars_concat.py MANIFEST FILE: aligned checkpoints side by side, in memory, without a join."""

import json
import sys
from pathlib import Path

import polars as pl

KEY = "interval_time"


def main(manifest, output):
    directory = Path(manifest).parent
    frames = []
    for checkpoint in json.loads(Path(manifest).read_text())["checkpoints"]:
        frame = pl.read_parquet([directory / file["name"] for file in checkpoint["files"]])
        frames.append(frame.drop(KEY) if frames else frame)
    merged = pl.concat(frames, how="horizontal")
    merged.write_parquet(output, compression="snappy", row_group_size=16_384)


main(*sys.argv[1:])
