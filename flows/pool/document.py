"""Pooled groups as the JSON that `trochlea pool` promises: every number finite, or null with a status."""

import csv
import importlib
import os
import tempfile
from pathlib import Path

from analysis.models import Multilevel, Network, Regression, Subgroups
from analysis.pooling import TESTS
from analysis.results import Pooled
from flows.pool.analyses import Again, Analysis
from flows.pool.answers import answers_as_plain
from flows.pool.plain import as_plain, finite
from flows.pool.request import Request

FIGURES = ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "tau2_ci", "i2", "h2", "q", "q_df",
           "q_p_value", "pi_low", "pi_high")
METHODS_OF_TABLES = ("MH", "PETO")
SPREAD = ("prediction_hts", "pet_peese", "selection", "fail_safe", "posterior", "power")  # over columns of a file


def as_document(analyses: tuple[Analysis, ...], request: Request) -> dict:
    """Return the whole answer."""
    return {"analyses": [as_object(analysis, request) for analysis in analyses]}


def as_object(analysis: Analysis, request: Request) -> dict:
    """Return one group."""
    whole = {"group": analysis.group, "k": size_of(analysis), "measure": measure_of(request),
             "tau2_method": method_of(request), "test": used_test(analysis, request)}
    return whole | main_figures(analysis) | {"status": list(status_of(analysis))} | extras(analysis, request)


def size_of(analysis: Analysis) -> int:
    """Return how many rows were pooled; for a network, how many trials."""
    found = analysis.pooled or analysis.multilevel or analysis.network
    return found.k if found else 0


def used_test(analysis: Analysis, request: Request) -> str:
    """Return the test of the intervals; multilevel models and networks have Wald's."""
    if analysis.pooled:
        return analysis.pooled.test
    return "z" if analysis.multilevel or analysis.network else test_of(request)


def main_figures(analysis: Analysis) -> dict:
    """Return the numbers that every analysis has, null where a model does not define them."""
    if analysis.regression:
        return residual_figures(analysis.regression)
    if analysis.multilevel:
        return multilevel_figures(analysis.multilevel)
    if analysis.network:
        return residual_figures(analysis.network)
    return figures(analysis.pooled)


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
    return whole | beyond(analysis) | answers_as_plain(analysis.answers, analysis.study, request)


def beyond(analysis: Analysis) -> dict:
    """Return what only a model beyond one mean has."""
    whole = as_regression(analysis.regression) if analysis.regression else {}
    whole |= as_subgroups(analysis.subgroups) if analysis.subgroups else {}
    whole |= as_multilevel(analysis.multilevel) if analysis.multilevel else {}
    whole |= as_network(analysis.network) if analysis.network else {}
    factors = [{"name": one.name, "reference": one.levels[0], "levels": list(one.levels)} for one in analysis.factors]
    return whole | ({"factors": factors} if factors else {})


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
    codes = model_status(analysis)
    if not analysis.left_out:
        return codes
    return (*(code for code in codes if code != "ok"), "rows-left-out")


def model_status(analysis: Analysis) -> tuple[str, ...]:
    """Return the codes of what was fitted."""
    if analysis.regression:
        regression = analysis.regression
        boundary = regression.tau2 == 0 and regression.tau2_high is not None
        return ("moderators", "boundary") if boundary else ("moderators",)
    if analysis.multilevel and len(analysis.multilevel.coefficients) > 1:
        return ("moderators", *(code for code in analysis.multilevel.status if code != "ok"))
    found = analysis.pooled or analysis.multilevel or analysis.network
    return found.status if found else ("no-studies",)


def figures(pooled: Pooled | None) -> dict:
    """Return the numbers of a pooled analysis; all null without one."""
    if pooled is None:
        return dict.fromkeys(FIGURES)
    whole = {name: finite(getattr(pooled, name)) for name in FIGURES if name != "tau2_ci"}
    interval = [finite(pooled.tau2_low), finite(pooled.tau2_high)]
    whole["tau2_ci"] = None if interval == [None, None] else interval
    return {name: whole[name] for name in FIGURES}


def residual_figures(found: Regression | Network) -> dict:
    """Return the numbers that a regression or a network has of those of a pooled analysis; there is no one estimate."""
    names = {"i2": "i2", "h2": "h2", "q": "qe", "q_df": "qe_df", "q_p_value": "qe_p_value"}
    if isinstance(found, Network):
        names = {name: name for name in ("i2", "q", "q_df", "q_p_value")}
    whole = dict.fromkeys(FIGURES) | {ours: finite(getattr(found, theirs)) for ours, theirs in names.items()}
    whole["tau2"] = finite(found.tau2)
    if found.tau2_high is not None:
        whole["tau2_ci"] = [finite(found.tau2_low), finite(found.tau2_high)]
    return whole


def multilevel_figures(found: Multilevel) -> dict:
    """Return the numbers that a multilevel model has of those of a pooled analysis: two variances, so no one tau2."""
    whole = dict.fromkeys(FIGURES) | {"i2": found.i2, "q": found.qe, "q_df": found.qe_df, "q_p_value": found.qe_p_value,
                                      "pi_low": found.pi_low, "pi_high": found.pi_high}
    if len(found.coefficients) == 1:
        mean = as_plain(found.coefficients[0])
        whole |= {name: mean[name] for name in ("estimate", "se", "ci_low", "ci_high", "p_value")}
    return whole


def as_regression(found: Regression) -> dict:
    """Return what only a regression has."""
    whole = {name: finite(getattr(found, name)) for name in ("qe", "qm", "qm_df", "qm_p_value", "r2")}
    return {"coefficients": [as_plain(row) for row in found.coefficients]} | whole


def as_subgroups(found: Subgroups) -> dict:
    """Return the subgroups and the test between them."""
    rows = [as_plain(row) | {"status": list(row.status)} for row in found.subgroups]
    return {"subgroups": rows, "subgroup_tau2": found.tau2_kind, "q_between": finite(found.q_between),
            "q_between_df": found.q_between_df, "q_between_p_value": finite(found.q_between_p_value)}


def as_multilevel(found: Multilevel) -> dict:
    """Return what only a multilevel model has; with moderators, its coefficients each with its robust interval."""
    robust = [{f"robust_{name}": value for name, value in as_plain(row).items()} for row in found.robust]
    whole = {"clusters": found.clusters, "sigma2": list(found.sigma2), "log_likelihood": found.log_likelihood,
             "robust_kind": found.robust_kind}
    if found.sigma2_ci:
        whole["sigma2_ci"] = [[finite(end) for end in ends] for ends in found.sigma2_ci]
    if len(found.coefficients) == 1:
        return whole | robust[0]
    rows = [as_plain(row) | more for row, more in zip(found.coefficients, robust, strict=True)]
    tests = {name: finite(getattr(found, name)) for name in ("qe", "qm", "qm_df", "qm_p_value")}
    return whole | {"coefficients": rows} | tests


def as_network(found: Network) -> dict:
    """Return what only a network has."""
    rows = [{"treatment": row.name} | {name: value for name, value in as_plain(row).items() if name != "name"}
            for row in found.treatments]
    return {"reference": found.reference, "treatments": rows, "comparisons": [vars(edge) for edge in found.edges]}


def diagnostics(analysis: Analysis) -> list[dict]:
    """Return the case diagnostics of each row."""
    if analysis.influence is None:
        return []
    columns = {name: values.tolist() for name, values in vars(analysis.influence).items()}
    return [{"study": study} | {name: finite(values[i]) for name, values in columns.items()}
            for i, study in enumerate(analysis.study)]


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
    write_columns(path, {name: [row.get(name) for row in rows] for name in names})


def write_columns(path: Path, columns: dict[str, list]) -> None:
    """Write columns as CSV or Parquet, by the ending of the file's name, whole or not at all."""
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
        elif name == "chances":
            columns |= {f"{prefix}_{part}_below_{one['bound']:g}": one[part] for one in value
                        for part in ("average", "new")}
        else:
            columns[f"{prefix}_{name}"] = " ".join(value) if isinstance(value, list) else value
    return columns


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
