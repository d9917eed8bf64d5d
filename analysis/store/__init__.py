"""The store: one DuckDB file that keeps every run and the rows it was made from."""

from analysis.store.connection import StoreBusy, StoreFault
from analysis.store.reading import RunSummary, history, latest, load
from analysis.store.writing import record

__all__ = ["RunSummary", "StoreBusy", "StoreFault", "history", "latest", "load", "record"]
