"""bqemulator, as far as it can be without a download that no registry has.

It refuses to start without DuckDB's spatial extension, which it fetches from elsewhere. Only
GEOGRAPHY needs it, which no feature table has.
"""

from bqemulator.cli import main
from bqemulator.storage.engine import DuckDBEngine

DuckDBEngine._load_spatial = lambda self: None

main()
