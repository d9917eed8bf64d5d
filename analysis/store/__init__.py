"""The DuckDB record of runs."""
