"""Published data sets as reviews that ask for more than one mean, and their runs."""

from pathlib import Path

from analysis.results import Run
from flows.stages import preview
from tests.metafor_answers import read
from tests.tables_as_reviews import review_in, run_of, write_arms, write_contrasts, write_network
from tests.test_protocol_models import LEVELS, MODERATED, RAUDENBUSH, write_districts

SENN = read("network.json")["cases"][0]
HOSTILE = "<script>alert(1)</script>"


def model_runs(folder: Path) -> dict[str, Run]:
    """Return runs of reviews written below a folder: moderators, subgroups, several results a study, a network."""
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
    }
