"""The table of warnings, and every figure of a review held to it. A new warning is a function and a line."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from analysis.evidence.gathered import Evidence
from analysis.plausibility import of_arms, of_contrasts, of_studies
from analysis.plausibility.printing import printed_cells, printed_rows
from analysis.results import ComparisonResult, Dataset, Doubt

CAUTION = "implausible"  # of an effect made from a figure that is in doubt


@dataclass(frozen=True)
class Warned:
    """One kind of warning: what it is made of, how it is found, and what to do."""

    of: str  # "arm", "contrast", "study" or "source"
    look: str
    find: Callable[..., Iterator] | None = None


WARNINGS: dict[str, Warned] = {
    "mean-off-scale": Warned("arm", "Look whether the scale, or the sign, is another", of_arms.mean_off_scale),
    "sd-beyond-mean": Warned("arm", "Look whether the SD or the scale is another", of_arms.sd_beyond_mean),
    "sd-against-extremes": Warned("arm", "Look at the SD and at both ends", of_arms.sd_against_extremes),
    "se-against-sd": Warned("arm", "Look which of the two the source means", of_arms.se_against_sd),
    "mean-off-centre": Warned("arm", "Look at the mean and both ends of its interval", of_arms.mean_off_centre),
    "grim": Warned("arm", "Look whether n or the mean is another, or values were not whole", of_arms.grim),
    "grimmer": Warned("arm", "Look whether n or the SD is another, or values were not whole", of_arms.grimmer),
    "estimate-off-centre": Warned("contrast", "Look at the estimate and both ends", of_contrasts.off_centre),
    "p-against-interval": Warned("contrast", "Look whether P is of another test", of_contrasts.p_against_interval),
    "se-for-sd": Warned("study", "Look whether the source prints standard errors", of_studies.se_for_sd),
    "large-difference": Warned("study", "Look whether SDs are standard errors", of_studies.large_difference),
    "identical-sds": Warned("study", "Look whether the source prints an SD for each arm", of_studies.identical_sds),
    "baseline-imbalance": Warned(
        "study", "Prefer an estimate that is adjusted for baseline", of_studies.baseline_imbalance
    ),
    "same-trial": Warned("source", "Say which it is in metadata.toml: until then only one of them is pooled"),
}


def find_doubts(evidence: Evidence) -> tuple[Doubt, ...]:
    """Return every figure that looks implausible, in the order of datasets, tables and lines."""
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    cells = printed_cells(evidence.datasets)
    arms, contrasts = printed_rows(cells, evidence.arms), printed_rows(cells, evidence.contrasts)
    found = [*of_rows("arm", arms, evidence), *of_rows("contrast", contrasts, evidence)]
    for code, warned in WARNINGS.items():
        if warned.of == "study":
            found += [doubt(code, one, *said) for one, *said in warned.find(arms, evidence.codebook, datasets)]
    found += conflicts(evidence, datasets)
    return tuple(sorted(found, key=lambda one: (one.dataset, one.table or "", one.line or 0, one.code)))


def of_rows(kind: str, rows: list, evidence: Evidence) -> Iterator[Doubt]:
    """Give what looks implausible in single rows; a row that is superseded is used nowhere."""
    for code, warned in WARNINGS.items():
        if warned.of == kind:
            for one in rows:
                if one.row.ref.seen_as != "superseded":
                    yield from (doubt(code, one, *said) for said in warned.find(one, evidence.codebook))


def doubt(code: str, one, column: str, found: str) -> Doubt:
    """Return a doubt about a cell."""
    ref = one.row.ref
    return Doubt(code, ref.dataset, found, ref.table, ref.line, column, WARNINGS[code].look)


def conflicts(evidence: Evidence, datasets: dict[str, Dataset]) -> Iterator[Doubt]:
    """Give the pairs of folders that seem to report the same people and do not say so."""
    for link in evidence.links:
        found = f"the same trial as {link.earlier}, by {link.why}"
        fix = (f'write same_people_as = "{link.earlier}" below [study] of {link.later}/metadata.toml, or '
               f'other_people_than = ["{link.earlier}"] when it is another trial')  # fmt: skip
        yield Doubt("same-trial", link.later, found, look=WARNINGS["same-trial"].look, fix=fix)


Place = tuple[str, str | None, int | None]  # dataset, table, line


def places_of(doubts: tuple[Doubt, ...]) -> frozenset[Place]:
    """Return the rows that hold a figure in doubt."""
    return frozenset((one.dataset, one.table, one.line) for one in doubts)


def mark_doubts(result: ComparisonResult, places: Collection[Place]) -> ComparisonResult:
    """Return a comparison with a caution on each effect that is made from a row with a figure in doubt."""

    def marked(effects):
        return tuple(
            replace(effect, cautions=(*effect.cautions, CAUTION))
            if any((ref.dataset, ref.table, ref.line) in places for ref in effect.refs)
            else effect
            for effect in effects
        )

    return replace(result, effects=marked(result.effects), doubtful=marked(result.doubtful))


def sentence(one: Doubt) -> str:
    """Return a doubt as a sentence with what to do about it."""
    where = f"{one.table}.csv line {one.line}, {one.column}: " if one.line is not None else ""
    fix = f": {one.fix}" if one.fix else ""
    return f"{where}{one.found}. {one.look}{fix}."
