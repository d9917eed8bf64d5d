"""An invented review whose trials have invented judgements of their risk of bias: nobody judged anything."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from analysis.evidence.bias_tools import shipped_tools
from analysis.results import ComparisonResult, Run
from flows.material import read_material
from flows.review import Review
from flows.steps import synthesise
from tests.reviews import invented_review

LOW, SOME, HIGH, UNKNOWN = "low", "some concerns", "high", "no information"
JUDGED = {  # trial -> RoB 2 in the order of its domains, the overall judgement last; None: not judged
    "Invented Amber": (LOW, LOW, LOW, LOW, LOW, LOW),
    "Invented Birch": (LOW, SOME, LOW, SOME, LOW, SOME),
    "Invented Cedar": (HIGH, SOME, UNKNOWN, HIGH, SOME, HIGH),
    "Invented Dogwood": (LOW, LOW, LOW, LOW, SOME, SOME),
    "Invented Elm": None,
    "Invented Fir <b>": (UNKNOWN, LOW, LOW, LOW, LOW, LOW),
}
COMPARISON = """
[[comparison]]
id = "judged"
question = "Does the new treatment relieve pain more, by trials judged?"
experimental = ["newer"]
control = ["old"]
outcome = "pain"
instruments = ["scale-10"]
sensitivity = ["tau2=DL", "without-high-risk", "only-low-risk"]
"""


def judged_review(folder: Path, trials: int = len(JUDGED)) -> Review:
    """Return an invented review of so many trials; past the sixth, the names and judgements begin again."""
    review = invented_review(folder)
    shutil.rmtree(review.data / "raw")
    protocol = review.data / "protocol" / "comparisons.toml"
    protocol.write_text(protocol.read_text() + COMPARISON)
    for number in range(trials):
        name, words = list(JUDGED.items())[number % len(JUDGED)]
        write_trial(review.data / "raw" / f"invented-{number:02}", f"{name} {2001 + number}", 2001 + number, words)
    return review


def write_trial(folder: Path, label: str, year: int, words: tuple[str, ...] | None) -> None:
    folder.mkdir(parents=True)
    head = f'id = "{folder.name}"\ntitle = "An invented trial"\ncurator = "The tests"\n\n[source]\n' \
           f'citation = "Invented, {year}"\n\n[study]\ndesign = "rct"\nlabel = {json.dumps(label)}\nyear = {year}\n'
    (folder / "metadata.toml").write_text(head + (assessment(words) if words else ""))
    shift = year % 7
    rows = [f"{folder.name},newer,pain,scale-10,12,final,{20 + shift},{2 + shift / 4},1.5,Table 1,primary",
            f"{folder.name},old,pain,scale-10,12,final,{22 + shift},{3.4 + (year % 5) / 10},1.6,Table 1,primary"]
    (folder / "arms.csv").write_text("study,arm,outcome,instrument,followup_weeks,value_type,n,mean,sd,location,"
                                     "seen_as\n" + "\n".join(rows) + "\n")


def assessment(words: tuple[str, ...]) -> str:
    """Return [risk_of_bias] in RoB 2."""
    domains = [domain.id for domain in shipped_tools()["rob2"].domains]
    lines = [f'{id} = {{ judgement = "{word}", reason = "Invented: nobody read a paper" }}'
             for id, word in zip(domains, words, strict=False)]
    return "\n".join(["", "[risk_of_bias]", 'tool = "rob2"', 'rater = "Nobody & Co"', "rated = 2001-02-03",
                      f'overall = "{words[-1]}"', 'overall_reason = "Invented"', "", "[risk_of_bias.domains]", *lines,
                      ""])


def judged_run(review: Review) -> Run:
    """Return the results document of such a review, as a preview would make it."""
    return synthesise(read_material(review), None, datetime(2001, 2, 3, 4, 5, tzinfo=UTC), recorded=False)


def judged_result(run: Run) -> ComparisonResult:
    """Return the comparison of the judged trials."""
    return next(result for result in run.comparisons if result.comparison.id == "judged")
