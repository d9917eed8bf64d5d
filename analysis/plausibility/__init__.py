"""Figures that are possible and yet look wrong: told with the figure, never changed and never refused."""

from analysis.plausibility.warnings import WARNINGS, Place, find_doubts, mark_doubts, places_of, sentence

__all__ = ["WARNINGS", "Place", "find_doubts", "mark_doubts", "places_of", "sentence"]
