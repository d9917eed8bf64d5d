"""Published data sets as reviews that ask for more than one mean, and their runs."""

from pathlib import Path

from analysis.results import Run
from flows.stages import preview
from tests.metafor_answers import read
from tests.tables_as_reviews import (
    review_in,
    run_of,
    write_arms,
    write_contrasts,
    write_group,
    write_network,
    write_study,
)
from tests.test_protocol_models import LEVELS, MODERATED, RAUDENBUSH, write_districts

SENN = read("network.json")["cases"][0]
HOSTILE = "<script>alert(1)</script>"
GROUPS = {case["measure"]: case["arms"] for case in read("groups_pooled.json")["cases"]}
CHOICES = 'window_weeks = [4, 40]\nsensitivity = ["tau2=DL", "model=common", "with-doubtful", "leave-one-out"]\n'


def model_runs(folder: Path) -> dict[str, Run]:
    """Return runs of reviews below a folder: moderators, subgroups, several results a study, a network, one group."""
    weeks = RAUDENBUSH["input"]["moderators"]["weeks"]
    write_contrasts(folder / "line", RAUDENBUSH["input"]["yi"], RAUDENBUSH["input"]["vi"], followup_weeks=weeks)
    words = [HOSTILE if word == "alternate" else word for word in MODERATED["alloc"]]
    write_contrasts(folder / "groups", MODERATED["yi"], MODERATED["vi"], detail=words)
    case = LEVELS["konstantopoulos2011-year-REML"]
    write_districts(folder / "rows", case, [year - 1976 for year in case["moderators"]["year"]])
    write_arms(folder / "network", SENN["arms"], ("n", "mean", "sd"))
    write_network(folder / "network", sorted(set(SENN["arms"]["treatment"])), "placebo")
    return {
        "line": run_of(folder / "line", 'moderators = ["followup_weeks"]'),
        "groups": run_of(folder / "groups", 'moderators = ["detail"]\nsubgroup = "detail"'),
        "rows": run_of(folder / "rows", 'model = "multilevel"\nmoderators = ["followup_weeks"]'),
        "network": preview(review_in(folder / "network")).run,
        "share": share_run(folder / "share"),
        "mean": mean_run(folder / "mean"),
    }


def share_run(folder: Path) -> Run:
    """Return the run of a review that asks for a share: dat.debruin2009 with invented weeks and names."""
    write_one_group(folder, GROUPS["PLO"])
    return group_run(folder, f'measure = "PLO"\n{CHOICES}')


def mean_run(folder: Path) -> Run:
    """Return the run of a review that asks for a mean: dat.normand1999, a doubtful study and one without a spread."""
    write_one_group(folder, GROUPS["MN"])
    arm = {"arm": "new", "outcome": "pain", "instrument": "scale", "n": 30, "mean": 14.2, "followup_weeks": 9}
    write_study(folder / "data", "knees", "arms", [arm | {"sd": 8}], 'unit_of_analysis = "knees"\n')
    write_study(folder / "data", HOSTILE, "arms", [arm | {"detail": HOSTILE}])
    return group_run(folder, f'measure = "MN"\nlabel = "{HOSTILE}"\nnote = "{HOSTILE}"\n{CHOICES}')


def write_one_group(folder: Path, arms: dict) -> None:
    count = len(arms["n"])
    names = {"study": [f"study {place:02}" for place in range(count)], "treatment": ["new"] * count}
    write_arms(folder, names | arms | {"followup_weeks": range(6, 6 + count)}, [*arms, "followup_weeks"])


def group_run(folder: Path, keys: str) -> Run:
    write_group(folder, keys)
    return preview(review_in(folder)).run
