"""The prediction interval of Higgins, Thompson and Spiegelhalter against R, and where there is none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from analysis.pooling import hts_prediction_interval
from flows.commands.pool import command

CASES = json.loads((Path(__file__).parent / "reference" / "metafor" / "prediction_hts.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['method']}")
def test_the_interval_is_that_of_r(case):
    """metafor 3.8-1 for the fit, R's qt for the quantile: 1e-8 relative."""
    found = hts_prediction_interval(case["yi"], case["vi"], tau2=case["method"], level=case["level"])
    assert_allclose((found.low, found.high), (case["low"], case["high"]), rtol=1e-8)


def test_two_studies_and_a_common_effect_predict_nothing():
    assert hts_prediction_interval([0.1, 0.5], [0.1, 0.2]) is None
    assert hts_prediction_interval([0.1, 0.5, 0.3], [0.1, 0.2, 0.1], tau2="FE") is None


def test_the_command_gives_it_by_name(tmp_path):
    path, case = tmp_path / "effects.csv", CASES[0]
    rows = [f"{y!r},{v!r}" for y, v in zip(case["yi"], case["vi"], strict=True)]
    path.write_text("\n".join(["yi,vi", *rows]))
    result = CliRunner().invoke(command, [str(path), "--prediction-hts", "--json"])
    found = json.loads(result.output)["analyses"][0]["prediction_hts"]
    assert_allclose((found["low"], found["high"]), (case["low"], case["high"]), rtol=1e-8)
    assert "by t on 11 degrees of freedom" in CliRunner().invoke(command, [str(path), "--prediction-hts"]).output
