"""The other choices a protocol may declare, to see whether the answer hangs on one of them."""

from dataclasses import replace

from analysis.results import Comparison

VARIED = {  # "tau2=DL": the setting before the sign, its allowed values
    "tau2": ("DL", "PM", "REML", "ML", "EB", "HE", "SJ", "HS"),
    "interval": ("z", "hksj", "hksj-floor"),
    "model": ("random", "common"),
}
WITH_DOUBTFUL = "with-doubtful"
LEAVE_ONE_OUT = "leave-one-out"
PLAIN = (WITH_DOUBTFUL, LEAVE_ONE_OUT)
WITHOUT = "without"


def check_choice(choice: str, comparison: Comparison) -> str | None:
    """Return what is allowed when a choice is none; None when it is one."""
    name, _, value = choice.partition("=")
    if choice in PLAIN or value in VARIED.get(name, ()):
        return None
    if name == WITHOUT:
        sides = comparison.experimental + comparison.control
        return None if value in sides else f"without= takes one of {', '.join(sides)}"
    words = [f"{name}={'|'.join(values)}" for name, values in VARIED.items()]
    return f"A choice is one of {', '.join(words)}, without=TREATMENT, {', '.join(PLAIN)}"


def varied(comparison: Comparison, choice: str) -> Comparison:
    """Return a comparison with one setting changed as "tau2=DL" says."""
    name, _, value = choice.partition("=")
    return replace(comparison, **{name: value})
