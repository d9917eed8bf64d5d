"""A comparison as an R script for metafor: the effects as used, the analysis as declared, and what it must give."""

from collections.abc import Iterable

from analysis.report.phrases import DERIVATIONS, phrase
from analysis.results import (
    MANTEL_HAENSZEL,
    ONE_EFFECT,
    RATIOS,
    Comparison,
    ComparisonResult,
    Effect,
    GroupEffect,
    GroupQuestion,
    GroupResult,
    Pooled,
)

METHODS = {"FE": "EE"}  # by other names in metafor
TESTS = {"z": "z", "hksj": "knha", "hksj-floor": "adhoc"}
MODELS = ("random", *ONE_EFFECT)
ITERATED = ("REML", "ML", "EB")
SMALL_STUDIES = 10
CORRECTED = "zero-cells-corrected"
TOLERANCE = "1e-6"
HEAD = """\
# {question}
# Run {run}. Needs R with metafor 3.8 or later: install.packages("metafor"). Run with: Rscript FILE
# Effects are on the scale of the analysis{log}; how each was made from the printed figures is said beside it.
# The script stops when a number differs from the one that was reported.
library(metafor)
"""
CHECK = """\
reported <- list({reported})
found <- list({found})
for (name in names(reported)) stopifnot(isTRUE(all.equal(found[[name]], reported[[name]], tolerance = {tolerance})))
"""


def has_script(result: ComparisonResult) -> bool:
    """Return whether a comparison has a script: something was pooled, by a model that metafor has as we have it."""
    pooled, comparison = result.pooled, result.comparison
    own_rule = pooled is not None and comparison.measure == "RD" and CORRECTED in pooled.status
    return pooled is not None and comparison.model in MODELS and not own_rule


def r_script(result: ComparisonResult, run_id: str) -> str:
    """Return the script of a comparison that has one."""
    pooled = result.pooled
    ratio = result.comparison.measure in RATIOS
    parts = [
        HEAD.format(
            question=one_line(result.comparison.question), run=one_line(run_id), log=", logarithms" if ratio else ""
        ),
        data_frame(result),
        fit_tables(result.comparison, pooled) if by_tables(result) else fit(result.comparison, pooled),
        check(pooled) + ("" if by_tables(result) else tau2_check(pooled)),
        more(result, ratio),
    ]
    return "\n".join(parts)


def by_tables(result: ComparisonResult) -> bool:
    """Return whether two-by-two tables were pooled rather than effects."""
    return result.comparison.model == MANTEL_HAENSZEL


def data_frame(result: ComparisonResult) -> str:
    """Return the effects, or the tables behind them, as a data frame, with what was made how as remarks."""
    effects = result.effects
    figures = tables_in(effects) if by_tables(result) else {
        "yi": [effect.yi for effect in effects],
        "vi": [effect.vi for effect in effects],
        "n": [effect.n_total for effect in effects],
    }  # fmt: skip
    return frame(effects, figures)


def frame(effects: tuple[Effect, ...] | tuple[GroupEffect, ...], figures: dict[str, list[float | None]]) -> str:
    """Return figures by the names of their columns as a data frame of studies, how each was made in a remark above."""
    made = [f"# {one_line(effect.label)}: {one_line(phrase(DERIVATIONS, effect.derivation))}" for effect in effects]
    columns = {"study": [r_string(effect.label) for effect in effects]}
    columns |= {name: map(number, values) for name, values in figures.items()}
    lines = ",\n".join(f"  {name} = c({', '.join(values)})" for name, values in columns.items())
    return "\n".join([*made, f"dat <- data.frame(\n{lines}\n)\n"])


def tables_in(effects: tuple[Effect, ...]) -> dict[str, list[int]]:
    """Return the columns of two-by-two tables, by metafor's names."""
    return {
        "ai": [effect.experimental.events for effect in effects],
        "n1i": [effect.experimental.n for effect in effects],
        "ci": [effect.control.events for effect in effects],
        "n2i": [effect.control.n for effect in effects],
    }


def fit_tables(comparison: Comparison, pooled: Pooled) -> str:
    """Return the call of rma.mh(), every table in it and zero cells as we have them."""
    pooling = "only0" if CORRECTED in pooled.status else "none"
    return (
        f'res <- rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, slab = study, '
        f'measure = "{comparison.measure}",\n'
        f'              add = c(1/2, 1/2), to = c("only0", "{pooling}"), drop00 = FALSE, correct = FALSE, '
        f"level = {number(100 * comparison.level)})\n"
        "print(res, digits = 4)\n"
    )


def fit(comparison: Comparison | GroupQuestion, pooled: Pooled) -> str:
    """Return the call of rma(), tightened where it iterates, and its prediction interval."""
    method, test = METHODS.get(pooled.tau2_method, pooled.tau2_method), TESTS.get(pooled.test, pooled.test)
    control = ", control = list(threshold = 1e-12, maxiter = 10000)" if pooled.tau2_method in ITERATED else ""
    level = f", level = {number(100 * comparison.level)}"
    return (
        f'res <- rma(yi, vi, data = dat, slab = study, method = "{method}", test = "{test}"{level}{control})\n'
        "print(res, digits = 4)\n"
    )


def check(pooled: Pooled) -> str:
    """Return the lines that hold the fit to the reported numbers."""
    rows = {
        "k": ("res$k", pooled.k),
        "estimate": ("as.numeric(res$beta)", pooled.estimate),
        "se": ("res$se", pooled.se),
        "ci_low": ("res$ci.lb", pooled.ci_low),
        "ci_high": ("res$ci.ub", pooled.ci_high),
        "p_value": ("res$pval", pooled.p_value),
        "q": ("res$QE", pooled.q if pooled.k > 1 else None),
    }
    known = {name: row for name, row in rows.items() if row[1] is not None}
    return CHECK.format(
        reported=", ".join(f"{name} = {number(value)}" for name, (_, value) in known.items()),
        found=", ".join(f"{name} = {where}" for name, (where, _) in known.items()),
        tolerance=TOLERANCE,
    )


def tau2_check(pooled: Pooled) -> str:
    """Return the line that holds tau2; metafor stops near 0 where the estimate is exactly 0."""
    if pooled.tau2 is None:
        return ""
    return f"stopifnot(abs(res$tau2 - {number(pooled.tau2)}) <= {TOLERANCE} * (res$tau2 + min(dat$vi)))\n"


def more(result: ComparisonResult, ratio: bool) -> str:
    """Return what belongs to the analysis beside the average."""
    several = len(result.effects) > 1
    lines = around(several, result.comparison.model, ", transf = exp" if ratio else "")
    if len(result.effects) >= SMALL_STUDIES and not by_tables(result):
        lines += ['print(regtest(res, model = "lm"))', 'print(trimfill(res, estimator = "L0"))']
    at = ", atransf = exp" if ratio else ""
    interval = f", addpred = {'TRUE' if several else 'FALSE'}" if not by_tables(result) else ""
    return "\n".join([*lines, f"forest(res{interval}{at})", ""])


def around(several: bool, model: str, shown: str) -> list[str]:
    """Return the average as shown, the interval of the variance, and the average without each study."""
    lines = [f"print(predict(res{shown}), digits = 4)"]
    lines += ["print(confint(res), digits = 4)"] if several and model == "random" else []
    return [*lines, *([f"print(leave1out(res{shown}), digits = 4)"] if several else [])]


def group_script(result: GroupResult, run_id: str) -> str:
    """Return the script of a question on one group that has an average."""
    question, pooled, effects = result.question, result.pooled, result.effects
    odds = question.measure == "PLO"
    several, shown = len(effects) > 1, ", transf = transf.ilogit" if odds else ""
    at = ", atransf = transf.ilogit" if odds else ""
    figures = {
        "yi": [effect.yi for effect in effects],
        "vi": [effect.vi for effect in effects],
        "n": [effect.arm.n for effect in effects],
        "events": [effect.arm.events for effect in effects],
    }
    known = {name: values for name, values in figures.items() if None not in values}
    log = ", log odds" if odds else ""
    return "\n".join([
        HEAD.format(question=one_line(question.question), run=one_line(run_id), log=log),
        frame(effects, known),
        fit(question, pooled),
        check(pooled) + tau2_check(pooled),
        *around(several, question.model, shown),
        f"forest(res, addpred = {'TRUE' if several else 'FALSE'}{at})",
        "",
    ])  # fmt: skip


def number(value: float | None) -> str:
    """Return a number to the last bit; NA for none."""
    return "NA" if value is None else repr(value)


def one_line(text: str) -> str:
    """Return text that a remark can hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text).encode("utf-8", "replace").decode()


def r_string(text: str) -> str:
    """Return text as a string of R in ASCII, whatever it holds."""
    return f'"{"".join(r_letters(text))}"'


def r_letters(text: str) -> Iterable[str]:
    for letter in text:
        code = ord(letter)
        if letter in '"\\':
            yield f"\\{letter}"
        elif 0x20 <= code < 0x7F:
            yield letter
        else:
            lost = code < 0x20 or 0xD800 <= code < 0xE000  # R has no NUL, and no half of a letter
            yield "?" if lost else f"\\U{code:08X}"
