"""A candidate of a comparison to an effect on the comparison's own scale, or the reason why not."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt
from statistics import NormalDist

from analysis.effects import MEASURES, EffectSizes
from analysis.effects import REASONS as EFFECT_REASONS
from analysis.effects.dependent import CombinedArm, combine_arms, combine_contrasts, combine_events
from analysis.effects.reported import interval_asymmetry
from analysis.evidence.codebook import Codebook
from analysis.evidence.risk_of_bias import assessment_of
from analysis.results import (
    MANTEL_HAENSZEL,
    RATIOS,
    ArmRow,
    ArmSummary,
    Comparison,
    ContrastRow,
    Dataset,
    Effect,
    GroupQuestion,
    RiskOfBias,
    Study,
)
from analysis.synthesis.arm_figures import ORDER, ArmFigures, figures_of, what_an_arm_lacks
from analysis.synthesis.participants import (
    adjusted,
    adjusts,
    as_analysed,
    cautions_of,
    derivation_of,
    is_participants,
    too_few,
)
from analysis.synthesis.printed import as_printed, effect_of, what_is_missing
from analysis.synthesis.selection import Candidate, references

CAUTIONS = {
    "corrected": "A figure was corrected after transcription; the source's page shows what was printed.",
    "arms-combined": "Several arms of the trial were combined into one, so that nobody counts twice.",
    "contrasts-combined": "Several contrasts of the trial share a group; they were combined with their covariance.",
    "sign-turned": "The instrument runs the other way than the outcome; the sign was turned.",
    "sides-turned": "The source prints the comparison the other way round; the sign was turned.",
    "rescaled": "Brought from its own scale to the common one.",
    "scale-mirrored": "The instrument runs the other way than the outcome; the scale was turned round, end for end.",
    "half-added": "Nobody or everybody had the event: 0.5 was added to both counts.",
    "half-in-variance": "Nobody or everybody had the event: the variance was made with 0.5 added to both counts.",
    "change-and-final": "A change from baseline, standardised beside values at follow-up.",
    "group-by-subtraction": "One group size is the total less the other.",
    "clusters-ignored": "Clusters were randomised and people analysed as if one by one: the interval is too narrow.",
    "unit-of-analysis": "The figures count knees, not people: the interval is too narrow.",
    "coarse-rounding": "The means are printed so coarsely that rounding alone could change the result markedly.",
    "off-centre": "The estimate is not in the middle of its printed interval.",
    "implausible": "A figure that it is made from looks implausible; the source's page says why.",
    "outcomes-missing": "More than 5 % of the participants of an arm have no outcome; the source's page counts them.",
}
COARSE = 0.5  # of the standard error: what rounding of the means may add to their difference
OFF_CENTRE = 0.1  # of the half-width; rounding to one decimal seldom explains more


@dataclass(frozen=True)
class Refused:
    """Why a candidate has no effect: a code of selection.REASONS, and what was missing."""

    code: str
    missing: str | None = None


@dataclass(frozen=True)
class Raw:
    """An effect in the units of its paper, before it is brought to the scale of the comparison."""

    yi: float
    vi: float
    derivation: str
    experimental: ArmSummary
    control: ArmSummary
    n_total: int | None
    cautions: tuple[str, ...] = ()


def derive(
    candidate: Candidate, comparison: Comparison, codebook: Codebook, datasets: dict[str, Dataset]
) -> Effect | Refused:
    """Return the effect of a candidate, experimental minus control, on the comparison's scale; or why not.

    Ratios are logarithms. Standardised effects carry the sign of the outcome, whatever way the instrument
    runs; mean differences are brought to `rescale_to` where the comparison says so.
    """
    if comparison.rescale_to and not has_range(candidate, codebook):
        return Refused("no-range")
    if comparison.measure == "ROM" and runs_otherwise(candidate, comparison, codebook):
        return Refused("measure-not-fitting")  # a ratio of means says nothing of the scale the other way round
    if too_few(candidate):
        return Refused("too-few-participants")
    candidate = as_analysed(candidate, comparison)
    arms = bool(candidate.experimental)
    raw = from_arms(candidate, comparison, codebook) if arms else from_contrasts(candidate, comparison)
    if isinstance(raw, Refused):
        return raw
    if comparison.model == MANTEL_HAENSZEL and None in (raw.experimental.events, raw.control.events):
        return Refused("no-table")
    factor, cautions = to_scale(candidate, comparison, codebook)
    study = datasets[candidate.study].metadata.study if candidate.study in datasets else None
    row, yi, vi = candidate.first, raw.yi * factor, raw.vi * factor**2
    half = NormalDist().inv_cdf((1 + comparison.level) / 2) * sqrt(vi)
    return Effect(
        study=candidate.study,
        label=(study.label if study else None) or candidate.study,
        year=study.year if study else None,
        yi=yi,
        vi=vi,
        sei=sqrt(vi),
        ci_low=yi - half,
        ci_high=yi + half,
        measure=comparison.measure,
        derivation=raw.derivation,
        followup_weeks=row.followup_weeks,
        instrument=row.instrument,
        value_type=row.value_type,
        detail=row.detail,
        n_total=raw.n_total,
        experimental=scaled(raw.experimental, factor),
        control=scaled(raw.control, factor),
        seen_as=candidate.seen_as,
        cautions=(*raw.cautions, *cautions, *cautions_of(candidate), *cautions_of_study(candidate, study, datasets)),
        refs=references(candidate.rows),
        risk_of_bias=bias_of(candidate, comparison, datasets),
    )


def bias_of(candidate: Candidate, comparison: Comparison, datasets: dict[str, Dataset]) -> RiskOfBias | None:
    """Return how the risk of bias of a candidate was judged: in the study's own folder, else where its rows stand."""
    places = dict.fromkeys((candidate.study, *(row.ref.dataset for row in candidate.rows)))
    return assessment_of(
        candidate.study, comparison.outcome, [datasets[place] for place in places if place in datasets]
    )


def cautions_of_study(candidate: Candidate, study: Study | None, datasets: dict[str, Dataset]) -> tuple[str, ...]:
    """Return what a reader must know of what a study counted, and of figures that were mended."""
    unit = {"clusters-ignored": ("clusters-ignored",), "knees": ("unit-of-analysis",)}
    corrected = ("corrected",) if is_corrected(candidate, datasets) else ()
    return *unit.get(study.unit_of_analysis if study else "", ()), *corrected


def is_corrected(candidate: Candidate, datasets: dict[str, Dataset]) -> bool:
    """Return whether a figure behind a candidate was corrected after transcription."""
    return any(
        (one.table, one.line) == (row.ref.table, row.ref.line)
        for row in candidate.rows
        for one in (datasets[row.ref.dataset].corrections if row.ref.dataset in datasets else ())
    )


def has_range(candidate: Candidate, codebook: Codebook) -> bool:
    instrument = codebook.instruments.get(candidate.first.instrument or "")
    return bool(instrument and instrument.range)


def runs_otherwise(candidate: Candidate, comparison: Comparison | GroupQuestion, codebook: Codebook) -> bool:
    """Return whether more is good on a candidate's instrument and bad of the outcome, or the other way round."""
    row = candidate.first
    directions = {codebook.outcomes[comparison.outcome].better, codebook.direction(row.outcome, row.instrument)}
    return directions == {"lower", "higher"}


def to_scale(candidate: Candidate, comparison: Comparison, codebook: Codebook) -> tuple[float, tuple[str, ...]]:
    """Return the factor that brings a candidate's effect to its comparison's scale, and what a reader must know."""
    factor, cautions = 1.0, []
    row = candidate.first
    if comparison.measure in ("MD", "SMD", "SMDH") and runs_otherwise(candidate, comparison, codebook):
        factor, cautions = -factor, [*cautions, "sign-turned"]
    if candidate.turned:
        factor, cautions = -factor, [*cautions, "sides-turned"]
    if comparison.rescale_to:
        low, high = codebook.instruments[row.instrument].range
        stretch = (comparison.rescale_to[1] - comparison.rescale_to[0]) / (high - low)
        factor, cautions = factor * stretch, [*cautions, *(["rescaled"] if stretch != 1 else [])]
    return factor, tuple(cautions)


def scaled(arm: ArmSummary, factor: float) -> ArmSummary:
    """Return an arm's mean and SD on the scale of the effect; a turned or untouched arm stays as printed."""
    if arm.mean is None or abs(factor) == 1:
        return arm
    return replace(arm, mean=arm.mean * abs(factor), sd=arm.sd * abs(factor))


# ---------------------------------------------------------------- from arms


def from_arms(candidate: Candidate, comparison: Comparison, codebook: Codebook) -> Raw | Refused:
    """Return the effect of two sides of arms, several arms of a side combined."""
    if adjusts(candidate, comparison):
        how, made, *sides = adjusted(candidate)
        return settled(made, how, *sides, sum(side.n for side in sides), combined(candidate))
    if comparison.measure not in MEASURES:  # such as HR, which no arms give
        return Refused("measure-not-fitting")
    measure = MEASURES[comparison.measure]
    summarise = summarise_events if "ai" in measure.inputs else summarise_means
    experimental, control = summarise(candidate.experimental, codebook), summarise(candidate.control, codebook)
    for side in (experimental, control):
        if isinstance(side, Refused):
            return side
    columns = {
        "m1i": experimental.mean, "sd1i": experimental.sd, "n1i": experimental.n, "ai": experimental.events,
        "m2i": control.mean, "sd2i": control.sd, "n2i": control.n, "ci": control.events,
    }  # fmt: skip
    if not set(measure.inputs) <= set(columns):
        return Refused("measure-not-fitting")
    made = measure.make(*(columns[name] for name in measure.inputs))
    derivation = "events" if summarise is summarise_events else dispersion_of(candidate)
    derivation, cautions = derivation_of(candidate, derivation), combined(candidate)
    if summarise is summarise_means and not is_participants(candidate) and is_coarse(candidate, experimental, control):
        cautions = (*cautions, "coarse-rounding")
    return settled(made, derivation, experimental, control, experimental.n + control.n, cautions)


def combined(candidate: Candidate) -> tuple[str, ...]:
    """Return the caution of a trial of which several arms make up a side."""
    return ("arms-combined",) if max(len(candidate.experimental), len(candidate.control)) > 1 else ()


def is_coarse(candidate: Candidate, experimental: ArmSummary, control: ArmSummary) -> bool:
    """Return whether rounding of the printed means may move their difference by more than COARSE standard errors."""
    rounding = 2 * half_unit([value for row in candidate.rows for value in (row.mean, row.sd)])
    se = sqrt(experimental.sd**2 / experimental.n + control.sd**2 / control.n)
    return rounding > COARSE * se


def half_unit(values: list[float | None]) -> float:
    """Return half a unit of the last digit that numbers of one table need to be written: 0.0005 for 0.013 and 0.01."""
    exponents = [Decimal(repr(value)).normalize().as_tuple().exponent for value in values if value is not None]
    return 0.5 * 10.0 ** min(0, *exponents) if exponents else 0.0


def summarise_means(rows: tuple[ArmRow, ...], codebook: Codebook) -> ArmSummary | Refused:
    """Return the size, mean and SD of the arms of one side together."""
    figures = [figures_of(row) for row in rows]
    for row, one in zip(rows, figures, strict=True):
        if not isinstance(one, ArmFigures):
            return Refused(one, what_an_arm_lacks(one, arm_name(row, codebook)))
    if len(rows) == 1:
        whole = CombinedArm(rows[0].n, figures[0].mean, figures[0].sd)
    else:
        whole = combine_arms([row.n for row in rows], [one.mean for one in figures], [one.sd for one in figures])
    return ArmSummary(tuple(row.arm for row in rows), int(whole.n), whole.mean, whole.sd)


def arm_name(row: ArmRow, codebook: Codebook) -> str:
    """Return the label of an arm's treatment, for sentences that people read."""
    treatment = codebook.treatments.get(row.arm)
    return treatment.label if treatment else row.arm


def summarise_events(rows: tuple[ArmRow, ...], codebook: Codebook) -> ArmSummary | Refused:
    """Return the size and events of the arms of one side together."""
    for row in rows:
        if row.events is None:
            return Refused("no-estimate", f"the events of {arm_name(row, codebook)}")
        if row.n is None:
            return Refused("no-group-sizes", f"the size of {arm_name(row, codebook)}")
    events, n = combine_events([row.events for row in rows], [row.n for row in rows])
    return ArmSummary(tuple(row.arm for row in rows), int(n), events=int(events))


def dispersion_of(candidate: Candidate) -> str:
    """Return the code of how the means and SDs of a candidate's arms came about: of several, the least direct."""
    return max((figures_of(row).derivation for row in candidate.rows), key=ORDER.index)


# ---------------------------------------------------------------- from contrasts


def from_contrasts(candidate: Candidate, comparison: Comparison) -> Raw | Refused:
    """Return the effect of contrasts as printed; several that share a group are combined."""
    each = [from_contrast(row, candidate.turned, comparison.measure) for row in candidate.contrasts]
    for one in each:
        if isinstance(one, Refused):
            return one
    return each[0] if len(each) == 1 else combine(each, candidate.turned)


def from_contrast(row: ContrastRow, turned: bool, measure: str) -> Raw | Refused:
    """Return the effect of one contrast; its sides as the comparison has them, its sign still as printed."""
    printed = as_printed(row)
    made = effect_of(printed, measure) if what_is_missing(printed, measure) != "measure-not-fitting" else None
    if made is None:
        return Refused(what_is_missing(printed, measure))
    sides = (ArmSummary((row.experimental,), printed.n_experimental),
             ArmSummary((row.control,) if row.control else (), printed.n_control))  # fmt: skip
    total = sum(printed.groups) if printed.grouped else row.n_total
    cautions = off_centre(row) if made[1] in ("estimate-interval", "smd-interval") else ()
    if printed.grouped and None in (row.n_experimental, row.n_control):
        cautions = (*cautions, "group-by-subtraction")
    return settled(*made, *(sides[::-1] if turned else sides), total, cautions)


def off_centre(row: ContrastRow) -> tuple[str, ...]:
    """Return the caution of an estimate that does not stand in the middle of its interval."""
    ratio = row.measure in RATIOS
    asymmetry = interval_asymmetry(row.estimate, row.ci_low, row.ci_high, ratio=ratio)[0]
    return ("off-centre",) if asymmetry > OFF_CENTRE else ()


def combine(each: list[Raw], turned: bool) -> Raw | Refused:
    """Return one effect of contrasts that share their control (or, turned, their experimental) group."""
    own = [raw.control if turned else raw.experimental for raw in each]
    shared = each[0].experimental if turned else each[0].control
    sizes = [arm.n for arm in own]
    if shared.n is None or None in sizes:
        return Refused("no-group-sizes", "group sizes, to combine contrasts that share a group")
    yi, vi = combine_contrasts([raw.yi for raw in each], [raw.vi for raw in each], sizes, shared.n)
    whole = ArmSummary(tuple(code for arm in own for code in arm.arms), sum(sizes))
    sides = (shared, whole) if turned else (whole, shared)
    cautions = dict.fromkeys(caution for raw in each for caution in raw.cautions)
    return Raw(yi, vi, each[0].derivation, *sides, sum(sizes) + shared.n, (*cautions, "contrasts-combined"))


def settled(
    made: EffectSizes, derivation: str, experimental: ArmSummary, control: ArmSummary, n_total: int | None,
    cautions: tuple[str, ...],
) -> Raw | Refused:  # fmt: skip
    """Return a made effect as a raw one, or why the figures make none."""
    if made.codes[0]:
        return Refused("not-estimable", EFFECT_REASONS[made.codes[0]].sentence.lower())
    return Raw(float(made.yi[0]), float(made.vi[0]), derivation, experimental, control, n_total, cautions)
