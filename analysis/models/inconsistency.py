"""Whether the trials of a network contradict each other: Q split into what lies within designs and between them."""

from dataclasses import dataclass

from scipy import special

from analysis.models.design import fit_at
from analysis.models.network import make_design
from analysis.models.trials import Trial


@dataclass(frozen=True)
class QSplit:
    """Q under a common effect; P is None without degrees of freedom.

    Args:
        within, within_df, within_p_value: Of trials of the same treatments among themselves.
        between, between_df, between_p_value: Of designs, trials of other treatments, against each other.
    """

    within: float
    within_df: int
    within_p_value: float | None
    between: float
    between_df: int
    between_p_value: float | None


def split_q(trials: tuple[Trial, ...], names: tuple[str, ...]) -> QSplit:
    """Split the Q of a connected network.

    Args:
        trials: Of one connected network.
        names: Its treatments but the reference.

    Source:
        Krahn, Binder and König 2013, doi:10.1186/1471-2288-13-35; metafor rma.mv with a treatment effect for each
        design, tests/reference/metafor/inconsistency.json.
    """
    whole = make_design(trials, names)
    designs: dict[frozenset[str], list[Trial]] = {}
    for trial in trials:
        designs.setdefault(frozenset(trial.treatments), []).append(trial)
    parts = [make_design(tuple(alike), tuple(sorted(arms)[1:])) for arms, alike in designs.items()]
    within_df = sum(part.df for part in parts)
    within = sum(fit_at(part, 0.0).q for part in parts if part.df)
    between_df = whole.df - within_df
    between = max(0.0, fit_at(whole, 0.0).q - within) if between_df else 0.0
    return QSplit(within, within_df, p_of(within, within_df), between, between_df, p_of(between, between_df))


def p_of(q: float, df: int) -> float | None:
    return float(special.gammaincc(df / 2, q / 2)) if df else None
