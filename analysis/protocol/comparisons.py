"""comparisons.toml: the questions a review asks, how each is answered, and every fault of saying so."""

from pathlib import Path

from analysis.declared import Declared, Field, read_declared, read_fields
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS
from analysis.faults import Fault
from analysis.protocol.choices import PRIORS, VARIED, check_choice
from analysis.protocol.kinds import unknown_codes
from analysis.protocol.models import MODEL_FIELDS, model_faults
from analysis.results import About, Certainty, Comparison

MEASURES = ("MD", "SMD", "SMDH", "ROM", "RR", "OR", "RD", "PETO", "HR", "COR", "ZCOR")
ORDERS = ("year", "effect", "weight")
RATINGS = ("high", "moderate", "low", "very low")

SETTINGS = (
    Field("designs", "choices", "The designs that answer the question", choices=DESIGNS),
    Field("measure", "choice", "The measure of the effect", choices=MEASURES),
    Field("model", "choice", "A distribution of true effects, one true effect, several effects a study, or one true "
          "effect of two-by-two tables", choices=VARIED["model"]),
    Field("tau2", "choice", "The estimator of the between-study variance", choices=VARIED["tau2"]),
    Field("interval", "choice", "The interval of the average", choices=VARIED["interval"]),
    Field("level", "level", "The confidence level"),
    Field("prior", "choice", "The prior of tau, for an answer in chances beside the average", choices=PRIORS),
    Field("prior_scale", "positive", "Its scale, in units of the effect; of ratios, of the logarithm"),
    Field("order", "choice", "The order of the forest plot", choices=ORDERS),
    Field("participants", "choice", "How participant data are analysed: a mean difference adjusted for baseline and "
          "declared covariates where there are any, values at follow-up, or changes",
          choices=("ancova", "final", "change")),
    Field("sensitivity", "texts", "Other choices to show beside the protocol's"),
    Field("correlations", "correlations", "Correlations of baseline with follow-up that could be defended; only the "
          "multiverse tries changes by them"),
)
COMPARISON = (
    Field("id", "id", "The id, which names the page", True),
    Field("question", "text", "The question in a sentence", True),
    Field("experimental", "texts", "Treatment codes whose result comes first", True),
    Field("control", "texts", "Treatment codes they are compared with", True),
    Field("outcome", "text", "An outcome code", True),
    Field("experimental_label", "text", "How reports name the experimental side, when not by its treatments"),
    Field("control_label", "text", "How reports name the control side, when not by its treatments"),
    *SETTINGS,
    Field("window_weeks", "span", "Follow-up from and to, in weeks"),
    Field("other_windows", "spans", "Other windows that could be defended; only the multiverse tries them"),
    Field("target_weeks", "number", "Of several times in the window, the nearest to this is taken"),
    Field("instruments", "texts", "Instrument codes that count, the preferred first"),
    Field("details", "texts", "Of several rows of a study, those with these words in detail, the preferred first"),
    Field("rescale_to", "span", "The scale that every instrument is brought to, such as [0, 10]"),
    Field("smallest_important", "positive", "The smallest difference that matters, in units of the effect"),
    Field("smallest_important_source", "text", "The citation of that figure"),
    *MODEL_FIELDS,
    Field("published_outcomes", "texts", "Outcome codes of published poolings to show beside"),
    Field("published_experimental", "texts", "Their experimental codes, when not the comparison's"),
    Field("published_control", "texts", "Their control codes, when not the comparison's"),
    Field("certainty", "table", "A GRADE rating, signed"),
    Field("note", "text", "What a reader must know of the question"),
)
CERTAINTY = (
    Field("rating", "choice", "The rating", True, RATINGS),
    Field("reasons", "texts", "Why it is not higher", True),
    Field("rater", "text", "The person who rated", True),
    Field("rated", "date", "The day of the rating", True),
)
CODES = (  # keys that hold codes, and the tables of vocabulary.toml that have them
    ("experimental", "treatments"), ("control", "treatments"), ("outcome", "outcomes"),
    ("instruments", "instruments"), ("published_outcomes", "outcomes"),
    ("published_experimental", "treatments"), ("published_control", "treatments"),
)  # fmt: skip
REVIEW = (
    Field("title", "text", "What the review is about, in a few words", True),
    Field("question", "text", "What it asks, in a sentence", True),
)
TOP = (
    Field("review", "table", "What the review is about", True),
    Field("defaults", "table", "Settings of every comparison that does not say otherwise"),
    Field("comparison", "tables", "The comparisons, each headed [[comparison]]", True),
    Field("network", "tables", "Questions on several treatments, each headed [[network]]"),
    Field("group", "tables", "Questions on one group, each headed [[group]]"),
)


def read_comparisons(
    path: Path, where: str, codebook: Codebook
) -> tuple[About | None, tuple[Comparison, ...], list[Fault]]:
    """Return what a review is about, its comparisons, and every fault of the file; with a fault, what is sound."""
    file = read_declared(path, where)
    if isinstance(file, Fault):
        return None, (), [file]
    top, faults = read_fields(file, "", file.data, TOP)
    review, found = read_fields(file, "review", top["review"], REVIEW) if "review" in top else ({}, [])
    faults += found
    defaults, found = read_fields(file, "defaults", top.get("defaults", {}), SETTINGS)
    faults += found + check_choices(file, "defaults", 0, defaults, ())
    comparisons, seen = [], set()
    for number, table in enumerate(top.get("comparison", [])):
        comparison, found = read_comparison(file, number, table, defaults, codebook)
        if comparison and comparison.id in seen:
            found.append(
                file.fault("comparison", number, "id", f"found {comparison.id!r} again", "Each id stands once")
            )
        faults += found
        if comparison and not found:
            seen.add(comparison.id)
            comparisons.append(comparison)
    return (None if faults else About(**review)), tuple(comparisons), faults


def read_comparison(
    file: Declared, number: int, table: dict, defaults: dict, codebook: Codebook
) -> tuple[Comparison | None, list[Fault]]:
    """Return one comparison, or None and what is wrong with its keys."""
    values, faults = read_fields(file, "comparison", table, COMPARISON, number)
    rating = values.pop("certainty", None)
    if rating is not None:
        rating, found = read_fields(file, "comparison.certainty", rating, CERTAINTY, number)
        faults += found
    values = {**defaults, **values}
    for name in ("designs", "measure"):
        if name not in values and name not in table:
            allowed = f"{name} is needed here or under [defaults]"
            faults.append(file.fault("comparison", number, name, "it is missing", allowed))
    sides = values.get("experimental", ()) + values.get("control", ())
    faults += unknown_codes(file, "comparison", number, values, codebook, CODES)
    faults += check_choices(file, "comparison", number, values, sides) if "sensitivity" in table else []
    if faults:
        return None, faults
    comparison = Comparison(**values, certainty=Certainty(**rating) if rating else None)
    return comparison, check_sense(file, number, comparison, codebook)


def check_choices(file: Declared, section: str, number: int, values: dict, sides: tuple[str, ...]) -> list[Fault]:
    """Return a fault for each declared choice that is none."""
    return [
        file.fault(section, number, "sensitivity", f"found {choice!r}", allowed)
        for choice in values.get("sensitivity", ())
        if (allowed := check_choice(choice, sides))
    ]


def check_sense(file: Declared, number: int, comparison: Comparison, codebook: Codebook) -> list[Fault]:
    """Return faults where keys, each sound alone, do not go together."""
    faults = []

    def add(key: str, found: str, allowed: str) -> None:
        faults.append(file.fault("comparison", number, key, found, allowed))

    both = set(comparison.experimental) & set(comparison.control)
    if both:
        add("control", f"{', '.join(sorted(both))} on both sides", "A treatment stands on one side")
    if comparison.measure == "MD" and not comparison.rescale_to and len(comparison.instruments) != 1:
        add("measure", "MD of several instruments", "MD needs one instrument, or rescale_to; otherwise use SMD")
    if comparison.rescale_to and comparison.measure != "MD":
        add("rescale_to", f"rescale_to with {comparison.measure}", "rescale_to goes with MD")
    if comparison.other_windows and comparison.window_weeks is None:
        add("other_windows", "other_windows without window_weeks", "other_windows stand beside window_weeks")
    for code in comparison.instruments if comparison.rescale_to else ():
        if codebook.instruments[code].range is None:
            add("instruments", f"{code!r} has no range", "rescale_to needs the range of each instrument")
    if (comparison.prior is None) != (comparison.prior_scale is None):
        missing = "prior" if comparison.prior is None else "prior_scale"
        add(missing, "it is missing", "prior and prior_scale go together")
    for fault in model_faults(comparison):
        add(*fault)
    if comparison.smallest_important is not None and not comparison.smallest_important_source:
        add("smallest_important", "no source is given", "smallest_important_source cites where the figure was read")
    return faults
