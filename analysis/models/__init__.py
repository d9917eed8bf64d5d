"""Models beyond one mean."""

from analysis.models.meta_regression import ModelError, Regression, regress

__all__ = ["ModelError", "Regression", "regress"]
