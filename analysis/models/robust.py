"""Standard errors that hold even if the model of dependence within clusters is wrong: CR1, and CR2 for few clusters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.models.cluster_score import Pulled, pull
from analysis.models.clusters import ClusterFit
from analysis.models.design import ModelError
from analysis.pooling.batch import Array, Indices

MOST_CELLS = 2_000_000  # of the matrices taken at once by CR2
LARGEST_CLUSTER = 2_000  # rows; CR2 needs the cube of it
SMALLEST_EIGENVALUE = 1e-12  # relative; below it a cluster alone settles a coefficient


@dataclass(frozen=True)
class Robust:
    """A robust covariance of the coefficients of the model, in scaled units.

    Args:
        covariance: Shape (p, p).
        df: Degrees of freedom of each coefficient, shape (p,).
    """

    covariance: Array
    df: Array


def cr1(fit: ClusterFit, within: float) -> Robust:
    """Return the sandwich of cluster sums times m / (m - p), with t on m - p.

    Source:
        Hedges, Tipton and Johnson 2010, doi:10.1002/jrsm.5; metafor robust(), tests/reference/metafor/models.json.
    """
    clusters = fit.centred.clusters
    residuals = clusters.yi - clusters.basis @ fit.coefficients
    scores = clusters.sums(pull(fit).basis * residuals[:, None]) @ back_to_model(fit)
    free = clusters.m - clusters.p
    return Robust(scores.T @ scores * clusters.m / free, np.full(clusters.p, float(free)))


def cr2(fit: ClusterFit, within: float) -> Robust:
    """Return the bias-reduced sandwich with Satterthwaite degrees of freedom, the fitted model as working model.

    Residuals of cluster i are turned by A = L (L' M L)^-1/2 L', LL' the variance V of the cluster and M = V - X C X'
    that of its residuals, so that the sandwich is unbiased where the model holds.

    Raises:
        ModelError: A cluster of more than LARGEST_CLUSTER rows.

    Source:
        Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004; clubSandwich vcovCR(type = "CR2") and
        coef_test(test = "Satterthwaite"), tests/reference/metafor/multilevel.json.
    """
    largest = int(fit.centred.clusters.sizes.max())
    if largest > LARGEST_CLUSTER:
        raise ModelError(f"A cluster has {largest} rows; CR2 takes up to {LARGEST_CLUSTER}, CR1 any number")
    pulled = pull(fit)
    parts = [turned_scores(fit, pulled, within, rows) for rows in equal_clusters(fit)]
    scores, lengths, leans = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Robust(scores.T @ scores, satterthwaite(fit, lengths, leans))


def back_to_model(fit: ClusterFit) -> Array:
    """Return what takes scores of the basis to the coefficients of the model, shape (p, p)."""
    return fit.inverse @ np.linalg.inv(fit.centred.clusters.triangle).T


def equal_clusters(fit: ClusterFit) -> Iterator[Indices]:
    """Yield rows of clusters of one size, shape (clusters, size), few enough to be worked on at once."""
    clusters = fit.centred.clusters
    for size in np.unique(clusters.sizes):
        starts = clusters.starts[clusters.sizes == size]
        step = max(1, MOST_CELLS // int(size) ** 2)
        for first in range(0, len(starts), step):
            yield starts[first:first + step, None] + np.arange(size)


def turned_scores(fit: ClusterFit, pulled: Pulled, within: float, rows: Indices) -> tuple[Array, Array, Array]:
    """Return for clusters of one size their scores, and what Satterthwaite needs of them.

    Args:
        fit, pulled: The model, and its pulled basis.
        within: The variance within clusters, scaled.
        rows: Shape (g, s).

    Returns:
        Scores, shape (g, p); a'Va of each coefficient, shape (g, p); X'a, shape (g, p, p), the coefficient last.
    """
    clusters = fit.centred.clusters
    basis, spread = clusters.basis[rows], clusters.vi[rows] + within
    variance = spread[:, :, None] * np.eye(rows.shape[1]) + fit.between
    turn = turn_residuals(variance, variance - basis @ fit.inverse @ np.swapaxes(basis, 1, 2))
    arms = turn @ pulled.basis[rows] @ back_to_model(fit)
    residuals = clusters.yi[rows] - basis @ fit.coefficients
    lengths = (arms * (variance @ arms)).sum(1)
    return (arms * residuals[:, :, None]).sum(1), lengths, np.swapaxes(basis, 1, 2) @ arms


def turn_residuals(variance: Array, left: Array) -> Array:
    """Return A with A left A = variance, both of shape (g, s, s); where `left` is singular, by its other directions."""
    root = np.linalg.cholesky(variance)
    across = np.swapaxes(root, 1, 2)
    values, vectors = np.linalg.eigh(across @ left @ root)
    seen = values > SMALLEST_EIGENVALUE * np.max(values, axis=1, keepdims=True)
    powers = np.where(seen, 1 / np.sqrt(np.where(seen, values, 1.0)), 0.0)
    return root @ (vectors * powers[:, None, :]) @ np.swapaxes(vectors, 1, 2) @ across


def satterthwaite(fit: ClusterFit, lengths: Array, leans: Array) -> Array:
    """Return (sum G_ii)^2 / sum G_ij^2 of each coefficient, with G_ij = a_i'V a_j [i = j] - b_i'C b_j and b = X'a.

    Args:
        fit: The model; C is the covariance of its coefficients.
        lengths: a'Va, shape (m, p).
        leans: b, shape (m, p, p), the coefficient last.
    """
    own = np.einsum("mac,ab,mbc->mc", leans, fit.inverse, leans)
    crossed = np.einsum("mac,mbc->cab", leans, leans)
    mixed = np.einsum("ab,cbd->cad", fit.inverse, crossed)
    squares = ((lengths - own) ** 2 - own**2).sum(0) + np.einsum("cad,cda->c", mixed, mixed)
    return (lengths - own).sum(0) ** 2 / squares


ROBUST: dict[str, Callable[[ClusterFit, float], Robust]] = {"CR1": cr1, "CR2": cr2}
