"""A row of a source to texts of the contract's kinds, by field; every cell that cannot be read is a fault."""

from collections.abc import Mapping
from decimal import Decimal
from math import exp, sqrt

from analysis.evidence.cells import CellError, found, read_cell
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import ARMS, CONTRASTS, DESIGNS, Column
from analysis.faults import Fault
from analysis.importing.fields import PERCENT, SIDES
from analysis.importing.numerals import Style, read_figure, read_p
from analysis.importing.parts import LEVEL, form_of, level_in
from analysis.importing.source import SourceRow, SourceTable
from analysis.results import RATIOS

EXTRA = {
    "year": Column("year", "integer", "The year of publication", low=1800, high=2200),
    "design": Column("design", "choice", "The design of the study", choices=DESIGNS),
    "events_free": Column("events_free", "integer", "People without the event", low=0),
    PERCENT: Column(PERCENT, "number", "Those with the event of a hundred", low=0, high=100),
    "yi": Column("yi", "number", "The effect, of a ratio its logarithm"),
    "giv": Column("giv", "number", "The effect as RevMan Web keeps it"),
    "vi": Column("vi", "number", "The variance of the effect", low=0, open_low=True),
    "o_minus_e": Column("o_minus_e", "number", "Observed less expected events"),
    "o_minus_e_variance": Column("o_minus_e_variance", "number", "Its variance", low=0, open_low=True),
}
PLAIN_TEXT = Column("", "text", "Text")
INTERVAL = form_of("ci_low to ci_high")
LARGEST_LOG = 700.0  # e to more is no number that a paper could print


def column_of(field: str) -> Column:
    """Return the contract's column of a field, whatever its side; plain text where it has none."""
    name = field.rpartition(".")[2]
    return EXTRA.get(name) or ARMS.column(name) or CONTRASTS.column(name) or PLAIN_TEXT


def is_figure(field: str) -> bool:
    return column_of(field).kind in ("number", "integer", "p_value")


def figures_in(table: SourceTable, fields: Mapping[str, int]) -> list[str]:
    """Return the text of every cell that is to be a figure and was kept as text."""
    places = [index for field, index in fields.items() if is_figure(field) and field != "year"]
    return [row.cells[index].text for row in table.rows for index in places if not row.cells[index].typed]


def read_values(
    row: SourceRow, columns: tuple[str, ...], fields: Mapping[str, int], style: Style, codebook: Codebook
) -> tuple[dict[str, str], list[Fault]]:
    """Return the filled cells of a row by field, and a fault for each that is not allowed."""
    values, faults = {}, []
    for field, index in fields.items():
        try:
            text = read_one(row, index, field, style, codebook)
        except CellError as error:
            faults.append(row.fault(error.found, error.allowed, columns[index]))
            continue
        if text:
            values[field] = text
    return values, faults


def read_one(row: SourceRow, index: int, field: str, style: Style, codebook: Codebook) -> str:
    """Return one cell as the contract writes it; empty where it is missing.

    Raises:
        CellError: What was found and what is allowed.
    """
    cell, column = row.cells[index], column_of(field)
    if cell.problem:
        raise CellError(*cell.problem)
    if cell.spans and is_figure(field):
        raise CellError(f"{found(cell.text)} in a merged cell", "A figure stands in one cell: part the merged cells")
    if cell.typed:
        text = cell.text
    elif column.kind == "p_value":
        text = read_p(cell.text, style)
    elif is_figure(field):
        text = read_figure(cell.text, style, column.kind == "integer") if cell.text else ""
    else:
        text = one_line(cell.text, style)
    kind = PLAIN_TEXT if column.kind == "code" else column  # codes are looked up among the words that a person named
    if text or not column.required:
        read_cell(kind, text, codebook)
    return text


def one_line(text: str, style: Style) -> str:
    """Return text without line breaks; words that stand for missing are left as they are."""
    joined = " ".join(text.split())
    if "\n" in text:
        style.rewritten["a line break in a cell was read as a space"] += 1
    return "" if text == "NA" else joined


def add_free_events(values: dict[str, str], row: SourceRow) -> list[Fault]:
    """Put in how many people a group has, where the source gives those with and those without the event."""
    faults = []
    for side in ("", *(f"{side}." for side in SIDES)):
        free = values.pop(f"{side}events_free", None)
        if free is None or f"{side}events" not in values:
            continue
        whole = str(int(values[f"{side}events"]) + int(free))
        stated = values.setdefault(f"{side}n", whole)
        if stated != whole:
            found_ = f"{values[f'{side}events']} with the event and {free} without among {stated}"
            faults.append(row.fault(found_, "n is their sum"))
        add_note(values, f"n is {values[f'{side}events']} with the event and {free} without", f"{side}note")
    return faults


def check_percents(values: dict[str, str], row: SourceRow, style: Style) -> list[Fault]:
    """Return a fault for each percentage that is not that of the count beside it, as far as it is printed."""
    faults = []
    for side in ("", *(f"{side}." for side in SIDES)):
        percent = values.pop(f"{side}{PERCENT}", None)
        events, n = values.get(f"{side}events"), values.get(f"{side}n")
        if percent is None:
            continue
        if events is None:
            faults.append(row.fault(f"{percent} % of people", "A percentage has its count beside it, which is read"))
        elif n is None or int(n) == 0:
            style.rewritten["a percentage was not checked, because n is not in its row"] += 1
        elif abs(Decimal(events) * 100 / Decimal(n) - Decimal(percent)) > half_a_digit(percent):
            found_ = f"{events} of {n} with {percent} % beside it, where it is {100 * int(events) / int(n):.3g} %"
            allowed = "A count and its percentage agree; if the paper prints both, keep the count and say it in note"
            faults.append(row.fault(found_, allowed))
    return faults


def half_a_digit(text: str) -> Decimal:
    """Return by how much a figure may differ from what it was rounded from."""
    return Decimal(5).scaleb(min(Decimal(text).as_tuple().exponent, 0) - 1)


def add_interval(values: dict[str, str], row: SourceRow, style: Style) -> list[Fault]:
    """Put in place the ends of an interval that stands in one cell, such as 1.2 to 3.4."""
    text = values.pop("interval", None)
    if text is None:
        return []
    ends = INTERVAL.pieces(text.strip("[]() "))
    stated = LEVEL.search(text)
    try:
        low, high = (read_figure(end, style, whole=False) for end in ends) if ends else ("", "")
    except CellError:
        low = high = ""
    if not low or not high:
        allowed = "Its ends are parted by to or a semicolon: 1.2 to 3.4"
        fix = "If a dash parts them, say so with --map 'COLUMN=ci_low - ci_high'"
        return [row.fault(f"{found(text)} as an interval", allowed, fix=fix)]
    values |= {"ci_low": low, "ci_high": high}
    if stated:
        values.setdefault("level", level_in(stated))
    return []


def add_effect(values: dict[str, str], row: SourceRow, measure: str, scale: str | None) -> list[Fault]:
    """Put the effect and its standard error in place as the contract has them: a ratio as a ratio."""
    ratio = measure in RATIOS
    if "giv" in values:
        key = "yi" if not ratio or scale == "log" else "estimate"
        values[key] = values.pop("giv")
    if "o_minus_e" in values and "o_minus_e_variance" in values:
        difference, variance = float(values.pop("o_minus_e")), float(values.pop("o_minus_e_variance"))
        values |= {"yi": repr(difference / variance), "se": repr(1 / sqrt(variance))}
        add_note(values, f"from observed less expected {difference:g} and its variance {variance:g}")
    if "vi" in values:
        add_note(values, f"se is the square root of vi, {values['vi']}")
        values["se"] = repr(sqrt(float(values.pop("vi"))))
    if "yi" not in values:
        return []
    effect = values.pop("yi")
    if ratio and abs(float(effect)) > LARGEST_LOG:
        return [row.fault(found(effect), "It is the logarithm of a ratio that a paper could print")]
    if ratio:
        add_note(values, f"estimate is e to the {effect}")
    values["estimate"] = repr(exp(float(effect))) if ratio else effect
    return []


def add_note(values: dict[str, str], words: str, key: str = "note") -> None:
    values[key] = "; ".join(filter(None, (values.get(key), words)))
