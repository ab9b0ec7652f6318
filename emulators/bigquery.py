"""bqemulator, as far as it can be without a download that no registry has, and with `__TABLES__`.

It refuses to start without DuckDB's spatial extension, which it fetches from elsewhere. Only
GEOGRAPHY needs it, which no feature table has.

It knows INFORMATION_SCHEMA, but not `__TABLES__`, which alone has rows and times of change of all
tables of a dataset. Both are in its catalog.
"""

import re

from bqemulator.cli import main
from bqemulator.sql import inner_query
from bqemulator.storage.engine import DuckDBEngine

DuckDBEngine._load_spatial = lambda self: None

TABLES = re.compile(r"`([^`]+)`\.`([^`]+)`\.__TABLES__")
expand = inner_query.expand_information_schema


def expand_tables(sql, project, catalog):
    def rows(match):
        return "(%s)" % " UNION ALL ".join(
            f"SELECT '{table.table_id}' AS table_id, {table.num_rows} AS row_count,"
            f" {int(table.last_modified_time.timestamp() * 1000)} AS last_modified_time"
            for table in catalog.list_tables(*match.groups())
        )

    return expand(TABLES.sub(rows, sql), project, catalog)


inner_query.expand_information_schema = expand_tables

main()
