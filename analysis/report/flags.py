"""Which studies of a comparison are new or revised since the run before: a word beside each."""

from analysis.report.wording import sentence_case
from analysis.results import ComparisonResult, Run

FLAGS = {"trial-added": "new", "trial-revised": "revised", "trial-other-rows": "revised"}

MEANINGS = {"new": "new: not in the run before", "revised": "revised: its figures are others than in the run before"}


def study_flags(run: Run, result: ComparisonResult) -> dict[str, str]:
    """Return the word of every study that changed, by its id; of several changes the first counts."""
    flags: dict[str, str] = {}
    for change in run.changes:
        if change.subject == result.comparison.id and change.what in FLAGS and change.new is not None:
            flags.setdefault(change.new, FLAGS[change.what])
    return flags


def with_flag(label: str, flag: str) -> str:
    """Return a label with its flag behind it."""
    return f"{label} · {flag}" if flag else label


def flag_sentence(flags: dict[str, str]) -> str:
    """Return what the words beside studies mean; nothing without any."""
    words = list(dict.fromkeys(flags.values()))
    return f" {sentence_case('; '.join(MEANINGS[word] for word in words))}." if words else ""
