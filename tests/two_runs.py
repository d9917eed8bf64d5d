"""Runs of the invented review before and after an edit, for the tests that compare two of them."""

from analysis import store
from analysis.results import Change, Run
from flows.review import Review
from flows.stages import compute, ingest

PAIN = "new-vs-old-pain"
ALPHA = "raw/invented-alpha/arms.csv"
COMPARISONS, VOCABULARY = "protocol/comparisons.toml", "protocol/vocabulary.toml"
REVISED = (ALPHA, "12,final,20,2.5,1.5", "12,final,20,3.0,1.5")
OTHER_SPREAD = (ALPHA, "12,final,20,2.5,1.5", "12,final,20,2.5,2.5")
REWEIGHTED = (COMPARISONS, 'measure = "MD"', 'measure = "MD"\nmodel = "common"')
RETUNED = (COMPARISONS, 'measure = "MD"', 'measure = "MD"\ntau2 = "SJ"')


def edit(review: Review, place: str, old: str, new: str) -> None:
    path = review.data / place
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def run_now(review: Review) -> Run:
    """Return a run of the review as it stands, recorded in its store."""
    run = compute(ingest(review), recorded=True)
    store.record(review.store, run)
    return run


def two_runs(review: Review, *edits: tuple[str, str, str]) -> tuple[Run, Run]:
    before = run_now(review)
    for one in edits:
        edit(review, *one)
    return before, run_now(review)


def result_of(run: Run):
    return next(result for result in run.comparisons if result.comparison.id == PAIN)


def of(changes: tuple[Change, ...], what: str) -> Change:
    return next(change for change in changes if change.what == what and change.subject in (PAIN, "I1"))


def told(changes: tuple[Change, ...]) -> set[str]:
    return {change.what for change in changes}
