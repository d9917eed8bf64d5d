"""The page of a network: every treatment against the reference, how sure, and every pair."""

from dataclasses import dataclass

from analysis.report.drawing import FRAMES, Drawing
from analysis.report.links import Places, RowLink, slug
from analysis.report.method_words import MODEL_NAMES, TAU2_METHODS
from analysis.report.methods import Fact
from analysis.report.network_plot import network_drawings, nodes_of, reference_plots
from analysis.report.phrases import DESIGNS, phrase
from analysis.report.studies import LeftOutRow
from analysis.report.wording import (
    MISSING,
    Scale,
    counted,
    decimals_of,
    joined,
    level_words,
    p_value,
    people,
    percent,
    plain,
    sentence_case,
    significant,
    verb,
)
from analysis.results import NetworkResult, Relative, Run

NOT_FITTED = {
    "too-few": "A network needs three treatments that trials connect, {reference} among them; {found}. So nothing is "
    "estimated.",
    "model": "The network cannot be fitted: {value}.",
}
FEWEST_TO_SPARE = 5  # degrees of freedom; below, an estimate of no variance says little
NO_RANKS = (
    "No ranking is given: where intervals overlap widely, ranks move with the next trial and say more than is known."
)
TRANSITIVE = (
    "An indirect comparison holds only as far as the trials are alike in everything but the treatment: people, "
    "outcome, time and care beside it. The list of trials below is where to judge that."
)


@dataclass(frozen=True)
class NetworkRow:
    """A treatment or a pair of treatments, every cell as text."""

    name: str
    effect: str
    interval: str
    direct: str
    trials: str
    people: str


@dataclass(frozen=True)
class TrialRow:
    """A trial of the network, with the rows it was made from."""

    label: str
    address: str | None
    treatments: str
    people: str
    measured: str
    rows: tuple[RowLink, ...]


@dataclass(frozen=True)
class NetworkPage:
    """All that the page of a network says."""

    id: str
    slug: str
    question: str
    status: str
    answer: str
    sentences: tuple[str, ...]
    level: str
    scale: Scale
    reference: str
    network: tuple[Drawing, ...]
    nodes: tuple[NetworkRow, ...]
    edges: tuple[NetworkRow, ...]
    plots: tuple[Drawing, ...]
    against: tuple[NetworkRow, ...]
    league_head: tuple[str, ...]
    league: tuple[tuple[str, ...], ...]
    trials: tuple[TrialRow, ...]
    left_out: tuple[LeftOutRow, ...]
    methods: tuple[Fact, ...]


def network_page(run: Run, result: NetworkResult, places: Places) -> NetworkPage:
    """Return the page of a network."""
    scale, answer = network_scale(result), network_answer(result)
    return NetworkPage(
        id=result.question.id,
        slug=slug(result.question.id),
        question=result.question.question,
        status=status_line(result),
        answer=answer,
        sentences=sentences_of(result),
        level=level_words(result.question.level),
        scale=scale,
        reference=label(result, result.question.reference),
        network=network_drawings(result, drawing_words(result)),
        nodes=node_rows(result),
        edges=edge_rows(result),
        plots=reference_plots(result, scale, answer),
        against=tuple(relative_row(result, scale, row) for row in result.against_reference),
        league_head=league_head(result),
        league=league_rows(result, scale),
        trials=trial_rows(result, places),
        left_out=tuple(
            LeftOutRow(row.label, places.study(row.study), row.reason, places.row(row.ref)) for row in result.left_out
        ),
        methods=methods_of(result),
    )


def label(result: NetworkResult, code: str) -> str:
    return dict(result.labels).get(code, code)


def network_scale(result: NetworkResult) -> Scale:
    """Return how the effects of a network are printed."""
    sizes = [abs(end) for row in result.league for end in (row.ci_low, row.ci_high)]
    return Scale(result.question.measure, result.unit, decimals_of(result.question.measure, result.unit, sizes))


def status_line(result: NetworkResult) -> str:
    treatments = {name for edge in result.edges for name in (edge.first, edge.second)}
    parts = [counted(len(treatments), "treatment"), counted(len(result.trials), "trial")]
    parts += [f"{people(result.n_total)} people"] if result.n_total else []
    return " · ".join(parts)


def network_answer(result: NetworkResult) -> str:
    """Return which treatments do clearly better or worse than the reference, and of how many nothing is settled."""
    if result.not_fitted:
        found = "there is 1" if result.not_fitted.found == 1 else f"there are {result.not_fitted.found or 'none'}"
        return phrase(NOT_FITTED, result.not_fitted.code).format(
            reference=label(result, result.question.reference), found=found, value=result.not_fitted.value
        )
    scale, reference = network_scale(result), label(result, result.question.reference)
    clear = [row for row in result.against_reference if row.ci_low > 0 or row.ci_high < 0]
    rest = len(result.against_reference) - len(clear)
    said = side_phrases(result, scale, clear)
    text = f"Compared with {reference}, {result.outcome_label} was {joined(said)}. " if said else ""
    if not rest:
        return text.strip()
    others = verb(rest, "one treatment", f"{rest} treatments") + (" more" if said else "")
    return f"{text}Not settled for {others}: the {level_words(result.question.level)} includes no difference."


def side_phrases(result: NetworkResult, scale: Scale, clear: list[Relative]) -> list[str]:
    """Return the treatments whose intervals lie on one side, by the side: "better with a (...) and b (...)"."""
    sides: dict[str, list[str]] = {}
    for row in clear:
        named = sides.setdefault(side_of(result, row), [])
        named.append(f"{label(result, row.experimental)} ({size_words(result, scale, row, first=row is clear[0])})")
    return [f"{side} with {joined(named)}" for side, named in sides.items()]


def side_of(result: NetworkResult, row: Relative) -> str:
    """Return what a difference on one side is called."""
    lower = row.estimate < 0
    if result.better == "none":
        return "lower" if lower else "higher"
    return "better" if lower == (result.better == "lower") else "worse"


def size_words(result: NetworkResult, scale: Scale, row: Relative, first: bool) -> str:
    """Return a difference on one side with its interval, both as sizes; the first one says what they are."""
    if scale.ratio:
        ends, size = scale.interval(row.ci_low, row.ci_high), scale.named(row.estimate)
    else:
        ends = scale.interval(*sorted((abs(row.ci_low), abs(row.ci_high))))
        size = scale.amount(row.estimate) if first else scale.text(abs(row.estimate))
    return f"{size}, {level_words(result.question.level)} {ends}" if first else f"{size}, {ends}"


def sentences_of(result: NetworkResult) -> tuple[str, ...]:
    """Return what a reader must know before the numbers: what is indirect, inconsistent, apart or not studied."""
    said = [apart_sentence(result), unstudied_sentence(result)]
    if not result.not_fitted:
        said = [direct_sentence(result), spread_sentence(result), inconsistency_sentence(result), *said, TRANSITIVE]
        said.append(NO_RANKS)
    return tuple(filter(None, said))


def direct_sentence(result: NetworkResult) -> str:
    """Return how many comparisons with the reference rest on trials that make them."""
    direct = sum(row.direct > 0 for row in result.against_reference)
    count, reference = len(result.against_reference), label(result, result.question.reference)
    rest = count > direct
    return (
        f"Trials compare {direct} of the {counted(count, 'other treatment')} with {reference} directly"
        + (f"; {count - direct} {verb(count - direct, 'is', 'are')} known only through a third one." if rest else ".")
    )


def spread_sentence(result: NetworkResult) -> str:
    """Return how much trials of one comparison differ."""
    if "no-spare-trials" in result.status:
        return (
            "Every comparison rests on a single trial and nothing closes a loop, so neither how trials differ nor "
            "whether they contradict each other can be seen: the intervals take all trials to share one true effect, "
            "and are too narrow if they do not."
        )
    if result.tau2_method == "FE":
        return "All trials of a pair are taken to share one true effect."
    few = (
        f" With {counted(result.q_df, 'degree')} of freedom to spare it is hardly known, and the intervals may be too "
        "narrow."
        if result.q_df < FEWEST_TO_SPARE
        else ""
    )
    return (
        f"One variance between trials serves all pairs: τ² {significant(result.tau2)}"
        f"{interval_words(result)}; I² {percent(result.i2)}.{few}"
    )


def interval_words(result: NetworkResult) -> str:
    if result.tau2_low is None:
        return ""
    return f" ({level_words(result.question.level)} {significant(result.tau2_low)} to {significant(result.tau2_high)})"


def inconsistency_sentence(result: NetworkResult) -> str:
    """Return whether direct and indirect comparisons contradict each other, as far as the network can tell."""
    found = result.inconsistency
    if found.q_between_df == 0:
        return (
            "No comparison is made both directly and indirectly by different trials, so whether they agree cannot be "
            "tested."
        )
    verdict = "contradict each other more than chance explains" if found.q_between_p_value < 0.10 else (
        "do not contradict each other more than chance explains, which with few trials says little"
    )
    return f"Direct and indirect comparisons {verdict} (Q between designs, under Methods)."


def apart_sentence(result: NetworkResult) -> str:
    """Return which treatments no trial connects with the reference."""
    if not result.apart:
        return ""
    parts = [f"({joined(label(result, code) for code in part)})" for part in result.apart]
    return (
        f"The trials fall into {len(result.apart) + 1} parts with no trial between them. Not connected with "
        f"{label(result, result.question.reference)}, and so not compared with it: {joined(parts)}."
    )


def unstudied_sentence(result: NetworkResult) -> str:
    if not result.unstudied:
        return ""
    return f"No trial with usable figures has {joined(label(result, code) for code in result.unstudied)}."


def drawing_words(result: NetworkResult) -> str:
    """Return what the drawing shows, for a reader who does not see it."""
    pairs = [f"{label(result, e.first)} and {label(result, e.second)} ({len(e.studies)})" for e in result.edges]
    return f"Treatments that trials compare directly, with the number of trials: {joined(pairs)}."


def node_rows(result: NetworkResult) -> tuple[NetworkRow, ...]:
    nodes = nodes_of(result, FRAMES[0]) if result.edges else ()
    return tuple(NetworkRow(node.label, "", "", "", str(node.trials), people(node.people)) for node in nodes)


def edge_rows(result: NetworkResult) -> tuple[NetworkRow, ...]:
    """Return the pairs that trials compare directly, with what those trials were."""
    names = {trial.study: trial.label for trial in result.trials}
    return tuple(
        NetworkRow(f"{label(result, edge.first)} and {label(result, edge.second)}", "", "",
                   joined(names[study] for study in edge.studies), str(len(edge.studies)), "")
        for edge in result.edges
    )  # fmt: skip


def relative_row(result: NetworkResult, scale: Scale, row: Relative) -> NetworkRow:
    direct = counted(row.direct, "direct trial") if row.direct else "indirect only"
    interval = scale.interval(row.ci_low, row.ci_high)
    return NetworkRow(label(result, row.experimental), scale.text(row.estimate), interval, direct, "", "")


def league_order(result: NetworkResult) -> list[str]:
    return list(dict.fromkeys(name for row in result.league for name in (row.experimental, row.control)))


def league_head(result: NetworkResult) -> tuple[str, ...]:
    return tuple(sentence_case(label(result, name)) for name in league_order(result))


def league_rows(result: NetworkResult, scale: Scale) -> tuple[tuple[str, ...], ...]:
    """Return the row treatment minus the column treatment, for every pair both ways round; dashes on the diagonal."""
    order, cells = league_order(result), {}
    for row in result.league:
        cells[row.experimental, row.control] = (
            f"{scale.text(row.estimate)} ({scale.interval(row.ci_low, row.ci_high)})"
        )
        cells[row.control, row.experimental] = (
            f"{scale.text(-row.estimate)} ({scale.interval(-row.ci_high, -row.ci_low)})"
        )
    return tuple(
        (sentence_case(label(result, one)), *(cells.get((one, other), MISSING) for other in order)) for one in order
    )


def trial_rows(result: NetworkResult, places: Places) -> tuple[TrialRow, ...]:
    """Return every trial, connected ones first, with where its figures stand."""
    rows = []
    for trial in (*result.trials, *result.apart_trials):
        refs = dict.fromkeys(ref for effect in trial.effects for ref in effect.refs)
        first = trial.effects[0]
        measured = ", ".join(filter(None, (
            f"{plain(first.followup_weeks)} weeks" if first.followup_weeks is not None else "", first.instrument or "",
        )))  # fmt: skip
        names = joined(label(result, code) for code in trial.treatments)
        apart = "" if trial in result.trials else " (not connected)"
        rows.append(TrialRow(trial.label + apart, places.study(trial.study), names, people(trial.n_total), measured,
                             tuple(map(places.row, refs))))  # fmt: skip
    return tuple(rows)


def methods_of(result: NetworkResult) -> tuple[Fact, ...]:
    """Return everything that decides the numbers of a network."""
    question = result.question
    facts = [
        Fact("Designs", joined(phrase(DESIGNS, design) for design in question.designs)),
        Fact("Outcome", result.outcome_label),
        Fact("Treatments", joined(name for _, name in result.labels)),
        Fact("Model", f"{phrase(MODEL_NAMES, question.model)}; the contrasts of a trial of several arms have true "
             "effects correlated by 1/2, and sampling errors correlated by the arm that they share"),
    ]  # fmt: skip
    if result.tau2_method:
        facts.append(Fact("Variance between trials", phrase(TAU2_METHODS, result.tau2_method)))
        facts.append(Fact("Interval", f"{percent(100 * question.level)}, Wald, normal quantile"))
    if question.window_weeks:
        low, high = question.window_weeks
        facts.append(Fact("Time window", f"{plain(low)} to {plain(high)} weeks"))
    if result.q is not None:
        found, whole = result.inconsistency, f"{significant(result.q, 4)} on {result.q_df}"
        facts.append(Fact("Q, common effect", f"{whole}, P {p_value(result.q_p_value)}"))
        facts.append(Fact("Q within designs", f"{significant(found.q_within, 4)} on {found.q_within_df}, "
                          f"P {p_value(found.q_within_p_value)}"))  # fmt: skip
        facts.append(Fact("Q between designs", f"{significant(found.q_between, 4)} on {found.q_between_df}, "
                          f"P {p_value(found.q_between_p_value)}"))  # fmt: skip
    if question.note:
        facts.append(Fact("Note", question.note))
    return tuple(facts)
