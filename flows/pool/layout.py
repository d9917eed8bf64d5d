"""Numbers and columns as a terminal shows them."""

import math

Lines = list[str]


def aligned(rows: list[tuple[str, ...]]) -> Lines:
    """Return rows in columns: numbers to the right, the first column and words at the end to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [f"  {'  '.join(align(row, widths))}".rstrip() for row in rows]


def align(row: tuple[str, ...], widths: list[int]) -> Lines:
    """Return the cells of a row at their widths."""
    last = len(row) - 1
    return [cell.rjust(width) if 0 < i < last or (i == last and is_number(cell)) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))]


def is_number(cell: str) -> bool:
    """Say whether a cell holds a bare number."""
    return cell.replace(".", "", 1).removeprefix("-").isdigit()


def span(low: float | None, high: float | None) -> str:
    """Return an interval in words."""
    return f"{number(low)} to {number(high)}"


def number(value: float | None) -> str:
    """Return four significant digits, or nothing for what is not defined."""
    if value is None or math.isnan(value):
        return ""
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        return f"{value:.3e}"
    return f"{value:.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def exp(value: float) -> float:
    """Return the ratio of a logarithm, infinite where it is beyond double precision."""
    return math.inf if value >= 700 else math.exp(value)


def p_value(value: float | None) -> str:
    """Return a P value with three digits, bounded when very small."""
    if value is None or math.isnan(value):
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"
