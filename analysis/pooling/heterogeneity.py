"""How much effects differ: Q, I2, H2 and their intervals, as metafor defines them."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.pooling.batch import Array, Batch, Indices
from analysis.pooling.profile import q_profile
from analysis.pooling.weighting import Weighted, at_zero, generalised_q, projection_trace


@dataclass(frozen=True)
class Heterogeneity:
    """Each of shape (b,); NaN where not defined: for one study all, for a common effect the intervals.

    Args:
        tau2_low, tau2_high: Q-profile interval of tau2, squared scaled units.
        i2, i2_low, i2_high: Percent.
        h2: Total over sampling variance.
        q, q_df, q_p_value: Cochran's Q, its degrees of freedom and its P value.
    """

    tau2_low: Array
    tau2_high: Array
    i2: Array
    i2_low: Array
    i2_high: Array
    h2: Array
    q: Array
    q_df: Indices
    q_p_value: Array


def measure_heterogeneity(weighted: Weighted, common: bool, level: float) -> Heterogeneity:
    """Return Q, I2 and H2 of every analysis.

    Random effects: I2 = 100 tau2 / (tau2 + v), H2 = tau2 / v + 1 with the typical sampling variance v.
    Common effect: I2 = 100 max(0, (Q - df) / Q), H2 = Q / df.

    Args:
        weighted: The analyses, weighed by tau2.
        common: Whether tau2 is 0 by assumption.
        level: Of the intervals of tau2 and I2.

    Source:
        Higgins and Thompson 2002, doi:10.1002/sim.1186; metafor rma.uni.
    """
    batch, tau2 = weighted.batch, weighted.tau2
    q, df, typical = sampling(batch)
    i2, h2 = from_q(q, df) if common else (share(tau2, typical), tau2 / typical + 1.0)
    low, high = (np.full((2, len(tau2)), np.nan)) if common else q_profile(weighted, level)
    one = batch.k == 1
    values = (low, high, i2, share(low, typical), share(high, typical), h2, q)
    low, high, i2, i2_low, i2_high, h2, q = (np.where(one, np.nan, value) for value in values)
    p_value = special.gammaincc(df / 2.0, q / 2.0)
    return Heterogeneity(low, high, i2, i2_low, i2_high, h2, q, batch.k - 1, p_value)


def sampling(batch: Batch) -> tuple[Array, Array, Array]:
    """Return Q, its degrees of freedom (1 for one study) and the typical sampling variance, each of shape (b,)."""
    weighted, df = at_zero(batch), batch.df
    return generalised_q(weighted), df, typical_variance(projection_trace(weighted), df)


def inconsistency(batch: Batch, tau2: Array, common: bool) -> Array:
    """Return I2 alone, in percent, shape (b,); 0 for one study."""
    q, df, typical = sampling(batch)
    return from_q(q, df)[0] if common else share(tau2, typical)


def typical_variance(trace: Array, df: Array) -> Array:
    """Return (k - 1) / (sum w - sum w^2 / sum w), w = 1 / vi; 1 for one study, which has none."""
    return np.divide(df, trace, out=np.ones_like(df), where=trace > 0)


def share(tau2: Array, typical: Array) -> Array:
    """Return tau2 in percent of the total variance."""
    return 100.0 * tau2 / (tau2 + typical)


def from_q(q: Array, df: Array) -> tuple[Array, Array]:
    """Return I2 in percent and H2 from Q."""
    excess = np.maximum(q - df, 0.0)
    return 100.0 * np.divide(excess, q, out=np.zeros_like(q), where=excess > 0), q / df
