"""Moderators, subgroups, clusters and networks for a person at a terminal."""

from analysis.models import Coefficient, Factor, Multilevel, Network, Permutation, Regression, Subgroups
from flows.pool.analyses import Analysis
from flows.pool.layout import Lines, aligned, number, p_value, span

HEADINGS = ("estimate", "se", "low", "high", "P")


def beyond(analysis: Analysis) -> Lines:
    """Return the numbers of a model beyond one mean; nothing for one mean."""
    if analysis.regression:
        return [*regression(analysis.regression), *factors(analysis.factors), *permuted(analysis.permutation)]
    if analysis.multilevel:
        return [*multilevel(analysis.multilevel), *factors(analysis.factors)]
    return network(analysis.network) if analysis.network else []


def cells(row: Coefficient) -> tuple[str, ...]:
    """Return the cells of one line of coefficients."""
    numbers = (row.estimate, row.se, row.ci_low, row.ci_high)
    return (row.name, *map(number, numbers), p_value(row.p_value))


def regression(found: Regression) -> Lines:
    """Return the coefficients of a meta-regression and what they explain."""
    explained = "" if found.r2 is None else f", R2 {found.r2:.1f} %"
    return [*aligned([("coefficient", *HEADINGS), *map(cells, found.coefficients)]), "",
            f"  Left over: tau2 {number(found.tau2)}, I2 {found.i2:.1f} %{explained}",
            f"  All moderators: P {p_value(found.qm_p_value)}"]


def permuted(found: Permutation | None) -> Lines:
    """Return the P values by permutation, where they were asked for."""
    if found is None:
        return []
    which = "all that differ" if found.every else f"at random, seed {found.seed}"
    rows = [(row.name, f"{row.p_value:.4g}") for row in found.coefficients]
    return ["", f"  P by permutation of the moderators, {found.arrangements:,} arrangements, {which}",
            *aligned([*rows, ("all moderators", f"{found.qm_p_value:.4g}")])]


def factors(found: tuple[Factor, ...]) -> Lines:
    """Say with which level the others of each factor are compared."""
    return [f"  {factor.name}: compared with {factor.levels[0]}" for factor in found]


def subgroups(found: Subgroups) -> Lines:
    """Return the mean of each subgroup and the test between them."""
    rows = [(row.name, str(row.k), number(row.estimate), number(row.ci_low), number(row.ci_high), number(row.tau2))
            for row in found.subgroups]
    kind = "one tau2 each" if found.tau2_kind == "separate" else "one tau2 for all"
    test = [f"  Between subgroups: P {p_value(found.q_between_p_value)}"] if found.q_between is not None else []
    return ["", f"Subgroups, {kind}", *aligned([("subgroup", "k", "estimate", "low", "high", "tau2"), *rows]), *test]


def multilevel(found: Multilevel) -> Lines:
    """Return the coefficients with their robust intervals, and the variances."""
    rows = [(*cells(row), span(robust.ci_low, robust.ci_high), p_value(robust.p_value))
            for row, robust in zip(found.coefficients, found.robust, strict=True)]
    ends = [f" ({span(*pair)})" for pair in found.sigma2_ci] or ["", ""]
    return [*aligned([("coefficient", *HEADINGS, f"robust ({found.robust_kind})", "P"), *rows]), "",
            f"  {found.clusters} clusters. Variance between them {number(found.sigma2[0])}{ends[0]}, "
            f"between the rows of one {number(found.sigma2[1])}{ends[1]}",
            f"  I2 {found.i2:.1f} %"]


def network(found: Network) -> Lines:
    """Return each treatment against the reference, and what rests on how many trials."""
    direct = {frozenset((edge.first, edge.second)): edge.trials for edge in found.edges}
    rows = [(*cells(row), str(direct.get(frozenset((row.name, found.reference)), 0))) for row in found.treatments]
    spread = "" if found.tau2_high is None else f" (Q-profile {span(found.tau2_low, found.tau2_high)})"
    share = "" if found.i2 is None else f", I2 {found.i2:.1f} %"
    return [f"  Each minus {found.reference}", *aligned([("treatment", *HEADINGS, "direct trials"), *rows]), "",
            f"  tau2 {number(found.tau2)}{spread}{share}, Q {number(found.q)} on {found.q_df} degrees of freedom"]
