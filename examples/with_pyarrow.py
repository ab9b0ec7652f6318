"""pyarrow: all columns, row group by row group, in the memory of one of them."""

import sys

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from card import Card, tell

file = sys.argv[1]
card = Card(file)
rows = card.parts["test"]
target = card.targets[0]

parquet = pq.ParquetFile(file)
first, values, count, nulls = 0, [], 0, 0
for group in range(parquet.num_row_groups):
    table = parquet.read_row_group(group, use_threads=False)
    # The rows of the part that are in this row group.
    begin, end = max(rows.start - first, 0), min(rows.stop - first, table.num_rows)
    first += table.num_rows
    if begin < end:
        part = table.slice(begin, end - begin)
        count += part.num_rows
        nulls += sum(part[name].null_count for name in card.features)
        values.append(part[target].to_numpy())
change = np.concatenate(values)
share = nulls / (count * len(card.features))
deviation = f"{target} of the test part deviates by {change.std():.3f}"
tell("pyarrow", (count, len(card.features)), f"{share:.1%} nulls; {deviation}")
assert pc.count(change).as_py() == count
