"""The other choices a protocol may declare, to see whether the answer hangs on one of them."""

from dataclasses import replace

from analysis.results import MANTEL_HAENSZEL, Comparison, GroupQuestion

VARIED = {  # "tau2=DL": the setting before the sign, its allowed values
    "tau2": ("DL", "PM", "REML", "ML", "EB", "HE", "SJ", "HS", "HSk", "PMM", "DL2", "CA2"),
    "interval": ("z", "hksj", "hksj-floor"),
    "model": ("random", "common", "multilevel", MANTEL_HAENSZEL),
}
TABLE_MEASURES = ("OR", "RR", "RD")  # that Mantel and Haenszel pool
PRIORS = ("half-normal", "half-cauchy")
WITH_DOUBTFUL = "with-doubtful"
LEAVE_ONE_OUT = "leave-one-out"
WITHOUT_HIGH_RISK, ONLY_LOW_RISK = "without-high-risk", "only-low-risk"
PLAIN = (WITH_DOUBTFUL, LEAVE_ONE_OUT, WITHOUT_HIGH_RISK, ONLY_LOW_RISK)
WITHOUT = "without"


def check_choice(
    choice: str, treatments: tuple[str, ...], settings: dict[str, tuple[str, ...]] = VARIED,
    plain: tuple[str, ...] = PLAIN,
) -> str | None:  # fmt: skip
    """Return what is allowed when a choice is none; None when it is one of a question on these treatments."""
    name, _, value = choice.partition("=")
    if choice in plain or value in settings.get(name, ()) or (name == WITHOUT and value in treatments):
        return None
    words = [f"{name}={'|'.join(values)}" for name, values in settings.items()]
    leaving = [f"{WITHOUT}={'|'.join(treatments)}"] if treatments else []
    return f"A choice is one of {', '.join([*words, *leaving, *plain])}"


def varied(comparison: Comparison | GroupQuestion, choice: str) -> Comparison | GroupQuestion:
    """Return a question with one setting changed as "tau2=DL" says."""
    name, _, value = choice.partition("=")
    return replace(comparison, **{name: value})
