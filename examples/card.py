"""What the examples take from the card beside a training file."""

import json
import resource
from pathlib import Path


class Card:
    """The columns of a training file by their role, and its parts as ranges of rows."""

    def __init__(self, file):
        card = json.loads(Path(file).with_suffix(".json").read_text())
        self.rows = card["rows"]
        roles = {"TARGET": [], "FEATURE": []}
        for column in card["columns"]:
            roles.get(column["role"], []).append(column["name"])
        self.targets, self.features = roles["TARGET"], roles["FEATURE"]
        if not card.get("splits"):
            raise SystemExit(f"error: {file} has no parts: merge with --split")
        parts = card["splits"]["parts"]
        self.parts = {p["name"]: slice(p["rows"]["from"], p["rows"]["to"]) for p in parts}


def tell(tool, shape, score):
    """Prints the line of an example; `score` is that of the rows to test with."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{tool:<10} {shape[0]:>7,} x {shape[1]:>5,}  peak {peak:>6,.0f} MB  {score}")


def r2(actual, predicted):
    """The share of the variance that predictions explain; 0 is as good as the mean."""
    residual = ((actual - predicted) ** 2).sum()
    return 1 - residual / ((actual - actual.mean()) ** 2).sum()
