"""The results document is the same text for the same run, and gives the same run back."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.document import from_json, to_json
from analysis.faults import InputError
from analysis.results import Effect
from tests.invented_run import invented_effect, invented_run


def test_a_run_goes_to_json_and_back_unchanged():
    run = invented_run()
    assert from_json(to_json(run)) == run
    assert to_json(from_json(to_json(run))) == to_json(run)


@given(st.floats(allow_nan=False, allow_infinity=False), st.text())
def test_floats_come_back_to_the_last_bit_and_text_letter_by_letter(number, text):
    effect = dataclasses.replace(invented_effect("a", number), label=text)
    again = from_json(to_json(effect), Effect)
    assert again.yi.hex() == effect.yi.hex()
    assert again == effect


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_has_not_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        to_json(invented_effect("a", number))


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"id": 1}'])
def test_a_text_that_is_no_results_document_is_an_error_of_input(text):
    with pytest.raises(InputError, match="the stored Run"):
        from_json(text)
