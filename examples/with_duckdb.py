"""DuckDB: SQL on the file, with the rows of a part by their number."""

import sys

import duckdb

from card import Card, tell

file = sys.argv[1]
card = Card(file)
target = card.targets[0]
some = card.features[:: max(1, len(card.features) // 50)]

part = """
    SELECT {what} FROM read_parquet('{file}', file_row_number = true)
    WHERE file_row_number >= {rows.start} AND file_row_number < {rows.stop}
"""
fits = ", ".join(f'regr_r2("{target}", "{name}")' for name in some)
train = duckdb.sql(part.format(what=fits, file=file, rows=card.parts["train"])).fetchall()[0]
best = max(zip(train, some), key=lambda pair: (pair[0] or 0) if pair[0] == pair[0] else 0)[1]
what = f'count(*), regr_r2("{target}", "{best}")'
count, score = duckdb.sql(part.format(what=what, file=file, rows=card.parts["test"])).fetchall()[0]
tell("duckdb", (count, len(some)), f"{best}: R2 of the test part {score:.4f}")
