"""Pooled groups for a person at a terminal."""

import math

from analysis.effects import MEASURES
from analysis.models import MODEL_STATUS
from analysis.pooling import STATUS
from analysis.results import Pooled
from flows.pool.analyses import Again, Analysis, SmallStudy
from flows.pool.document import main_figures, measure_of, method_of, size_of, status_of, used_test, weights_of
from flows.pool.layout import Lines, aligned, exp, number, p_value, span
from flows.pool.request import Request
from flows.pool.screen_answers import answers
from flows.pool.screen_beyond import beyond, subgroups

TEST_NAMES = {"z": "Wald interval", "hksj": "Hartung-Knapp interval",
              "hksj-floor": "Hartung-Knapp interval, never below the classical one"}
MODEL_NAMES = {"FE": "common effect", "MH": "Mantel-Haenszel", "PETO": "Peto"}
SENTENCES = STATUS | MODEL_STATUS
UNITS = {"random": ("study", "studies"), "multilevel": ("row", "rows"), "network": ("trial", "trials")}
KINDS = {"random": "random effects", "multilevel": "in clusters", "network": "network"}
HEADINGS = ("group", "k", "estimate", "low", "high", "P", "tau2", "I2 %", "status")


def as_text(analyses: tuple[Analysis, ...], request: Request) -> str:
    """Return what is shown on the screen."""
    if len(analyses) == 1:
        lines = one_analysis(analyses[0], request)
    else:
        lines = [f"{len(analyses)} analyses, {model(request)}, {request.level:.4g} intervals", "",
                 *summary_table(analyses), *legend(analyses)]
        for analysis in analyses:
            more = subgroups(analysis.subgroups) if analysis.subgroups else []
            parts = [*beyond(analysis), *more, *extras(analysis, request)]
            lines += ["", f"Group {analysis.group}", *parts] if parts else []
    return "\n".join(lines)


def model(request: Request) -> str:
    """Return the model in words."""
    method = method_of(request)
    name = MODEL_NAMES.get(method, f"{KINDS[request.model]} ({method})")
    return f"network, {name}" if request.model == "network" and method == "FE" else name


def one_analysis(analysis: Analysis, request: Request) -> Lines:
    """Return the numbers of one group, each with its name, and what must be said of them."""
    name = f"Group {analysis.group}: " if analysis.group is not None else ""
    k, unit = size_of(analysis), UNITS[request.model]
    if k == 0:
        return [f"{name}{SENTENCES['no-studies']}", *extras(analysis, request)]
    test = TEST_NAMES[used_test(analysis, request)]
    lines = [f"{name}{k} {unit[k > 1]}, {model(request)}, {test}", ""]
    lines += beyond(analysis) or aligned(figures(analysis.pooled, request))
    lines += log_note(request) if in_logarithms(analysis) else []
    lines += subgroups(analysis.subgroups) if analysis.subgroups else []
    notes = [f"  {SENTENCES[code]}" for code in status_of(analysis) if code != "ok"]
    return lines + (["", *notes] if notes else []) + extras(analysis, request)


def in_logarithms(analysis: Analysis) -> bool:
    """Say whether more is shown than the one mean, which stands as a ratio too."""
    return bool(analysis.pooled is None or analysis.regression or analysis.subgroups or analysis.answers)


def log_note(request: Request) -> Lines:
    """Say of ratios in tables that they stand as logarithms."""
    measure = MEASURES.get(measure_of(request) or "")
    return [f"  In the tables stands the logarithm of the {measure.label}"] if measure and measure.ratio else []


def figures(pooled: Pooled, request: Request) -> list[tuple[str, str, str]]:
    """Return (name, value, interval or remark) of one analysis."""
    measure = MEASURES.get(measure_of(request) or "")
    percent = f"{100 * pooled.level:.4g} %"
    label = measure.label if measure else "effect"
    if math.isnan(pooled.estimate):
        return [(label, "no estimate", "")]
    rows = []
    if measure and measure.ratio:
        rows.append((label, number(exp(pooled.estimate)),
                     f"{percent} interval {number(exp(pooled.ci_low))} to {number(exp(pooled.ci_high))}"))
        label = f"log {label}"
    rows.append((label, number(pooled.estimate), f"{percent} interval {span(pooled.ci_low, pooled.ci_high)}"))
    rows.append(("standard error", number(pooled.se), f"P {p_value(pooled.p_value)}"))
    if request.prediction and pooled.pi_low is not None:
        rows += prediction(pooled, measure is not None and measure.ratio, percent)
    return rows + heterogeneity(pooled, percent)


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
    found, codes = main_figures(analysis), " ".join(status_of(analysis))
    i2 = "" if found["i2"] is None else f"{found['i2']:.1f}"
    numbers = (number(found[name]) for name in ("estimate", "ci_low", "ci_high"))
    return (str(analysis.group), str(size_of(analysis)), *numbers, p_value(found["p_value"]),
            number(found["tau2"]), i2, codes)


def legend(analyses: tuple[Analysis, ...]) -> Lines:
    """Return the sentences of the codes in the table."""
    codes = dict.fromkeys(code for analysis in analyses for code in status_of(analysis) if code != "ok")
    return ["", *(f"  {code}: {SENTENCES[code]}" for code in codes)] if codes else []


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
    lines += answers(analysis, request)
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
