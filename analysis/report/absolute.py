"""What a relative effect means for 1,000 people, from the risk among controls."""

from dataclasses import dataclass

from analysis.report.wording import Scale, per_thousand
from analysis.results import ComparisonResult


@dataclass(frozen=True)
class Absolute:
    """People with the event among 1,000, without and with the treatment, as text."""

    control: str
    experimental: str
    difference: str
    new_setting: str | None


def risk_with(measure: str, effect: float, control_risk: float) -> float:
    """Return the risk with treatment, 0 to 1.

    Args:
        measure: RR, OR, HR, PETO or RD.
        effect: As reported: a ratio, or a difference of risks.
        control_risk: Risk among controls, 0 to 1.

    Source:
        Cochrane Handbook 6.4, chapter 15.4: risk ratio, odds ratio; hazard ratio by 1 - (1 - risk)^HR.
    """
    if measure == "RD":
        risk = control_risk + effect
    elif measure in ("OR", "PETO"):
        risk = effect * control_risk / (1 - control_risk + effect * control_risk)
    elif measure == "HR":
        risk = 1 - (1 - control_risk) ** effect
    else:
        risk = effect * control_risk
    return min(1.0, max(0.0, risk))


def absolute_of(result: ComparisonResult, scale: Scale) -> Absolute | None:
    """Return the absolute effect; None for a measure without risks or with nothing pooled."""
    risk, pooled = result.control_risk, result.pooled
    if pooled is None or risk is None or scale.words.kind != "likelihood":
        return None
    risks = [
        risk_with(scale.measure, scale.shown(value), risk) for value in (pooled.estimate, pooled.ci_low, pooled.ci_high)
    ]
    new = None
    if pooled.k > 1 and pooled.pi_low is not None and pooled.pi_high is not None:
        ends = (risk_with(scale.measure, scale.shown(value), risk) for value in (pooled.pi_low, pooled.pi_high))
        new = " to ".join(fewer_or_more(end - risk) for end in ends)
    return Absolute(
        f"{per_thousand(risk)} per 1,000",
        f"{per_thousand(risks[0])} per 1,000",
        f"{fewer_or_more(risks[0] - risk)} ({span(risks[1] - risk, risks[2] - risk)})",
        new,
    )


def fewer_or_more(difference: float) -> str:
    """Return a difference of risks among 1,000 people in words."""
    if abs(difference) < 0.00005:
        return "no difference"
    return f"{per_thousand(abs(difference))} {'fewer' if difference < 0 else 'more'}"


def span(low: float, high: float) -> str:
    """Return an interval of differences; the words only once when both ends lie on one side."""
    if low < 0 and high < 0:
        return f"{per_thousand(-low)} to {per_thousand(-high)} fewer"
    if low > 0 and high > 0:
        return f"{per_thousand(low)} to {per_thousand(high)} more"
    return f"{fewer_or_more(low)} to {fewer_or_more(high)}"
