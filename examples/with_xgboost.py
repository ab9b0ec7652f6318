"""XGBoost: an iterator over row groups fills a QuantileDMatrix, which needs a byte a value."""

import hashlib
import sys

import pyarrow.parquet as pq
import xgboost as xgb

from card import Card, r2, tell


class RowGroups(xgb.DataIter):
    """The rows of a part, one row group at a time."""

    def __init__(self, file, card, part):
        super().__init__()
        self.parquet, self.card, self.rows = pq.ParquetFile(file), card, card.parts[part]
        self.reset()

    def reset(self):
        self.group = self.first = 0

    def next(self, input_data):
        while self.group < self.parquet.num_row_groups:
            size = self.parquet.metadata.row_group(self.group).num_rows
            begin, end = max(self.rows.start - self.first, 0), min(self.rows.stop - self.first, size)
            self.group, self.first = self.group + 1, self.first + size
            if begin < end:
                columns = [self.card.targets[0], *self.card.features]
                table = self.parquet.read_row_group(self.group - 1, columns)
                part = table.slice(begin, end - begin)
                input_data(data=part.select(self.card.features), label=part[columns[0]].to_numpy())
                return True
        return False


def train(file):
    card = Card(file)
    matrix = xgb.QuantileDMatrix(RowGroups(file, card, "train"), max_bin=64)
    test = xgb.QuantileDMatrix(RowGroups(file, card, "test"), max_bin=64, ref=matrix)
    options = {"objective": "reg:squarederror", "max_depth": 4, "max_bin": 64, "seed": 1}
    model = xgb.train(options, matrix, num_boost_round=20)
    trees = "".join(model.get_dump()).encode()
    predicted = model.predict(test)
    shape = matrix.num_row(), matrix.num_col()
    score = f"R2 of the test part {r2(test.get_label(), predicted):.4f}"
    tell("xgboost", shape, f"{score}, trees {hashlib.sha256(trees).hexdigest()[:12]}")
    return trees


if __name__ == "__main__":
    # Of the same values in float32 and in float64 it makes the same trees.
    models = {train(file) for file in sys.argv[1:]}
    if len(models) > 1:
        raise SystemExit("error: the files make different models")
