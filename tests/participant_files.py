"""An invented trial as participant data, for the tests: nothing here was measured."""

import csv
from pathlib import Path

import numpy as np

from analysis.evidence.datasets import read_folder
from analysis.evidence.vocabulary import read_vocabulary
from tests.reviews import INVENTED

METADATA = """id = "invented-people"
title = "An invented trial, participant by participant"
curator = "The tests"

[source]
citation = "Invented for the tests, 2003"

[study]
design = "rct"
label = "Invented People"
year = 2003

[[arms]]
id = "A"
treatment = "new"

[[arms]]
id = "B"
treatment = "old"

[participants]
covariates = ["age"]

[[participants.outcomes]]
column = "pain_12"
baseline = "pain_0"
outcome = "pain"
instrument = "scale-100"
followup_weeks = 12

[[participants.outcomes]]
column = "well"
outcome = "recovery"
event = "yes"
no_event = "no"
followup_weeks = 12
"""
HEADER = ("study", "participant", "arm", "age", "pain_0", "pain_12", "well")
MISSING = 7  # of pain_12, in the arm A


def invented_people(seed: int = 1, n: int = 120) -> list[tuple[str, ...]]:
    """Return the lines of an invented trial; values have four decimals that stand nowhere else."""
    random = np.random.default_rng(seed)
    rows = []
    for index in range(n):
        arm = "AB"[index % 2]
        before = random.uniform(30, 80)
        after = 0.6 * before + random.normal(8, 7) - 6 * (arm == "A")
        lost = arm == "A" and index < 2 * MISSING
        well = "yes" if random.random() < 0.4 else "no"
        rows.append(("invented-people", f"QX{index * 7919 % 100003:06d}", arm, f"{random.uniform(20, 70):.4f}",
                     f"{before:.4f}", "" if lost else f"{after:.4f}", well))  # fmt: skip
    return rows


def write_people(folder: Path, rows: list[tuple[str, ...]], metadata: str = METADATA, header=HEADER) -> Path:
    """Write a dataset of participants below a folder and return it."""
    dataset = folder / "invented-people"
    dataset.mkdir(parents=True)
    (dataset / "metadata.toml").write_text(metadata, encoding="utf-8")
    with (dataset / "participants.csv").open("w", newline="", encoding="utf-8", errors="surrogatepass") as file:
        csv.writer(file).writerows([header, *rows])
    return dataset


def read_people(dataset: Path):
    """Return the dataset, its rows by table, and its faults as text."""
    codebook = read_vocabulary(INVENTED / "data")[0]
    read, rows, faults = read_folder(dataset, "data/raw/invented-people", codebook)
    return read, rows, [str(fault) for fault in faults]
