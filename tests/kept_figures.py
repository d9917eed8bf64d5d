"""The figures of which a copy is kept beside the whole page of the BCG trials: where each stands."""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.report import render
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import invented_run
from tests.invented_judgements import judged_review, judged_run
from tests.model_runs import model_runs

FOLDER = Path(__file__).parent / "reference" / "figures"
FIGURES = {  # the name of the figure -> the run, the page and the id of its drawing
    "strip": ("bcg", "index.html", "strip-bcg-vs-none"),
    "flow": ("bcg", "prisma.html", "flow"),
    "evidence-map": ("invented", "claims.html", "map-broad"),
    "risk-of-bias-lights": ("judged", "comparisons/judged.html", "lights-rob2-broad"),
    "risk-of-bias-bars": ("judged", "comparisons/judged.html", "bars-rob2-broad"),
    "subgroups": ("groups", "comparisons/asked.html", "forest-wide"),
    "bubble": ("line", "comparisons/asked.html", "bubble-followup_weeks-broad"),
    "network": ("network", "networks/all.html", "network-broad"),
    "network-against-reference": ("network", "networks/all.html", "reference-broad"),
    "one-group-shares": ("share", "groups/one.html", "forest-wide"),
    "one-group-means": ("mean", "groups/one.html", "forest-narrow"),
}


def drawn_figures() -> dict[str, str]:
    """Return every figure as it is drawn now."""
    with TemporaryDirectory() as folder:
        runs = {"bcg": bcg_run(), "invented": invented_run(), "judged": judged_run(judged_review(Path(folder) / "j"))}
        runs |= model_runs(Path(folder) / "m")
    files = {name: render(run) for name, run in runs.items()}
    return {name: figure(files[run], page, drawing) for name, (run, page, drawing) in FIGURES.items()}


def figure(files: Mapping[str, bytes], page: str, drawing: str) -> str:
    """Return one drawing of a page."""
    for found in re.findall(r"<svg .*?</svg>\n", files[page].decode(), flags=re.DOTALL):
        if f'aria-labelledby="{drawing}-t ' in found:
            return found
    raise LookupError(f"{page} has no {drawing}")


def main() -> None:
    """Keep new copies, after looking at them: `python -m tests.kept_figures`."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawn_figures().items():
        (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
