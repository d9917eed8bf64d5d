"""What changed in models beyond one mean: between runs of published tables written as reviews."""

from dataclasses import replace

from analysis.changes import changes_between
from flows.stages import preview
from tests.metafor_answers import read
from tests.tables_as_reviews import review_in, run_of, write_arms, write_contrasts, write_network
from tests.test_protocol_models import LEVELS, write_districts

SENN = read("network.json")["cases"][0]
TREATMENTS = sorted(set(SENN["arms"]["treatment"]))


def kinds(old, new):
    return {(change.kind, change.subject, change.what) for change in changes_between(old, new)}


def network_run(folder, keys=""):
    write_network(folder, TREATMENTS, "placebo", keys)
    return preview(review_in(folder)).run


def test_a_moderator_that_the_protocol_names_is_a_change_of_methods(tmp_path):
    write_contrasts(tmp_path, [0.1, 0.3, 0.2, 0.5], [0.02, 0.03, 0.02, 0.05], followup_weeks=[4, 6, 8, 12])
    old, new = run_of(tmp_path), run_of(tmp_path, 'moderators = ["followup_weeks"]')
    found = [change for change in changes_between(old, new) if change.subject == "asked"]
    assert [(one.what, one.new) for one in found] == [("setting", "moderators = [followup_weeks]")]
    assert found[0].origins[0].line is not None


def test_a_model_that_moves_alone_is_drift(tmp_path):
    write_contrasts(tmp_path, [0.1, 0.3, 0.2, 0.5], [0.02, 0.03, 0.02, 0.05], followup_weeks=[4, 6, 8, 12])
    run = run_of(tmp_path, 'moderators = ["followup_weeks"]')
    result = run.comparisons[0]
    moved = replace(result, regression=replace(result.regression, qm=result.regression.qm + 1e-12))
    assert kinds(run, replace(run, comparisons=(moved,))) == {("drift", "asked", "model-moved")}


def test_a_row_of_a_study_with_several_is_seen_when_it_is_revised(tmp_path):
    case = LEVELS["konstantopoulos2011-REML"]
    write_districts(tmp_path / "old", case)
    write_districts(tmp_path / "new", case | {"yi": [case["yi"][0] + 0.1, *case["yi"][1:]]})
    old, new = (run_of(tmp_path / name, 'model = "multilevel"') for name in ("old", "new"))
    assert ("evidence", "asked", "trial-revised") in kinds(old, new)


def test_a_network_that_came_went_or_was_asked_otherwise_is_a_change_of_methods(tmp_path):
    write_arms(tmp_path, SENN["arms"], ("n", "mean", "sd"))
    run, common = network_run(tmp_path), network_run(tmp_path, 'model = "common"')
    assert kinds(replace(run, networks=()), run) == {("methods", "all", "new-question")}
    assert kinds(run, replace(run, networks=())) == {("methods", "all", "question-removed")}
    assert kinds(run, common) == {("methods", "all", "setting")}


def test_a_network_that_moves_alone_is_drift(tmp_path):
    write_arms(tmp_path, SENN["arms"], ("n", "mean", "sd"))
    run = network_run(tmp_path)
    first, *rest = run.networks[0].league
    moved = replace(run.networks[0], league=(replace(first, estimate=first.estimate + 1e-12), *rest))
    assert kinds(run, replace(run, networks=(moved,))) == {("drift", "all", "model-moved")}
