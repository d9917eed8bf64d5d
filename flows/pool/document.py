"""Pooled groups as the JSON that `trochlea pool` promises: every number finite, or null with a status."""

import csv
import importlib
import math
import os
import tempfile
from dataclasses import is_dataclass
from pathlib import Path

from analysis.models import Regression
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
    whole |= residual_figures(analysis.regression) if analysis.regression else figures(pooled)
    return whole | {"status": list(status_of(analysis))} | extras(analysis, request)


def extras(analysis: Analysis, request: Request) -> dict:
    """Return what was asked for beside the pooled numbers, and the rows that were left out."""
    asked = {
        "effects": request.effects and effects(analysis),
        "leave_one_out": request.leave_one_out and [again(one) for one in analysis.leave_one_out],
        "cumulative": request.cumulative and [again(one) for one in analysis.cumulative],
        "small_study": request.small_study and (as_plain(analysis.small_study) if analysis.small_study else None),
        "influence": request.influence and diagnostics(analysis),
        "left_out": bool(analysis.left_out) and [vars(row) for row in analysis.left_out],
    }
    whole = {name: value for name, value in asked.items() if value is not False}
    return whole | (as_regression(analysis.regression) if analysis.regression else {})


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
    if analysis.regression:
        regression = analysis.regression
        boundary = regression.tau2 == 0 and regression.tau2_high is not None
        codes = ("moderators", "boundary") if boundary else ("moderators",)
    if not analysis.left_out:
        return codes
    return (*(code for code in codes if code != "ok"), "rows-left-out")


def figures(pooled: Pooled | None) -> dict:
    """Return the numbers of a pooled analysis; all null without one."""
    if pooled is None:
        return dict.fromkeys(FIGURES)
    whole = {name: finite(getattr(pooled, name)) for name in FIGURES if name != "tau2_ci"}
    interval = [finite(pooled.tau2_low), finite(pooled.tau2_high)]
    whole["tau2_ci"] = None if interval == [None, None] else interval
    return {name: whole[name] for name in FIGURES}


def residual_figures(regression: Regression) -> dict:
    """Return the numbers that a regression has in place of a pooled analysis; there is no single estimate."""
    names = {"tau2": "tau2", "i2": "i2", "h2": "h2", "q": "qe", "q_df": "qe_df", "q_p_value": "qe_p_value"}
    whole = dict.fromkeys(FIGURES) | {ours: finite(getattr(regression, theirs)) for ours, theirs in names.items()}
    if regression.tau2_high is not None:
        whole["tau2_ci"] = [finite(regression.tau2_low), finite(regression.tau2_high)]
    return whole


def as_regression(regression: Regression) -> dict:
    """Return what only a regression has."""
    whole = {name: finite(getattr(regression, name)) for name in ("qe", "qm", "qm_p_value", "r2")}
    return {"coefficients": [as_plain(row) for row in regression.coefficients]} | whole


def as_plain(noun: object) -> dict:
    """Return a noun as an object of JSON, its numbers finite or null."""
    return {name: value if value is None or isinstance(value, str) else
            as_plain(value) if is_dataclass(value) else finite(value) for name, value in vars(noun).items()}


def diagnostics(analysis: Analysis) -> list[dict]:
    """Return the case diagnostics of each row."""
    if analysis.influence is None:
        return []
    columns = {name: values.tolist() for name, values in vars(analysis.influence).items()}
    return [{"study": study} | {name: finite(values[i]) for name, values in columns.items()}
            for i, study in enumerate(analysis.study)]


def finite(value: float | int | None) -> float | int | None:
    """Return a number that JSON can hold, or None."""
    return value if value is not None and math.isfinite(value) else None


def effects(analysis: Analysis) -> list[dict]:
    """Return the rows that were pooled, with their weights in percent."""
    weights = weights_of(analysis) or [None] * len(analysis.study)
    return [{"study": study, "yi": finite(yi), "vi": finite(vi), "weight": weight}
            for study, yi, vi, weight in zip(analysis.study, analysis.yi.tolist(), analysis.vi.tolist(), weights,
                                             strict=True)]


def weights_of(analysis: Analysis) -> tuple[float, ...]:
    """Return the weights of the rows in percent; empty where nothing could be estimated."""
    if analysis.regression is None:
        return analysis.pooled.weights if analysis.pooled else ()
    weights = 1 / (analysis.vi + analysis.regression.tau2)
    return tuple((100 * weights / weights.sum()).tolist())


def again(one: Again) -> dict:
    """Return one of the analyses made again from other rows."""
    return {"study": one.study, "k": one.pooled.k} | figures(one.pooled) | {"status": list(one.pooled.status)}


def write_out(path: Path, document: dict) -> None:
    """Write a row an analysis as CSV or Parquet, whole or not at all."""
    rows = [flat(analysis) for analysis in document["analyses"]]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
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
    several = ("tau2_ci", "small_study")
    whole = {name: value for name, value in analysis.items() if not isinstance(value, list) and name not in several}
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
