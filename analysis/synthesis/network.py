"""A network of the protocol and the rows that answer it: every treatment against every other."""

from collections import defaultdict
from dataclasses import fields, replace
from itertools import combinations

import numpy as np

from analysis.evidence.gathered import Evidence
from analysis.models import ModelError, Network, Trial, fit_network, make_trial
from analysis.models.coefficients import Coefficient
from analysis.models.inconsistency import split_q
from analysis.models.network import connected_parts
from analysis.models.trials import covary_by_sizes
from analysis.results import (
    Comparison,
    Effect,
    Inconsistency,
    LeftOut,
    NetworkEdge,
    NetworkQuestion,
    NetworkResult,
    NetworkTrial,
    NotFitted,
    Relative,
)
from analysis.synthesis.comparison import unit_of
from analysis.synthesis.gathering import gather, leave_out_code

Pairs = dict[tuple[str, str], Effect]
KEYS = {field.name for field in fields(Comparison)} & {field.name for field in fields(NetworkQuestion)}


def synthesise_network(question: NetworkQuestion, evidence: Evidence) -> NetworkResult:
    """Return what the evidence says of a network.

    Trials of treatments that no trial connects with the reference cannot be compared with it; they are named and kept
    apart. Where each comparison rests on one trial and there are no loops, a common effect is fitted and said.
    """
    trials, left_out = find_trials(question, evidence)
    connected, parts = with_reference(question, trials)
    studied = {name for trial in trials for name in trial.treatments}
    known = evidence.codebook.treatments
    result = NetworkResult(
        question=question,
        labels=tuple((code, known[code].label) for code in question.treatments),
        outcome_label=evidence.codebook.outcomes[question.outcome].label,
        unit=unit_of(pair_question(question, question.treatments[:2]), evidence),
        better=evidence.codebook.outcomes[question.outcome].better,
        trials=connected,
        apart=parts,
        apart_trials=tuple(trial for trial in trials if trial not in connected),
        unstudied=tuple(code for code in question.treatments if code not in studied),
        edges=edges_of(connected),
        people=people_of_treatments(question, connected),
        n_total=total([trial.n_total for trial in connected]),
        left_out=left_out,
    )
    return fitted(result)


def fitted(result: NetworkResult) -> NetworkResult:
    """Return a network with its estimates, or why it has none."""
    question = result.question
    names = sorted({name for trial in result.trials for name in trial.treatments} - {question.reference})
    if len(names) < 2:
        return replace(result, not_fitted=NotFitted("too-few", needs=3, found=len(names) + bool(names)))
    try:
        trials = tuple(made_trial(trial, question.reference) for trial in result.trials)
        spare = sum(len(trial.treatments) - 1 for trial in trials) > len(names)
        method = question.tau2 if spare and question.model == "random" else "FE"
        network = fit_network(trials, question.reference, tau2=method, level=question.level)
        return described(result, network, split_q(trials, tuple(names)), spare)
    except ModelError as error:
        return replace(result, not_fitted=NotFitted("model", value=str(error)))


def described(result: NetworkResult, network: Network, split: object, spare: bool) -> NetworkResult:
    """Return a network with what was fitted; league and reference rows in the order of the protocol."""
    reference = result.question.reference
    known = {reference, *(row.name for row in network.treatments)}
    order = [name for name in result.question.treatments if name in known]
    counts = {frozenset((edge.first, edge.second)): len(edge.studies) for edge in result.edges}

    def relative(experimental: str, control: str) -> Relative:
        found: Coefficient = network.compare(experimental, control)
        numbers = (found.estimate, found.se, found.ci_low, found.ci_high, found.p_value)
        return Relative(experimental, control, *map(float, numbers), counts.get(frozenset((experimental, control)), 0))

    return replace(
        result,
        against_reference=tuple(relative(name, reference) for name in order if name != reference),
        league=tuple(relative(one, other) for one, other in combinations(order, 2)),
        tau2_method=network.method,
        tau2=network.tau2,
        tau2_low=network.tau2_low,
        tau2_high=network.tau2_high,
        i2=network.i2,
        q=network.q,
        q_df=network.q_df,
        q_p_value=network.q_p_value,
        inconsistency=Inconsistency(*(getattr(split, field.name) for field in fields(split))),
        status=network.status if spare else ("no-spare-trials",),
    )


# ---------------------------------------------------------------- trials


def find_trials(question: NetworkQuestion, evidence: Evidence) -> tuple[tuple[NetworkTrial, ...], tuple[LeftOut, ...]]:
    """Return the trials of a network, and the rows that answer it and are not used."""
    found: dict[str, list[tuple[tuple[str, str], Effect]]] = defaultdict(list)
    refused: dict[object, LeftOut] = {}
    for pair in combinations(question.treatments, 2):
        effects, doubtful, left_out = gather(pair_question(question, pair), evidence)
        for effect in effects:
            found[evidence.people.get(effect.study, effect.study)].append((pair, effect))
        for one in (*left_out, *(row for effect in doubtful for row in leave_out_code(effect, "doubtful"))):
            if one.code != "no-counterpart" or one.ref not in refused:
                refused[one.ref] = one
    trials, others = [], []
    for effects in found.values():
        trial, rest = one_occasion(question, effects)
        trials += [trial] if trial else []
        others += rest
    used = {ref for trial in trials for effect in trial.effects for ref in effect.refs}
    others = [one for effect in others for one in leave_out_code(effect, "other-row-used")]
    left_out = {one.ref: one for one in (*others, *refused.values())}
    trials.sort(key=lambda trial: (trial.effects[0].year or 0, trial.study))
    return tuple(trials), tuple(one for ref, one in left_out.items() if ref not in used)


def pair_question(question: NetworkQuestion, pair: tuple[str, ...]) -> Comparison:
    """Return the comparison of two treatments of a network."""
    settings = {name: getattr(question, name) for name in KEYS}
    return Comparison(**settings, experimental=(pair[0],), control=(pair[1],))


def one_occasion(
    question: NetworkQuestion, effects: list[tuple[tuple[str, str], Effect]]
) -> tuple[NetworkTrial | None, list[Effect]]:
    """Return the measurement of a trial with the most treatments, as pairs, and the effects of others."""
    occasions: dict[tuple, Pairs] = defaultdict(dict)
    for pair, effect in effects:
        occasions[effect.instrument, effect.followup_weeks, effect.value_type, effect.detail][pair] = effect
    best = max(occasions, key=lambda occasion: len(arms_of(occasions[occasion])))
    pairs = occasions[best]
    rest = [effect for occasion, found in occasions.items() if occasion != best for effect in found.values()]
    arms = tuple(name for name in question.treatments if name in arms_of(pairs))
    if hub_of(arms, pairs, question.reference) is None:
        return None, [*rest, *pairs.values()]
    first = next(iter(pairs.values()))
    people = total([size_of(name, pairs) for name in arms]) if len(arms) > 2 else first.n_total
    return NetworkTrial(first.study, first.label, arms, tuple(pairs.values()), people), rest


def arms_of(pairs: Pairs) -> set[str]:
    return {name for pair in pairs for name in pair}


def hub_of(arms: tuple[str, ...], pairs: Pairs, reference: str) -> str | None:
    """Return the treatment that all others of a trial are compared with, the reference if it is one; None: none is."""
    known = {frozenset(pair) for pair in pairs}
    hubs = [hub for hub in arms if all({hub, other} in known for other in arms if other != hub)]
    return reference if reference in hubs else next(iter(hubs), None)


def size_of(name: str, pairs: Pairs) -> int | None:
    """Return the people of an arm, from any pair that prints them."""
    sides = ((effect.experimental if first == name else effect.control) for (first, second), effect in pairs.items()
             if name in (first, second))  # fmt: skip
    return next((side.n for side in sides if side.n is not None), None)


def made_trial(trial: NetworkTrial, reference: str) -> Trial:
    """Return a trial as contrasts against its hub, correlated by the arm that they share.

    Of pairs j and k against the hub the covariance is (v_j + v_k - v_jk) / 2, where v_jk is the variance of the pair of
    the two: exactly the variance of the shared arm where that of a pair is the sum of those of its arms. Where that
    pair is not printed, the sizes of the arms give the correlation.
    """
    pairs = {pair_of(effect, trial): effect for effect in trial.effects}
    hub = hub_of(trial.treatments, pairs, reference)
    others = [name for name in trial.treatments if name != hub]
    yi = [turned(pairs, name, hub) for name in others]
    return make_trial(trial.study, (hub, *others), yi, covariance_of(hub, others, pairs))


def pair_of(effect: Effect, trial: NetworkTrial) -> tuple[str, str]:
    """Return the treatments of an effect."""
    first, second = effect.experimental.arms[0], effect.control.arms[0]
    return first, second


def turned(pairs: Pairs, experimental: str, control: str) -> float:
    found = pairs.get((experimental, control))
    return found.yi if found else -pairs[control, experimental].yi


def variance_of(pairs: Pairs, one: str, other: str) -> float | None:
    found = pairs.get((one, other)) or pairs.get((other, one))
    return found.vi if found else None


def covariance_of(hub: str, others: list[str], pairs: Pairs) -> np.ndarray:
    """Return the covariance of contrasts against a hub."""
    own = np.array([variance_of(pairs, name, hub) for name in others])
    between = [[variance_of(pairs, one, other) for other in others] for one in others]
    if all(between[i][j] is not None for i, j in combinations(range(len(others)), 2)):
        crossed = np.array([[0.0 if value is None else value for value in row] for row in between])
        return (own[:, None] + own[None, :] - crossed) / 2
    sizes = [size_of(name, pairs) for name in (hub, *others)]
    if None in sizes:
        raise ModelError("A trial of several arms prints neither all pairs of them nor their sizes")
    return covary_by_sizes(own, np.array(sizes, float))


# ---------------------------------------------------------------- what is connected


def with_reference(
    question: NetworkQuestion, trials: tuple[NetworkTrial, ...]
) -> tuple[tuple[NetworkTrial, ...], tuple[tuple[str, ...], ...]]:
    """Return the trials that are connected with the reference, and the treatments of the other parts."""
    parts = connected_parts(trials)  # needs nothing of a trial but its treatments
    own = next((part for part in parts if question.reference in part), set())
    others = [tuple(name for name in question.treatments if name in part) for part in parts if part is not own]
    return tuple(trial for trial in trials if set(trial.treatments) <= own), tuple(others)


def edges_of(trials: tuple[NetworkTrial, ...]) -> tuple[NetworkEdge, ...]:
    """Return what is compared directly; a trial of three arms compares three pairs."""
    studies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for trial in trials:
        for pair in combinations(trial.treatments, 2):
            studies[pair].append(trial.study)
    return tuple(NetworkEdge(*pair, tuple(found)) for pair, found in studies.items())


def people_of_treatments(question: NetworkQuestion, trials: tuple[NetworkTrial, ...]) -> tuple[tuple[str, int], ...]:
    """Return how many people had each treatment, where every trial prints it."""
    found = []
    for name in question.treatments:
        pairs = [{pair_of(effect, trial): effect for effect in trial.effects} for trial in trials
                 if name in trial.treatments]  # fmt: skip
        people = total([size_of(name, one) for one in pairs])
        found += [(name, people)] if people is not None else []
    return tuple(found)


def total(counts: list[int | None]) -> int | None:
    return sum(counts) if counts and None not in counts else None
