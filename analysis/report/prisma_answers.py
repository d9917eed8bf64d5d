"""What a run can say to each item of the PRISMA 2020 checklist, and what it cannot: the gaps, named."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.report.funnel import FEWEST_STUDIES, can_be_drawn
from analysis.report.measures import measure_of
from analysis.report.wording import counted, joined, people, verb
from analysis.results import ComparisonResult, Run

ANSWERED, IN_PART, GAP = "answered", "in part", "gap"
QUESTIONS, SOURCES = "index.html#comparisons", "datasets.html"


@dataclass(frozen=True)
class Answer:
    """Whether an item is answered, how or what is missing, and where; the address is from the site's root."""

    status: str
    text: str
    address: str | None = None


def objectives(run: Run) -> Answer:
    return Answer(ANSWERED, f"{counted(len(run.comparisons), 'question')}, each a page.", QUESTIONS)


def information_sources(run: Run) -> Answer:
    read = sum(dataset.metadata.source.retrieved is not None for dataset in run.datasets)
    return Answer(
        GAP,
        f"{counted(len(run.datasets), 'source')} {verb(len(run.datasets), 'is', 'are')} listed with citations, {read} "
        "with the date of reading; databases and dates of searches are not recorded.",
        SOURCES,
    )


def data_collection(run: Run) -> Answer:
    curators = joined(dict.fromkeys(dataset.metadata.curator for dataset in run.datasets)) or "nobody named"
    return Answer(
        IN_PART,
        f"Transcribed by {curators}, each row with its place in the paper and checked by rule; how many people read "
        "each source, and whether independently, is not recorded.",
        SOURCES,
    )


def other_variables(run: Run) -> Answer:
    studies = [dataset.metadata.study for dataset in run.datasets]
    return Answer(
        IN_PART,
        f"People are described for {sum(bool(study.population) for study in studies)} and countries given for "
        f"{sum(bool(study.country) for study in studies)} of {counted(len(studies), 'source')}, doses arm by arm; "
        "funding of the studies is not recorded.",
        SOURCES,
    )


def effect_measures(run: Run) -> Answer:
    names = dict.fromkeys(measure_of(result.comparison.measure).name for result in run.comparisons)
    return Answer(ANSWERED, f"Stated for each question: {joined(names) or 'none asked'}.", QUESTIONS)


def sensitivity(run: Run) -> Answer:
    return of_comparisons(run, lambda result: bool(result.choices), "{count} of {all} declare and show other choices.")


def reporting_bias(run: Run) -> Answer:
    return of_comparisons(
        run,
        can_be_drawn,
        f"{{count}} of {{all}} have the {FEWEST_STUDIES} studies that a funnel plot needs; results that were never "
        "reported are not looked for.",
        GAP,
    )


def certainty(run: Run) -> Answer:
    text = (
        "{count} of {all} are rated and signed. A rating (GRADE, high to very low) is a person's, who signs it in the "
        "protocol with reasons, name and date; the software rates nothing."
    )
    return of_comparisons(run, lambda result: result.comparison.certainty is not None, text)


def of_comparisons(
    run: Run, holds: Callable[[ComparisonResult], bool], text: str, at_most: str = ANSWERED
) -> Answer:
    """Return how many comparisons have something: answered when all do, a gap when none does."""
    count = sum(map(holds, run.comparisons))
    status = GAP if not count else ANSWERED if count == len(run.comparisons) else IN_PART
    words = text.format(count=count, all=counted(len(run.comparisons), "question"))
    return Answer(at_most if status == ANSWERED else status, words, QUESTIONS)


def bias_methods(run: Run) -> Answer:
    judged = {one.tool_label for dataset in run.datasets for one in dataset.metadata.risk_of_bias}
    if not judged:
        return Answer(GAP, "No tool for risk of bias is recorded.")
    return Answer(
        IN_PART,
        f"Judged with {joined(sorted(judged))}, each judgement signed and with its reason; how many people judged each "
        "study, and whether independently, is not recorded.",
        SOURCES,
    )


def bias_results(run: Run) -> Answer:
    studies = {effect.study: effect.risk_of_bias is not None for result in run.comparisons for effect in result.effects}
    judged = sum(studies.values())
    if not judged:
        return Answer(GAP, "No risk of bias judgement is recorded.")
    status = ANSWERED if judged == len(studies) else IN_PART
    text = f"{judged} of {counted(len(studies), 'study', 'studies')} in an average {verb(judged, 'is', 'are')} judged"
    return Answer(status, f"{text}, domain by domain with reasons, as lights and as bars.", QUESTIONS)


def studies_of_syntheses(run: Run) -> Answer:
    judged = any(result.bias_shares for result in run.comparisons)
    words = "how much of its weight is at which risk of bias" if judged else "no risk of bias"
    return Answer(IN_PART, f"The studies of each average with what was measured and when; {words}.", QUESTIONS)


def left_out(run: Run) -> Answer:
    rows = {row.ref for result in run.comparisons for row in result.left_out}
    return Answer(
        IN_PART,
        f"{counted(len(rows), 'row')} that {verb(len(rows), 'answers', 'answer')} a question and "
        f"{verb(len(rows), 'was', 'were')} left out, each with its reason; what a search found and screening left "
        "out is not recorded.",
        QUESTIONS,
    )


def characteristics(run: Run) -> Answer:
    randomised = sum(dataset.metadata.study.n_randomised or 0 for dataset in run.datasets)
    return Answer(
        ANSWERED,
        f"A page for each of {counted(len(run.datasets), 'source')}; {people(randomised)} people are stated as "
        "randomised.",
        SOURCES,
    )


def syntheses(run: Run) -> Answer:
    pooled = sum(result.pooled is not None and result.pooled.k > 1 for result in run.comparisons)
    return Answer(
        ANSWERED,
        f"{pooled} of {counted(len(run.comparisons), 'question')} have an average of two studies or more, with "
        "interval, heterogeneity and direction.",
        QUESTIONS,
    )


def other_evidence(run: Run) -> Answer:
    shown = {row.ref for result in run.comparisons for row in result.published}
    return Answer(
        IN_PART,
        f"{counted(len(shown), 'published pooled result')} shown beside ours, and the claims judged; what the results "
        "mean is for the authors to write.",
        "claims.html",
    )


def protocol(run: Run) -> Answer:
    return Answer(
        ANSWERED,
        f"The protocol of this run (fingerprint {run.fingerprints.protocol}) lies beside the data and is shown on "
        "each page under Methods in full.",
        QUESTIONS,
    )


def causes(run: Run) -> Answer:
    """Return in how many questions causes of heterogeneity are looked for; those without an answer are not counted."""
    explored = sum(is_explored(result) for result in run.comparisons)
    if not explored:
        return Answer(GAP, "No cause of heterogeneity is explored beyond the declared choices.")
    count = counted(len(run.comparisons), "question")
    looks = verb(explored, "looks", "look")
    return Answer(IN_PART, f"{explored} of {count} {looks} for causes by moderators or subgroups.", QUESTIONS)


def is_explored(result: ComparisonResult) -> bool:
    parts = (result.regression, result.subgroups)
    return any(part is not None and part.not_fitted is None for part in parts)


def amendments(run: Run) -> Answer:
    if run.previous is None:
        return Answer(IN_PART, "This is the first run; later ones list every changed line.", "changes.html")
    count = sum(change.kind == "methods" for change in run.changes)
    return Answer(ANSWERED, f"{counted(count, 'change')} of the protocol since the run before.", "changes.html")


ANSWERS: dict[str, Callable[[Run], Answer] | Answer] = {
    "1": Answer(GAP, "The report does not call itself a systematic review: search and screening are not recorded."),
    "2": Answer(IN_PART, "The first page gives the question and the main answers; not as a structured abstract.",
                "index.html"),
    "3": Answer(GAP, "For the authors to write."),
    "4": objectives,
    "5": Answer(ANSWERED, "Designs, people compared, outcome and time stated for each question.", QUESTIONS),
    "6": information_sources,
    "7": Answer(GAP, "No search strategy is recorded."),
    "8": Answer(GAP, "Who selected studies, and how, is not recorded."),
    "9": data_collection,
    "10a": Answer(ANSWERED, "Outcome, time window and order of instruments stated for each question.", QUESTIONS),
    "10b": other_variables,
    "11": bias_methods,
    "12": effect_measures,
    "13a": Answer(ANSWERED, "By rule, from the protocol; each row ends as used, or left out with its reason.",
                  QUESTIONS),
    "13b": Answer(ANSWERED, "How each effect was made stands beside it.", QUESTIONS),
    "13c": Answer(ANSWERED, "Tables, forest plots and funnel plots, each figure with its table.", QUESTIONS),
    "13d": Answer(ANSWERED, "Methods in full on each page, with a paragraph ready for a paper.", QUESTIONS),
    "13e": causes,
    "13f": sensitivity,
    "14": reporting_bias,
    "15": certainty,
    "16a": Answer(IN_PART, "The diagram below starts from the sources known; search and screening are not recorded.",
                  "prisma.html#flow"),
    "16b": left_out,
    "17": characteristics,
    "18": bias_results,
    "19": Answer(ANSWERED, "Figures, effect and interval of each study, with links to the rows as transcribed.",
                 QUESTIONS),
    "20a": studies_of_syntheses,
    "20b": syntheses,
    "20c": causes,
    "20d": sensitivity,
    "21": reporting_bias,
    "22": certainty,
    "23a": other_evidence,
    "23b": Answer(IN_PART, "Why to be cautious stands on the first screen of each question.", QUESTIONS),
    "23c": Answer(IN_PART, "The gaps of this checklist; the rest is for the authors to write.", "prisma.html"),
    "23d": Answer(GAP, "For the authors to write."),
    "24a": Answer(GAP, "No registration of the review is recorded."),
    "24b": protocol,
    "24c": amendments,
    "25": Answer(GAP, "Support of the review is not recorded."),
    "26": Answer(GAP, "Competing interests are not recorded."),
    "27": Answer(ANSWERED, "All data of this report as results.json and CSV, with the fingerprint of the code.",
                 "results.json"),
}  # fmt: skip


def answer(run: Run, number: str) -> Answer:
    """Return the answer of a run to an item of the checklist."""
    found = ANSWERS[number]
    return found if isinstance(found, Answer) else found(run)
