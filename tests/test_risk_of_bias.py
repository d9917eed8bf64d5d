"""Risk of bias: tools as data, judgements as a person signed them, and what a page makes of them."""

import re
from dataclasses import replace

import pytest
from numpy.testing import assert_allclose

from analysis.declared import parse_declared
from analysis.evidence.bias_tools import LEVELS, shipped_tools
from analysis.evidence.datasets import read_folder
from analysis.evidence.risk_of_bias import assessment_of, in_words_of
from analysis.evidence.vocabulary import read_codebook, read_vocabulary
from analysis.pooling import pool
from analysis.protocol.choices import ONLY_LOW_RISK, WITHOUT_HIGH_RISK
from analysis.report import render
from analysis.report.bias import OVERALL, PROMPTS, SENTENCES, bias_prompts, bias_sentences
from analysis.report.forest import forest_plots
from analysis.report.studies import effect_anchors
from flows.material import read_material
from tests.fixtures_bcg import bcg_result
from tests.invented_judgements import JUDGED, judged_result, judged_review, judged_run
from tests.report_checks import read_page

TOOLS = shipped_tools()


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return judged_review(tmp_path_factory.mktemp("judged"))


@pytest.fixture(scope="module")
def run(review):
    return judged_run(review)


@pytest.fixture(scope="module")
def result(run):
    return judged_result(run)


@pytest.mark.parametrize(
    "code, domains, words",
    [
        pytest.param("rob2", 5, ("low", "some concerns", "high"), id="Sterne 2019, doi:10.1136/bmj.l4898"),
        pytest.param("robins-i", 7, ("low", "moderate", "serious", "critical"),
                     id="Sterne 2016, doi:10.1136/bmj.i4919"),
        pytest.param("robins-i-v2", 6, ("low", "low except for confounding", "moderate", "serious", "critical"),
                     id="riskofbias.info, 20 November 2025: the domain of deviations was dropped"),
        pytest.param("quadas-2", 4, ("low", "high", "unclear"), id="Whiting 2011"),
        pytest.param("rob1", 7, ("low", "unclear", "high", "differs by outcome"),
                     id="Higgins 2011, doi:10.1136/bmj.d5928; the last word is RevMan's groups of outcomes"),
        pytest.param("quips", 6, ("low", "moderate", "high"), id="Hayden 2013"),
    ],
)  # fmt: skip
def test_a_tool_has_the_domains_and_words_of_its_paper_and_no_information(code, domains, words):
    assert (len(TOOLS[code].domains), TOOLS[code].words) == (domains, (*words, "no information"))


@pytest.mark.parametrize("code", TOOLS)
def test_the_letters_of_a_tool_tell_its_words_apart(code):
    letters = [one.letter for one in TOOLS[code].judgements]
    assert len(set(letters)) == len(letters) and {one.level for one in TOOLS[code].judgements} <= set(LEVELS)


OWN = """
[bias_tools.own]
label = "Our own"
source = "Invented"
overall = "free"
judgements = [{ word = "fine", letter = "F", level = "low" }, { word = "poor", letter = "P", level = "high" }]
domains = [{ id = "all", short = "All", label = "Everything" }]
"""


def vocabulary_faults(text):
    words = '[outcomes]\n[instruments]\n[treatments]\n' + text
    return [str(fault) for fault in read_codebook(parse_declared(words, "vocabulary.toml"))[1]]


@pytest.mark.parametrize(
    "old, new, message",
    [
        pytest.param('letter = "P"', 'letter = "Poor"', "vocabulary.toml line 9, [bias_tools.own] judgements: letter "
                     "'Poor'. A letter, or two.", id="a long letter"),
        pytest.param('letter = "P"', 'letter = "F"', "vocabulary.toml line 9, [bias_tools.own] judgements: 'F' stands "
                     "twice. Each stands once.", id="a letter twice"),
        pytest.param('level = "high"', 'level = "grave"', "vocabulary.toml line 5, [bias_tools.own] level: found "
                     "'grave'. Use one of low, some, high, unknown.", id="an unknown level"),
        pytest.param(', { word = "poor", letter = "P", level = "high" }', "", "vocabulary.toml line 9, "
                     "[bias_tools.own] judgements: 1 of them. A tool has at least 2.", id="one word"),
        pytest.param('{ id = "all", short = "All", label = "Everything" }', "", "vocabulary.toml line 10, "
                     "[bias_tools.own] domains: 0 of them. A tool has at least 1.", id="no domain"),
        pytest.param("bias_tools.own", "bias_tools.rob2", "vocabulary.toml line 5, [bias_tools.rob2]: 'rob2' is a tool "
                     "that Trochlea knows. Give yours another code.", id="a tool that is known"),
    ],
)  # fmt: skip
def test_a_tool_of_a_review_that_is_none_gives_exactly_its_message(old, new, message):
    assert vocabulary_faults(OWN.replace(old, new)) == [message]


def own_folder(tmp_path, *, table):
    review = judged_review(tmp_path, trials=1)
    vocabulary = review.data / "protocol" / "vocabulary.toml"
    vocabulary.write_text(vocabulary.read_text() + OWN)
    metadata = review.data / "raw" / "invented-00" / "metadata.toml"
    metadata.write_text(metadata.read_text()[: metadata.read_text().index("[risk_of_bias]")] + table)
    return review


ENTRY = '[[risk_of_bias]]\ntool = "own"\nrater = "R"\nrated = 2001-02-03\noverall = "{word}"\n{more}\n' \
        '[risk_of_bias.domains]\nall = {{ judgement = "{word}", reason = "Invented" }}\n\n'


def test_a_tool_of_the_review_judges_with_its_own_words(tmp_path):
    review = own_folder(tmp_path, table=ENTRY.format(word="poor", more=""))
    dataset, = read_material(review).evidence.datasets
    assessment, = dataset.metadata.risk_of_bias
    assert (assessment.tool_label, assessment.overall.letter, assessment.overall.level) == ("Our own", "P", "high")


def test_an_assessment_of_an_outcome_counts_before_that_of_the_whole_study(tmp_path):
    table = ENTRY.format(word="poor", more="") + ENTRY.format(word="fine", more='outcome = "pain"')
    dataset, = read_material(own_folder(tmp_path, table=table)).evidence.datasets
    found = [assessment_of(dataset.id, outcome, [dataset]).overall.judgement for outcome in ("pain", "function")]
    assert found == ["fine", "poor"]


def test_an_assessment_names_the_study_where_a_source_reports_several(tmp_path):
    table = ENTRY.format(word="poor", more='study = "invented-00"')
    dataset, = read_material(own_folder(tmp_path, table=table)).evidence.datasets
    assert assessment_of("invented-00", "pain", [dataset]).overall.judgement == "poor"
    assert assessment_of("another", "pain", [dataset]) is None


def test_a_folder_is_read_again_when_the_words_of_its_tool_are_others(review):
    codebook, _ = read_vocabulary(review.data)
    dataset, _, _ = read_folder(review.data / "raw" / "invented-00", "invented-00", codebook)
    renamed = replace(TOOLS["rob2"], domains=TOOLS["rob2"].domains[:4])
    assert in_words_of(dataset.metadata.risk_of_bias, codebook)
    assert not in_words_of(dataset.metadata.risk_of_bias, replace(codebook, bias_tools=TOOLS | {"rob2": renamed}))


def test_each_trial_carries_its_judgements_in_the_words_of_the_tool(result):
    said = [effect.risk_of_bias and tuple(one.judgement for one in effect.risk_of_bias.domains)
            for effect in result.effects]  # fmt: skip
    assert said == [words and words[:5] for words in JUDGED.values()]


@pytest.mark.parametrize(
    "code, kept",
    [pytest.param(WITHOUT_HIGH_RISK, [0, 1, 3, 4, 5], id="one not judged stays"),
     pytest.param(ONLY_LOW_RISK, [0, 5], id="one not judged goes")],
)  # fmt: skip
def test_a_choice_by_risk_pools_the_trials_it_keeps(result, code, kept):
    choice = next(choice for choice in result.choices if choice.code == code)
    effects = [result.effects[place] for place in kept]
    alone = pool([one.yi for one in effects], [one.vi for one in effects], tau2="REML", test="hksj-floor")
    assert choice.studies == tuple(effect.study for effect in effects)
    assert_allclose((choice.pooled.estimate, choice.pooled.se), (alone.estimate, alone.se), rtol=1e-13)


def test_the_shares_of_each_domain_add_up_to_the_whole_average(result):
    domains = [domain.id for domain in TOOLS["rob2"].domains] + [OVERALL]
    assert list(dict.fromkeys(share.domain for share in result.bias_shares)) == domains
    for domain in domains:
        shares = [share for share in result.bias_shares if share.domain == domain]
        assert_allclose(sum(share.weight for share in shares), 100, rtol=1e-12)
        assert sum(share.studies for share in shares) == len(result.effects)
        assert shares == sorted(shares, key=lambda share: 99 if share.rank is None else share.rank)


def test_nothing_is_tried_shared_or_drawn_where_nobody_judged(run):
    bcg = bcg_result()
    asked = replace(bcg, comparison=replace(bcg.comparison, sensitivity=(WITHOUT_HIGH_RISK,)))
    assert bcg.bias_shares == () and bias_prompts(bcg) == []
    assert bias_sentences(asked) == (
        "Not recorded: nobody has entered a judgement on the risk of bias of these trials.",
        "The protocol asks for the answer without studies at high risk of bias; that waits for judgements.",
    )


def test_the_first_screen_says_how_much_weight_is_at_high_risk(result):
    high = next(share for share in result.bias_shares if share.domain == OVERALL and share.level == "high")
    assert bias_prompts(result) == [
        f"{high.weight:.0f} % of the weight comes from studies at high risk of bias",
        "the risk of bias is judged for only part of the studies",
    ]


def test_the_forest_plot_has_the_letter_of_each_trial(result):
    wide, medium, narrow = forest_plots(result, effect_anchors(result))
    letters = ["L", "S", "H", "S", "–", "L"]
    for drawing in (wide, medium):
        edge = [shape.text for shape in drawing.shapes
                if shape.kind == "text" and shape.x == drawing.width and shape.text in (*letters, "–")]  # fmt: skip
        assert edge == letters
    assert [link.text.rsplit(" · ", 1)[1] for link in narrow.links] == letters


def test_the_pages_of_a_judged_trial_hold_each_reason_and_who_judged(run):
    files = render(run)
    for path in ("datasets/invented-00.html", "trials/invented-00.html"):
        text = read_page(files[path]).text
        assert "judged with RoB 2 by Nobody & Co, 3 February 2001" in text
        assert text.count("Invented: nobody read a paper") == 5
    assert "Not recorded: nobody has entered a judgement" in read_page(files["trials/invented-04.html"]).text


def test_every_phrase_on_risk_of_bias_ends_as_a_sentence_or_fits_into_one():
    assert all(text.endswith(".") for text in SENTENCES.values())
    assert not any(text.endswith(".") or text[0].isupper() for text in PROMPTS.values())


def test_the_checklist_names_the_tool_and_how_many_are_judged(run):
    text = read_page(render(run)["prisma.html"]).text
    assert "Judged with RoB 2, each judgement signed" in text
    assert re.search(r"5 of 6 studies in an average are judged", text)
