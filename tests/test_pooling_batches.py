"""What must not depend on company: small and large analyses in one batch, and where their likelihood is scanned."""

import numpy as np
import pytest

from analysis.pooling import PoolingError, pool, pool_batch
from analysis.pooling.batch import make_batch
from analysis.pooling.blocks import FEW_ROWS, ROWS_AT_ONCE, SMALL, make_blocks
from analysis.pooling.likelihood import FULL, RESTRICTED, log_likelihood, scan_score, slope
from analysis.pooling.weighting import weigh

LIKELIHOODS = pytest.mark.parametrize("method, likelihood", [("REML", RESTRICTED), ("ML", FULL)])


def invented(seed, sizes, ratio=100.0):
    """Return invented analyses of the given sizes, end to end; variances differ by a factor of up to `ratio`."""
    random = np.random.default_rng(seed)
    vi = np.exp(random.uniform(0, np.log(ratio), sum(sizes)))
    yi = random.normal(0, 1, len(vi)) * np.sqrt(vi) * random.choice([1.0, 3.0], len(vi))
    return yi, vi, np.cumsum(sizes) - sizes


@pytest.mark.parametrize("sizes", [
    pytest.param(np.array([3, 70, 1, 64, 65, 2, 9, 200, 9]), id="small and large by turns"),
    pytest.param(np.random.default_rng(3).integers(1, 90, 400), id="several blocks"),
])
def test_an_analysis_is_the_same_to_the_last_bit_in_any_company(sizes):
    yi, vi, starts = invented(1, sizes)
    batch = pool_batch(yi, vi, starts)
    for i in range(0, len(sizes), 7):
        rows = slice(starts[i], starts[i] + sizes[i])
        assert batch.pooled(i) == pool(yi[rows], vi[rows])


def test_blocks_hold_every_analysis_once_with_its_own_rows():
    sizes = np.random.default_rng(4).integers(1, 2 * SMALL, 3000)
    yi, vi, starts = invented(2, sizes)
    blocks = list(make_blocks(yi, vi, starts))
    analyses = np.concatenate([block.analyses for block in blocks])
    assert sorted(analyses) == list(range(len(sizes)))
    for block in blocks:
        expected = [np.arange(starts[i], starts[i] + sizes[i]) for i in block.analyses]
        rows = np.split(block.rows, np.cumsum(sizes[block.analyses])[:-1])
        assert all(np.array_equal(np.sort(own), row) for own, row in zip(rows, expected, strict=True))
        assert block.batch.yi.size <= max(ROWS_AT_ONCE, FEW_ROWS) + 2 * SMALL


def test_the_row_that_is_refused_is_named_as_it_came():
    sizes = np.array([70, 2, 3])
    yi, vi, starts = invented(3, sizes)
    yi[71] = 1e40
    with pytest.raises(PoolingError, match="Row 71: .*double precision"):
        pool_batch(yi, vi, starts)


@LIKELIHOODS
@pytest.mark.parametrize("ratio", [3.0, 100.0, 1e6, 1e12, 1e20])
def test_no_tau2_is_likelier_than_the_one_found(method, likelihood, ratio):
    sizes = np.tile([2, 3, 4, 6, 12], 60)
    yi, vi, starts = invented(5, sizes, ratio)
    batch, found = make_batch(yi, vi, starts), pool_batch(yi, vi, starts, tau2=method)
    best = log_likelihood(batch, likelihood, found.tau2 / batch.scale**2)
    for tau2 in np.concatenate(([0.0], np.geomspace(1e-3, 1e2 * ratio, 400))):
        height = log_likelihood(batch, likelihood, np.full(len(sizes), tau2))
        assert (height <= best + 1e-9 * (1 + np.abs(best))).all()


@LIKELIHOODS
@pytest.mark.parametrize("ratio", [3.0, 100.0, 1e6, 1e12, 1e20])
def test_past_the_last_place_of_the_scan_the_likelihood_turns_once_at_most(method, likelihood, ratio):
    sizes = np.tile([2, 3, 4, 6, 12], 200)
    batch = make_batch(*invented(6, sizes, ratio))
    scan = scan_score(batch, likelihood)
    last, bound = scan.places[scan.last, np.arange(len(sizes))], scan.places[-1]
    places = last + (bound - last) * np.linspace(0, 1, 200)[:, None]
    rising = np.array([slope(weigh(batch, tau2), likelihood) for tau2 in places]) > 0
    assert ((~rising[:-1] & rising[1:]).sum(0) == 0).all()


def test_variances_within_a_factor_of_two_need_no_scan():
    batch = make_batch(*invented(7, np.full(500, 8), 2.0))
    assert (scan_score(batch, RESTRICTED).last == 0).all()


def test_the_scan_takes_steps_of_a_third_of_the_logarithm_at_most():
    batch = make_batch(*invented(8, np.full(500, 8), 1e6))
    scan = scan_score(batch, RESTRICTED)
    seen = np.arange(1, len(scan.places))[:, None] <= scan.last
    steps = np.diff(np.log(scan.places + batch.smallest), axis=0)
    assert steps[seen].max() <= 1 / 3 + 1e-12
