"""An invented review of a thousand datasets: no study in it exists, every number comes from a seeded generator."""

from pathlib import Path

import numpy as np

DATASETS, TREATMENTS = 1000, 100
OUTCOMES = ("pain", "function", "recovery")
HEADER = "study,arm,outcome,instrument,followup_weeks,value_type,n,mean,sd,events,location,seen_as\n"
VOCABULARY = """[outcomes]
pain = {label = "pain", better = "lower"}
function = {label = "function", better = "higher"}
recovery = {label = "recovery", better = "higher"}

[instruments.scale-10]
label = "an invented scale"
unit = "points"
range = [0, 10]

[treatments]
old = {label = "the old treatment"}
"""
REVIEW = """[review]
title = "An invented library"
question = "Which of a hundred invented treatments is better than the old one?"

[defaults]
designs = ["rct"]
measure = "MD"
sensitivity = ["tau2=DL", "tau2=PM", "interval=z", "model=common", "with-doubtful", "leave-one-out"]
"""


def write_invented_library(data: Path, datasets: int = DATASETS, treatments: int = TREATMENTS) -> None:
    """Write raw/ and protocol/ below a folder: three comparisons a treatment, the datasets shared among treatments."""
    random = np.random.default_rng(20260301)
    for number in range(datasets):
        write_dataset(data / "raw" / dataset_name(number), number, f"new-{number % treatments}", random)
    protocol = data / "protocol"
    protocol.mkdir(parents=True)
    words = [f'new-{number} = {{label = "the new treatment {number}"}}' for number in range(treatments)]
    (protocol / "vocabulary.toml").write_text(VOCABULARY + "\n".join(words) + "\n")
    questions = [question(number, outcome) for number in range(treatments) for outcome in OUTCOMES]
    (protocol / "comparisons.toml").write_text("\n".join([REVIEW, *questions]))
    (protocol / "claims.toml").write_text("\n".join(claim(number) for number in range(treatments)))


def dataset_name(number: int) -> str:
    return f"invented-{number:04}"


def write_dataset(folder: Path, number: int, treatment: str, random: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    (folder / "metadata.toml").write_text(
        f'id = "{folder.name}"\ntitle = "Invented trial {number}"\ncurator = "nobody"\n\n'
        '[source]\ncitation = "Invented, for a benchmark"\n\n'
        f'[study]\ndesign = "rct"\nlabel = "Invented {number}"\nyear = {1990 + number % 35}\n\n'
        f'[[arms]]\nid = "new"\ntreatment = "{treatment}"\n\n[[arms]]\nid = "old"\ntreatment = "old"\n'
    )
    rows = [line(folder.name, arm, outcome, random) for outcome in OUTCOMES for arm in (treatment, "old")]
    (folder / "arms.csv").write_text(HEADER + "".join(rows))


def line(study: str, arm: str, outcome: str, random: np.random.Generator) -> str:
    n, better = int(random.integers(20, 90)), arm != "old"
    if outcome == "recovery":
        figures = f",12,final,{n},,,{int(random.integers(3, n // 2)) + 3 * better}"
    else:
        mean = random.normal(4.5 - 0.5 * better, 0.5)
        figures = f"scale-10,12,final,{n},{mean:.2f},{random.uniform(1.2, 2.4):.2f},"
    return f"{study},{arm},{outcome},{figures},Invented table,primary\n"


def question(number: int, outcome: str) -> str:
    kind = 'measure = "RR"\n' if outcome == "recovery" else 'instruments = ["scale-10"]\n'
    return (
        f'[[comparison]]\nid = "new-{number}-{outcome}"\nquestion = "Is new treatment {number} better for {outcome}?"\n'
        f'experimental = ["new-{number}"]\ncontrol = ["old"]\noutcome = "{outcome}"\n{kind}window_weeks = [4, 26]\n'
    )


def claim(number: int) -> str:
    return (
        f'[[claim]]\nid = "C{number}"\ntext = "New treatment {number} relieves pain."\nkind = "effectiveness"\n'
        f'source = "invented"\n\n[[claim.part]]\ncomparison = "new-{number}-pain"\nrule = "favours"\n'
    )
