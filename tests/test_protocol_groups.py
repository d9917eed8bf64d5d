"""Questions on one group: from a table of arms and TOML to metafor's figures, and what a protocol may not ask."""

from statistics import mean, variance

import pytest
from numpy.testing import assert_allclose

from analysis.faults import InputError
from analysis.synthesis import synthesise_group
from flows.material import read_material
from tests.metafor_answers import TESTS_BY_METAFOR, read
from tests.participant_files import invented_people, write_people
from tests.reviews import invented_review
from tests.tables_as_reviews import group_of, review_in, write_arms, write_group, write_study

CASES = {f"{case['id']}-{case['measure']}": case for case in read("groups_pooled.json")["cases"]}
ESCALC = {case["measure"]: case for case in read("groups.json")["cases"] if 0 not in case["input"].get("xi", [])}
ZERO = next(case for case in read("groups.json")["cases"] if 0 in case["input"].get("xi", []))
FIGURES = ("estimate", "se", "ci_low", "ci_high", "tau2", "i2", "q", "pi_low", "pi_high")
COLUMNS = {"mi": "mean", "sdi": "sd", "ni": "n", "xi": "events", "m1i": "mean", "sd1i": "sd", "m2i": "baseline_mean",
           "sd2i": "baseline_sd", "ri": "correlation"}  # fmt: skip


def write_case(folder, arms):
    count = len(arms["n"])
    table = {"study": [f"study {place:02}" for place in range(count)], "treatment": ["new"] * count}
    write_arms(folder, table | arms, list(arms))


def arms_of(case, **more):
    """Return the figures of escalc as columns of arms.csv."""
    columns = {COLUMNS[name]: values for name, values in case["input"].items()}
    return columns | {name: [value] * len(case["yi"]) for name, value in more.items()}


def in_order_of_studies(effects):
    return sorted(effects, key=lambda effect: effect.study)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("place", range(5))
def test_a_pool_of_one_group_agrees_with_metafor(tmp_path, name, place):
    """groups_pooled.json, metafor 3.8-1 on dat.debruin2009 and dat.normand1999."""
    case = CASES[name]
    expected = case["fits"][place]
    method, test = expected["method"], TESTS_BY_METAFOR[expected["test"]]
    model = 'model = "common"' if method == "EE" else f'tau2 = "{method}"'
    write_case(tmp_path, case["arms"])
    found = group_of(tmp_path, f'measure = "{case["measure"]}"\ninterval = "{test}"\n{model}')
    effects = in_order_of_studies(found.effects)
    assert_allclose([effect.yi for effect in effects], case["yi"], rtol=1e-12)
    assert_allclose([effect.vi for effect in effects], case["vi"], rtol=1e-12)
    known = [name for name in FIGURES if not (method == "EE" and name in ("tau2", "i2", "pi_low", "pi_high"))]
    assert_allclose([getattr(found.pooled, name) for name in known], [expected[name] for name in known], rtol=1e-8)
    assert found.n_total == sum(case["arms"]["n"]) and found.left_out == ()


@pytest.mark.parametrize("name", CASES)
def test_leaving_each_study_out_agrees_with_metafor(tmp_path, name):
    """groups_pooled.json, leave1out of REML with Knapp-Hartung, which stops at its own threshold."""
    case = CASES[name]
    write_case(tmp_path, case["arms"])
    keys = f'measure = "{case["measure"]}"\nsensitivity = ["leave-one-out"]'
    found = group_of(tmp_path, keys)
    for figure in ("estimate", "ci_low", "ci_high"):
        ours = [getattr(choice.pooled, figure) for choice in sorted(found.choices, key=lambda choice: choice.code)]
        assert_allclose(ours, case["without"][figure], rtol=1e-7)


def test_a_mean_change_of_baseline_and_followup_is_that_of_escalc(tmp_path):
    """groups.json, metafor 3.8-1."""
    write_case(tmp_path, arms_of(ESCALC["MC"], value_type="final"))
    effects = in_order_of_studies(group_of(tmp_path, 'measure = "MC"').effects)
    assert_allclose([effect.yi for effect in effects], ESCALC["MC"]["yi"], rtol=1e-12)
    assert_allclose([effect.vi for effect in effects], ESCALC["MC"]["vi"], rtol=1e-12)
    assert {effect.derivation for effect in effects} == {"change-correlation"}


def test_a_group_in_which_nobody_or_everybody_has_the_event_is_that_of_escalc_and_says_so(tmp_path):
    """groups.json, metafor 3.8-1: 0 of 12 and 8 of 8, log odds."""
    write_case(tmp_path, arms_of(ZERO))
    effects = in_order_of_studies(group_of(tmp_path, 'measure = "PLO"').effects)
    assert_allclose([effect.yi for effect in effects], ZERO["yi"], rtol=1e-12)
    assert_allclose([effect.vi for effect in effects], ZERO["vi"], rtol=1e-12)
    assert [effect.cautions for effect in effects] == [("half-added",)] * 2


def test_the_share_without_the_event_is_what_the_share_with_it_leaves(tmp_path):
    """Property: counting the others turns the sign of the log odds, and nothing else."""
    arms = CASES["debruin2009-PLO"]["arms"]
    others = [n - events for n, events in zip(arms["n"], arms["events"], strict=True)]
    write_case(tmp_path / "with", arms)
    write_case(tmp_path / "without", {"n": arms["n"], "events": others})
    one, other = (group_of(tmp_path / name, 'measure = "PLO"').pooled for name in ("with", "without"))
    turned = (-one.estimate, -one.ci_high, -one.pi_low)
    assert_allclose((other.estimate, other.ci_low, other.pi_high), turned, rtol=1e-9)
    assert_allclose((other.tau2, other.q, other.se), (one.tau2, one.q, one.se), rtol=1e-9)


def arm(treatment="new", **figures):
    given = {"arm": treatment, "outcome": "pain", "instrument": "scale", "n": 10, "mean": 3.25, "sd": 1.5}
    return given | figures


def codes_of(result):
    return sorted(one.code for one in result.left_out)


def test_every_row_that_answers_is_used_or_left_out_once(tmp_path):
    """Invented: a time beside the preferred one, a baseline, a change, a part of the people, an arm of another code."""
    rows = [arm(followup_weeks=6), arm(followup_weeks=12, mean=2.25), arm(followup_weeks=0, mean=6.25),
            arm(followup_weeks=12, mean=-4.25, value_type="change"), arm(followup_weeks=12, subgroup="women"),
            arm("old", followup_weeks=12), arm(followup_weeks=99)]  # fmt: skip
    write_study(tmp_path / "data", "several", "arms", rows)
    found = group_of(tmp_path, 'measure = "MN"\nwindow_weeks = [1, 20]\ntarget_weeks = 12')
    (effect,) = found.effects
    assert (effect.yi, effect.followup_weeks, found.rows_found) == (2.25, 12, 6)
    assert codes_of(found) == ["baseline", "change-not-value", "other-row-used", "outside-window", "subgroup"]
    assert (found.pooled.k, found.pooled.estimate) == (1, 2.25)


def test_without_a_window_a_value_before_treatment_is_no_answer(tmp_path):
    write_study(tmp_path / "data", "trial", "arms", [arm(followup_weeks=0, mean=6.25), arm(followup_weeks=8)])
    found = group_of(tmp_path, 'measure = "MN"')
    assert [effect.followup_weeks for effect in found.effects] == [8] and codes_of(found) == ["baseline"]


def test_two_arms_of_one_study_are_combined_with_a_caution(tmp_path):
    """Invented: two arms of 10 with means 2 and 4 and SD 1 are 20 people with mean 3 and the SD of all of them."""
    rows = [arm(mean=2.0, sd=1.0), arm("other", mean=4.0, sd=1.0)]
    write_study(tmp_path / "data", "trial", "arms", rows)
    (effect,) = group_of(tmp_path, 'measure = "MN"\ntreatments = ["new", "other"]').effects
    assert (effect.yi, effect.arm.n, effect.arm.arms) == (3.0, 20, ("new", "other"))
    assert_allclose(effect.vi, (2 * 9 + 20) / 19 / 20, rtol=1e-12)
    assert effect.cautions[0] == "arms-combined"


def test_an_arm_that_was_measured_otherwise_is_left_out_as_one_of_other_people(tmp_path):
    """Invented: the detail of an arm differs, so that the two are no one measurement."""
    write_study(tmp_path / "data", "trial", "arms", [arm(detail="worst"), arm("other", detail="usual")])
    found = group_of(tmp_path, 'measure = "MN"\ntreatments = ["new", "other"]')
    assert len(found.effects) == 1 and codes_of(found) == ["other-arm-used"]


def test_two_reports_of_the_same_people_enter_once(tmp_path):
    write_study(tmp_path / "data", "first", "arms", [arm(followup_weeks=8)])
    write_study(tmp_path / "data", "second", "arms", [arm(followup_weeks=8, mean=3.5)], 'same_people_as = "first"\n')
    found = group_of(tmp_path, 'measure = "MN"')
    assert [effect.study for effect in found.effects] == ["first"] and codes_of(found) == ["other-row-used"]


def test_doubtful_figures_enter_only_where_the_protocol_lets_them(tmp_path):
    """Invented: knees counted for people, in a study beside two sound ones."""
    for name, value in (("first", 3.25), ("second", 4.25)):
        write_study(tmp_path / "data", name, "arms", [arm(mean=value)])
    write_study(tmp_path / "data", "knees", "arms", [arm(mean=8.25)], 'unit_of_analysis = "knees"\n')
    found = group_of(tmp_path, 'measure = "MN"\nsensitivity = ["with-doubtful", "tau2=DL", "model=common"]')
    assert [effect.study for effect in found.doubtful] == ["knees"] and found.pooled.k == 2
    assert {choice.code: choice.pooled.k for choice in found.choices} == {
        "with-doubtful": 3, "tau2=DL": 2, "model=common": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "figures, code, missing",
    [
        pytest.param({"n": ""}, "no-group-sizes", "the size of new", id="no size"),
        pytest.param({"sd": ""}, "no-spread", "the spread of new", id="no spread"),
        pytest.param({"mean": ""}, "no-estimate", "the mean of new", id="no mean"),
    ],
)
def test_an_arm_without_its_figures_says_what_is_missing(tmp_path, figures, code, missing):
    write_study(tmp_path / "data", "trial", "arms", [arm(**figures)])
    (one,) = group_of(tmp_path, 'measure = "MN"').left_out
    assert one.code == code and one.reason.endswith(f"Missing: {missing}.")


def test_a_spread_that_is_printed_otherwise_is_recovered_and_marked(tmp_path):
    """Invented: a standard error of 0.5 in 16 people is an SD of 2, and so a variance of the mean of 0.25."""
    write_study(tmp_path / "data", "trial", "arms", [arm(n=16, sd="", se=0.5)])
    (effect,) = group_of(tmp_path, 'measure = "MN"').effects
    assert_allclose((effect.arm.sd, effect.vi), (2.0, 0.25), rtol=1e-12)
    assert effect.derivation == "means-se"


RANGES = ('range = [0, 100]\n', 'range = [0, 100]\nbetter = "higher"\n')


@pytest.mark.parametrize("words, shown", [(RANGES[0], 3.0), (RANGES[1], 7.0)])
def test_a_mean_is_brought_to_the_common_scale_end_for_end(tmp_path, words, shown):
    """Invented: 30 of 0 to 100 is 3 of 0 to 10, and 7 where 100 is the best value and of pain 0 is."""
    write_study(tmp_path / "data", "trial", "arms", [arm(mean=30, sd=15)])
    group_of(tmp_path, 'measure = "MN"')
    path = tmp_path / "data" / "protocol" / "vocabulary.toml"
    text = path.read_text().replace('label = "a scale"\n', f'label = "a scale"\n{words}')
    (effect,) = rescaled(tmp_path, text)
    assert_allclose((effect.yi, effect.arm.mean, effect.arm.sd), (shown, shown, 1.5), rtol=1e-12)
    assert ("scale-mirrored" in effect.cautions, "rescaled" in effect.cautions) == (shown == 7.0, True)


def rescaled(folder, vocabulary):
    """Return the effects on a scale of 0 to 10, with other words of the review."""
    write_group(folder, 'measure = "MN"\nrescale_to = [0, 10]')
    (folder / "data" / "protocol" / "vocabulary.toml").write_text(vocabulary, encoding="utf-8")
    material = read_material(review_in(folder))
    return synthesise_group(material.protocol.groups[0], material.evidence).effects


@pytest.mark.parametrize(
    "keys, message",
    [
        pytest.param('measure = "MD"', "[group] measure: found 'MD'. Use one of MN, MC, PR, PLO.",
                     id="a measure of two groups"),
        pytest.param("", "[group] measure: it is missing. A mean at follow-up, a mean change from baseline, a share, "
                     "or a share by its log odds.", id="no measure: that of comparisons is none of one group"),
        pytest.param('measure = "MN"\ntreatments = ["nwe"]',
                     "[group] treatments: found 'nwe'. Did you mean 'new'? Use one of new, old, other of "
                     "vocabulary.toml [treatments].", id="an unknown treatment"),
        pytest.param('measure = "MN"\ntreatments = ["new", "new"]',
                     "[group] treatments: 'new' more than once. Each treatment stands once.", id="a treatment twice"),
        pytest.param('measure = "MN"\nid = "asked"', "[group] id: found 'asked' again. Each id stands once.",
                     id="the id of a comparison"),
        pytest.param('measure = "MN"\ncontrol = ["old"]', "[group] control: an unknown key. Use one of id, question, "
                     "treatments, label, outcome, designs, measure, model, tau2, interval, level, window_weeks, "
                     "target_weeks, instruments, details, rescale_to, sensitivity, note.", id="a control"),
        pytest.param('measure = "PR"\nrescale_to = [0, 10]',
                     "[group] rescale_to: rescale_to with PR. rescale_to goes with MN and MC.",
                     id="a share on a scale"),
        pytest.param('measure = "MN"\nrescale_to = [0, 10]', "[group] instruments: 'scale' has no range. rescale_to "
                     "needs the range of each instrument.", id="no range"),
        pytest.param('measure = "MN"\nmodel = "multilevel"',
                     "[group] model: found 'multilevel'. Use one of random, common.", id="a model of comparisons"),
        pytest.param('measure = "MN"\nsensitivity = ["without=new"]', "[group] sensitivity: found 'without=new'. A "
                     "choice is one of tau2=DL|PM|REML|ML|EB|HE|SJ|HS|HSk|PMM|DL2|CA2, interval=z|hksj|hksj-floor, "
                     "model=random|common, with-doubtful, leave-one-out.", id="a choice of comparisons"),
    ],
)  # fmt: skip
def test_a_fault_of_a_group_names_its_key(tmp_path, keys, message):
    write_study(tmp_path / "data", "trial", "arms", [arm()])
    with pytest.raises(InputError) as caught:
        group_of(tmp_path, keys)
    assert [str(fault).partition(", ")[2] for fault in caught.value.faults] == [message]


def test_means_of_several_instruments_need_one_scale(tmp_path):
    write_study(tmp_path / "data", "trial", "arms", [arm()])
    with pytest.raises(InputError) as caught:
        group_of(tmp_path, 'measure = "MN"\ninstruments = ["scale", "scale"]')
    assert [fault.allowed for fault in caught.value.faults] == ["MN needs one instrument, or rescale_to"]


def people_asked(folder, keys):
    """Return what an invented trial, read participant by participant, says of its new arm."""
    review = invented_review(folder)
    write_people(review.data / "raw", PEOPLE)
    path = review.data / "protocol" / "comparisons.toml"
    head = '\n[[group]]\nid = "one"\nquestion = "Invented?"\ntreatments = ["new"]\nwindow_weeks = [12, 12.5]\n'
    path.write_text(path.read_text() + head + keys, encoding="utf-8")
    material = read_material(review)
    result = synthesise_group(material.protocol.groups[0], material.evidence)
    return next(effect for effect in result.effects if effect.study == "invented-people")


PEOPLE = invented_people()
SEEN = [(float(row[4]), float(row[5])) for row in PEOPLE if row[2] == "A" and row[5]]


@pytest.mark.parametrize(
    "measure, values", [("MN", [after for _, after in SEEN]), ("MC", [after - before for before, after in SEEN])]
)
def test_participant_data_give_the_mean_of_those_who_have_it(tmp_path, measure, values):
    """An invented trial, its participants summed by the standard library."""
    keys = f'outcome = "pain"\nmeasure = "{measure}"\ninstruments = ["scale-100"]\n'
    effect = people_asked(tmp_path, keys)
    assert_allclose((effect.yi, effect.vi), (mean(values), variance(values) / len(values)), rtol=1e-9)
    assert effect.arm.n == len(values) and "outcomes-missing" in effect.cautions
    assert effect.derivation == ("participants-means" if measure == "MN" else "participants-change")


def test_participant_data_give_a_share(tmp_path):
    effect = people_asked(tmp_path, 'outcome = "recovery"\nmeasure = "PR"\n')
    well = [row[6] == "yes" for row in PEOPLE if row[2] == "A"]
    assert (effect.arm.events, effect.arm.n, effect.yi) == (sum(well), len(well), sum(well) / len(well))
    assert effect.derivation == "participants-events"
