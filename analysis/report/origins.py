"""Where a change came from, cell by cell and line by line, each with its address."""

from dataclasses import dataclass

from analysis.report.links import SUMMARIES, Places, names_of, slug
from analysis.results import Change, Origin, Run, SourceRef

MOST = 12  # places that are shown of one change; all are in results.json
WHOLE = ("dataset-added", "dataset-removed")  # every line of it: the page of the source has them
LONGEST = 90  # characters of a cell or line that are shown; all of it is in results.json
NOTHING = {True: "empty", False: "not said"}  # of a cell, of a key


@dataclass(frozen=True)
class OriginLine:
    """One place that a change came from; the address is from the site's root, None when it stands on no page."""

    text: str
    address: str | None


def origin_lines(run: Run, places: Places, change: Change) -> tuple[OriginLine, ...]:
    """Return where a change came from, in the order of files and lines; of a whole source nothing."""
    if change.what in WHOLE:
        return ()
    if change.what in ("number-moved", "model-moved"):
        return (OriginLine(f"The same in both runs: {', '.join(map(fingerprint, change.origins))}", None),)
    names = names_of(run)
    return tuple(OriginLine(origin_words(names, one), address_of(places, one)) for one in change.origins)


def fingerprint(origin: Origin) -> str:
    return f"{origin.file} {origin.new}"


def origin_words(labels: dict[str, str], origin: Origin) -> str:
    """Return a place with what stood and what stands there."""
    table = origin.file.removesuffix(".csv")
    line = f" line {origin.line}" if origin.line is not None else ""
    place = f"{table}, summary {origin.line}" if table in SUMMARIES else f"{origin.file}{line}"
    column = f", {origin.column}" if origin.column else ""
    source = f"{labels.get(origin.dataset, origin.dataset)}, " if origin.dataset else ""
    note = f"; {origin.note}" if origin.note else ""
    return f"{source}{place}{column}: {values(origin)}{note}"


def values(origin: Origin) -> str:
    """Return old and new; of a whole line, whether it came or went."""
    if origin.line is not None and origin.column is None:
        came = origin.old is None
        return f"{'added' if came else 'removed'}: {shortened(origin.new if came else origin.old)}"
    nothing = NOTHING[origin.dataset is not None]
    return " → ".join(nothing if text is None else shortened(text) for text in (origin.old, origin.new))


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def address_of(places: Places, origin: Origin) -> str | None:
    """Return where a cell or line stands in this report; of a line that went, the page of its source."""
    if origin.dataset not in places.tables:
        return None
    page = f"datasets/{slug(origin.dataset)}.html"
    if origin.line is None or (origin.column is None and origin.new is None):
        return page
    ref = SourceRef(origin.dataset, origin.file.removesuffix(".csv"), origin.line, "", "")
    return f"{page}#{places.anchor(ref)}"
