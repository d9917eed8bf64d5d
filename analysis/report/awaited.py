"""What is awaited: the page of the ledger, and what figures that nobody has typed would do to an answer, in words."""

from dataclasses import dataclass

from analysis.ledger import Bearing, Entry, ledger
from analysis.report.links import Places, slug, source_links
from analysis.report.phrases import phrase
from analysis.report.wording import Scale, counted, joined, people, percent, plain, ratio, scale_of, verb
from analysis.results import Comparison, ComparisonResult, Expected, Run

NOT_KNOWN = "not known beforehand"
OTHER_TIMES = "it prints no follow-up in this window"
WIDER = "wider at first: the quantile of {k} studies is large"


@dataclass(frozen=True)
class BearingLine:
    """One comparison that waits for a source, every cell as text."""

    comparison: str
    question: str
    address: str
    wanted: str
    expected: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class LedgerLine:
    """One awaited source, every cell as text."""

    id: str
    anchor: str
    label: str
    address: str
    title: str
    citation: str
    links: tuple[tuple[str, str, str | None], ...]
    people: str
    follow_ups: str
    claims: tuple[str, ...]
    bearings: tuple[BearingLine, ...]


@dataclass(frozen=True)
class LedgerPage:
    """All that the page of the ledger says."""

    summary: str
    asked: tuple[LedgerLine, ...]
    others: tuple[LedgerLine, ...]  # no comparison of this run asks for their figures


def ledger_page(run: Run) -> LedgerPage:
    """Return the page of what is awaited."""
    lines = [ledger_line(run, entry) for entry in ledger(run)]
    asked = tuple(line for line in lines if line.bearings)
    return LedgerPage(
        summary(len(lines), len(asked)),
        asked,
        tuple(line for line in lines if not line.bearings),
    )


def summary(awaited: int, asked: int) -> str:
    if not awaited:
        return "No source waits for its figures."
    return (
        f"{counted(awaited, 'source')} {verb(awaited, 'waits', 'wait')} for somebody to type the figures; "
        f"{asked} of them would answer a comparison."
    )


def ledger_line(run: Run, entry: Entry) -> LedgerLine:
    metadata = entry.dataset.metadata
    return LedgerLine(
        id=entry.dataset.id,
        anchor=f"source-{slug(entry.dataset.id)}",
        label=metadata.study.label or entry.dataset.id,
        address=f"datasets/{slug(entry.dataset.id)}.html",
        title=metadata.title,
        citation=metadata.source.citation,
        links=source_links(metadata.source),
        people=people(metadata.study.n_randomised),
        follow_ups=metadata.study.follow_ups or "",
        claims=entry.claims,
        bearings=tuple(bearing_line(run, bearing) for bearing in entry.bearings),
    )


def bearing_line(run: Run, bearing: Bearing) -> BearingLine:
    result = bearing.result
    return BearingLine(
        result.comparison.id,
        result.comparison.question,
        f"comparisons/{slug(result.comparison.id)}.html",
        wanted_words(run, result),
        OTHER_TIMES if bearing.other_times else expected_words(result, bearing.expected),
        bearing.claims,
    )


def wanted_words(run: Run, result: ComparisonResult) -> str:
    """Return which figures a comparison asks for: the outcome, its instruments, its times."""
    comparison, names = result.comparison, dict(run.labels.instruments)
    instruments = " or ".join(phrase(names, code) for code in comparison.instruments)
    return ", ".join(filter(None, [result.outcome_label, instruments, times_words(comparison)]))


def times_words(comparison: Comparison) -> str:
    if comparison.window_weeks is None:
        return ""
    low, high = comparison.window_weeks
    target = f", best near {plain(comparison.target_weeks)}" if comparison.target_weeks is not None else ""
    return f"{plain(low)} to {plain(high)} weeks{target}"


def expected_words(result: ComparisonResult, expected: Expected | None) -> str:
    """Return what figures are expected to do to the interval of an answer."""
    if expected is None:
        return NOT_KNOWN
    scale = scale_of(result)
    if expected.width_now is None:
        return f"a first interval, {width_words(scale, expected.width)}"
    moved = f"{width_words(scale, expected.width_now)} now, {width_words(scale, expected.width)} expected"
    return "; ".join([moved, *beside_width(expected)])


def alone_words(result: ComparisonResult, expected: Expected | None) -> str:
    """Return the same where the width of now is said once for all."""
    if expected is None or expected.width_now is None:
        return expected_words(result, expected)
    return "; ".join([width_words(scale_of(result), expected.width), *beside_width(expected)])


def beside_width(expected: Expected) -> list[str]:
    """Return what else is expected: that the interval widens at first, and the chance of a direction."""
    wider = [WIDER.format(k=expected.k)] if expected.width > expected.width_now else []
    chance = [] if expected.direction is None else [f"chance of a clear direction {chance_words(expected.direction)}"]
    return [*wider, *chance]


def chance_words(chance: float) -> str:
    """Return a chance in whole percent, never as certain."""
    if chance < 0.01:
        return "less than 1 %"
    return "more than 99 %" if chance > 0.99 else percent(100 * chance)


def width_words(scale: Scale, width: float) -> str:
    """Return the width of an interval: of a ratio, how many times the lower end the upper one is."""
    if scale.ratio:
        return f"upper end {ratio(scale.shown(width))} times the lower"
    return f"{scale.amount(width)} wide"


def together_words(result: ComparisonResult) -> str | None:
    """Return in a sentence what all awaited studies of a comparison would do together."""
    expected = result.all_awaited
    if expected is None:
        return None
    added = expected.k - (result.pooled.k if result.pooled else 0)
    return (
        f"Together, {counted(added, 'study', 'studies')} of known size with {people(expected.n)} people would give an "
        f"interval: {expected_words(result, expected)}; so long as studies differ no more than they do here."
    )


def claims_words(claims: tuple[str, ...]) -> str:
    return f"open {'claim' if len(claims) == 1 else 'claims'} {joined(claims)}" if claims else ""


@dataclass(frozen=True)
class AwaitedRow:
    """A study whose figures have not been seen, every cell as text."""

    label: str
    people: str
    citation: str
    expected: str
    address: str | None


@dataclass(frozen=True)
class AwaitedStudies:
    """The studies a comparison waits for, and what all of them would do to its answer."""

    rows: tuple[AwaitedRow, ...]
    together: str | None
    now: str | None  # how wide the interval is without them


def awaited_studies(result: ComparisonResult, places: Places) -> AwaitedStudies:
    """Return the studies that would answer the question once somebody types their figures."""
    rows = tuple(
        AwaitedRow(
            study.label,
            people(study.n_randomised),
            study.citation,
            OTHER_TIMES if study.other_times else alone_words(result, study.expected),
            places.study(study.study),
        )
        for study in result.awaited
    )
    known = [study.expected.width_now for study in result.awaited if study.expected and study.expected.width_now]
    now = f"The interval of the answer is {width_words(scale_of(result), known[0])} now." if known else None
    return AwaitedStudies(rows, together_words(result), now)
