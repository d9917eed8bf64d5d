"""First and second derivatives of the likelihood of two variance components, in one pass over the rows."""

from dataclasses import dataclass

import numpy as np

from analysis.models.clusters import ClusterFit, cross
from analysis.pooling.batch import Array


@dataclass(frozen=True)
class Slopes:
    """Derivatives of the log-likelihood by (between, within).

    Args:
        score: Shape (2,).
        hessian: Shape (2, 2).
        information: Expected, shape (2, 2).
    """

    score: Array
    hessian: Array
    information: Array


@dataclass(frozen=True)
class Pulled:
    """W, the inverse variance, times basis and residuals, and both summed over clusters.

    Args:
        basis: W X, shape (n, p).
        residuals: W (y - X b) = P y, shape (n,).
        basis_sums: Z'W X, shape (m, p), Z the membership of rows in clusters.
        residual_sums: Z'P y, shape (m,).
    """

    basis: Array
    residuals: Array
    basis_sums: Array
    residual_sums: Array


def pull(fit: ClusterFit) -> Pulled:
    """Return W times basis and residuals."""
    centred, p = fit.centred, fit.centred.clusters.p
    direction = np.append(-fit.coefficients, 1.0)
    apart, around = centred.distances @ direction, centred.means @ direction
    lifted = centred.total * fit.shrink
    return Pulled(fit.solve(centred.distances[:, :p], centred.means[:, :p]), fit.solve(apart, around),
                  lifted[:, None] * centred.means[:, :p], lifted * around)


def slopes(fit: ClusterFit, restricted: bool) -> Slopes:
    """Return score, Hessian and expected information of the log-likelihood, restricted or full.

    With K the derivative of the variance by a component: score (y'PKPy - tr PK) / 2, information tr PKPK / 2, Hessian
    tr PKPK / 2 - y'PKPKPy; the full likelihood has W in place of P inside the traces.

    Source:
        Harville 1977, Journal of the American Statistical Association 72:320; held to dense matrices in the tests.
    """
    pulled = pull(fit)
    first, second = traces(fit)
    if restricted:
        first, second = projected(fit, pulled, first, second)
    squares = np.array([(pulled.residual_sums**2).sum(), (pulled.residuals**2).sum()])
    return Slopes((squares - first) / 2, second / 2 - curvature(fit, pulled), second / 2)


def traces(fit: ClusterFit) -> tuple[Array, Array]:
    """Return tr WK, shape (2,), and tr WKWK, shape (2, 2)."""
    clusters, weights, total, shrink = fit.centred.clusters, fit.centred.weights, fit.centred.total, fit.shrink
    squares, cubes = clusters.sums(weights**2), clusters.sums(weights * weights * weights)
    taken = fit.between * shrink
    first = np.array([(total * shrink).sum(), weights.sum() - (taken * squares).sum()])
    both = float((shrink**2 * squares).sum())
    within = float((squares - 2 * taken * cubes + (taken * squares) ** 2).sum())
    return first, np.array([[((total * shrink) ** 2).sum(), both], [both, within]])


def projected(fit: ClusterFit, pulled: Pulled, first: Array, second: Array) -> tuple[Array, Array]:
    """Return tr PK and tr PKPK from tr WK and tr WKWK: P = W - W X A X'W."""
    basis, sums, inverse = pulled.basis, pulled.basis_sums, fit.inverse
    once = [inverse @ cross(sums, sums), inverse @ cross(basis, basis)]
    again, again_sums = solve_columns(fit, basis)
    lifted = fit.centred.total * fit.shrink
    both = cross(sums, again_sums)
    twice = [[cross(lifted[:, None] * sums, sums), both], [both.T, cross(basis, again)]]
    first = first - np.array([np.trace(one) for one in once])
    less = [[np.trace(once[a] @ once[b]) - 2 * np.trace(inverse @ twice[a][b]) for b in (0, 1)] for a in (0, 1)]
    return first, second + np.array(less)


def curvature(fit: ClusterFit, pulled: Pulled) -> Array:
    """Return y'PKPKPy, shape (2, 2), by the two vectors KPy."""
    owner = fit.centred.clusters.owner
    vectors = np.column_stack((pulled.residual_sums[owner], pulled.residuals))
    solved, _ = solve_columns(fit, vectors)
    lean = cross(pulled.basis, vectors)
    return cross(vectors, solved) - lean.T @ fit.inverse @ lean


def solve_columns(fit: ClusterFit, columns: Array) -> tuple[Array, Array]:
    """Return W times columns, shape (n, c), and its sums over clusters, shape (m, c)."""
    centred = fit.centred
    means = centred.clusters.sums(centred.weights[:, None] * columns) / centred.total[:, None]
    solved = fit.solve(columns - means[centred.clusters.owner], means)
    return solved, (centred.total * fit.shrink)[:, None] * means
