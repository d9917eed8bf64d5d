"""What the engine gives back: one array a quantity."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from analysis.pooling.batch import Array, Indices
from analysis.results import Pooled


@dataclass(frozen=True)
class PooledBatch:
    """A pooled batch; arrays of shape (b,), in the units of the effects. NaN: not defined, see `status`.

    Args:
        estimate, se, ci_low, ci_high, p_value: The pooled effect. Ratios are on the log scale.
        tau2, tau2_low, tau2_high: Between-study variance with its Q-profile interval.
        i2, i2_low, i2_high: Percent.
        pi_low, pi_high: Prediction interval of the effect in a new study.
        iterations, residual, modes: How tau2 was found (`Tau2`).
        starts: First row of each analysis.
        weights: Shape (n,), percent; each analysis adds up to 100. Shape (0,) where they are not kept.
        flags: One boolean array of shape (b,) a code of STATUS.
    """

    tau2_method: str
    test: str
    level: float
    k: Indices
    estimate: Array
    se: Array
    ci_low: Array
    ci_high: Array
    p_value: Array
    tau2: Array
    tau2_low: Array
    tau2_high: Array
    i2: Array
    i2_low: Array
    i2_high: Array
    h2: Array
    q: Array
    q_df: Indices
    q_p_value: Array
    pi_low: Array
    pi_high: Array
    iterations: Indices
    residual: Array
    modes: Indices
    starts: Indices
    weights: Array
    flags: tuple[tuple[str, np.ndarray], ...]

    def __len__(self) -> int:
        return len(self.k)

    def status(self, i: int) -> tuple[str, ...]:
        """Return the codes of analysis i; ("ok",) when there is nothing to say."""
        return tuple(code for code, flag in self.flags if flag[i]) or ("ok",)

    def test_used(self, i: int) -> str:
        """Return the test of analysis i: z where Hartung-Knapp has no meaning."""
        return "z" if "wald-used" in self.status(i) else self.test

    def weights_of(self, i: int) -> tuple[float, ...]:
        """Return the weights of analysis i in percent, in the order of its rows; none where they are not kept or all 0.
        """
        start = int(self.starts[i])
        weights = self.weights[start:start + int(self.k[i])].tolist()
        return () if any(map(math.isnan, weights)) else tuple(weights)

    def take(self, which: Indices) -> "PooledBatch":
        """Return the chosen analyses in their order, without weights."""
        bare = without_weights(self)
        chosen = {name: getattr(self, name)[which] for name in ARRAYS if name != "weights"}
        return replace(bare, flags=tuple((code, flag[which]) for code, flag in self.flags), **chosen)

    def pooled(self, i: int) -> Pooled:
        """Return analysis i on its own, with None for what is not defined."""
        return Pooled(
            k=int(self.k[i]), tau2_method=self.tau2_method, test=self.test_used(i), level=self.level,
            estimate=float(self.estimate[i]), se=float(self.se[i]), ci_low=float(self.ci_low[i]),
            ci_high=float(self.ci_high[i]), p_value=float(self.p_value[i]),
            tau2=defined(self.tau2[i]), tau2_low=defined(self.tau2_low[i]),
            tau2_high=defined(self.tau2_high[i]), i2=defined(self.i2[i]), i2_low=defined(self.i2_low[i]),
            i2_high=defined(self.i2_high[i]), h2=defined(self.h2[i]), q=defined(self.q[i]),
            q_df=None if math.isnan(self.q[i]) else int(self.q_df[i]), q_p_value=defined(self.q_p_value[i]),
            pi_low=defined(self.pi_low[i]), pi_high=defined(self.pi_high[i]),
            weights=self.weights_of(i), status=self.status(i))


OPTIONS = ("tau2_method", "test", "level", "flags")
ARRAYS = tuple(field.name for field in fields(PooledBatch) if field.name not in OPTIONS)


def without_weights(batch: PooledBatch) -> PooledBatch:
    """Return a batch without its weights, where they would be too many to keep."""
    return replace(batch, weights=np.empty(0))


def join(batches: list[PooledBatch]) -> PooledBatch:
    """Return batches pooled with the same options as one, their analyses in order."""
    if len(batches) == 1:
        return batches[0]
    first = batches[0]
    whole = {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in ARRAYS}
    whole["starts"] = np.cumsum(whole["k"]) - whole["k"]
    flags = tuple((code, np.concatenate([batch.flags[i][1] for batch in batches]))
                  for i, (code, _) in enumerate(first.flags))
    return replace(first, flags=flags, **whole)


def in_order(analyses: Sequence[Indices], rows: Sequence[Indices], batches: Sequence[PooledBatch]) -> PooledBatch:
    """Return batches pooled with the same options as one, in the order of the numbers of their analyses and rows."""
    joined, which = join(list(batches)), np.concatenate(analyses)
    weights = np.empty_like(joined.weights)
    weights[np.concatenate(rows)] = joined.weights
    if (which != np.arange(len(which))).any():
        joined = joined.take(np.argsort(which))
    return replace(joined, starts=np.cumsum(joined.k) - joined.k, weights=weights)


def defined(value: float) -> float | None:
    """Return the number, or None for NaN."""
    return None if math.isnan(value) else float(value)
