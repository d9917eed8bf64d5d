"""Effects in clusters: generalised least squares whose cost grows with the rows, never with their square.

The variance of a cluster is diag(vi + within) + between 11'. By the Sherman-Morrison formula its inverse needs only
sums over the cluster: effects are split into the weighted mean of their cluster and the distance from it, and `between`
weighs the means alone. All sums are of positive terms.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.models.design import ModelError, orthonormal
from analysis.pooling.batch import Array, Indices


@dataclass(frozen=True)
class Clusters:
    """Rows ordered by cluster, shifted and scaled so that the smallest variance is 1.

    Args:
        yi, vi: Shape (n,).
        basis: Shape (n, p), orthonormal columns, the intercept among them.
        triangle: Shape (p, p); the columns of the model are basis @ triangle.
        starts: First row of each cluster, shape (m,).
        owner: Cluster of each row, shape (n,).
        unit, shift: What the variances were divided by, and what was taken from the effects.
    """

    yi: Array
    vi: Array
    basis: Array
    triangle: Array
    starts: Indices
    owner: Indices
    unit: float
    shift: float

    @property
    def m(self) -> int:
        """Return the number of clusters."""
        return len(self.starts)

    @property
    def p(self) -> int:
        """Return the number of coefficients."""
        return self.basis.shape[1]

    @property
    def sizes(self) -> Indices:
        """Return the rows of each cluster, shape (m,)."""
        return np.diff(np.append(self.starts, len(self.yi)))

    def sums(self, rows: Array) -> Array:
        """Add up the rows of each cluster; any further axis is kept."""
        return np.add.reduceat(rows, self.starts, axis=0)


@dataclass(frozen=True)
class Centred:
    """Basis and effects around their weighted cluster means, at one `within`.

    Args:
        weights: 1 / (vi + within), shape (n,).
        total: Their sum in each cluster, shape (m,).
        means: Cluster means of basis and effects, shape (m, p + 1).
        distances: What is left, shape (n, p + 1).
        inside: distances' W distances, shape (p + 1, p + 1).
    """

    clusters: Clusters
    weights: Array
    total: Array
    means: Array
    distances: Array
    inside: Array


@dataclass(frozen=True)
class ClusterFit:
    """Generalised least squares at (between, within), in scaled units.

    Args:
        shrink: 1 / (1 + between total), shape (m,).
        inverse: Covariance of the coefficients of the basis, shape (p, p).
        coefficients: Of the basis, shape (p,).
    """

    centred: Centred
    between: float
    shrink: Array
    inverse: Array
    coefficients: Array
    q: float

    def log_likelihood(self, restricted: bool) -> float:
        """Return the log-likelihood in scaled units up to a constant."""
        log_determinant = np.log1p(self.between * self.centred.total).sum() - np.log(self.centred.weights).sum()
        penalty = -np.linalg.slogdet(self.inverse)[1] if restricted else 0.0
        return -0.5 * float(log_determinant + self.q + penalty)

    def solve(self, distances: Array, means: Array) -> Array:
        """Return the inverse variance times columns given by their distances and cluster means, shape (n, ...)."""
        owner, shape = self.centred.clusters.owner, (-1,) + (1,) * (means.ndim - 1)
        lifted = (self.shrink.reshape(shape) * means)[owner]
        return self.centred.weights.reshape(shape) * (distances + lifted)


def make_clusters(yi: Array, vi: Array, cluster: ArrayLike, moderators: Array) -> Clusters:
    """Put rows in clusters.

    Args:
        yi, vi: Effects and variances, shape (n,).
        cluster: A label a row.
        moderators: Shape (m, n), finite.

    Raises:
        ModelError: Clusters that cannot tell between from within, or moderators that say the same.
    """
    labels = np.asarray(cluster)
    if labels.shape != yi.shape:
        raise ModelError(f"Each row needs the label of its cluster; there are {labels.size} labels and {len(yi)} rows")
    _, member = np.unique(labels, return_inverse=True)
    order = np.argsort(member, kind="stable")
    starts = np.flatnonzero(np.diff(member[order], prepend=-1))
    columns = np.vstack((np.ones(len(yi)), moderators)).T
    check_clusters(len(yi), len(starts), columns.shape[1])
    basis, triangle = orthonormal(columns[order])
    unit, shift = float(vi.min()), float(yi[0])
    return Clusters((yi[order] - shift) / np.sqrt(unit), vi[order] / unit, basis, triangle, starts, member[order], unit,
                    shift)


def check_clusters(n: int, m: int, p: int) -> None:
    """Refuse rows from which variance between and within clusters cannot be told apart."""
    if m <= p:
        raise ModelError(f"A multilevel model of {p} coefficient{'s' if p > 1 else ''} needs at least {p + 1} "
                         f"clusters; there {'is 1' if m == 1 else f'are {m}'}")
    if n == m:
        raise ModelError("Every cluster has one row, so there is nothing to split; use --model random")
    if n <= p + 1:
        raise ModelError(f"A multilevel model of {p} coefficients needs at least {p + 2} rows; there are {n}")


def centre(clusters: Clusters, within: float) -> Centred:
    """Split basis and effects into cluster means and distances, with weights 1 / (vi + within).

    The means are taken twice, so that distances round by their own size and not by that of the effects.
    """
    weights = 1 / (clusters.vi + within)
    total = clusters.sums(weights)
    columns = np.column_stack((clusters.basis, clusters.yi))
    means = clusters.sums(weights[:, None] * columns) / total[:, None]
    distances = columns - means[clusters.owner]
    left = clusters.sums(weights[:, None] * distances) / total[:, None]
    means, distances = means + left, distances - left[clusters.owner]
    return Centred(clusters, weights, total, means, distances, cross(weights[:, None] * distances, distances))


def fit_clusters(centred: Centred, between: float) -> ClusterFit:
    """Fit by generalised least squares; the work grows with the clusters only."""
    p = centred.clusters.p
    shrink = 1 / (1 + between * centred.total)
    gram = centred.inside + cross((centred.total * shrink)[:, None] * centred.means, centred.means)
    inverse = np.linalg.inv(gram[:p, :p])
    coefficients = inverse @ gram[:p, p]
    direction = np.append(-coefficients, 1.0)
    around, apart = centred.means @ direction, centred.distances @ direction
    q = float((centred.total * shrink * around**2).sum() + (centred.weights * apart**2).sum())
    return ClusterFit(centred, between, shrink, inverse, coefficients, q)


def cross(left: Array, right: Array) -> Array:
    """Return left' right of a few long columns; the threads of a matrix product would cost more than they save."""
    return np.einsum("na,nb->ab", left, right)
