"""The multiverse: what is crossed, that a branch is what `pool` says of it alone, and what is counted."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose
from pyarrow import parquet

from analysis.document import from_json, to_json
from analysis.evidence.datasets import read_evidence
from analysis.evidence.vocabulary import read_vocabulary
from analysis.multiverse import ASKED, KEPT, POOLED, branch_table, explore, frame
from analysis.multiverse.exploring import FIGURES
from analysis.multiverse.laying_out import lay_out
from analysis.multiverse.shares import eta_squared
from analysis.pooling import pool
from analysis.protocol.judging import judge_pooled
from analysis.report.multiverse import multiverse_part, multiverse_sentences
from analysis.report.multiverse_words import CHOICE_NAMES, option_name
from analysis.results import ArmRow, Claim, ClaimPart, ContrastRow, Run
from analysis.synthesis import synthesise_comparison
from flows.command import trochlea
from tests.fixtures_bcg import BCG, bcg_evidence, bcg_result, bcg_run, bcg_study
from tests.reviews import INVENTED, invented_review
from tests.test_synthesis import ASKED as INVENTED_QUESTION
from tests.test_synthesis import arm, contrast

BCG_QUESTION = bcg_result().comparison
(EXPLORED,) = explore([BCG_QUESTION], bcg_evidence())
TABLE = branch_table(EXPLORED)
TAU2, INTERVALS = 7, 3  # EB is PM by another name


@pytest.fixture(scope="module")
def invented():
    codebook, _ = read_vocabulary(INVENTED / "data")
    return read_evidence(INVENTED / "data", codebook)[0]


def trial(study, mean, line, seen_as="primary", **values):
    """Return the two arms of an invented trial."""
    rows = arm("new", line, mean=mean, seen_as=seen_as, **values), arm("old", line + 1, seen_as=seen_as, **values)
    return tuple(replace(row, study=study) for row in rows)


FOUR = (*trial("a", 3.0, 2), *trial("b", 3.6, 4), *trial("c", 2.9, 6), *trial("d", 6.0, 8, "doubtful"))


def explored_of(invented, rows, **settings):
    arms = tuple(row for row in rows if isinstance(row, ArmRow))
    contrasts = tuple(row for row in rows if isinstance(row, ContrastRow))
    (found,) = explore([replace(INVENTED_QUESTION, **settings)], replace(invented, arms=arms, contrasts=contrasts))
    return found


def codes_of(explored):
    return {one.name: one.codes for one in explored.dimensions}


def branch(index, name):
    return TABLE[name][index]


@pytest.mark.parametrize("index", range(0, len(TABLE["branch"]), 37))
def test_a_branch_is_what_pool_says_of_it_alone_to_the_last_bit(index):
    """Derived, chosen and pooled anew, one by one."""
    asked = replace(BCG_QUESTION, measure=branch(index, "measure"))
    kept = branch(index, "studies").split()
    effects = {one.study: one for one in synthesise_comparison(asked, bcg_evidence()).effects}
    method = branch(index, "choice_tau2").removeprefix("tau2=")
    alone = pool([effects[study].yi for study in kept], [effects[study].vi for study in kept], tau2=method,
                 test=branch(index, "choice_interval").removeprefix("interval="))  # fmt: skip
    assert [branch(index, name) for name in FIGURES] == [getattr(alone, name) for name in FIGURES]


def find(**wanted):
    """Return the branch that takes these options, and the protocol's of every other choice."""
    own = {f"choice_{one.name}": one.codes[0] for one in EXPLORED.dimensions}
    taken = own | {f"choice_{name}": code for name, code in wanted.items()}
    (index,) = [index for index in range(len(TABLE["branch"]))
                if all(TABLE[name][index] == code for name, code in taken.items())]  # fmt: skip
    return {name: column[index] for name, column in TABLE.items()}


@pytest.mark.parametrize("code", [code for code in BCG["choices"] if code.startswith("tau2=")])
def test_branches_of_another_estimator_agree_with_metafor(code):
    """metafor 3.8-1, rma with that method and test="knha" on the log risk ratios of the 13 BCG trials.

    Its own tolerance stops Paule-Mandel at a tau2 of 0.31809 in place of 0.31807: 4e-6 of the average.
    """
    found, fit = find(tau2=code), BCG["choices"][code]
    assert_allclose([found[name] for name in ("estimate", "ci_low", "ci_high")],
                    [fit[name] for name in ("estimate", "ci_low", "ci_high")], rtol=5e-6)  # fmt: skip


@pytest.mark.parametrize("place", range(13))
def test_branches_without_one_trial_agree_with_metafor(place):
    """metafor 3.8-1, leave1out of the same."""
    found, fit = find(studies=f"without:{bcg_study(BCG['trials'][place])}"), BCG["without"][place]
    assert found["k"] == 12
    assert_allclose([found["estimate"], found["ci_low"]], [fit["estimate"], fit["ci_low"]], rtol=1e-6)


def test_every_measure_of_the_same_figures_every_trial_left_out_every_way_to_pool_are_crossed():
    """Counted by hand: RR, OR and RD; all trials or all but one of 13; 7 estimators; 3 intervals."""
    assert {name: len(codes) for name, codes in codes_of(EXPLORED).items()} == {
        "measure": 3, "studies": 14, "tau2": TAU2, "interval": INTERVALS,
    }  # fmt: skip
    assert len(TABLE["branch"]) == len(EXPLORED) == 3 * 14 * TAU2 * INTERVALS == 882


def test_a_small_multiverse_is_as_counted_by_hand(invented):
    """Trials a, b, c, and d whose figures are doubtful, with one instrument.

    MD or SMD; without or with d; all, or without a, b, c or d in turn. Without the doubtful d, leaving d out is
    leaving nothing out, and with it, leaving it out is having none: of 2 x 5 sets 8 are different.
    """
    found = explored_of(invented, FOUR)
    assert codes_of(found) == {
        "measure": ("measure=MD", "measure=SMD"),
        "standing": ("standing=sound", "standing=with-doubtful"),
        "studies": ("studies=all", "without:a", "without:b", "without:c", "without:d"),
        "tau2": ("tau2=REML", "tau2=DL", "tau2=PM", "tau2=ML", "tau2=HE", "tau2=SJ", "tau2=HS"),
        "interval": ("interval=hksj-floor", "interval=z", "interval=hksj"),
    }
    assert len(found) == 2 * 2 * 5 * TAU2 * INTERVALS == 420
    assert len(np.unique(found.analysis)) == 2 * 8 * TAU2 * INTERVALS == 336
    first = branch_table(found)
    assert first["studies"][0] == "a b c" and first["choice_standing"][0] == "standing=sound"
    sets = Counter(studies for measure, studies in zip(first["measure"], first["studies"], strict=True)
                   if measure == "MD")  # fmt: skip
    assert {name: count / (TAU2 * INTERVALS) for name, count in sets.items()} == {
        "a b c": 3, "b c": 1, "a c": 1, "a b": 1, "a b c d": 1, "b c d": 1, "a c d": 1, "a b d": 1,
    }  # fmt: skip


def test_combinations_that_leave_one_study_are_counted_and_not_pooled(invented):
    found = explored_of(invented, FOUR[:4])
    assert codes_of(found)["measure"] == ("measure=MD", "measure=SMD") and "studies" not in codes_of(found)
    three = explored_of(invented, (*FOUR[:4], *FOUR[6:]))  # a, b and the doubtful d
    assert codes_of(three)["studies"] == ("studies=all", "without:a", "without:b", "without:d")
    assert int((three.analysis < 0).sum()) == 2 * 2 * TAU2 * INTERVALS  # sound figures alone, without a or b
    result = synthesise_comparison(INVENTED_QUESTION, replace(invented, arms=(*FOUR[:4], *FOUR[6:]), contrasts=()))
    whole = frame(three, result)
    assert (whole.branches, whole.too_few) == (2 * 6 * TAU2 * INTERVALS, 2 * 2 * TAU2 * INTERVALS)


@pytest.mark.parametrize("settings", [{"model": "multilevel"}, {"model": "network"}])
def test_a_model_beyond_one_mean_has_no_plain_multiverse(invented, settings):
    assert explored_of(invented, FOUR, **settings) is None


@pytest.mark.parametrize("rows", [(), FOUR[:2], FOUR[6:]])
def test_fewer_than_two_sound_studies_have_none(invented, rows):
    assert explored_of(invented, rows) is None


def test_each_window_time_and_instrument_is_tried_where_it_answers_otherwise(invented):
    late = (*trial("a", 1.0, 20, followup_weeks=20.0), *trial("b", 1.5, 22, followup_weeks=40.0))
    other = trial("c", 30.0, 24, instrument="scale-100", sd=15.0)
    found = explored_of(invented, (*FOUR[:6], *late, *other, *trial("a", 33.0, 26, instrument="scale-100", sd=14.0)),
                        window_weeks=(4, 26), other_windows=((30, 50), (4, 50), (4, 27)), measure="SMD",
                        instruments=())  # fmt: skip
    assert codes_of(found)["window"] == ("window=4-26", "window=4-50")  # 30 to 50 holds one study, 4 to 27 no other
    assert codes_of(found)["time"] == ("time=latest", "time=earliest")
    assert codes_of(found)["instrument"] == ("instrument=all", "instrument=scale-100")  # the other is taken anyway
    assert "measure" not in codes_of(found)  # several instruments have no mean difference in common


def test_a_change_from_baseline_has_the_sd_of_its_correlation(invented):
    """By hand: 3 - 6 less 4 - 6 is -1; the variance of a change is 4 + 9 - 2 r 2 3, over 20 people an arm."""
    rows = tuple(replace(row, baseline_mean=6.0, baseline_sd=3.0) for row in FOUR[:4])
    found = explored_of(invented, rows, correlations=(0.5, 0.8))
    assert codes_of(found)["values"] == ("values=as-printed", "values=change, r 0.5", "values=change, r 0.8")
    variances = sorted({one.vi for one in found.effects if one.measure == "MD" and one.study == "a"})
    assert_allclose(variances, [2 * (13 - 12 * 0.8) / 20, 2 * 4 / 20, 2 * (13 - 12 * 0.5) / 20], rtol=1e-14)


def test_the_correlation_that_a_paper_prints_comes_before_the_assumed(invented):
    rows = tuple(replace(row, baseline_mean=6.0, baseline_sd=3.0, correlation=0.9) for row in FOUR[:4])
    found = explored_of(invented, rows, correlations=(0.5, 0.8))
    assert codes_of(found)["values"] == ("values=as-printed", "values=change, r 0.5")  # both assume nothing
    assert_allclose(min(one.vi for one in found.effects if one.measure == "MD"), 2 * (13 - 12 * 0.9) / 20, rtol=1e-14)


def test_another_measure_is_tried_only_where_every_study_has_the_figures_for_it(invented):
    printed = replace(contrast(30, measure="MD", estimate=-1.0, ci_low=-2.0, ci_high=0.0, level=0.95), study="e")
    assert "measure" not in codes_of(explored_of(invented, (*FOUR[:4], printed)))


def test_a_treatment_is_left_out_where_the_protocol_declares_it(invented):
    newer = tuple(replace(row, arm="newer") if row.arm == "new" else row for row in trial("e", 3.3, 10))
    rows = (*FOUR[:4], *newer)
    assert "treatments" not in codes_of(explored_of(invented, rows))
    found = explored_of(invented, rows, sensitivity=("without=newer",))
    assert codes_of(found)["treatments"] == ("treatments=all", "without=newer")


def test_the_common_effect_is_tried_where_the_protocol_declares_it_and_has_one_interval(invented):
    found = explored_of(invented, FOUR[:6], sensitivity=("model=common",))
    assert codes_of(found)["tau2"][-1] == "model=common"
    assert len(found.different) == TAU2 * INTERVALS + 1
    common = explored_of(invented, FOUR[:6], model="common")
    assert codes_of(common)["tau2"][:2] == ("model=common", "tau2=REML")
    table = branch_table(common)
    alone = pool([one.yi for one in common.effects if one.measure == "MD"],
                 [one.vi for one in common.effects if one.measure == "MD"], tau2="FE", test="z")  # fmt: skip
    assert (table["estimate"][0], table["ci_low"][0]) == (alone.estimate, alone.ci_low)


def test_many_trials_are_not_left_out_in_turn_and_the_page_says_so(invented):
    """Invented: 250 trials, of which leaving one out in turn would make 251 x 250 x 2 cells."""
    rows = [row for number in range(250) for row in trial(f"t{number}", 3 + number / 250, 2 * number)]
    evidence = replace(invented, arms=tuple(rows), contrasts=())
    assert lay_out(INVENTED_QUESTION, evidence).not_crossed == ("studies",)
    (found,) = explore([INVENTED_QUESTION], evidence)
    result = synthesise_comparison(INVENTED_QUESTION, evidence)
    assert multiverse_sentences(result, frame(found, result))[-1] == (
        "Not crossed with the others, because there would be too many combinations: leaving out one study."
    )


def test_comparisons_explored_together_are_as_each_alone(invented):
    """Batches are shared between comparisons; no bit of one hangs on its neighbours."""
    evidence = replace(invented, arms=FOUR, contrasts=())
    asked = [INVENTED_QUESTION, replace(INVENTED_QUESTION, tau2="DL"), replace(INVENTED_QUESTION, level=0.9)]
    for question, together in zip(asked, explore(asked, evidence), strict=True):
        (alone,) = explore([question], evidence)
        assert branch_table(together) == branch_table(alone)


# ---------------------------------------------------------------- what is summed up


@pytest.mark.parametrize(
    "values, first, second",
    [
        pytest.param([0, 1, 2, 3], 0.8, 0.2, id="additive: 4 and 1 of 5"),
        pytest.param([0, 0, 0, 1], 1 / 3, 1 / 3, id="with an interaction: the third third is its"),
        pytest.param([0, 1, 0, 1], 0.0, 1.0, id="the second alone"),
        pytest.param([2, 2, 2, 2], None, None, id="nothing varies"),
    ],
)
def test_shares_of_the_variance_are_sums_of_squares_between_options(values, first, second):
    """By hand, two choices of two options, the second running faster."""
    found = [eta_squared(np.array(values, float), np.array(picks)) for picks in ([0, 0, 1, 1], [0, 1, 0, 1])]
    assert found == [share if share is None else pytest.approx(share, abs=1e-15) for share in (first, second)]


def test_what_is_counted_is_what_the_rows_say():
    found = bcg_result().multiverse
    better = np.array(TABLE["ci_high"]) < 0  # a risk ratio, an odds ratio or a difference below none favours BCG
    assert found.same_answer == int(better.sum()) and found.branches == len(better)
    assert dict(found.answers)["favours-experimental"] == found.same_answer
    assert found.same_side == int((np.array(TABLE["estimate"]) < 0).sum())
    ratios = np.array(TABLE["estimate"])[np.array(TABLE["measure"]) == "RR"]
    assert (found.lowest, found.highest, found.in_measure) == (ratios.min(), ratios.max(), len(ratios))


def test_options_of_a_choice_share_all_branches_among_them():
    found = bcg_result().multiverse
    for choice in found.choices:
        assert sum(option.branches for option in choice.options) == found.branches
        assert sum(option.same_answer for option in choice.options) == found.same_answer
        assert all(98 <= sum(column) <= 102 for column in zip(*(one.along for one in choice.options), strict=True))


def test_a_claim_is_judged_in_every_branch_that_it_can_be_held_against():
    """A bound on a risk ratio says nothing of odds; which side is favoured can be told in any measure."""
    found = {one.claim: dict(one.verdicts) for one in bcg_result().multiverse.claims}
    ratios = [index for index in range(len(TABLE["branch"])) if branch(index, "measure") == "RR"]
    high = [branch(index, "ci_high") for index in ratios]
    low = [branch(index, "ci_low") for index in ratios]
    bound = np.log(0.5)
    assert found["B1"].get("supported", 0) == sum(end <= bound for end in high)
    assert found["B1"]["not settled"] == sum(a <= bound < b for a, b in zip(low, high, strict=True))
    assert sum(found["B1"].values()) == len(ratios)
    assert found["B2"]["supported"] == bcg_result().multiverse.same_answer
    assert sum(found["B2"].values()) == len(TABLE["branch"])


def test_the_verdict_of_the_first_branch_is_that_of_the_claim(invented):
    """One rule judges both."""
    evidence = replace(invented, arms=FOUR, contrasts=())
    result = synthesise_comparison(INVENTED_QUESTION, evidence)
    (found,) = explore([INVENTED_QUESTION], evidence)
    part = ClaimPart("invented", "at-least", (-2.0,))
    claims = (Claim("X1", "Invented.", "invented", "nowhere", (part, ClaimPart("elsewhere", "favours"))),)
    (told,) = frame(found, result, claims).claims
    assert judge_pooled(part, result, result.pooled).verdict in dict(told.verdicts)
    assert sum(dict(told.verdicts).values()) == 210  # of 420 branches, those of mean differences


def test_the_first_branch_is_the_answer_of_the_protocol_to_the_last_bit():
    result = synthesise_comparison(BCG_QUESTION, bcg_evidence())
    assert [branch(0, name) for name in FIGURES] == [getattr(result.pooled, name) for name in FIGURES]


# ---------------------------------------------------------------- pages, documents, command


def test_every_choice_and_every_option_has_words():
    assert {*ASKED, *KEPT, *POOLED} == set(CHOICE_NAMES)
    for choice in bcg_result().multiverse.choices:
        assert all("=" not in option_name(bcg_result(), option.code, {}) for option in choice.options)


def test_what_a_page_says_of_the_bcg_trials():
    part = multiverse_part(bcg_run(), bcg_result())
    assert part.sentences[0] == "882 combinations of choices that could be defended make 882 different analyses."
    assert part.sentences[1].startswith("The answer of the protocol (favours BCG vaccine) holds in ")
    assert part.frame.startswith("What the protocol declares stays the answer.")


def test_a_run_recorded_before_the_multiverse_can_be_read():
    document = json.loads(to_json(bcg_run()))
    for result in document["comparisons"]:
        del result["multiverse"], result["comparison"]["other_windows"], result["comparison"]["correlations"]
    again = from_json(json.dumps(document), Run)
    assert again.comparisons[0].multiverse is None
    assert multiverse_part(again, again.comparisons[0]) is None


def invoke(review, *options):
    return CliRunner().invoke(trochlea, ["multiverse", "--data", str(review.data), *options], catch_exceptions=False)


def test_the_command_prints_the_rows_that_it_writes(tmp_path):
    review = invented_review(tmp_path)
    csv, arrow = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    assert invoke(review, "--out", str(csv)).exit_code == invoke(review, "--out", str(arrow)).exit_code == 0
    found = json.loads(invoke(review, "--json").output)["comparisons"]
    (whole,) = [one["multiverse"] for one in found if one["multiverse"]]
    rows = parquet.read_table(arrow)
    assert rows.num_rows == whole["branches"] == len(csv.read_text().splitlines()) - 1
    assert found[1]["why_not"].startswith("no multiverse: fewer than two studies")
    text = invoke(review, "new-vs-old-pain").output
    assert f"{whole['branches']} combinations of choices that could be defended" in text


def test_an_unknown_comparison_is_named_with_the_nearest(tmp_path):
    result = CliRunner().invoke(trochlea, ["multiverse", "new-vs-old-pains", "--data",
                                           str(invented_review(tmp_path).data)])  # fmt: skip
    assert str(result.exception.faults[0]) == (
        "data/protocol/comparisons.toml: no comparison 'new-vs-old-pains'. Did you mean 'new-vs-old-pain'? The "
        "comparisons are new-vs-old-pain, new-vs-old-recovery."
    )


def test_figures_of_the_wrong_kind_are_refused_before_anything_is_read(tmp_path):
    result = invoke(invented_review(tmp_path), "--out", str(tmp_path / "rows.xls"))
    assert result.exit_code == 2 and "--out ends in .csv or .parquet" in result.output


