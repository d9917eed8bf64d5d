"""The pinned answers of R metafor, read once for the tests."""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "reference" / "metafor"
TESTS_BY_METAFOR = {"z": "z", "knha": "hksj", "adhoc": "hksj-floor"}
NAMES_BY_METAFOR = {"I2": "i2", "H2": "h2", "Q": "q", "Q_pvalue": "q_p_value", "pvalue": "p_value"}


def read(name: str) -> dict:
    """Return one of the pinned files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def numbers(values: object) -> np.ndarray:
    """Return values as numbers, with NaN for null."""
    return np.atleast_1d(np.array(values, dtype=float))


UNIVARIATE = read("univariate.json")["cases"]
MODELS = read("models.json")["cases"]
EDGES = read("edge_cases.json")
TIGHT = read("tight.json")["cases"]
CORRELATIONS = read("correlations.json")
BCG = next(case for case in UNIVARIATE if case["id"] == "bcg-rr")
