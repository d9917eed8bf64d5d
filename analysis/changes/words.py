"""The codes of changes, each with its sentence, and their order of weight."""

from collections.abc import Iterable

from analysis.results import Change

WORDS = {
    "verdict": "The verdict changed.",
    "new-claim": "A new claim.",
    "claim-removed": "The claim was removed.",
    "claim-text": "The words of a claim changed.",
    "fragile": "The verdict became fragile: it hangs on one of the declared choices.",
    "not-fragile": "The verdict is no longer fragile.",
    "answer": "The answer changed.",
    "outside-old-interval": "The estimate left its old interval.",
    "across-important": "The estimate crossed the smallest important difference.",
    "moved": "The estimate or its interval moved.",
    "new-comparison": "A new comparison.",
    "comparison-removed": "The comparison was removed.",
    "new-question": "A new question.",
    "question-removed": "The question was removed.",
    "trial-added": "A trial was added.",
    "trial-removed": "A trial was removed.",
    "trial-revised": "The figures of a trial were revised.",
    "trial-other-rows": "Other rows of a trial are used.",
    "people": "The number of people changed.",
    "dataset-added": "A dataset was added.",
    "dataset-removed": "A dataset was removed.",
    "dataset-revised": "A dataset was revised.",
    "dataset-rewritten": "A file of a dataset was written anew; no cell and no key differs.",
    "setting": "A line of the protocol changed.",
    "vocabulary": "An entry of the vocabulary changed.",
    "rule": "The rule of a claim changed.",
    "versions": "Another version of the software.",
    "moved-with-code": "The code or a program changed, and a number moved with it.",
    "model-moved-with-code": "The code or a program changed, and numbers of a model moved with it.",
    "model-moved": "Numbers of a model moved although data, protocol, code and programs are the same: a fault.",
    "number-moved": "A number moved although data, protocol, code and programs are the same: a fault.",
}
ORDER = ("verdict", "answer", "evidence", "methods", "drift")
WHY_NOT_SPLIT = {
    "no-vocabulary": "One of the two runs did not keep its protocol, so it cannot be made again.",
    "rows-refused": "This version refuses rows that one of the two runs took, so it cannot be made again.",
    "other-scale": "The two runs give it on different scales.",
    "no-average": "On the new data the old protocol gives no average.",
    "other-code": "Both runs were made with other code than this, so neither can be made again.",
}


def in_order_of_weight(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes, the weightiest kind first, otherwise in the order given."""
    return tuple(sorted(changes, key=lambda change: ORDER.index(change.kind)))
