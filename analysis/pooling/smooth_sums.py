"""Weighted sums over the rows of one analysis at any tau2, for a cost that does not grow with its rows.

Each sum is a smooth function of u = log(1 + tau2 / v), v the smallest variance: as functions of a complex u they have
no pole nearer to the real line than pi. Between places WIDTH apart each is given by its polynomial through NODES
Chebyshev points. The error of that falls like rho ** -NODES, where (rho - 1 / rho) WIDTH / 4 = pi: it is below the
rounding of the sums.

Source:
    Trefethen 2013, Approximation Theory and Approximation Practice, theorem 8.2 (doi:10.1137/1.9781611975949).
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.pooling.batch import Array

WIDTH = 0.75
NODES = 14  # rho is 16.8, so 1e-17
POINTS = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
SUMS = 10  # of w, w^2, w^3; the same times y; the same times y^2; log w


@dataclass(frozen=True)
class At:
    """The sums at b values of tau2, each of shape (b,); y is measured from `centre`.

    Args:
        centre: What was taken from the effects, near their weighted mean, so that nothing is lost in the squares.
        w, wy, wyy: For power p the sum of w ** p times 1, y, y ** 2 at index p - 1; shape (3, b).
        logs: Sum of log w.
    """

    centre: Array
    w: Array
    wy: Array
    wyy: Array
    logs: Array


@dataclass(frozen=True)
class Piece:
    """Polynomials of all sums over one stretch of u: the Chebyshev coefficients, shape (SUMS, NODES)."""

    centre: float
    coefficients: Array


@dataclass(frozen=True)
class SmoothSums:
    """Sums of w = 1 / (vi + tau2) over rows.

    Args:
        yi, vi: The rows, shape (n,).
        smallest: A bound that no vi is below.
        pieces: Those made so far.
    """

    yi: Array
    vi: Array
    smallest: float
    pieces: dict[int, Piece] = field(default_factory=dict)

    def at(self, tau2: Array) -> At:
        """Return the sums at each tau2, shape (b,), each >= 0."""
        place = np.log1p(tau2 / self.smallest) / WIDTH
        index = np.floor(place).astype(np.intp)
        values, centre = np.empty((SUMS, len(tau2))), np.empty(len(tau2))
        for number in np.unique(index):
            here = np.flatnonzero(index == number)
            piece = self.piece(int(number))
            values[:, here] = piece.coefficients @ chebyshev(2 * (place[here] - number) - 1)
            centre[here] = piece.centre
        return At(centre, values[0:3], values[3:6], values[6:9], values[9])

    def piece(self, number: int) -> Piece:
        """Return the polynomials from u = WIDTH number to the next."""
        if number not in self.pieces:
            self.pieces[number] = self.make_piece(WIDTH * number)
        return self.pieces[number]

    def make_piece(self, low: float) -> Piece:
        """Fit the polynomials from u = low on."""
        places = self.smallest * np.expm1(low + WIDTH * (POINTS + 1) / 2)
        weights = 1 / (self.vi + places[NODES // 2])
        centre = float(weights @ self.yi / weights.sum())
        values = np.array([self.sums_at(tau2, self.yi - centre) for tau2 in places])
        coefficients = 2 / NODES * chebyshev(POINTS) @ values
        coefficients[0] /= 2
        return Piece(centre, coefficients.T)

    def sums_at(self, tau2: float, y: Array) -> Array:
        """Return the sums at one tau2, row by row."""
        w = 1 / (self.vi + tau2)
        wy = w * y
        wyy, ww = wy * y, w * w
        return np.array([w.sum(), ww.sum(), (ww * w).sum(), wy.sum(), (w * wy).sum(), (ww * wy).sum(), wyy.sum(),
                         (wy * wy).sum(), (ww * wyy).sum(), np.log(w).sum()])


def chebyshev(x: Array) -> Array:
    """Return the first NODES Chebyshev polynomials at x in [-1, 1], shape (NODES, n)."""
    rows = np.empty((NODES, len(x)))
    rows[0], rows[1] = 1, x
    for n in range(2, NODES):
        rows[n] = 2 * x * rows[n - 1] - rows[n - 2]
    return rows
