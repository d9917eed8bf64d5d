"""What must hold of effects whatever the figures: the sides, the units, the shift, the order of arms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.effects import MEASURES
from analysis.effects.dependent import combine_arms, combine_contrasts
from analysis.effects.measures import EVENTS, MEANS, PAIRED
from analysis.pooling import pool

OF_MEANS = pytest.mark.parametrize("measure", [name for name, one in MEASURES.items() if one.inputs == MEANS])
OF_EVENTS = pytest.mark.parametrize("measure", [name for name, one in MEASURES.items() if one.inputs == EVENTS])
OF_PAIRS = pytest.mark.parametrize("measure", [name for name, one in MEASURES.items() if one.inputs == PAIRED])
MEAN = st.floats(0.5, 80).map(lambda value: round(value, 2))
SD = st.floats(0.1, 30).map(lambda value: round(value, 2))
SIZE = st.integers(4, 200)
GROUP = st.tuples(MEAN, SD, SIZE)
COUNTS = SIZE.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
few = settings(max_examples=60, deadline=None)


def make(measure, *columns):
    """Make one effect."""
    return MEASURES[measure].make(*columns)


@OF_MEANS
@few
@given(one=GROUP, other=GROUP)
def test_swapping_the_sides_of_two_means_turns_the_sign(measure, one, other):
    plain, swapped = make(measure, *one, *other), make(measure, *other, *one)
    assert swapped.codes == plain.codes
    assert_allclose(swapped.yi, -plain.yi, rtol=1e-12, atol=1e-14)
    assert_allclose(swapped.vi, plain.vi, rtol=1e-12)


@OF_EVENTS
@few
@given(one=COUNTS, other=COUNTS)
def test_swapping_the_sides_of_a_table_turns_the_sign(measure, one, other):
    plain, swapped = make(measure, *one, *other), make(measure, *other, *one)
    assert swapped.codes == plain.codes
    assert_allclose(swapped.yi, -plain.yi, rtol=1e-9, atol=1e-12)
    assert_allclose(swapped.vi, plain.vi, rtol=1e-9)


@pytest.mark.parametrize("measure", ["OR", "RD", "PETO"])
@few
@given(one=COUNTS, other=COUNTS)
def test_counting_those_without_the_event_turns_the_sign(measure, one, other):
    without = [(n - a, n) for a, n in (one, other)]
    plain, turned = make(measure, *one, *other), make(measure, *without[0], *without[1])
    assert (plain.codes == ("",)) == (turned.codes == ("",))
    assert_allclose(turned.yi, -plain.yi, rtol=1e-9, atol=1e-12)
    assert_allclose(turned.vi, plain.vi, rtol=1e-9)


@OF_MEANS
@few
@given(one=GROUP, other=GROUP, unit=st.sampled_from([0.25, 8.0]))
def test_means_follow_their_unit_and_standardised_ones_do_not(measure, one, other, unit):
    plain = make(measure, *one, *other)
    scaled = make(measure, one[0] * unit, one[1] * unit, one[2], other[0] * unit, other[1] * unit, other[2])
    factor = unit if measure == "MD" else 1.0
    assert_allclose(scaled.yi, plain.yi * factor, rtol=1e-12, atol=1e-12)
    assert_allclose(scaled.vi, plain.vi * factor**2, rtol=1e-12)


@pytest.mark.parametrize("measure", ["MD", "SMD", "SMDH"])
@few
@given(one=GROUP, other=GROUP, shift=st.sampled_from([-100.0, 64.0]))
def test_a_shift_of_both_means_changes_no_difference(measure, one, other, shift):
    plain = make(measure, *one, *other)
    moved = make(measure, one[0] + shift, *one[1:], other[0] + shift, *other[1:])
    assert_allclose((moved.yi, moved.vi), (plain.yi, plain.vi), rtol=1e-9, atol=1e-9)


@OF_PAIRS
@few
@given(one=GROUP, other=GROUP, r=st.floats(-0.9, 0.9))
def test_swapping_the_times_of_a_change_turns_the_sign(measure, one, other, r):
    plain = make(measure, *one[:2], *other[:2], one[2], r)
    swapped = make(measure, *other[:2], *one[:2], one[2], r)
    assert_allclose(swapped.yi, -plain.yi, rtol=1e-12, atol=1e-14)
    assert_allclose(swapped.vi, plain.vi, rtol=1e-12)


@few
@given(counts=COUNTS)
def test_counting_the_others_mirrors_a_proportion(counts):
    had, n = counts
    plain, turned = make("PR", had, n), make("PR", n - had, n)
    assert_allclose((turned.yi, turned.vi), (1 - plain.yi, plain.vi), rtol=1e-12, atol=1e-15)
    assert_allclose(make("PLO", n - had, n).yi, -make("PLO", had, n).yi, rtol=1e-12, atol=1e-14)


@few
@given(arms=st.lists(GROUP, min_size=2, max_size=6), order=st.randoms(use_true_random=False))
def test_the_order_of_arms_does_not_matter(arms, order):
    shuffled = arms.copy()
    order.shuffle(shuffled)
    one, other = (combine_arms([n for *_, n in each], [m for m, *_ in each], [sd for _, sd, _ in each])
                  for each in (arms, shuffled))
    assert_allclose((one.n, one.mean, one.sd), (other.n, other.mean, other.sd), rtol=1e-10)


@few
@given(arms=st.lists(GROUP, min_size=1, max_size=6), control=GROUP, order=st.randoms(use_true_random=False))
def test_the_order_of_contrasts_with_one_control_does_not_matter(arms, control, order):
    shuffled = arms.copy()
    order.shuffle(shuffled)
    found = []
    for each in (arms, shuffled):
        made = [make("MD", *arm, *control).require() for arm in each]
        found.append(combine_contrasts([one.yi[0] for one in made], [one.vi[0] for one in made],
                                       [n for *_, n in each], control[2]))
    assert_allclose(found[0], found[1], rtol=1e-9, atol=1e-12)


@few
@given(arms=st.lists(GROUP, min_size=2, max_size=6), control=GROUP)
def test_contrasts_with_one_control_never_count_it_as_often_as_they_are(arms, control):
    """Pooled as if apart, they would claim a smaller variance than their covariance allows."""
    made = [make("MD", *arm, *control).require() for arm in arms]
    yi, vi = np.array([one.yi[0] for one in made]), np.array([one.vi[0] for one in made])
    mean, together = combine_contrasts(yi, vi, [n for *_, n in arms], control[2])
    assert yi.min() - 1e-9 <= mean <= yi.max() + 1e-9  # no weight is negative
    assert together <= vi.min() * (1 + 1e-12)
    assert together >= pool(yi, vi, tau2="FE", test="z").se ** 2 * (1 - 1e-12)
