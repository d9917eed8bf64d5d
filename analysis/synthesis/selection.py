"""Which rows answer a comparison, and which of a study's rows enters; every other row with its reason."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.evidence.gathered import Evidence
from analysis.results import ArmRow, Comparison, ContrastRow, Dataset, GroupQuestion, ParticipantRow, SourceRef

Row = ArmRow | ContrastRow
Question = Comparison | GroupQuestion

REASONS = {
    "superseded": "An earlier report of the same figures; never pooled.",
    "doubtful": "The printed figures contradict each other or the copy was damaged; only in the sensitivity analysis.",
    "unit-of-analysis": "The figures count knees, not people; only in the sensitivity analysis.",
    "subgroup": "A part of people who are counted whole in another row.",
    "other-design": "Another design; designs never mix.",
    "baseline": "Measured before treatment.",
    "outside-window": "Measured outside the follow-up window of this question.",
    "no-time": "The time of follow-up is not printed.",
    "other-instrument": "Another instrument than the ones this question takes.",
    "no-counterpart": "The figures of the group it is compared with are not printed.",
    "other-row-used": "A trial enters once; another row of the same people is used: sound figures come first, then "
    "the instrument, the detail and the time that the protocol prefers, then the order of the source.",
    "other-arm-used": "Another arm of the study is used; arms are combined only where they were measured alike.",
    "same-measurement": "Another row of the same measurement is used: one effect enters for each instrument, time and "
    "detail of a study.",
    "same-trial": "Another folder seems to report the same people, though neither says so; the trial enters once.",
    "no-estimate": "No estimate is printed.",
    "no-spread": "No standard deviation, interval or exact P is printed.",
    "skewed": "The median lies too far from the middle of its quartiles or range for a mean to follow.",
    "no-group-sizes": "The sizes of the groups are not printed.",
    "p-not-exact": "P is printed only as a bound, so that no standard error follows from it.",
    "no-direction": "P alone does not say which group did better.",
    "measure-not-fitting": "The figures are of another measure.",
    "change-not-value": "A change from baseline; this question asks for values at follow-up.",
    "no-change": "Neither a change from baseline is printed, nor baseline and follow-up with their correlation.",
    "no-table": "The events of both groups are not printed, so that there is no two-by-two table to pool.",
    "no-range": "The range of the scale is not known, so that it cannot be brought to a common one.",
    "too-few-participants": "Fewer than 5 participants of an arm have the outcome; figures of so few are not given.",
    "not-estimable": "No effect follows from the figures: no event in either group, no one left, or too few people.",
}


@dataclass(frozen=True)
class Candidate:
    """One way in which a study answers a question: arms to compute from, or contrasts as published.

    Arms of a question on one group stand in `experimental`, with no control. `turned` says that the contrasts are
    printed with the sides the other way round.
    """

    study: str
    experimental: tuple[ArmRow, ...] = ()
    control: tuple[ArmRow, ...] = ()
    contrasts: tuple[ContrastRow, ...] = ()
    turned: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.experimental + self.control + self.contrasts

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def seen_as(self) -> str:
        """The weakest standing of its rows."""
        order = ("primary", "secondary", "doubtful", "superseded")
        return max((row.ref.seen_as for row in self.rows), key=order.index)


@dataclass(frozen=True)
class Screened:
    """The rows that answer a comparison, as candidates and as rows left out with a code of REASONS."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[tuple[Row, str], ...]


def screen(comparison: Comparison, evidence: Evidence) -> Screened:
    """Return the candidates of a comparison and the rows that cannot be one."""
    datasets = {dataset.id: dataset for dataset in evidence.datasets}
    kept, left_out = [], []
    for row in (*contrasts_of(comparison, evidence), *arms_of(comparison, evidence)):
        code = refuse_row(row, comparison, datasets)
        if code:
            left_out.append((row, code))
        else:
            kept.append(row)
    candidates, lonely = pair(kept, comparison)
    return Screened(tuple(candidates), (*left_out, *((row, "no-counterpart") for row in lonely)))


def contrasts_of(comparison: Comparison, evidence: Evidence) -> Iterator[ContrastRow]:
    """Give the contrasts between the two sides of a comparison, either way round."""
    sides = comparison.experimental, comparison.control
    for row in evidence.contrasts:
        if row.outcome == comparison.outcome and any(
            row.experimental in one and row.control in other for one, other in (sides, sides[::-1])
        ):
            yield row


def arms_of(comparison: Comparison, evidence: Evidence) -> Iterator[ArmRow]:
    """Give the arm rows of studies that have arms on both sides of a comparison."""
    arms = defaultdict(set)
    for row in evidence.arms:
        arms[row.study].add(row.arm)
    for row in evidence.arms:
        sides = [arms[row.study] & set(side) for side in (comparison.experimental, comparison.control)]
        if row.outcome == comparison.outcome and all(sides) and row.arm in sides[0] | sides[1]:
            yield row


def refuse_row(row: Row, comparison: Question, datasets: dict[str, Dataset]) -> str | None:
    """Return the code of why a row cannot answer the comparison whatever its figures; None when it can."""
    dataset = datasets.get(row.study) or datasets[row.ref.dataset]
    if row.ref.seen_as == "superseded":
        return "superseded"
    if dataset.metadata.study.design not in comparison.designs:
        return "other-design"
    if row.subgroup:
        return "subgroup"
    if comparison.instruments and row.instrument not in comparison.instruments:
        return "other-instrument"
    return refuse_time(row.followup_weeks, comparison)


def refuse_time(weeks: float | None, comparison: Question) -> str | None:
    """Return why a time of follow-up is not the comparison's; None when it is, or when time plays no part."""
    if comparison.window_weeks is None:
        return None
    if weeks is None:
        return "no-time"
    low, high = comparison.window_weeks
    if low <= weeks <= high:
        return None
    return "baseline" if weeks == 0 else "outside-window"


def pair(rows: list[Row], comparison: Comparison) -> tuple[list[Candidate], list[ArmRow]]:
    """Return the candidates that rows make up, and the arm rows without a counterpart."""
    groups = defaultdict(list)
    for row in rows:
        groups[occasion(row)].append(row)
    candidates, lonely = [], []
    for (study, *_), group in groups.items():
        contrasts = [row for row in group if isinstance(row, ContrastRow)]
        candidates += pair_contrasts(study, contrasts, comparison)
        arms = [row for row in group if isinstance(row, ArmRow)]
        experimental = tuple(row for row in arms if row.arm in comparison.experimental)
        control = tuple(row for row in arms if row.arm in comparison.control)
        if experimental and control:
            candidates.append(Candidate(study, experimental, control))
        else:
            lonely += arms
    return candidates, lonely


def pair_contrasts(study: str, rows: list[ContrastRow], comparison: Comparison) -> Iterator[Candidate]:
    """Give one candidate for each control (or, turned round, each arm) that contrasts of an occasion share."""
    shared = defaultdict(list)
    for row in rows:
        turned = row.experimental in comparison.control
        shared[turned, row.experimental if turned else row.control, row.measure].append(row)
    for (turned, *_), group in shared.items():
        yield Candidate(study, contrasts=tuple(group), turned=turned)


def occasion(row: Row) -> tuple:
    """Return what rows share when they are arms, or contrasts, of one measurement."""
    kind = type(row)
    return row.study, kind, row.instrument, row.followup_weeks, row.value_type, row.detail, row.ref.seen_as


def preference(candidate: Candidate, comparison: Question) -> tuple:
    """Return a sort key: the candidate of a study that comes first is the one that enters.

    Sound figures before doubtful ones; then the preferred instrument and detail, the nearest time, participant data
    before what was printed, the contrast as published (it is adjusted where the paper adjusted) before our own from the
    arms, final before change values, a trial's own report before another's, and last the order of the files.
    """
    row, target = candidate.first, comparison.target_weeks
    if target is None and comparison.window_weeks:
        target = comparison.window_weeks[1]
    distance = abs((row.followup_weeks or 0) - target) if target is not None else 0
    instruments = comparison.instruments
    rank = instruments.index(row.instrument) if row.instrument in instruments else len(instruments)
    return (
        candidate.seen_as == "doubtful",
        rank,
        detail_rank(row.detail, comparison),
        distance,
        not isinstance(row, ParticipantRow),
        not candidate.contrasts,
        row.value_type == "change",
        candidate.seen_as != "primary",
        row.ref.dataset,
        row.ref.line,
    )


def detail_rank(detail: str | None, comparison: Question) -> int:
    """Return the place of the first preferred words that a detail holds; past the last when it holds none."""
    held = [place for place, words in enumerate(comparison.details) if words in (detail or "")]
    return held[0] if held else len(comparison.details)


def people_of(study: str, datasets: dict[str, Dataset]) -> str:
    """Return the id of the study that first reported the people of a study."""
    seen = set()
    while study in datasets and study not in seen:
        seen.add(study)
        study = datasets[study].metadata.study.same_people_as or study
    return study


def references(rows: tuple[Row, ...]) -> tuple[SourceRef, ...]:
    return tuple(row.ref for row in rows)
