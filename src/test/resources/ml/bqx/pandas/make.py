"""Writes the Parquet files beside this script: python make.py (needs pandas and pyarrow).

The frame has 60 minutes from 2024-01-01 UTC, and x from 0 on.
"""

from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
frame = pd.DataFrame(
    {
        "interval_time": pd.date_range("2024-01-01", periods=60, freq="min", tz="UTC").as_unit("us"),
        "x": range(60),
    }
)

# Two of three rows, whose index is no range: pandas stores it as __index_level_0__.
frame[frame.x % 3 != 0].to_parquet(HERE / "filtered.parquet")

# A named one.
frame.set_index(pd.Index([7 * i % 60 for i in range(60)], name="row")).to_parquet(HERE / "named.parquet")

# A range, which is in the metadata only, as an object.
frame.to_parquet(HERE / "range.parquet")

# The key itself.
frame.set_index("interval_time").to_parquet(HERE / "key.parquet")
