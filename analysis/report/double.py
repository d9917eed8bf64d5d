"""What a source's page says of its two extractions: which values, how far they agree, how each difference ended."""

from dataclasses import dataclass

from analysis.report.wording import MISSING, counted, day, decimal, percent, significant, verb
from analysis.results import WHOLE_ROW, ColumnAgreement, Disagreement, DoubleExtraction


@dataclass(frozen=True)
class ColumnLine:
    """How far two extractions agree in one column, every cell as text."""

    name: str
    same: str
    kappa: str
    difference: str
    limits: str
    icc: str


@dataclass(frozen=True)
class DoublePart:
    """All that a page says of two extractions."""

    summary: str
    differences: tuple[str, ...]
    columns: tuple[ColumnLine, ...]


def double_part(double: DoubleExtraction | None) -> DoublePart | None:
    """Return what is said of the two extractions of a source; None where one person extracted it."""
    if double is None:
        return None
    return DoublePart(
        summary(double), tuple(map(difference_line, double.disagreements)), tuple(map(column_line, double.columns))
    )


def summary(double: DoubleExtraction) -> str:
    share = f" ({percent(100 * double.equal / double.cells)})" if double.cells else ""
    differ, left = len(double.disagreements), len(double.open)
    ends = f"{left} of {differ} {verb(left, 'is', 'are')} open" if differ else "none was found"
    return (
        f"Two people extracted this source on their own: {counted(double.rows, 'row')} in both, "
        f"{double.equal:,} of {counted(double.cells, 'cell')} the same{share}. Differences: {ends}."
    )


def difference_line(one: Disagreement) -> str:
    """Return one difference, and how it was resolved."""
    if one.column == WHOLE_ROW:
        side, line = ("first", one.line_a) if one.line_a is not None else ("second", one.line_b)
        told = f"{one.table}.csv line {line} of the {side} only: {one.row}"
    else:
        told = (
            f"{one.table}.csv, {one.row}, {one.column}: {one.a or 'empty'} (first, line {one.line_a}), "
            f"{one.b or 'empty'} (second, line {one.line_b})"
        )
    made = one.resolution
    if made is None:
        return f"{told}. Open."
    return f"{told}. Resolved: {made.value or 'empty'}. {made.reason} ({made.by}, {day(made.on)})"


def column_line(column: ColumnAgreement) -> ColumnLine:
    return ColumnLine(
        f"{column.table}, {column.column}",
        f"{column.equal:,} of {column.cells:,}",
        MISSING if column.kappa is None else decimal(column.kappa, 2),
        MISSING if column.mean_difference is None else significant(column.mean_difference),
        MISSING if column.low is None else f"{significant(column.low)} to {significant(column.high)}",
        MISSING if column.icc is None else decimal(column.icc, 3),
    )
