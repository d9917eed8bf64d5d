"""The studies of a comparison as rows: numbers as used, how the effect was made, and where it was printed."""

from dataclasses import dataclass, replace

from analysis.report.bias import bias_word
from analysis.report.flags import study_flags
from analysis.report.links import Places, RowLink, unique
from analysis.report.phrases import CAUTIONS, DERIVATIONS, MEASURED_ONCE, SEEN_AS, VALUE_TYPES, phrase
from analysis.report.within import effect_labels
from analysis.report.wording import MISSING, Scale, decimal, people, percent, plain, scale_of, significant
from analysis.results import ArmSummary, ComparisonResult, Effect, GroupEffect, LeftOut, Run


@dataclass(frozen=True)
class StudyRow:
    """One study with an effect, every cell as text."""

    anchor: str
    label: str
    flag: str  # a word on what changed since the run before
    address: str | None  # of the page of its trial
    year: str
    experimental: str
    control: str
    effect: str
    interval: str
    yi: str
    vi: str
    sei: str
    weight: str
    people: str
    followup: str
    instrument: str
    value_type: str
    detail: str
    derivation: str
    seen_as: str
    cautions: tuple[str, ...]
    corrected: tuple[RowLink, ...]  # rows of which a figure was mended after transcription
    rows: tuple[RowLink, ...]
    pooled: bool
    bias: str  # the overall judgement of its risk of bias


@dataclass(frozen=True)
class LeftOutRow:
    """One row that answers the question and is not used, and why."""

    label: str
    address: str | None  # of the page of its trial
    reason: str
    row: RowLink


@dataclass(frozen=True)
class LeftOutStudy:
    """A study with rows that are not used: each reason, and the rows it keeps out."""

    label: str
    address: str | None
    reasons: tuple[tuple[str, tuple[RowLink, ...]], ...]


def effect_anchors(result: ComparisonResult) -> tuple[str, ...]:
    """Return the anchor of every study with an effect: the pooled ones, then the doubtful ones."""
    names = unique(effect.study for effect in (*result.effects, *result.doubtful))
    return tuple(f"study-{name}" for name in names)


def study_names(result: ComparisonResult) -> dict[str, str]:
    """Return how every study with an effect is named, by its id."""
    return {effect.study: effect.label for effect in (*result.effects, *result.doubtful)}


def study_rows(run: Run, result: ComparisonResult, places: Places) -> tuple[StudyRow, ...]:
    """Return the pooled studies in plotting order, then the doubtful ones."""
    anchors, scale = effect_anchors(result), scale_of(result)
    instruments, flags = dict(run.labels.instruments), study_flags(run, result)
    effects = (*result.effects, *result.doubtful)
    weights = [*weight_texts(result), *(None for _ in result.doubtful)]
    labels = effect_labels(result)
    mended = corrected_rows(run)
    return tuple(
        replace(
            study_row(effect, anchor, scale, weight, instruments, places, flags),
            label=label,
            corrected=tuple(places.row(ref) for ref in effect.refs if (ref.dataset, ref.table, ref.line) in mended),
        )
        for effect, anchor, weight, label in zip(effects, anchors, weights, labels, strict=True)
    )


def corrected_rows(run: Run) -> set[tuple[str, str, int]]:
    """Return dataset, table and line of every row of which a figure was mended after transcription."""
    return {(dataset.id, one.table, one.line) for dataset in run.datasets for one in dataset.corrections}


def weight_texts(result: ComparisonResult) -> list[str]:
    """Return the weights of the pooled studies, or marks of missing ones when nothing was pooled."""
    weights = result.pooled.weights if result.pooled else ()
    if len(weights) != len(result.effects):
        return [MISSING] * len(result.effects)
    return [percent(weight, 1) for weight in weights]


def study_row(
    effect: Effect,
    anchor: str,
    scale: Scale,
    weight: str | None,
    instruments: dict[str, str],
    places: Places,
    flags: dict[str, str],
) -> StudyRow:
    return StudyRow(
        anchor=anchor,
        label=effect.label,
        flag=flags.get(effect.study, ""),
        address=places.study(effect.study),
        year=str(effect.year or ""),
        experimental=arm_text(effect.experimental),
        control=arm_text(effect.control),
        effect=scale.text(effect.yi),
        interval=scale.interval(effect.ci_low, effect.ci_high),
        yi=decimal(effect.yi, 4),
        vi=significant(effect.vi, 4),
        sei=significant(effect.sei, 3),
        weight=weight or "not pooled",
        people=people(effect.n_total),
        followup=plain(effect.followup_weeks),
        instrument=phrase(instruments, effect.instrument or MISSING),
        value_type=value_word(effect),
        detail=effect.detail or "",
        derivation=phrase(DERIVATIONS, effect.derivation),
        seen_as=phrase(SEEN_AS, effect.seen_as),
        cautions=tuple(phrase(CAUTIONS, code) for code in effect.cautions),
        corrected=(),
        rows=row_links(effect, places),
        pooled=weight is not None,
        bias=bias_word(effect),
    )


def value_word(effect: Effect | GroupEffect) -> str:
    """Return whether a value was measured later or is a change; what has no time was measured once."""
    if effect.value_type == "final" and effect.followup_weeks is None:
        return MEASURED_ONCE
    return phrase(VALUE_TYPES, effect.value_type or MISSING)


def row_links(effect: Effect | GroupEffect, places: Places) -> tuple[RowLink, ...]:
    """Return the rows of an effect; neighbours of one source and place name both once, the place after the last."""
    links, refs = [places.row(ref) for ref in effect.refs], effect.refs
    for index, (before, ref) in enumerate(zip(refs, refs[1:], strict=False)):
        if (before.dataset, before.location) == (ref.dataset, ref.location):
            links[index] = replace(links[index], location="")
            links[index + 1] = replace(links[index + 1], text=links[index + 1].text.removeprefix(f"{ref.dataset}, "))
    return tuple(links)


def left_out_rows(result: ComparisonResult, places: Places) -> tuple[LeftOutRow, ...]:
    """Return every row that answers the question and is not used."""
    return tuple(
        LeftOutRow(row.label, places.study(row.study), row.reason or row.code, places.row(row.ref))
        for row in result.left_out
    )


def by_study(left_out: tuple[LeftOut, ...], places: Places) -> tuple[LeftOutStudy, ...]:
    """Return the rows that are not used, by study, and within by reason, each in the order of the rows."""
    studies: dict[tuple[str, str], dict[str, list[RowLink]]] = {}
    for row in left_out:
        reasons = studies.setdefault((row.study, row.label), {})
        link = places.row(row.ref)
        own = replace(link, text=link.text.removeprefix(f"{row.study}, "))
        reasons.setdefault(row.reason or row.code, []).append(own)
    return tuple(
        LeftOutStudy(label, places.study(study), tuple((why, tuple(rows)) for why, rows in reasons.items()))
        for (study, label), reasons in studies.items()
    )


def arm_text(arm: ArmSummary) -> str:
    """Return what an arm showed: "4/123", or mean, SD and people, or people alone, which say so: "n 30"."""
    if arm.events is not None and arm.n is not None:
        return f"{people(arm.events)}/{people(arm.n)}"
    if arm.mean is not None:
        spread = f" ({plain(arm.sd)})" if arm.sd is not None else ""
        return f"{plain(arm.mean)}{spread}, {people(arm.n)}"
    return MISSING if arm.n is None else f"n {people(arm.n)}"
