"""A prior that the protocol states: from CSV and TOML to R's numbers, to the page, and every fault of stating it."""

import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from analysis.bayes import PRIORS
from analysis.faults import InputError
from analysis.protocol import choices
from analysis.report.posterior import posterior_sentences
from tests.tables_as_reviews import asked, run_of, write_contrasts

FOLDER = Path(__file__).parent / "reference" / "bayes"
CASES = {case["id"]: case for case in json.loads((FOLDER / "quadrature.json").read_text(encoding="utf-8"))["cases"]}
MATTERS = '\nsmallest_important = 0.5\nsmallest_important_source = "Invented for the tests"'


def test_a_protocol_may_state_every_prior_that_there_is():
    assert set(choices.PRIORS) == set(PRIORS)


def stated(case):
    return f'prior = "{case["prior"]}"\nprior_scale = {case["scale"]}'


@pytest.mark.parametrize("name", ["schools-normal-flat", "bcg-normal-flat", "bcg-cauchy-flat"])
def test_medians_intervals_and_chances_are_those_of_r(tmp_path, name):
    """quadrature.json: R integrate and uniroot; the effects are typed as mean differences, lower being better."""
    case = CASES[name]
    write_contrasts(tmp_path, case["yi"], case["vi"])
    found = asked(tmp_path, stated(case) + (MATTERS if case["bound"] else "")).robustness.posterior
    for part, span in (("mu", found.average), ("new", found.new), ("tau", found.tau)):
        assert_allclose((span.median, span.low, span.high), case[part]["quantiles"], rtol=1e-7)
    average, new = case["below"]
    assert_allclose(found.important if case["bound"] else (found.good, found.good_in_new),
                    average if case["bound"] else (average, new), rtol=1e-7)  # fmt: skip


def test_the_page_says_the_chances_and_what_was_assumed(tmp_path):
    case = CASES["bcg-normal-flat"]
    write_contrasts(tmp_path, case["yi"], case["vi"])
    (result,) = run_of(tmp_path, stated(case) + MATTERS).comparisons
    chances, spans, assumed = posterior_sentences(result)
    assert "favours new is more than 99 %" in chances and "0.5 units or more" in chances and "88 %" in chances
    assert "−0.71" in spans and "−1.09 to −0.35" in spans
    assert assumed.startswith("Assumed: a half-normal distribution with scale 0.5")
    page = (tmp_path / "reports" / "comparisons" / "asked.html").read_text(encoding="utf-8")
    assert 'id="prior">With a stated prior' in page


def test_several_results_of_a_study_have_no_posterior(tmp_path):
    write_contrasts(tmp_path, [0.1, 0.4, 0.2], [0.04, 0.05, 0.03])
    assert asked(tmp_path, 'model = "multilevel"\n' + stated(CASES["bcg-normal-flat"])).within is not None
    result = asked(tmp_path, 'prior = "half-normal"\nprior_scale = 1')
    assert result.robustness.posterior is not None


@pytest.mark.parametrize(
    "keys, message",
    [
        pytest.param('prior = "half-normal"', "[comparison] prior_scale: it is missing. prior and prior_scale go "
                     "together.", id="a prior without its scale"),
        pytest.param("prior_scale = 1", "[comparison] prior: it is missing. prior and prior_scale go together.",
                     id="a scale without its prior"),
        pytest.param('prior = "half-norml"\nprior_scale = 1', "[comparison] prior: found 'half-norml'. Did you mean "
                     "'half-normal'? Use one of half-normal, half-cauchy.", id="an unknown prior"),
        pytest.param('prior = "half-normal"\nprior_scale = 0', "[comparison] prior_scale: found 0. Its scale, in units "
                     "of the effect; of ratios, of the logarithm: above 0.", id="a scale of nothing"),
    ],
)  # fmt: skip
def test_a_fault_of_a_prior_names_its_key(tmp_path, keys, message):
    write_contrasts(tmp_path, [0.1, 0.4], [0.04, 0.05])
    with pytest.raises(InputError) as caught:
        asked(tmp_path, keys)
    assert any(message in str(fault) for fault in caught.value.faults), caught.value.faults
