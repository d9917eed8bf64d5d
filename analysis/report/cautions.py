"""What a rater is told of figures that are not as printed, and of studies without figures: how many, and which."""

from collections.abc import Iterable

from analysis.report.answer import noun, nouns
from analysis.report.phrases import CAUTIONS
from analysis.report.within import study_count
from analysis.report.wording import counted, joined, verb
from analysis.results import ComparisonResult

SAID_ELSEWHERE = ("clusters-ignored", "coarse-rounding")  # prompts of their own
DOUBTED = ("off-centre", "implausible", "outcomes-missing", "unit-of-analysis")
CORRECTED = ("corrected",)
CONVERTED = tuple(code for code in CAUTIONS if code not in (*SAID_ELSEWHERE, *DOUBTED, *CORRECTED))
KINDS = {  # what there is to say of figures -> the cautions that say it
    "were converted for pooling": CONVERTED,
    "were corrected after transcription": CORRECTED,
    "look implausible or incomplete": DOUBTED,
}
MOST_NAMES = 3


def caution_words(result: ComparisonResult) -> dict[str, str]:
    """Return in how many studies figures were converted, were corrected or are doubted, for the prompt that says it."""
    found = {did: studies_with(result, codes) for did, codes in KINDS.items()}
    if not any(found.values()):
        return {}
    count = study_count(result)
    if count == 1:
        return {"handled": f"{joined(did for did, in_it in found.items() if in_it)} in the one {noun(result)}"}
    parts = joined(f"{did} in {some}" for did, some in found.items() if some)
    return {"handled": f"{parts} of {counted(count, noun(result), nouns(result))}"}


def studies_with(result: ComparisonResult, codes: Iterable[str]) -> int:
    """Return how many studies of the average have one of some cautions."""
    return len({effect.study for effect in result.effects if set(codes) & set(effect.cautions)})


def awaited_words(result: ComparisonResult) -> dict[str, str]:
    """Return how many known studies are not in the average and the first few of them, for the prompt that says it."""
    labels = list(dict.fromkeys(study.label for study in result.awaited))
    if not labels:
        return {}
    shown, more = labels[:MOST_NAMES], len(labels) - MOST_NAMES
    names = joined([*shown, f"{more} more"] if more > 0 else shown)
    count = counted(len(labels), f"known {noun(result)}", f"known {nouns(result)}")
    return {"awaited": f"{count} {verb(len(labels), 'is', 'are')}", "names": names}
