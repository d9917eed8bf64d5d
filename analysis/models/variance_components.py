"""The two variance components of a multilevel model: a scan for starts, then Newton's method held to what rises."""

from dataclasses import dataclass

import numpy as np

from analysis.models.cluster_score import Slopes, slopes
from analysis.models.clusters import ClusterFit, Clusters, centre, fit_clusters
from analysis.pooling.batch import Array

FEWEST, A_DECADE = 12, 3  # values of each component in the scan, 0 among them
MOST_STARTS = 8
MOST_STEPS = 100
MOST_HALVINGS = 40
STEP_TOLERANCE = 1e-10  # relative to a component + the smallest variance: free of units
FREE = (True, True)


@dataclass(frozen=True)
class Components:
    """The highest maximum found.

    Args:
        values: (between, within) in units of the smallest variance, exactly 0.0 at the boundary.
        log_likelihood: Up to a constant, scaled units.
        steps: Newton steps of the climb that won.
        converged: Whether its last step was below STEP_TOLERANCE.
        modes: Different maxima that the climbs reached.
    """

    values: Array
    log_likelihood: float
    steps: int
    converged: bool
    modes: int


def fit_at(clusters: Clusters, values: Array) -> ClusterFit:
    """Fit at (between, within)."""
    return fit_clusters(centre(clusters, float(values[1])), float(values[0]))


def maximise(clusters: Clusters, restricted: bool) -> Components:
    """Return the components of the highest (restricted) likelihood, from several starts of a scan."""
    climbs = [climb(clusters, start, restricted, FREE) for start in find_starts(clusters, restricted)]
    best = max(climbs, key=lambda one: one.log_likelihood)
    modes: list[Array] = []
    for one in climbs:
        if not any(np.allclose(one.values, other, rtol=1e-5, atol=1e-5) for other in modes):
            modes.append(one.values)
    return Components(best.values, best.log_likelihood, best.steps, best.converged, len(modes))


def find_starts(clusters: Clusters, restricted: bool) -> list[Array]:
    """Return the points of a grid that no neighbour overtops, at most MOST_STARTS of them, and two on its edges."""
    grid = scan_grid(clusters)
    height = np.full((len(grid) + 2, len(grid) + 2), -np.inf)
    for column, within in enumerate(grid):
        centred = centre(clusters, float(within))
        height[1:-1, column + 1] = [fit_clusters(centred, float(between)).log_likelihood(restricted)
                                    for between in grid]
    around = [np.roll(height, shift, (0, 1)) for shift in np.ndindex(3, 3)]
    tops = np.argwhere(height[1:-1, 1:-1] >= np.max([one[2:, 2:] for one in around], axis=0)).tolist()
    tops = sorted(tops, key=lambda place: -height[place[0] + 1, place[1] + 1])
    return [grid[place] for place in tops[:MOST_STARTS]] + edge_starts(clusters, grid, height[1:-1, 1:-1], restricted)


def edge_starts(clusters: Clusters, grid: Array, height: Array, restricted: bool) -> list[Array]:
    """Return the highest points with one component held at 0: a maximum there may stand too steeply for the grid."""
    highest = (np.array([grid[height[:, 0].argmax()], 0.0]), np.array([0.0, grid[height[0].argmax()]]))
    return [climb(clusters, start, restricted, free).values
            for start, free in zip(highest, ((True, False), (False, True)), strict=True)]


def scan_grid(clusters: Clusters) -> Array:
    """Return values from 0 to the largest squared residual, even in the logarithm of value + smallest variance."""
    residuals = clusters.yi - clusters.basis @ (clusters.basis.T @ clusters.yi)
    top = 1.0 + float((residuals**2).max())
    return np.geomspace(1.0, top, max(FEWEST, int(A_DECADE * np.log10(top)))) - 1


def climb(clusters: Clusters, start: Array, restricted: bool, free: tuple[bool, bool]) -> Components:
    """Climb from a start by Newton steps, halved until the likelihood does not fall, along the boundary where it holds.

    Args:
        clusters: The rows.
        start: (between, within), each at least 0.
        restricted: REML, else ML.
        free: Which components may move.
    """
    values, height = np.array(start, dtype=np.float64), fit_at(clusters, start).log_likelihood(restricted)
    for steps in range(1, MOST_STEPS + 1):
        slope = slopes(fit_at(clusters, values), restricted)
        moving = np.array(free) & ((values > 0) | (slope.score > 0))
        if not moving.any():
            return Components(values, height, steps, True, 1)
        proposal, risen, whole = step_up(clusters, values, height, newton_step(slope, moving), restricted)
        moved = np.abs(proposal - values)
        values, height = proposal, risen
        if whole and (moved <= STEP_TOLERANCE * (values + 1)).all():
            return Components(values, height, steps, True, 1)
    return Components(values, height, MOST_STEPS, False, 1)


def newton_step(slope: Slopes, moving: np.ndarray) -> Array:
    """Return the step of the moving components: by the Hessian where it falls off on all sides, else by information."""
    pick, step = np.ix_(moving, moving), np.zeros(2)
    for matrix in (-slope.hessian[pick], slope.information[pick], np.diag(np.diag(slope.information)[moving])):
        lowest, highest = np.linalg.eigvalsh(matrix)[[0, -1]]
        if lowest > 1e-12 * highest:
            step[moving] = np.linalg.solve(matrix, slope.score[moving])
            return step
    return step


def step_up(clusters: Clusters, values: Array, height: float, step: Array,
            restricted: bool) -> tuple[Array, float, bool]:
    """Return where a step leads, how high that is, and whether it was taken whole; halved while it leads down."""
    slack = 1e-13 * (len(clusters.yi) + abs(height))
    for halving in range(MOST_HALVINGS):
        proposal = np.maximum(values + step / 2**halving, 0.0)
        risen = fit_at(clusters, proposal).log_likelihood(restricted)
        if risen >= height - slack:
            return proposal, risen, halving == 0
    return values, height, True
