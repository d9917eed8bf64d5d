"""What a relative effect means for 1,000 people, from the risk among controls."""

from dataclasses import dataclass

from analysis.report.extent import has_new_setting
from analysis.report.wording import Scale, per_thousand
from analysis.results import ComparisonResult

RARE = 0.01  # risk among controls below which counts among 1,000 need a decimal


@dataclass(frozen=True)
class Absolute:
    """People with the event among 1,000, without and with the treatment, as text."""

    control: str
    experimental: str
    difference: str  # with its interval
    counts: tuple[str, str]  # control, experimental: numbers alone
    interval: str
    new_setting: str | None


def risk_with(measure: str, effect: float, control_risk: float) -> float:
    """Return the risk with treatment, 0 to 1.

    Args:
        measure: RR, OR, HR, PETO or RD.
        effect: As reported: a ratio, or a difference of risks.
        control_risk: Risk among controls, 0 to 1.

    Source:
        Cochrane Handbook 5.1, 11.5.5: risk ratio, odds ratio; hazard ratio by 1 - (1 - risk)^HR.
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
    control, pooled = result.control_risk, result.pooled
    if pooled is None or control is None or scale.words.kind != "likelihood":
        return None
    digits = 0 if control >= RARE else 1
    risk, low, high = (
        risk_with(scale.measure, scale.shown(value), control)
        for value in (pooled.estimate, pooled.ci_low, pooled.ci_high)
    )
    interval = span(low - control, high - control, digits)
    counts = per_thousand(control, digits), per_thousand(risk, digits)
    return Absolute(
        f"{counts[0]} per 1,000",
        f"{counts[1]} per 1,000",
        f"{fewer_or_more(risk - control, digits)} ({interval})",
        counts,
        interval,
        new_setting(result, scale, control, digits),
    )


def new_setting(result: ComparisonResult, scale: Scale, control: float, digits: int) -> str | None:
    """Return the absolute effect expected in a new setting; None where it is not shown."""
    pooled = result.pooled
    if not has_new_setting(result):
        return None
    low, high = (risk_with(scale.measure, scale.shown(end), control) for end in (pooled.pi_low, pooled.pi_high))
    return span(low - control, high - control, digits)


def fewer_or_more(difference: float, digits: int) -> str:
    """Return a difference of risks among 1,000 people in words."""
    count = per_thousand(abs(difference), digits)
    if float(count.replace(",", "")) == 0:
        return "no difference"
    return f"{count} {'fewer' if difference < 0 else 'more'}"


def span(low: float, high: float, digits: int) -> str:
    """Return an interval of differences; the word only once when both ends lie on one side."""
    first, last = fewer_or_more(low, digits), fewer_or_more(high, digits)
    word = last.rpartition(" ")[2]
    return f"{first.removesuffix(word).strip() if word in ('fewer', 'more') else first} to {last}"
