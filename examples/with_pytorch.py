"""PyTorch: batches out of the row groups of a float32 file, which needs no cast."""

import sys

import numpy as np
import pyarrow.parquet as pq
import torch
from torch.utils.data import DataLoader, IterableDataset

from card import Card, r2, tell


class Batches(IterableDataset):
    """Features and target of a part's rows, in batches that are never larger than `size`."""

    def __init__(self, file, card, part, size=256):
        self.file, self.card, self.rows, self.size = file, card, card.parts[part], size

    def __iter__(self):
        columns = [*self.card.features, self.card.targets[0]]
        first = 0
        for batch in pq.ParquetFile(self.file).iter_batches(self.size, columns=columns):
            begin, end = max(self.rows.start - first, 0), min(self.rows.stop - first, len(batch))
            first += len(batch)
            if begin < end:
                values = np.column_stack([c.to_numpy(False) for c in batch[begin:end].columns])
                # Nulls are NaN in numpy, and networks know neither.
                values = torch.from_numpy(np.nan_to_num(values))
                yield values[:, :-1], values[:, -1]


def loader(part):
    return DataLoader(Batches(file, card, part), batch_size=None)


file = sys.argv[1]
card = Card(file)
torch.manual_seed(1)
torch.set_num_threads(2)
width = len(card.features)
model = torch.nn.Sequential(
    torch.nn.BatchNorm1d(width), torch.nn.Linear(width, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1)
)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
for _ in range(3):
    for features, target in loader("train"):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(features).squeeze(1), target).backward()
        optimizer.step()

model.eval()
with torch.no_grad():
    pairs = [(target, model(features).squeeze(1)) for features, target in loader("test")]
actual, predicted = (torch.cat(values).numpy() for values in zip(*pairs))
score = f"R2 of the test part {r2(actual, predicted):.4f}"
tell("pytorch", (sum(len(t) for t, _ in pairs), width), score)
