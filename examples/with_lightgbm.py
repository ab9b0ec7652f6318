"""LightGBM: an Arrow table of chosen features, as it comes out of the file."""

import sys

import lightgbm as lgb
import pyarrow.parquet as pq

from card import Card, r2, tell

file = sys.argv[1]
card = Card(file)
target = card.targets[0]

table = pq.read_table(file, columns=[target, *card.features])
part = {name: table.slice(r.start, r.stop - r.start) for name, r in card.parts.items()}
data = {
    name: lgb.Dataset(rows.select(card.features), label=rows[target], params={"verbose": -1})
    for name, rows in part.items()
    if name != "test"
}
options = {"objective": "regression", "num_leaves": 15, "seed": 1, "verbose": -1}
stop = lgb.early_stopping(10, verbose=False)
valid = lgb.Dataset(
    part["valid"].select(card.features), label=part["valid"][target], reference=data["train"]
)
model = lgb.train(options, data["train"], 50, valid_sets=[valid], callbacks=[stop])
predicted = model.predict(part["test"].select(card.features))
score = r2(part["test"][target].to_numpy(), predicted)
tell("lightgbm", (part["train"].num_rows, len(card.features)), f"R2 of the test part {score:.4f}")
