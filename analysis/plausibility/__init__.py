"""Figures that are possible and yet look wrong: told with the figure, never changed and never refused."""

from analysis.plausibility.warnings import WARNINGS, find_doubts, mark_doubts, sentence

__all__ = ["WARNINGS", "find_doubts", "mark_doubts", "sentence"]
