"""Rows of papers turned into effects and sampling variances."""
