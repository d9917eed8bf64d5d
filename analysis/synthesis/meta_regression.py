"""The effects of a comparison on the moderators that its protocol names."""

from dataclasses import replace

import numpy as np

from analysis.models import ModelError, Moderators, Multilevel, Regression, code_moderators, fit_multilevel, regress
from analysis.models.multilevel import row_weights
from analysis.results import (
    Bubble,
    Comparison,
    Effect,
    Factor,
    LinePoint,
    MetaRegression,
    ModelCoefficient,
    ModeratorLine,
    NotFitted,
)
from analysis.synthesis.averaging import settings_of
from analysis.synthesis.moderators import Datasets, Moderated, constant, read_moderators
from analysis.synthesis.within_studies import ROBUST, People, whom

LINE_POINTS = 13
Fit = Regression | Multilevel
Columns = np.ndarray


def regress_on_moderators(
    comparison: Comparison, effects: tuple[Effect, ...], people: People, datasets: Datasets
) -> MetaRegression | None:
    """Return the meta-regression that a comparison asks for, or why there is none; None when it asks for none."""
    if not comparison.moderators:
        return None
    test = "cr2" if comparison.model == "multilevel" else settings_of(comparison)["test"]
    asked = MetaRegression(comparison.moderators, comparison.model, test, comparison.level)
    table = read_moderators(comparison.moderators, effects, datasets)
    asked = replace(asked, left_out=table.left_out)
    refused = refuse(effects, table, people)
    if refused:
        return replace(asked, not_fitted=refused)
    coded = code_moderators(table.columns)
    try:
        fit = fit_columns(comparison, table, people, coded.columns, coded.names)
        return described(asked, comparison, table, people, coded, fit)
    except ModelError as error:
        return replace(asked, not_fitted=NotFitted("model", value=str(error)))


def refuse(effects: tuple[Effect, ...], table: Moderated, people: People) -> NotFitted | None:
    """Return why moderators cannot be fitted whatever the effects are."""
    if not effects:
        return NotFitted("no-studies")
    if not table.effects:
        return NotFitted("none-left")
    same = constant(table.columns)
    coefficients = 1 if same else 1 + len(code_moderators(table.columns).names)
    studies = len(set(clusters_of(table, people)))
    if studies <= coefficients:
        return NotFitted("too-few", needs=coefficients + 1, found=studies)
    return same


def fit_columns(
    comparison: Comparison, table: Moderated, people: People, columns: Columns, names: tuple[str, ...]
) -> Fit:
    """Fit by the model of the comparison; columns have shape (m, k)."""
    yi, vi = ([getattr(effect, name) for effect in table.effects] for name in ("yi", "vi"))
    if comparison.model == "multilevel":
        method = "ML" if comparison.tau2 == "ML" else "REML"
        found = fit_multilevel(yi, vi, clusters_of(table, people), Moderators(columns, names), method=method,
                               robust=ROBUST, level=comparison.level)  # fmt: skip
        if "robust-empty" in found.status:
            raise ModelError("The rows leave no residuals, so that robust standard errors are not defined")
        return found
    return regress(yi, vi, columns, names, level=comparison.level, **settings_of(comparison))


def clusters_of(table: Moderated, people: People) -> list[str]:
    return [whom(effect, people) for effect in table.effects]


def described(
    asked: MetaRegression, comparison: Comparison, table: Moderated, people: People, coded: Moderators, fit: Fit
) -> MetaRegression:
    """Return a fit as the results document holds it."""
    named = [(name, level) for name in table.columns for level in levels_of(name, coded)]
    robust = fit.robust if isinstance(fit, Multilevel) else (None,) * len(fit.coefficients)
    rows = zip([(None, None), *named], fit.coefficients, robust, strict=True)
    df = None if asked.test == "z" else float(fit.qe_df)
    return replace(
        asked,
        k=fit.k,
        studies=len(set(clusters_of(table, people))),
        factors=tuple(Factor(factor.name, factor.levels) for factor in coded.factors),
        coefficients=tuple(coefficient(*name, one, sound, df) for name, one, sound in rows),
        lines=tuple(
            line_of(name, comparison, table, people, coded)
            for name in table.columns
            if levels_of(name, coded) == (None,)
        ),
        i2=fit.i2,
        qe=fit.qe,
        qe_df=fit.qe_df,
        qe_p_value=fit.qe_p_value,
        qm=fit.qm,
        qm_df=fit.qm_df,
        qm_df2=None if df is None or isinstance(fit, Multilevel) else fit.qe_df,
        qm_p_value=fit.qm_p_value,
        **variance_of(fit),
    )


def variance_of(fit: Fit) -> dict[str, object]:
    """Return the variance that the moderators leave, and what share they explain where that is defined."""
    if isinstance(fit, Multilevel):
        return {"tau2": sum(fit.sigma2), "status": fit.status}
    status = ("boundary",) if fit.tau2 == 0 and fit.tau2_low is not None else ("ok",)
    return {"tau2": fit.tau2, "tau2_low": fit.tau2_low, "tau2_high": fit.tau2_high, "r2": fit.r2, "status": status}


def levels_of(name: str, coded: Moderators) -> tuple[str | None, ...]:
    """Return the levels that have a coefficient; (None,) for a moderator in numbers."""
    levels = next((factor.levels[1:] for factor in coded.factors if factor.name == name), None)
    return (None,) if levels is None else levels


def coefficient(
    moderator: str | None, level: str | None, model: object, robust: object | None, df: float | None
) -> ModelCoefficient:
    """Return a coefficient with the interval that counts: the robust one where there is one."""
    sound = robust or model
    df = robust.df if robust else df
    return ModelCoefficient(moderator, level, model.estimate, sound.se, df, sound.ci_low, sound.ci_high, sound.p_value)


# ---------------------------------------------------------------- along a moderator in numbers


def line_of(
    moderator: str, comparison: Comparison, table: Moderated, people: People, coded: Moderators
) -> ModeratorLine:
    """Return the studies along a moderator, and what the model expects there, the others held at their means.

    Where a moderator is counted from a value on, the intercept is what is expected at that value; so the line and its
    interval are intercepts, with the test and the robust errors of the model itself.
    """
    values, weights = table.columns[moderator], bubble_weights(comparison, table, people, coded)
    row, means = coded.names.index(moderator), coded.columns.mean(1)
    points = []
    for value in np.linspace(min(values), max(values), LINE_POINTS).tolist():
        at = means.copy()
        at[row] = value
        fit = fit_columns(comparison, table, people, coded.columns - at[:, None], coded.names)
        one = fit.robust[0] if isinstance(fit, Multilevel) else fit.coefficients[0]
        points.append(LinePoint(value, fit.coefficients[0].estimate, one.ci_low, one.ci_high))
    bubbles = tuple(
        Bubble(effect.study, effect.label, value, effect.yi, weight)
        for effect, value, weight in zip(table.effects, values, weights, strict=True)
    )
    return ModeratorLine(moderator, bubbles, tuple(points))


def bubble_weights(comparison: Comparison, table: Moderated, people: People, coded: Moderators) -> tuple[float, ...]:
    """Return the weights of the effects in the model, percent."""
    fit = fit_columns(comparison, table, people, coded.columns, coded.names)
    vi = [effect.vi for effect in table.effects]
    sigma2 = fit.sigma2 if isinstance(fit, Multilevel) else (0.0, fit.tau2)
    return row_weights(vi, clusters_of(table, people), sigma2)
