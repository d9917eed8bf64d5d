"""Comparisons answered by workers: dealt into lots, held to one version, and the same to the last bit."""

import pickle
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.faults import TrochleaError
from analysis.plausibility import find_doubts, places_of
from flows.answering import answer, questions_of
from flows.command import trochlea
from flows.commands import run as run_command
from flows.material import read_material
from flows.review import Review
from flows.workers.equal import differences, made_here
from flows.workers.lots import FEWEST, LOTS_A_THREAD, MOST, cost_of, deal, in_order
from tests.reviews import REPOSITORY


@pytest.fixture(scope="module")
def asked():
    """Every comparison of the protocol of this repository."""
    material = read_material(Review(REPOSITORY / "data", Path("none"), Path("none")))
    return questions_of(material, places_of(find_doubts(material.evidence)))[0]


@pytest.fixture(scope="module")
def together(asked):
    return answer(asked)


@pytest.mark.parametrize("threads", [1, 2, 7, 64])
def test_every_question_is_in_one_lot_and_there_are_a_few_lots_a_thread(asked, threads):
    many = asked * 20
    lots = deal(many, threads)
    assert sorted(place for lot in lots for place in lot) == list(range(len(many)))
    assert len(lots) == min(threads * LOTS_A_THREAD, len(many) // FEWEST, MOST)


def test_lots_cost_about_the_same(asked):
    costs = [cost_of(one) for one in asked]
    weights = [sum(costs[place] for place in lot) for lot in deal(asked, 1)]
    assert max(weights) - min(weights) <= max(costs)


@pytest.mark.parametrize("count", [0, 1, FEWEST, FEWEST + 1])
def test_few_questions_are_one_lot(asked, count):
    assert [place for lot in deal(asked[:count], 8) for place in lot] == list(range(count))


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_answers_are_the_same_to_the_last_bit_however_questions_are_dealt(asked, together, data):
    owner = data.draw(st.lists(st.integers(0, 5), min_size=len(asked), max_size=len(asked)))
    lots = [tuple(place for place, lot in enumerate(owner) if lot == number) for number in sorted(set(owner))]
    apart = [answer(pickle.loads(pickle.dumps([asked[place] for place in lot]))) for lot in lots]
    assert repr(in_order(lots, apart)) == repr(together)


def test_nothing_differs_from_itself():
    assert differences(made_here(), made_here()) == []


@pytest.mark.parametrize("name", [name for name, _ in made_here()])
def test_whatever_may_move_a_number_is_named_with_both_of_its_values(name):
    there = tuple((one, "invented" if one == name else value) for one, value in made_here())
    assert differences(there, made_here()) == [f"{name} is invented, here it is {dict(made_here())[name]}"]


def test_what_is_missing_on_a_worker_is_named():
    assert [re.sub(r"it is .*", "it is X", one) for one in differences((), made_here()[1:2])] == [
        "python is missing, here it is X"
    ]


def test_without_dask_one_sentence_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(run_command, "find_spec", lambda name: None)
    with pytest.raises(TrochleaError) as refused:
        run_command.scheduler_of_this_run(None)
    assert str(refused.value) == (
        "Dask is not installed. In the folder of Trochlea: .venv/bin/uv pip install '.[dask]'"
    )


def test_a_scheduler_without_dask_is_a_contradiction():
    result = CliRunner().invoke(trochlea, ["run", "--scheduler", "127.0.0.1:8786"])
    assert result.exit_code == 2
    assert "--scheduler is of Dask. Add --runner dask." in result.output
