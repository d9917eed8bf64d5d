"""Where the rows of a forest plot stand when they have headings and averages of their own."""

from dataclasses import dataclass

from analysis.report.forest_rows import ForestRow
from analysis.report.subgroups import Section
from analysis.results import Subgroup

HEADING = 26.0  # height of a heading


@dataclass(frozen=True)
class Placed:
    """A heading, a study, or the average of a subgroup, its row starting at y."""

    y: float
    content: str | ForestRow | Subgroup


def place_sections(
    sections: tuple[Section, ...], rows: list[ForestRow], height: float, y: float
) -> tuple[tuple[Placed, ...], float]:
    """Return what stands where from y on, and where the next row starts; rows are as high as `height`."""
    placed: list[Placed] = []
    for section in sections:
        if section.heading:
            placed.append(Placed(y, section.heading))
            y += HEADING
        below = [*(rows[place] for place in section.places), *([section.average] if section.average else [])]
        placed += [Placed(y + index * height, content) for index, content in enumerate(below)]
        y += len(below) * height
    return tuple(placed), y


def tops_of(placed: tuple[Placed, ...]) -> list[float]:
    """Return where every row with a mark starts."""
    return [one.y for one in placed if not isinstance(one.content, str)]
