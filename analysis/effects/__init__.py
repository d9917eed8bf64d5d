"""Rows of papers turned into effects and sampling variances."""

from analysis.effects.derivations import DERIVATIONS
from analysis.effects.measures import MEASURES
from analysis.effects.sizes import REASONS, EffectError, EffectSizes

__all__ = ["DERIVATIONS", "MEASURES", "REASONS", "EffectError", "EffectSizes"]
