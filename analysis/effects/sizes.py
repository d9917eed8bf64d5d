"""What every effect function gives back: effects, and for each row that has none, the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Check = tuple[np.ndarray, str]  # rows it holds for, code of REASONS


class EffectError(ValueError):
    """Input from which no effect can be made: which row, and why."""


@dataclass(frozen=True)
class Reason:
    """Why a row has no effect. `impossible`: no true value looks like this, so the cell must be mended."""

    sentence: str
    impossible: bool


REASONS: dict[str, Reason] = {
    "missing": Reason("A value that this measure needs is missing", False),
    "infinite": Reason("A value is not a finite number", True),
    "n-below-one": Reason("A group has fewer than one person", True),
    "n-not-whole": Reason("A group size or a number of events is no whole number", True),
    "n-too-small": Reason("There are too few people for the variance of this measure", False),
    "sd-negative": Reason("A standard deviation is below 0", True),
    "sd-zero": Reason("The standard deviation is 0, so there is no spread to measure by", False),
    "collinear": Reason("A covariate does not vary, or follows from the others: adjust for fewer", False),
    "means-differ-in-sign": Reason("A ratio of means needs two means of the same sign, neither of them 0", False),
    "events-negative": Reason("A number of events is below 0", True),
    "events-above-n": Reason("There are more events than people", True),
    "no-events": Reason("No events in either group: a ratio cannot be estimated", False),
    "all-events": Reason("Everybody had the event in both groups: a ratio cannot be estimated", False),
    "correlation-out-of-range": Reason("A correlation lies strictly between -1 and 1", True),
    "ratio-not-positive": Reason("A ratio and its interval lie above 0", True),
    "interval-reversed": Reason("The lower end of the interval is not below the upper end", True),
    "estimate-outside": Reason("The interval does not hold its estimate", True),
    "se-not-positive": Reason("A standard error lies above 0", True),
    "p-out-of-range": Reason("A P value used for an effect lies strictly between 0 and 1", True),
    "level-out-of-range": Reason("A confidence level lies strictly between 0 and 1", True),
    "statistic-negative": Reason("An F statistic is at least 0", True),
    "direction-unknown": Reason("P and F do not say which group did better; a direction of -1 or 1 must", False),
    "one-arm": Reason("The study has no second arm that can be used, so it compares nothing", False),
    "effect-zero": Reason("An effect of exactly 0 with a P value says nothing of its spread", False),
    "skewed": Reason("The median lies too far from the middle of its quartiles or range for a mean and SD to follow",
                     False),
    "summary-out-of-order": Reason("Minimum, quartiles, median and maximum do not rise in this order", True),
    "variance-zero": Reason("The variance of the effect comes out as 0 or not finite", False),
}


@dataclass(frozen=True)
class EffectSizes:
    """Effects row by row; no row vanishes.

    Args:
        yi: Effects, shape (n,), log scale for ratios; NaN where there is none.
        vi: Sampling variances, shape (n,), squared units of yi, each > 0; NaN where there is none.
        codes: For each row "" or the key of REASONS that says why it has no effect.
    """

    yi: Array
    vi: Array
    codes: tuple[str, ...]

    @property
    def usable(self) -> np.ndarray:
        """Return which rows have an effect, shape (n,)."""
        return np.array([code == "" for code in self.codes], dtype=bool)

    def require(self) -> "EffectSizes":
        """Return self when every row has an effect; raise EffectError naming the first that has none."""
        for row, code in enumerate(self.codes):
            if code:
                raise EffectError(f"Row {row}: {REASONS[code].sentence} ({code}).")
        return self


def as_columns(*columns: ArrayLike) -> tuple[Array, ...]:
    """Return columns as flat arrays of one length; a single number counts for every row."""
    try:
        arrays = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns]
        return tuple(np.broadcast_arrays(*arrays))
    except (TypeError, ValueError) as error:
        raise EffectError(f"The columns must hold numbers and be equally long: {error}.") from error


def present(*columns: Array) -> list[Check]:
    """Return the checks that every column needs: no value missing, none infinite."""
    missing = np.any([np.isnan(column) for column in columns], axis=0)
    infinite = np.any([np.isinf(column) for column in columns], axis=0)
    return [(missing, "missing"), (infinite, "infinite")]


def not_whole(column: Array) -> np.ndarray:
    """Return where a column holds no whole number; an infinite one has its own reason."""
    return column != np.floor(column)


def checks_of(found: EffectSizes) -> list[Check]:
    """Return the checks that effects have already failed, for what is made of them."""
    return [(np.array([code == reason for code in found.codes]), reason)
            for reason in dict.fromkeys(code for code in found.codes if code)]


def settle(yi: Array, vi: Array, checks: Sequence[Check]) -> EffectSizes:
    """Blank the rows that a check holds for and give each the code of its first check."""
    sound = np.isfinite(yi) & np.isfinite(vi) & (vi > 0)
    (yi, vi), codes = settle_columns((yi, vi), sound, checks, otherwise="variance-zero")
    return EffectSizes(yi, vi, codes)


def settle_columns(columns: Sequence[Array], sound: np.ndarray, checks: Sequence[Check],
                   otherwise: str) -> tuple[tuple[Array, ...], tuple[str, ...]]:
    """Return columns blanked where a check holds or the result is not sound, and the code of each row.

    Args:
        columns: Results, each of shape (n,).
        sound: Where they may stand, shape (n,).
        checks: The first that holds for a row gives its code.
        otherwise: The code of a row that no check holds for and that is not sound.
    """
    codes = np.array([code for _, code in checks] + [otherwise, ""])
    failed = np.array([mask for mask, _ in checks] + [~sound, np.full(len(sound), True)])
    chosen = np.argmax(failed, axis=0)
    fine = chosen == len(codes) - 1
    return tuple(np.where(fine, column, np.nan) for column in columns), tuple(codes[chosen].tolist())
