"""Pooled groups as columns of a CSV or Parquet file, a row an analysis."""

import csv
import importlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.pooling import PooledBatch
from flows.pool.analyses import Analyses, Analysis
from flows.pool.document import FIGURES, as_object, measure_of, method_of, test_of
from flows.pool.request import Request

# objects that go over several columns of a file
SPREAD = ("permutation", "prediction_hts", "pet_peese", "selection", "fail_safe", "posterior", "power", "bootstrap",
          "gosh")
ENDS = {"tau2_ci_low": "tau2_low", "tau2_ci_high": "tau2_high"}

Columns = dict[str, list | np.ndarray]  # what is not defined is None, or masked


def as_columns(analyses: Sequence[Analysis], request: Request) -> Columns:
    """Return a row an analysis: of one mean each as arrays, of anything beyond as the single values of its JSON."""
    if isinstance(analyses, Analyses) and analyses.batch is not None and not request.is_more_than_means:
        return columns_of_batch(analyses, request)
    rows = [flat(as_object(analysis, request)) for analysis in analyses]
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def columns_of_batch(analyses: Analyses, request: Request) -> Columns:
    """Return the numbers of every group straight from the engine's arrays, named and ordered as in JSON."""
    batch, empty = analyses.batch, analyses.sizes == 0
    place = np.where(empty, 0, analyses.places)

    def figure(name: str) -> np.ndarray:
        values = getattr(batch, ENDS.get(name, name))[place]
        undefined = ~np.isfinite(batch.q[place] if name == "q_df" else values)
        return np.ma.masked_array(values, undefined | empty)

    wald = dict(batch.flags)["wald-used"][place] & ~empty
    head = {"group": list(analyses.inputs.groups), "k": analyses.sizes, "measure": [measure_of(request)] * len(empty),
            "tau2_method": [method_of(request)] * len(empty), "test": np.where(wald, "z", test_of(request)).tolist()}
    figures = {name: figure(name) for name in FIGURES if name != "tau2_ci"}
    ends = {name: figure(name) for name in ENDS}
    return head | figures | ends | {"status": status_words(analyses, batch, place)}


def status_words(analyses: Analyses, batch: PooledBatch, place: np.ndarray) -> list[str]:
    """Return the codes of each group as words parted by spaces; each set of codes is put together once."""
    empty = analyses.sizes == 0
    flags = [(code, holds[place] & ~empty) for code, holds in batch.flags]
    flags += [("no-studies", empty), ("rows-left-out", analyses.incomplete)]
    sets = sum((holds.astype(np.int64) << bit for bit, (_, holds) in enumerate(flags)), np.zeros(len(empty), np.int64))
    found, which = np.unique(sets, return_inverse=True)
    words = [" ".join(code for bit, (code, _) in enumerate(flags) if one >> bit & 1) or "ok" for one in found.tolist()]
    return [words[one] for one in which.tolist()]


def flat(analysis: dict) -> dict:
    """Return the single values of an analysis; tau2_ci and sigma2 as two columns, status as words parted by spaces."""
    low, high = analysis["tau2_ci"] or (None, None)
    several = ("tau2_ci", "small_study", *SPREAD)
    whole = {name: value for name, value in analysis.items() if not isinstance(value, list) and name not in several}
    components = zip(("sigma2_between", "sigma2_within"), analysis.get("sigma2", ()), strict=False)
    whole |= dict(components) | {"tau2_ci_low": low, "tau2_ci_high": high, "status": " ".join(analysis["status"])}
    for name in SPREAD:
        whole |= spread_out(name, analysis.get(name) or {})
    return whole


def spread_out(prefix: str, found: dict) -> dict:
    """Return the values of an object as columns, each after the names of what holds it; chances with their bounds."""
    columns = {}
    for name, value in found.items():
        if isinstance(value, dict):
            columns |= spread_out(f"{prefix}_{name}", value)
        elif name == "coefficients":
            columns |= {f"{prefix}_{one['name']}_p_value": one["p_value"] for one in value}
        elif name == "chances":
            columns |= {f"{prefix}_{part}_below_{one['bound']:g}": one[part] for one in value
                        for part in ("average", "new")}
        else:
            columns[f"{prefix}_{name}"] = " ".join(value) if isinstance(value, list) else value
    return columns


def write_out(path: Path, columns: Columns) -> None:
    """Write columns as CSV or Parquet, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        WRITERS[path.suffix.lower()](draft, columns)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_csv(path: Path, columns: Columns) -> None:
    """Write columns as CSV; what is not defined is an empty cell."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        cells = (column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values())
        writer.writerows(zip(*cells, strict=True))


def write_parquet(path: Path, columns: Columns) -> None:
    """Write columns as Parquet; pyarrow is loaded here because it takes long."""
    importlib.import_module("flows.pool.parquet").write_parquet(path, columns)


WRITERS = {".csv": write_csv, ".parquet": write_parquet}
