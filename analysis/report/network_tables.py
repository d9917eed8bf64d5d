"""Tables of a network as rows of cells: every pair of treatments, and the trials."""

from analysis.report.tables import Cell, ref_text
from analysis.results import NetworkResult

LEAGUE_COLUMNS = ("experimental", "control", "estimate", "se", "ci_low", "ci_high", "p_value", "direct_trials")
NETWORK_TRIAL_COLUMNS = ("study", "label", "experimental", "control", "yi", "vi", "n_total", "connected", "rows")


def league_cells(result: NetworkResult) -> list[list[Cell]]:
    """Return a row a pair of treatments, on the analysis scale."""
    return [
        [row.experimental, row.control, row.estimate, row.se, row.ci_low, row.ci_high, row.p_value, row.direct]
        for row in result.league
    ]


def network_trial_cells(result: NetworkResult) -> list[list[Cell]]:
    """Return a row a pair of treatments of a trial, on the analysis scale."""
    return [
        [trial.study, trial.label, effect.experimental.arms[0], effect.control.arms[0], effect.yi, effect.vi,
         effect.n_total, trial in result.trials, " ".join(map(ref_text, effect.refs))]
        for trial in (*result.trials, *result.apart_trials)
        for effect in trial.effects
    ]  # fmt: skip
