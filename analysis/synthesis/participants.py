"""Participant data of a trial in a comparison: which of the analyses, and the effect that it gives."""

import json
from dataclasses import replace
from math import sqrt

import numpy as np

from analysis.effects.ancova import (
    AdjustedArm,
    PairedArm,
    adjusted_difference,
    combine_adjusted,
    combine_paired,
    covariate_adjusted_difference,
)
from analysis.effects.change import squared_change_sd
from analysis.results import ArmSummary, Comparison, ParticipantRow
from analysis.synthesis.selection import Candidate

ANCOVA, FINAL, CHANGE = "ancova", "final", "change"
MUCH = 0.05  # of the people of an arm: more than that without an outcome is worth a word
DERIVATIONS = {"means": "participants-means", "events": "participants-events"}
PAIRED = ("mean", "sd", "baseline_mean", "baseline_sd", "correlation")


def is_participants(candidate: Candidate) -> bool:
    """Return whether a candidate is summarised from participant data."""
    return bool(candidate.experimental) and all(isinstance(row, ParticipantRow) for row in candidate.rows)


def as_analysed(candidate: Candidate, comparison: Comparison) -> Candidate:
    """Return a candidate in the figures that the protocol asks for: at follow-up, or as change from baseline."""
    if not is_participants(candidate) or comparison.participants != CHANGE:
        return candidate
    return replace(candidate, experimental=tuple(map(as_change, candidate.experimental)),
                   control=tuple(map(as_change, candidate.control)))  # fmt: skip


def as_change(row: ParticipantRow) -> ParticipantRow:
    """Return an arm's figures as change from baseline, of the people who have both; as they are without any."""
    if row.value_type != "final" or row.correlation is None:
        return row
    sd = sqrt(squared_change_sd(row.pairs_sd, row.baseline_sd, row.correlation))
    missing = row.missing + row.n - row.pairs
    return replace(row, value_type="change", n=row.pairs, missing=missing, mean=row.pairs_mean - row.baseline_mean,
                   sd=sd, correlation=None)  # fmt: skip


def adjusts(candidate: Candidate, comparison: Comparison) -> bool:
    """Return whether the difference is to be adjusted for baseline, and can be."""
    asked = comparison.measure == "MD" and comparison.participants == ANCOVA and is_participants(candidate)
    return asked and (with_covariates(candidate) or all(row.correlation is not None for row in candidate.rows))


def with_covariates(candidate: Candidate) -> bool:
    """Return whether every arm has the figures of the same covariates."""
    of = {tuple(json.loads(row.adjusted)["of"]) if row.adjusted else None for row in candidate.rows}
    return len(of) == 1 and of != {None}


def adjusted(candidate: Candidate) -> tuple:
    """Return how the difference of two sides was adjusted, the difference, and what each side's people show."""
    arms = [tuple(row.arm for row in rows) for rows in (candidate.experimental, candidate.control)]
    if with_covariates(candidate):
        blocks = [combine_adjusted(list(map(block, rows))) for rows in (candidate.experimental, candidate.control)]
        summaries = [ArmSummary(codes, one.n, float(one.means[0]), sqrt(one.products[0, 0] / (one.n - 1)))
                     for codes, one in zip(arms, blocks, strict=True)]  # fmt: skip
        return "participants-covariates", covariate_adjusted_difference(*blocks), *summaries
    sides = [combine_paired([paired(row) for row in rows]) if len(rows) > 1 else paired(rows[0])
             for rows in (candidate.experimental, candidate.control)]  # fmt: skip
    summaries = [ArmSummary(codes, side.n, side.mean, side.sd) for codes, side in zip(arms, sides, strict=True)]
    return "participants-ancova", adjusted_difference(*sides), *summaries


def block(row: ParticipantRow) -> AdjustedArm:
    """Return an arm's means and products about them, from its SDs and correlations."""
    kept = json.loads(row.adjusted)
    sds = np.array(kept["sd"])
    correlations = np.eye(len(sds))
    correlations[np.triu_indices(len(sds), 1)] = kept["r"]
    both = np.triu(correlations) + np.triu(correlations, 1).T
    return AdjustedArm(kept["n"], np.array(kept["mean"]), (kept["n"] - 1) * both * np.outer(sds, sds))


def paired(row: ParticipantRow) -> PairedArm:
    return PairedArm(row.pairs, row.pairs_mean, row.pairs_sd, row.baseline_mean, row.baseline_sd, row.correlation)


def too_few(candidate: Candidate) -> bool:
    """Return whether an arm has so few people with the outcome that its figures are not given."""
    return is_participants(candidate) and any(row.mean is None and row.events is None for row in candidate.rows)


def derivation_of(candidate: Candidate, derivation: str) -> str:
    """Return how an effect was made, said of participant data where it comes from them."""
    if not is_participants(candidate):
        return derivation
    if derivation == "means" and candidate.first.value_type == "change":
        return "participants-change"
    return DERIVATIONS.get(derivation, derivation)


def cautions_of(candidate: Candidate) -> tuple[str, ...]:
    """Return what a reader must know of an effect from participant data."""
    if not is_participants(candidate):
        return ()
    lost = any(row.missing > MUCH * (row.n + row.missing) for row in candidate.rows)
    return ("outcomes-missing",) if lost else ()
