"""What part of a move came from data, what from the protocol, what from code: the chain, run once more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import exp

from analysis.changes import in_order_of_weight
from analysis.changes.answers import drifted, other_scale
from analysis.declared import Declared, parse_declared
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import TABLES
from analysis.evidence.datasets import read_all_rows
from analysis.evidence.gathered import Evidence
from analysis.evidence.vocabulary import read_codebook
from analysis.results import RATIOS, Change, Comparison, ComparisonResult, Move, Run, Split
from analysis.synthesis import synthesise_comparison

CAUSES = ("data", "method", "code")
MadeBy = tuple[str, tuple[tuple[str, str], ...]]  # fingerprint of the code, versions of programs


@dataclass(frozen=True)
class Between:
    """Two runs that can be made again, and the evidence of the newer one as the older protocol understands it."""

    old: Evidence
    new: Evidence
    new_data_old_words: Evidence


def attribute(old: Run, new: Run, changes: tuple[Change, ...], present: MadeBy) -> tuple[Change, ...]:
    """Return changes with the parts of each move, and with the drift that other causes had hidden.

    Where one cause differs between the runs, a move is all its. Where several do, the chain is run again with
    the present code: on the old data and protocol, on the new data with the old protocol, on both new.
    What these do not explain is the code's; with the same code in both runs it is a fault, and told as drift.

    Args:
        old: The older run.
        new: The newer one.
        changes: What changed between them, of `changes_between`.
        present: What would make a run now, of `fingerprints.made_by`.
    """
    causes = differing(old, new)
    drifted = {change.subject for change in changes if change.kind == "drift"}
    pairs = {id: pair for id, pair in shared(old, new).items() if id not in drifted and has_moved(*pair)}
    if len(causes) < 2:
        parts = {id: whole(causes, *pair) for id, pair in pairs.items()} if causes else {}
    else:
        between = make_again(old, new, present) if pairs else ""
        parts = {id: parted(between, *pair) for id, pair in pairs.items()}
    told = [replace(change, moves=tuple(with_parts(move, parts) for move in change.moves)) for change in changes]
    return in_order_of_weight([*told, *hidden_drift(old, new, parts)])


def differing(old: Run, new: Run) -> tuple[str, ...]:
    """Return which of data, method and code are not the same in two runs."""
    one, other = old.fingerprints, new.fingerprints
    differs = (
        one.data != other.data,
        one.protocol != other.protocol,
        (one.code, one.versions) != (other.code, other.versions),
    )
    return tuple(cause for cause, other in zip(CAUSES, differs, strict=True) if other)


def shared(old: Run, new: Run) -> dict[str, tuple[ComparisonResult, ComparisonResult]]:
    """Return the comparisons of both runs, by id."""
    before = {result.comparison.id: result for result in old.comparisons}
    return {
        result.comparison.id: (before[result.comparison.id], result)
        for result in new.comparisons
        if result.comparison.id in before
    }


def has_moved(old: ComparisonResult, new: ComparisonResult) -> bool:
    return bool(old.pooled and new.pooled) and old.pooled.estimate != new.pooled.estimate


def whole(causes: tuple[str, ...], old: ComparisonResult, new: ComparisonResult) -> Split | str:
    """Return the parts of a move that one cause made alone."""
    if other_scale(old, new):
        return "other-scale"
    size = shown(new.comparison, new.pooled.estimate) - shown(old.comparison, old.pooled.estimate)
    return Split(*(size if cause in causes else 0.0 for cause in CAUSES))


def shown(comparison: Comparison, estimate: float) -> float:
    """Return an estimate as reported: a ratio for its logarithm."""
    return exp(estimate) if comparison.measure in RATIOS else estimate


def make_again(old: Run, new: Run, present: MadeBy) -> Between | str:
    """Return what two runs are made again from, or the code of changes.WHY_NOT_SPLIT that says why not."""
    if present not in ((run.fingerprints.code, run.fingerprints.versions) for run in (old, new)):
        return "other-code"
    words = codebook_of(old), codebook_of(new)
    if None in words:
        return "no-vocabulary"
    evidence = [evidence_of(run, codebook) for run, codebook in zip((old, new), words, strict=True)]
    if None in evidence:
        return "rows-refused"
    return Between(*evidence, replace(evidence[1], codebook=overlaid(*words)))


def codebook_of(run: Run) -> Codebook | None:
    """Return the vocabulary of a run; None when it did not keep one that can be read now."""
    text = next((file.text for file in run.protocol_files if file.name == "vocabulary.toml"), None)
    file = parse_declared(text, "vocabulary.toml") if text is not None else None
    return read_codebook(file)[0] if isinstance(file, Declared) else None


def evidence_of(run: Run, codebook: Codebook) -> Evidence | None:
    """Return the rows of a run, read again from its tables; None when one of them is refused now."""
    rows = {name: [] for name in TABLES}
    for dataset in run.datasets:
        read, faults = read_all_rows(dataset, codebook, dataset.id)
        if faults:
            return None
        for name in TABLES:
            rows[name] += read.get(name, [])
    return Evidence(codebook, run.datasets, *(tuple(rows[name]) for name in TABLES))


def overlaid(old: Codebook, new: Codebook) -> Codebook:
    """Return the old vocabulary, with the codes that only the new data know: those came with the data."""
    return Codebook(new.outcomes | old.outcomes, new.instruments | old.instruments, new.treatments | old.treatments,
                    {**old.bias_tools, **new.bias_tools})


def parted(between: Between | str, old: ComparisonResult, new: ComparisonResult) -> Split | str:
    """Return the parts of a move, or the code of changes.WHY_NOT_SPLIT that says why they cannot be told."""
    if isinstance(between, str) or other_scale(old, new):
        return between if isinstance(between, str) else "other-scale"
    before = estimate_again(old.comparison, between.old)
    halfway = estimate_again(old.comparison, between.new_data_old_words)
    after = estimate_again(new.comparison, between.new)
    if before is None or halfway is None or after is None:
        return "no-average"
    then, now = shown(old.comparison, old.pooled.estimate), shown(new.comparison, new.pooled.estimate)
    return Split(data=halfway - before, method=after - halfway, code=(before - then) + (now - after))


def estimate_again(comparison: Comparison, evidence: Evidence) -> float | None:
    """Return the average of a comparison as reported; the other choices of its protocol are not tried."""
    pooled = synthesise_comparison(replace(comparison, sensitivity=()), evidence).pooled
    return shown(comparison, pooled.estimate) if pooled else None


def with_parts(move: Move, parts: Mapping[str, Split | str]) -> Move:
    """Return a move with the parts found for its comparison."""
    found = parts.get(move.comparison)
    if found is None or move.old is None or move.new is None:
        return move
    return replace(move, why_not=found) if isinstance(found, str) else replace(move, split=found)


def hidden_drift(old: Run, new: Run, parts: Mapping[str, Split | str]) -> Iterator[Change]:
    """Give the part of each move that neither data nor protocol explain."""
    pairs = shared(old, new)
    for id, split in parts.items():
        if isinstance(split, Split) and split.code != 0.0:
            change = drifted(old, new, *pairs[id])
            yield replace(change, moves=tuple(replace(move, split=split) for move in change.moves))
