"""What the choices and options of the multiverse are called: in a table, and short beside a strip."""

from analysis.report.choices import choice_name
from analysis.report.measures import MEASURES
from analysis.report.method_words import INTERVALS, TAU2_METHODS
from analysis.report.phrases import CHOICE_PREFIXES, phrase
from analysis.results import ComparisonResult

CHOICE_NAMES = {
    "measure": "the measure",
    "values": "values at follow-up or changes",
    "window": "the window of follow-up",
    "time": "which of several times is taken",
    "instrument": "the instrument",
    "standing": "how sound figures have to be",
    "units": "the unit of analysis",
    "treatments": "the treatments",
    "studies": "leaving out one study",
    "tau2": "the estimator of the variance between studies",
    "interval": "the kind of interval",
}
OPTIONS = {
    "values=as-printed": "values as printed",
    "window=any": "any time",
    "time=any": "any time",
    "time=earliest": "the earliest time",
    "time=latest": "the latest time",
    "instrument=all": "all instruments",
    "standing=sound": "sound figures alone",
    "standing=with-doubtful": "with doubtful figures",
    "standing=primary": "figures from the study itself alone",
    "units=people": "people alone",
    "units=with-knees": "with figures that count knees",
    "units=no-clusters": "without clusters analysed as people",
    "treatments=all": "all treatments",
    "studies=all": "all studies",
    "studies=one-left-out": "one study left out",
}
OPTION_PREFIXES = {
    "values=change, r ": "changes from baseline, correlation {value}",
    "window=": "{value} weeks",
    "time=nearest ": "nearest to {value} weeks",
    "instrument=": "{value} alone",
}
NAMED = {"tau2=": TAU2_METHODS, "interval=": INTERVALS, "measure=": {code: one.name for code, one in MEASURES.items()}}
SHORT_PREFIXES = {
    "tau2=": "τ² by {value}",
    "interval=": "{value} interval",
    "model=": "{value} effect",
    "measure=": "{value}",
    "values=change, r ": "changes, r {value}",
}


def option_name(result: ComparisonResult, code: str, names: dict[str, str]) -> str:
    """Return what an option is, in words; an unknown code is shown as it is."""
    for prefix, table in NAMED.items():
        if code.startswith(prefix):
            return phrase(table, code.removeprefix(prefix))
    if any(code.startswith(prefix) for prefix in CHOICE_PREFIXES):
        return choice_name(result, code, names)
    for prefix, template in OPTION_PREFIXES.items():
        if code.startswith(prefix) and code not in OPTIONS:
            value = code.removeprefix(prefix)
            return template.format(value=names.get(value, value.replace("-", " to ")))
    return phrase(OPTIONS, code)


def short_name(result: ComparisonResult, code: str, names: dict[str, str]) -> str:
    """Return what an option is in a few words."""
    for prefix, template in SHORT_PREFIXES.items():
        if code.startswith(prefix):
            return template.format(value=code.removeprefix(prefix))
    return option_name(result, code, names)
