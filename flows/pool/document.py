"""Pooled groups as the JSON that `trochlea pool` promises: every number finite, or null with a status."""

import csv
import importlib
import math
import os
import tempfile
from pathlib import Path

from analysis.pooling import TESTS
from analysis.results import Pooled
from flows.pool.analyses import Again, Analysis
from flows.pool.request import Request

FIGURES = ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "tau2_ci", "i2", "h2", "q", "q_df",
           "q_p_value", "pi_low", "pi_high")
METHODS_OF_TABLES = ("MH", "PETO")


def as_document(analyses: tuple[Analysis, ...], request: Request) -> dict:
    """Return the whole answer."""
    return {"analyses": [as_object(analysis, request) for analysis in analyses]}


def as_object(analysis: Analysis, request: Request) -> dict:
    """Return one group."""
    pooled = analysis.pooled
    whole = {"group": analysis.group, "k": pooled.k if pooled else 0, "measure": measure_of(request),
             "tau2_method": method_of(request), "test": pooled.test if pooled else test_of(request)}
    whole |= figures(pooled) if pooled else dict.fromkeys(FIGURES)
    whole["status"] = list(status_of(analysis))
    if request.effects:
        whole["effects"] = effects(analysis)
    if request.leave_one_out:
        whole["leave_one_out"] = [again(one) for one in analysis.leave_one_out]
    if request.cumulative:
        whole["cumulative"] = [again(one) for one in analysis.cumulative]
    if analysis.left_out:
        whole["left_out"] = [vars(row) for row in analysis.left_out]
    return whole


def measure_of(request: Request) -> str | None:
    """Return the measure that was pooled; None when effects were given without a name."""
    return request.measure or ("PETO" if request.pooling == "PETO" else None)


def method_of(request: Request) -> str:
    """Return the estimator of tau2, or the method for tables that has none."""
    return request.pooling if request.pooling in METHODS_OF_TABLES else request.tau2


def test_of(request: Request) -> str:
    """Return the test that would have been used."""
    return next(iter(TESTS)) if request.pooling in METHODS_OF_TABLES else request.test


def status_of(analysis: Analysis) -> tuple[str, ...]:
    """Return the codes of a group, with the rows that were left out among them."""
    codes = analysis.pooled.status if analysis.pooled else ("no-studies",)
    if not analysis.left_out:
        return codes
    return (*(code for code in codes if code != "ok"), "rows-left-out")


def figures(pooled: Pooled) -> dict:
    """Return the numbers of a pooled analysis."""
    whole = {name: finite(getattr(pooled, name)) for name in FIGURES if name != "tau2_ci"}
    interval = [finite(pooled.tau2_low), finite(pooled.tau2_high)]
    whole["tau2_ci"] = None if interval == [None, None] else interval
    return {name: whole[name] for name in FIGURES}


def finite(value: float | int | None) -> float | int | None:
    """Return a number that JSON can hold, or None."""
    return value if value is not None and math.isfinite(value) else None


def effects(analysis: Analysis) -> list[dict]:
    """Return the rows that were pooled, with their weights in percent."""
    weights = analysis.pooled.weights if analysis.pooled else ()
    weights = weights or [None] * len(analysis.study)
    return [{"study": study, "yi": finite(yi), "vi": finite(vi), "weight": weight}
            for study, yi, vi, weight in zip(analysis.study, analysis.yi.tolist(), analysis.vi.tolist(), weights,
                                             strict=True)]


def again(one: Again) -> dict:
    """Return one of the analyses made again from other rows."""
    return {"study": one.study, "k": one.pooled.k} | figures(one.pooled) | {"status": list(one.pooled.status)}


def write_out(path: Path, document: dict) -> None:
    """Write a row an analysis as CSV or Parquet, whole or not at all."""
    rows = [flat(analysis) for analysis in document["analyses"]]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        WRITERS[path.suffix.lower()](draft, columns)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def flat(analysis: dict) -> dict:
    """Return the single values of an analysis; tau2_ci as two columns, status as words parted by spaces."""
    low, high = analysis["tau2_ci"] or (None, None)
    whole = {name: value for name, value in analysis.items() if not isinstance(value, list) and name != "tau2_ci"}
    return whole | {"tau2_ci_low": low, "tau2_ci_high": high, "status": " ".join(analysis["status"])}


def write_csv(path: Path, columns: dict[str, list]) -> None:
    """Write columns as CSV; what is not defined is an empty cell."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_parquet(path: Path, columns: dict[str, list]) -> None:
    """Write columns as Parquet; pyarrow is loaded here because it takes long."""
    importlib.import_module("flows.pool.parquet").write_parquet(path, columns)


WRITERS = {".csv": write_csv, ".parquet": write_parquet}
