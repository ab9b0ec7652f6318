"""examine.py FILE: what a training file holds, as JSON: a cheap checksum, and its dead bytes."""

import json
import sys

import duckdb
import pyarrow.parquet as pq

KEY = "interval_time"
SAMPLED_COLUMNS = 50
MAGIC = 4
FOOTER_LENGTH = 4


def comparable(name, kind):
    """The column as a type of which tools have only one: keys and decimals come in several."""
    column = f'"{name}"'
    if kind.startswith("TIMESTAMP"):
        return f"epoch_us({column})"
    if kind.startswith("DECIMAL"):
        return f"{column}::DOUBLE"
    return column


def sums(path):
    """Rows, columns, and of some columns a sum that every value and its row go into."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    table = f"read_parquet('{path}', file_row_number = true)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    kinds = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
    names = sorted(kinds)
    last = len(names) - 1
    sampled = {names[round(i * last / (SAMPLED_COLUMNS - 1))] for i in range(SAMPLED_COLUMNS)}
    sampled = sorted(sampled | {KEY})
    fields = []
    for name in sampled:
        fields.append(f'count("{name}")')
        fields.append(f"bit_xor(hash(file_row_number, {comparable(name, kinds[name])}))")
    values = connection.execute(f"SELECT count(*), {', '.join(fields)} FROM {table}").fetchone()
    columns = {
        name: f"{values[2 * i + 1]} values, {values[2 * i + 2]:016x}"
        for i, name in enumerate(sampled)
    }
    return {"rows": values[0], "columns": len(names), "sampled": columns}


def dead_bytes(path):
    """Bytes that neither a column chunk nor the footer covers."""
    with open(path, "rb") as file:
        end = file.seek(0, 2)
    metadata = pq.read_metadata(path)
    live = metadata.serialized_size + 2 * MAGIC + FOOTER_LENGTH
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for column in range(metadata.num_columns):
            live += row_group.column(column).total_compressed_size
    return {"bytes": end, "dead": end - live}


def main(path):
    print(json.dumps({**sums(path), **dead_bytes(path)}))


main(*sys.argv[1:])
