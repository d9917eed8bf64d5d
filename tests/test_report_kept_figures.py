"""Figures that the kept page of the BCG trials does not hold are the kept copies, to the byte."""

import pytest

from tests.kept_figures import FIGURES, FOLDER, drawn_figures


@pytest.fixture(scope="module")
def drawn():
    return drawn_figures()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_its_kept_copy(drawn, name):
    """Renewed by `python -m tests.kept_figures`, after looking at it."""
    assert drawn[name] == (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def test_every_kept_copy_is_of_a_figure():
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(FIGURES)
