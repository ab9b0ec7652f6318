"""pandas: some features and a target as a data frame, indexed by time."""

import sys

import pandas as pd

from card import Card, r2, tell

file = sys.argv[1]
card = Card(file)
target = card.targets[0]
some = card.features[:: max(1, len(card.features) // 50)]

frame = pd.read_parquet(file, columns=["interval_time", target, *some])
frame = frame.set_index("interval_time")
train, test = frame.iloc[card.parts["train"]], frame.iloc[card.parts["test"]]

# The best line through one feature.
best = train[some].corrwith(train[target]).abs().idxmax()
slope = train[best].cov(train[target]) / train[best].var()
predicted = (test[best] - train[best].mean()) * slope + train[target].mean()
known = predicted.notna()
tell("pandas", frame.shape, f"R2 of the test part {r2(test[target][known], predicted[known]):.4f}")
