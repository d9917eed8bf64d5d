"""What could have been chosen otherwise. A new choice is a function and a line of ASKED, KEPT or POOLED.

Each function returns the options of one choice, the protocol's own first. An option that changes nothing here is
dropped later, and so is a choice of which one option is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from analysis.effects import MEASURES
from analysis.effects.measures import CORRELATIONS, EVENTS, MEANS
from analysis.evidence.gathered import Evidence
from analysis.pooling import TAU2_ESTIMATORS, TESTS
from analysis.protocol.choices import WITHOUT, varied
from analysis.results import ONE_EFFECT, Comparison, Effect
from analysis.synthesis.arm_figures import changed
from analysis.synthesis.averaging import has_table

OTHER_MEASURES = {  # of the same raw figures
    MEANS: ("MD", "SMD"),
    EVENTS: ("RR", "OR", "RD"),
    CORRELATIONS: ("COR", "ZCOR"),
}
COMMON, TABLES = (f"model={name}" for name in ONE_EFFECT)


@dataclass(frozen=True)
class Question:
    """A comparison, and the rows that it is asked of."""

    comparison: Comparison
    evidence: Evidence


@dataclass(frozen=True)
class Asked:
    """An option that changes which figures answer, or how an effect is made of them."""

    code: str
    ask: Callable[[Question], Question] = lambda question: question


@dataclass(frozen=True)
class Kept:
    """An option that changes which effects enter."""

    code: str
    keep: Callable[[Effect], bool] = lambda effect: True


@dataclass(frozen=True)
class Pooled:
    """An option that changes how effects are pooled."""

    code: str
    change: Callable[[Comparison], Comparison]


Effects = tuple[Effect, ...]  # that could enter: those of the main pool and the doubtful ones


def setting(code: str, **values: object) -> Asked:
    """Return an option that changes settings of the comparison."""
    return Asked(code, lambda question: replace(question, comparison=replace(question.comparison, **values)))


# ---------------------------------------------------------------- how it is asked


def measures(question: Question, effects: Effects) -> list[Asked]:
    """Return the measures that the same raw figures could be given in.

    A mean difference needs one scale: where several instruments may answer, standardised effects stay so.
    """
    own = question.comparison.measure
    family = OTHER_MEASURES.get(MEASURES[own].inputs, ()) if own in MEASURES else ()
    if own == "SMD" and len(instruments_of(question)) > 1:
        family = ()
    others = [setting(f"measure={name}", measure=name, rescale_to=None) for name in family if name != own]
    return [Asked(f"measure={own}"), *others]


def values(question: Question, effects: Effects) -> list[Asked]:
    """Return values at follow-up, or changes from baseline by each correlation that the protocol allows."""
    allowed = question.comparison.correlations if question.comparison.measure == "MD" else ()
    return [Asked("values=as-printed"), *(Asked(f"values=change, r {r:g}", as_changes(r)) for r in allowed)]


def as_changes(correlation: float) -> Callable[[Question], Question]:
    """Return what turns means at follow-up into changes, for arms that print a baseline of the same people."""

    def ask(question: Question) -> Question:
        if question.comparison.measure != "MD":  # a change has another SD to be standardised by
            return question
        arms = tuple(changed(row, correlation) for row in question.evidence.arms)
        return replace(question, evidence=replace(question.evidence, arms=arms))

    return ask


def windows(question: Question, effects: Effects) -> list[Asked]:
    """Return the follow-up windows that the protocol declares."""
    own, others = question.comparison.window_weeks, question.comparison.other_windows
    if own is None:
        return [Asked("window=any")]
    return [Asked(window_code(own)), *(setting(window_code(span), window_weeks=span) for span in others)]


def window_code(span: tuple[float, float]) -> str:
    return f"window={span[0]:g}-{span[1]:g}"


def times(question: Question, effects: Effects) -> list[Asked]:
    """Return which of several times of a study is taken: the protocol's, the earliest or the latest."""
    target = question.comparison.target_weeks
    if question.comparison.window_weeks is None:
        return [Asked("time=any")]
    ends = [Asked("time=earliest", at_end(0)), Asked("time=latest", at_end(1))]
    return ends[::-1] if target is None else [Asked(f"time=nearest {target:g}"), *ends]


def at_end(end: int) -> Callable[[Question], Question]:
    def ask(question: Question) -> Question:
        target = question.comparison.window_weeks[end]
        return replace(question, comparison=replace(question.comparison, target_weeks=target))

    return ask


def instruments(question: Question, effects: Effects) -> list[Asked]:
    """Return each instrument on its own, where several measure the outcome."""
    found = instruments_of(question)
    alone = [setting(f"instrument={code}", instruments=(code,)) for code in found if code]
    return [Asked("instrument=all"), *(alone if len(found) > 1 else ())]


def instruments_of(question: Question) -> tuple[str | None, ...]:
    """Return the instruments that may answer: those of the protocol, or any."""
    rows = (*question.evidence.arms, *question.evidence.contrasts)
    found = dict.fromkeys(row.instrument for row in rows)
    return question.comparison.instruments or tuple(sorted(found, key=lambda code: code or ""))


# ---------------------------------------------------------------- what enters


def standings(question: Question, effects: Effects) -> list[Kept]:
    """Return how sound figures have to be."""
    return [
        Kept("standing=sound", lambda effect: effect.seen_as != "doubtful"),
        Kept("standing=with-doubtful"),
        Kept("standing=primary", lambda effect: effect.seen_as == "primary"),
    ]


def units(question: Question, effects: Effects) -> list[Kept]:
    """Return what to do with figures whose unit is not the person who was randomised."""
    return [
        Kept("units=people", lambda effect: "unit-of-analysis" not in effect.cautions),
        Kept("units=with-knees"),
        Kept("units=no-clusters", lambda one: not {"unit-of-analysis", "clusters-ignored"} & set(one.cautions)),
    ]


def treatments(question: Question, effects: Effects) -> list[Kept]:
    """Return all treatments, or all but one that the protocol declares to leave out."""
    left = [code for code in question.comparison.sensitivity if code.startswith(f"{WITHOUT}=")]
    return [Kept("treatments=all"), *(Kept(code, without_treatment(code.partition("=")[2])) for code in left)]


def without_treatment(treatment: str) -> Callable[[Effect], bool]:
    return lambda effect: treatment not in effect.experimental.arms + effect.control.arms


def studies(question: Question, effects: Effects) -> list[Kept]:
    """Return all studies, or all but one."""
    found = dict.fromkeys(effect.study for effect in effects)
    return [Kept("studies=all"), *(Kept(f"without:{study}", without_study(study)) for study in found)]


def without_study(study: str) -> Callable[[Effect], bool]:
    return lambda effect: effect.study != study


# ---------------------------------------------------------------- how it is pooled


VARIANTS = {"EB": "PM", "PMM": "PM", "HSk": "HS", "DL2": "DL", "CA2": "HE"}  # estimator -> the one it varies


def estimators(comparison: Comparison, effects: Effects) -> list[Pooled]:
    """Return the estimators of tau2, and the models of one true effect that the protocol declares as a choice.

    Each idea stands once: another name (EB is PM), a further step or a correction of one that stands here adds branches
    and no choice.
    """
    own = comparison.tau2
    names = dict.fromkeys((own, *(name for name in TAU2_ESTIMATORS if name not in ("FE", *VARIANTS.keys()))))
    codes = [f"tau2={name}" for name in names if VARIANTS.get(own) != name]
    possible = {COMMON: True, TABLES: all(map(has_table, effects))}
    codes += [code for code, can_be in possible.items() if can_be and code in comparison.sensitivity]
    if comparison.model in ONE_EFFECT:
        codes.insert(0, f"model={comparison.model}")
    return [Pooled(code, by(code)) for code in dict.fromkeys(codes)]


def by(code: str) -> Callable[[Comparison], Comparison]:
    return lambda comparison: varied(
        comparison if code in (COMMON, TABLES) else replace(comparison, model="random"), code
    )


def intervals(comparison: Comparison, effects: Effects) -> list[Pooled]:
    """Return the intervals of the engine."""
    own = comparison.interval
    return [Pooled(f"interval={name}", by_interval(name)) for name in (own, *(name for name in TESTS if name != own))]


def by_interval(name: str) -> Callable[[Comparison], Comparison]:
    return lambda comparison: replace(comparison, interval=name)


ASKED: dict[str, Callable[[Question, Effects], list[Asked]]] = {
    "measure": measures,
    "values": values,
    "window": windows,
    "time": times,
    "instrument": instruments,
}
KEPT: dict[str, Callable[[Question, Effects], list[Kept]]] = {
    "standing": standings,
    "units": units,
    "treatments": treatments,
    "studies": studies,
}
POOLED: dict[str, Callable[[Comparison, Effects], list[Pooled]]] = {
    "tau2": estimators,
    "interval": intervals,
}
