"""The fields that a column of a source can fill, and the names that columns go by.

A field is a column of the contract; of a table with two groups a row, it has its side before it: experimental.mean.
"""

import re

from analysis.evidence.contract import ARMS

SIDES = ("experimental", "control")
STUDY_FIELDS = (
    "study",
    "year",
    "label",
    "id",
    "title",
    "citation",
    "doi",
    "pmid",
    "registration",
    "design",
    "country",
    "population",
)
ROW_FIELDS = (
    "outcome",
    "instrument",
    "followup_weeks",
    "value_type",
    "detail",
    "subgroup",
    "location",
    "seen_as",
    "note",
)
ARM_FIGURES = tuple(
    column.name for column in ARMS.columns if column.kind in ("integer", "number") and column.name != "followup_weeks"
)
CONTRAST_FIGURES = (
    "measure",
    "estimate",
    "ci_low",
    "ci_high",
    "level",
    "se",
    "statistic",
    "statistic_value",
    "p_value",
    "direction",
    "n_experimental",
    "n_control",
    "n_total",
)
PERCENT = "events_percent"  # of a count that is printed beside it, and that it checks
DERIVED = (
    "interval",
    "events_free",
    PERCENT,
    "yi",
    "vi",
    "o_minus_e",
    "o_minus_e_variance",
)  # from which figures of the contract are made
PLAIN = tuple(
    dict.fromkeys(
        (*STUDY_FIELDS, *ROW_FIELDS, "arm", "experimental", "control", *ARM_FIGURES, *CONTRAST_FIGURES, *DERIVED)
    )
)
SIDED = tuple(f"{side}.{name}" for side in SIDES for name in ("arm", *ARM_FIGURES, "events_free", PERCENT))
FIELDS = (*PLAIN, *SIDED)
IN_FORMS = {*ARM_FIGURES, "estimate", "n_experimental", "n_control", "n_total", "events_free", PERCENT}
IN_FORMS |= {f"{side}.{name}" for side in SIDES for name in IN_FORMS} & {*SIDED}

# as they are written, capitals and all
METAFOR = {
    "ai": "experimental.events", "bi": "experimental.events_free", "n1i": "experimental.n",
    "ci": "control.events", "di": "control.events_free", "n2i": "control.n",
    "m1i": "experimental.mean", "sd1i": "experimental.sd", "m2i": "control.mean", "sd2i": "control.sd",
    "yi": "yi", "vi": "vi", "sei": "se", "ni": "n", "mi": "mean", "sdi": "sd", "xi": "events",
    "ri": "estimate", "slab": "study", "studlab": "study", "TE": "yi", "seTE": "se",
}  # fmt: skip
NEEDS = {"ci": "ai", "di": "ci", "bi": "ai"}  # short names that mean something else alone

SYNONYMS = {
    "study": ("study", "study id", "study name", "study label", "trial", "trial name", "author", "authors",
              "first author", "study author", "author year", "study year", "publication", "reference id"),
    "year": ("year", "publication year", "year of publication", "pub year"),
    "citation": ("citation", "reference", "full reference"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed", "pubmed id"),
    "registration": ("registration", "trial registration", "registry number", "nct", "nct number"),
    "country": ("country",),
    "population": ("population", "participants description"),
    "outcome": ("outcome", "outcome name", "endpoint"),
    "instrument": ("instrument", "scale", "measurement instrument", "outcome measure", "questionnaire"),
    "followup_weeks": ("followup weeks", "follow up weeks", "weeks", "week", "time weeks", "timepoint weeks"),
    "value_type": ("value type",),
    "location": ("location", "table", "page", "where in the paper"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks", "footnotes"),
    "arm": ("arm", "group", "treatment", "treatment group", "intervention", "trt", "allocation"),
    "measure": ("measure", "effect measure"),
    "estimate": ("estimate", "effect", "effect size", "effect estimate", "odds ratio", "risk ratio", "hazard ratio",
                 "relative risk", "mean difference", "mean diff", "difference", "or", "rr", "hr", "md", "smd"),
    "se": ("se", "standard error", "std error", "stderr", "s e"),
    "ci_low": ("ci low", "ci lower", "lower", "lower ci", "lcl", "ll", "ci lb", "lower limit", "lower 95 ci",
               "95 ci lower", "ci l", "ci start"),
    "ci_high": ("ci high", "ci upper", "upper", "upper ci", "ucl", "ul", "ci ub", "upper limit", "upper 95 ci",
                "95 ci upper", "ci u", "ci end"),
    "interval": ("ci", "95 ci", "ci 95", "confidence interval", "95 confidence interval", "interval"),
    "p_value": ("p", "p value", "pval", "pvalue"),
    "n": ("n", "sample size", "total", "participants", "number of participants", "number", "people", "size"),
    "mean": ("mean", "average", "m"),
    "sd": ("sd", "std dev", "std", "standard deviation", "stdev", "s d"),
    "events": ("events", "event", "cases", "number of events", "with event", "positive"),
    "events_free": ("non events", "no events", "nonevents", "no event", "without event", "negative"),
    "median": ("median",),
    "q1": ("q1", "first quartile", "lower quartile", "25th percentile"),
    "q3": ("q3", "third quartile", "upper quartile", "75th percentile"),
    "min": ("min", "minimum"),
    "max": ("max", "maximum"),
    "baseline_mean": ("baseline mean", "mean baseline"),
    "baseline_sd": ("baseline sd", "sd baseline"),
    "correlation": ("correlation", "r"),
    "n_total": ("n total", "total n"),
    "n_experimental": ("n experimental",),
    "n_control": ("n control",),
    "seen_as": ("seen as",),
}  # fmt: skip
SIDE_WORDS = {
    "experimental": ("experimental", "exp", "experiment", "intervention", "int", "treatment", "treat", "treated", "e"),
    "control": ("control", "ctrl", "controls", "con", "placebo", "comparator", "comparison", "c"),
}
GUESSED_SIDES = {"experimental": ("1", "t", "i", "active", "group 1"), "control": ("2", "p", "group 2", "usual care")}
GUESSES = {
    "tpos": "experimental.events", "tneg": "experimental.events_free", "cpos": "control.events",
    "cneg": "control.events_free", "source": "study", "id": "study", "var": "vi", "variance": "vi",
    "es": "estimate", "d": "estimate", "g": "estimate", "hedges g": "estimate", "cohens d": "estimate",
    "cohen s d": "estimate", "logor": "yi", "log or": "yi", "lnor": "yi", "logrr": "yi", "log rr": "yi", "lnrr": "yi",
    "log hr": "yi", "loghr": "yi", "lnhr": "yi", "log odds ratio": "yi", "log risk ratio": "yi",
    "log hazard ratio": "yi", "subgroup": "detail",
    **{name: "se" for ratio in ("or", "rr", "hr") for name in (
        f"se log {ratio}", f"selog{ratio}", f"se log{ratio}", f"se ln {ratio}", f"seln{ratio}", f"se ln{ratio}")},
}  # fmt: skip


def normal(name: str) -> str:
    """Return a column's name as synonyms are written: small letters and digits, parted by single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold()).split())


def sided_names(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return every joining of a side's word and a figure's word, either way round, with the field that it names."""
    names = {}
    for side, side_words in words.items():
        for figure in ("arm", *ARM_FIGURES, "events_free"):
            for word in side_words:
                for plain in (figure.replace("_", " "), *SYNONYMS.get(figure, ())):
                    for name in (f"{plain} {word}", f"{word} {plain}", f"{plain}{word}" if word.isdigit() else ""):
                        names.setdefault(name, f"{side}.{figure}")
    return names


FIGURE_WORDS = {name: figure for figure in (*ARM_FIGURES, "events_free")
                for name in (figure.replace("_", " "), *SYNONYMS.get(figure, ()))}  # fmt: skip
MEASURES_NAMED = {
    "or": "OR", "odds ratio": "OR", "rr": "RR", "risk ratio": "RR", "relative risk": "RR", "hr": "HR",
    "hazard ratio": "HR", "md": "MD", "mean difference": "MD", "mean diff": "MD", "smd": "SMD",
}  # fmt: skip
KNOWN = {name: field for field, names in SYNONYMS.items() for name in names} | sided_names(SIDE_WORDS)
LIKELY = GUESSES | sided_names(GUESSED_SIDES)


def field_of(name: str, columns: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the field that a column's name stands for and how sure that is: exact, synonym or guess."""
    if name in METAFOR and (name not in NEEDS or NEEDS[name] in columns):
        return METAFOR[name], "exact"
    if name in FIELDS and name != "id" and not (name == "subgroup" or name == "level"):
        return name, "exact"
    plain = normal(name)
    if plain in KNOWN:
        return KNOWN[plain], "synonym"
    return (LIKELY[plain], "guess") if plain in LIKELY else None


def without_form(name: str) -> str:
    """Return a heading without what it says of the form of its cells: "Hip, n/N (%)" is "Hip, events"."""
    bare = re.sub(r"[(\[][^)\]]*[)\]]|\u00b1.*|\+/-.*", " ", name)
    return re.sub(r"\b[nr]\s*/\s*n\b", "events", bare, flags=re.IGNORECASE)


def two_groups(columns: tuple[str, ...]) -> dict[str, str]:
    """Return the fields of columns that name a figure and one of two groups, such as Hip mean and Knee mean.

    The group that comes first would be the experimental one; that is a guess. Empty where there are not two groups.
    """
    found: dict[str, dict[str, str]] = {}  # column by figure by group
    for column in columns:
        words = normal(column).split()
        for count in (2, 1):
            ends = {" ".join(words[-count:]): words[:-count], " ".join(words[:count]): words[count:]}
            match = next(
                ((FIGURE_WORDS[end], rest) for end, rest in ends.items() if end in FIGURE_WORDS and rest), None
            )
            if match:
                found.setdefault(" ".join(match[1]), {}).setdefault(match[0], column)
                break
    if len(found) != 2 or len({frozenset(figures) for figures in found.values()}) != 1:
        return {}
    return {
        column: f"{side}.{figure}"
        for side, figures in zip(SIDES, found.values(), strict=True)
        for figure, column in figures.items()
    }
