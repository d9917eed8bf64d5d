"""The picture of every set of studies, as an SVG file. Alone in its file because the templates take long to load."""

from pathlib import Path

from analysis.effects import MEASURES
from analysis.forms.standing import standing_svg
from analysis.report.gosh_plot import COLUMNS, ROWS, Cells, gosh_plot, sets_sentence
from analysis.robustness.gosh import Gosh, tally


def write_gosh(path: Path, found: Gosh, measure: str | None) -> None:
    """Draw the pools of sets of studies."""
    counts, across, _ = tally(found, COLUMNS, ROWS)
    cells = Cells(counts.tolist(), float(across[0]), float(across[-1]))
    known = MEASURES.get(measure or "")
    drawing = gosh_plot(cells, known.label if known else "effect", bool(known and known.ratio),
                        sets_sentence(found.sets, found.every))
    path.write_text(standing_svg(drawing), encoding="utf-8")
