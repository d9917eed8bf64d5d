"""Pooled groups for a person at a terminal."""

import math

from analysis.effects import MEASURES
from analysis.models import Regression
from analysis.pooling import STATUS
from analysis.results import Pooled
from flows.pool.analyses import Again, Analysis, SmallStudy
from flows.pool.document import measure_of, method_of, status_of, weights_of
from flows.pool.request import Request

TEST_NAMES = {"z": "Wald interval", "hksj": "Hartung-Knapp interval",
              "hksj-floor": "Hartung-Knapp interval, never below the classical one"}
MODEL_NAMES = {"FE": "common effect", "MH": "Mantel-Haenszel", "PETO": "Peto"}
HEADINGS = ("group", "k", "estimate", "low", "high", "P", "tau2", "I2 %", "status")
Lines = list[str]


def as_text(analyses: tuple[Analysis, ...], request: Request) -> str:
    """Return what is shown on the screen."""
    if len(analyses) == 1:
        lines = one_analysis(analyses[0], request)
    else:
        lines = [f"{len(analyses)} analyses, {model(request)}, {request.level:.4g} intervals", "",
                 *summary_table(analyses), *legend(analyses)]
        for analysis in analyses:
            parts = extras(analysis, request)
            lines += ["", f"Group {analysis.group}", *parts] if parts else []
    return "\n".join(lines)


def model(request: Request) -> str:
    """Return the model in words."""
    method = method_of(request)
    return MODEL_NAMES.get(method, f"random effects ({method})")


def one_analysis(analysis: Analysis, request: Request) -> Lines:
    """Return the numbers of one group, each with its name, and what must be said of them."""
    pooled = analysis.pooled
    name = f"Group {analysis.group}: " if analysis.group is not None else ""
    if pooled is None:
        return [f"{name}{STATUS['no-studies']}", *extras(analysis, request)]
    studies = "1 study" if pooled.k == 1 else f"{pooled.k} studies"
    lines = [f"{name}{studies}, {model(request)}, {TEST_NAMES[pooled.test]}", ""]
    lines += regression(analysis.regression) if analysis.regression else aligned(figures(pooled, request))
    notes = [f"  {STATUS[code]}" for code in status_of(analysis) if code != "ok"]
    return lines + (["", *notes] if notes else []) + extras(analysis, request)


def figures(pooled: Pooled, request: Request) -> list[tuple[str, str, str]]:
    """Return (name, value, interval or remark) of one analysis."""
    measure = MEASURES.get(measure_of(request) or "")
    percent = f"{100 * pooled.level:.4g} %"
    label = measure.label if measure else "effect"
    rows = []
    if measure and measure.ratio:
        rows.append((label, number(exp(pooled.estimate)),
                     f"{percent} interval {number(exp(pooled.ci_low))} to {number(exp(pooled.ci_high))}"))
        label = f"its logarithm, {label}"
    rows.append((label, number(pooled.estimate), f"{percent} interval {span(pooled.ci_low, pooled.ci_high)}"))
    rows.append(("standard error", number(pooled.se), f"P {p_value(pooled.p_value)}"))
    if request.prediction and pooled.pi_low is not None:
        rows += prediction(pooled, measure is not None and measure.ratio, percent)
    return rows + heterogeneity(pooled, percent)


def regression(found: Regression) -> Lines:
    """Return the coefficients of a meta-regression and what they explain."""
    rows = [(row.name, number(row.estimate), number(row.se), number(row.ci_low), number(row.ci_high),
             p_value(row.p_value)) for row in found.coefficients]
    explained = "" if found.r2 is None else f", R2 {found.r2:.1f} %"
    return [*aligned([("coefficient", "estimate", "se", "low", "high", "P"), *rows]), "",
            f"  Left over: tau2 {number(found.tau2)}, I2 {found.i2:.1f} %{explained}",
            f"  All moderators: P {p_value(found.qm_p_value)}"]


def prediction(pooled: Pooled, ratio: bool, percent: str) -> list[tuple[str, str, str]]:
    """Return the prediction interval, for ratios as ratios."""
    ends = [exp(end) if ratio else end for end in (pooled.pi_low, pooled.pi_high)]
    kind = "normal quantile" if pooled.test == "z" else "t on k - 1"
    return [("in a new study", "", f"{percent} prediction interval {span(*ends)} ({kind})")]


def heterogeneity(pooled: Pooled, percent: str) -> list[tuple[str, str, str]]:
    """Return tau2, I2 and Q where they are defined."""
    rows = []
    if pooled.tau2 is not None:
        interval = f"{percent} Q-profile {span(pooled.tau2_low, pooled.tau2_high)}"
        rows.append(("tau2", number(pooled.tau2), interval if pooled.tau2_low is not None else "by assumption"))
    if pooled.i2 is not None:
        rows.append(("I2", f"{pooled.i2:.1f} %", f"H2 {number(pooled.h2)}"))
    if pooled.q is not None:
        rows.append(("Q", number(pooled.q), f"{pooled.q_df} degrees of freedom, P {p_value(pooled.q_p_value)}"))
    return rows


def summary_table(analyses: tuple[Analysis, ...]) -> Lines:
    """Return a line an analysis."""
    return aligned([HEADINGS, *(summary(analysis) for analysis in analyses)])


def summary(analysis: Analysis) -> tuple[str, ...]:
    """Return the cells of one line of the table of groups."""
    pooled, codes = analysis.pooled, " ".join(status_of(analysis))
    if pooled is None:
        return (str(analysis.group), "0", "", "", "", "", "", "", codes)
    i2 = "" if pooled.i2 is None else f"{pooled.i2:.1f}"
    return (str(analysis.group), str(pooled.k), number(pooled.estimate), number(pooled.ci_low),
            number(pooled.ci_high), p_value(pooled.p_value), number(pooled.tau2), i2, codes)


def legend(analyses: tuple[Analysis, ...]) -> Lines:
    """Return the sentences of the codes in the table."""
    codes = dict.fromkeys(code for analysis in analyses for code in status_of(analysis) if code != "ok")
    return ["", *(f"  {code}: {STATUS[code]}" for code in codes)] if codes else []


def extras(analysis: Analysis, request: Request) -> Lines:
    """Return the tables that were asked for, and the rows that were left out."""
    lines: Lines = []
    if request.effects and analysis.study:
        weights = weights_of(analysis) or [math.nan] * len(analysis.study)
        rows = [(study, number(yi), number(vi), f"{weight:.1f}")
                for study, yi, vi, weight in zip(analysis.study, analysis.yi, analysis.vi, weights, strict=True)]
        lines += ["", "Effects", *aligned([("study", "yi", "vi", "weight %"), *rows])]
    lines += repeated("Without each study", analysis.leave_one_out)
    lines += repeated("Study after study", analysis.cumulative)
    lines += small_study(analysis.small_study) if analysis.small_study else []
    lines += influence(analysis) if analysis.influence else []
    if analysis.left_out:
        lines += ["", "Left out", *(f"  line {row.line}, {row.study}: {row.reason}." for row in analysis.left_out)]
    return lines


def small_study(found: SmallStudy) -> Lines:
    """Return the small-study tests in words."""
    words = []
    if found.egger:
        words.append(f"Egger: t {number(found.egger.statistic)} on {found.egger.df} degrees of freedom, "
                     f"P {p_value(found.egger.p_value)}")
    if found.begg:
        words.append(f"Begg: tau {number(found.begg.tau)}, P {p_value(found.begg.p_value)}")
    if found.trim_and_fill:
        filled = found.trim_and_fill
        words.append(f"Trim and fill (L0): {filled.k0} missing on the {filled.side}; with them "
                     f"{number(filled.estimate)}, standard error {number(filled.se)}")
    return ["", "Small studies", *(f"  {line}" for line in words or ["Nothing can be said."])]


def influence(analysis: Analysis) -> Lines:
    """Return the case diagnostics as a table."""
    columns = vars(analysis.influence)
    rows = [(study, *(number(values[i]) for values in columns.values())) for i, study in enumerate(analysis.study)]
    return ["", "Influence", *aligned([("study", *columns), *rows])]


def repeated(title: str, analyses: tuple[Again, ...]) -> Lines:
    """Return a table of analyses made again."""
    if not analyses:
        return []
    rows = [(one.study, str(one.pooled.k), number(one.pooled.estimate), number(one.pooled.ci_low),
             number(one.pooled.ci_high), number(one.pooled.tau2)) for one in analyses]
    return ["", title, *aligned([("study", "k", "estimate", "low", "high", "tau2"), *rows])]


def aligned(rows: list[tuple[str, ...]]) -> Lines:
    """Return rows in columns: numbers to the right, the first column and words at the end to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [f"  {'  '.join(align(row, widths))}".rstrip() for row in rows]


def align(row: tuple[str, ...], widths: list[int]) -> Lines:
    """Return the cells of a row at their widths."""
    last = len(row) - 1
    return [cell.rjust(width) if 0 < i < last or (i == last and is_number(cell)) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))]


def is_number(cell: str) -> bool:
    """Say whether a cell holds a bare number."""
    return cell.replace(".", "", 1).removeprefix("-").isdigit()


def span(low: float | None, high: float | None) -> str:
    """Return an interval in words."""
    return f"{number(low)} to {number(high)}"


def number(value: float | None) -> str:
    """Return four significant digits, or nothing for what is not defined."""
    if value is None or math.isnan(value):
        return ""
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        return f"{value:.3e}"
    return f"{value:.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def exp(value: float) -> float:
    """Return the ratio of a logarithm, infinite where it is beyond double precision."""
    return math.exp(value) if value < 700 else math.inf


def p_value(value: float | None) -> str:
    """Return a P value with three digits, bounded when very small."""
    if value is None or math.isnan(value):
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"
