"""Risk of bias of a RevMan 5 file: read as it was judged, domain by domain, and nothing put to it."""

import tomllib
from datetime import date

import pytest

from analysis.evidence.datasets import read_folder
from analysis.evidence.vocabulary import read_vocabulary
from tests.adding import SAID, add, empty_review

STUDIES = ("Invented 2001", "Untrue 2002")
NAMES = {
    "sequence": "Random sequence generation (selection bias)", "concealment": "Allocation concealment (selection bias)",
    "blinded-people": "Blinding of participants and personnel (performance bias)",
    "blinded-assessors": "Blinding of outcome assessment (detection bias)",
    "missing-data": "Incomplete outcome data (attrition bias)", "reporting": "Selective reporting (reporting bias)",
    "other": "Other bias",
}  # fmt: skip
DAY = 'MODIFIED="2014-03-05 12:30:00 +0000"'


def entry(result, study=0, reason="<P>As printed.</P>", more=DAY):
    return (f'<QUALITY_ITEM_DATA_ENTRY {more} RESULT="{result}" STUDY_ID="STD-{study}"><DESCRIPTION>{reason}'
            "</DESCRIPTION></QUALITY_ITEM_DATA_ENTRY>")  # fmt: skip


def item(name, *entries, groups=""):
    return (f'<QUALITY_ITEM CORE_ITEM="YES" LEVEL="{"GROUP" if groups else "STUDY"}"><NAME>{name}</NAME>{groups}'
            f'<QUALITY_ITEM_DATA>{"".join(entries)}</QUALITY_ITEM_DATA></QUALITY_ITEM>')  # fmt: skip


def revman(folder, *items, data="", modified=""):
    """Return a RevMan 5 file of two invented studies and their judgements."""
    studies = "".join(f'<STUDY ID="STD-{number}" NAME="{name}" YEAR="2001"/>' for number, name in enumerate(STUDIES))
    rows = "".join(f'<DICH_DATA STUDY_ID="STD-{number}" EVENTS_1="1" TOTAL_1="20" EVENTS_2="2" TOTAL_2="22"/>'
                   for number in range(2))  # fmt: skip
    path = folder / "invented.rm5"
    path.write_text(
        f"<COCHRANE_REVIEW {modified}><COVER_SHEET><TITLE>Invented review</TITLE></COVER_SHEET><S>{studies}</S>"
        f"<QUALITY_ITEMS>{''.join(items)}</QUALITY_ITEMS><ANALYSES_AND_DATA><COMPARISON NO='1'><DICH_OUTCOME NO='1'>"
        f"<NAME>Death</NAME>{rows}</DICH_OUTCOME>{data}</COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>"
    )
    return path


def brought_in(tmp_path, *items, **more):
    data = empty_review(tmp_path)
    result = add(data, revman(tmp_path, *items, **more), *SAID, "--outcome=1.1=death", "--leave-out-others")
    assert result.exit_code == 0, result.exception
    return data, result.output


def judged(data, name="invented-2001"):
    dataset, _, faults = read_folder(data / "raw" / name, name, read_vocabulary(data)[0])
    assert faults == []
    return dataset.metadata.risk_of_bias


@pytest.mark.parametrize("result, word, level", [("YES", "low", "low"), ("NO", "high", "high"),
                                                 ("UNKNOWN", "unclear", "unknown")])  # fmt: skip
@pytest.mark.parametrize("domain", NAMES)
def test_a_judgement_of_revman_is_that_of_its_domain(domain, result, word, level, tmp_path):
    data, _ = brought_in(tmp_path, item(NAMES[domain], entry(result, reason="<P>Sealed &lt;b&gt;, \n opaque.</P>")))
    (one,) = judged(data)
    found = next(judgement for judgement in one.domains if judgement.domain == domain)
    assert (found.judgement, found.level, found.reason) == (word, level, "Sealed <b>, opaque.")
    assert (one.tool, one.rater, one.rated) == ("rob1", "Invented review", date(2014, 3, 5))
    others = {judgement.judgement for judgement in one.domains if judgement.domain != domain}
    assert others == {"no information"} and judged(data, "untrue-2002") == ()


def test_without_an_overall_judgement_none_is_made(tmp_path):
    data, _ = brought_in(tmp_path, *(item(name, entry("YES")) for name in NAMES.values()))
    (one,) = judged(data)
    assert (one.overall.judgement, one.overall.reason) == ("no information", "RoB 1 has no overall judgement")
    text = (data / "raw" / "invented-2001" / "metadata.toml").read_text()
    assert "overall" not in tomllib.loads(text)["risk_of_bias"]


def test_an_overall_judgement_that_the_file_holds_is_kept(tmp_path):
    data, _ = brought_in(tmp_path, item(NAMES["other"], entry("YES")), item("Overall risk of bias", entry("NO")))
    (one,) = judged(data)
    assert (one.overall.judgement, one.overall.reason) == ("high", "As printed.")


GROUPS = ('<QUALITY_ITEM_DATA_ENTRY_GROUP ID="G1"><NAME>Pain</NAME></QUALITY_ITEM_DATA_ENTRY_GROUP>'
          '<QUALITY_ITEM_DATA_ENTRY_GROUP ID="G2"><NAME>Death</NAME></QUALITY_ITEM_DATA_ENTRY_GROUP>')  # fmt: skip


@pytest.mark.parametrize("second, word", [("YES", "low"), ("NO", "differs by outcome")])
def test_judgements_of_groups_of_outcomes_are_one_only_where_they_agree(second, word, tmp_path):
    entries = [entry("YES", more=f'{DAY} GROUP_ID="G1"'), entry(second, more=f'{DAY} GROUP_ID="G2"')]
    data, output = brought_in(tmp_path, item(NAMES["blinded-people"], *entries, groups=GROUPS))
    found = next(one for one in judged(data)[0].domains if one.domain == "blinded-people")
    said = {"YES": "low", "NO": "high"}[second]
    assert found.judgement == word and found.reason == f"Pain: low. As printed. Death: {said}. As printed."
    assert ("Risk of bias differs between groups of outcomes: Invented 2001 (blinded-people). Each outcome can have "
            "its own [[risk_of_bias]] in metadata.toml." in output) == (second == "NO")  # fmt: skip


def test_an_item_that_is_no_domain_is_left_out_and_said(tmp_path):
    data, output = brought_in(tmp_path, item("Blinding?", entry("YES")), item(NAMES["other"], entry("YES")))
    assert "Risk of bias, 'Blinding?': left out, it is no domain of RoB 1." in output
    assert len(judged(data)) == 1


def test_a_judgement_without_a_day_takes_that_of_the_file_or_is_left_out(tmp_path):
    one = item(NAMES["other"], entry("YES", more=""))
    data, _ = brought_in(tmp_path, one, modified='MODIFIED="2015-01-02 08:00:00 +0000"')
    assert judged(data)[0].rated == date(2015, 1, 2)
    (tmp_path / "b").mkdir()
    data, output = brought_in(tmp_path / "b", one)
    assert "Invented 2001: its risk of bias was left out, nothing says when it was judged." in output
    assert judged(data) == ()


@pytest.mark.parametrize("attributes", ['ESTIMABLE="NO" ESTIMATE="0" SE="0"', 'ESTIMATE="NOT_ESTIMABLE" SE="0.2"',
                                        'ESTIMATE="0.1" SE="NOT_ESTIMABLE"', 'ESTIMATE="0.1" SE="0"'])  # fmt: skip
def test_what_revman_cannot_estimate_is_left_out_with_what_to_do(attributes, tmp_path):
    row = f'<IV_DATA STUDY_ID="STD-0" {attributes}/>'
    data = f'<IV_OUTCOME NO="2" EFFECT_MEASURE="HR"><NAME>Time</NAME>{row}</IV_OUTCOME>'
    _, output = brought_in(tmp_path, data=data)
    assert ("Analysis 1.2 Time, Invented 2001: left out, RevMan marks it not estimable; if its paper prints an effect "
            "or the figures of its groups, lay its folder out with trochlea new ID and type them there.") in output


def test_revman_webs_data_rows_have_the_columns_that_it_exports(tmp_path):
    """The header is that of the data package of a Cochrane review, as docs/import-a-file.md says."""
    path = tmp_path / "invented-data-rows.csv"
    path.write_text(f"\ufeff{HEADER}\n{ROWS}", encoding="utf-8")
    data = empty_review(tmp_path)
    said = ["--outcome=death", "--scale=log", "--measure=RR"]
    result = add(data, path, *SAID, *said)
    assert result.exit_code == 0, result.exception
    folder = data / "raw" / "invented-2001"
    assert "invented-2001,new,death,All,20,3," in (folder / "arms.csv").read_text()
    assert "line 5, Untrue 2002: left out, a group of 0 people stands for no data." in result.output
    assert "estimate is e to the 0.0" in (data / "raw" / "untrue-2002" / "contrasts.csv").read_text()


HEADER = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,"
    "Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,Control SD,Control cases,"
    "Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes"
)
ROWS = """1,1,Death,All,,Invented 2001,2001,,,,,3,20,,,4,22,,,0.5,0.825,0.21,3.25,(1)
1,1,Death,Late,,Invented 2001,2001,,,,,1,19,,,2,20,,,0.5,0.52,0.05,5.3,
1,2,"Death, adjusted",,,Untrue 2002,2002,0.0,0.25,,,,,,,,,,,1,1,0.61,1.63,(1) adjusted
1,1,Death,All,,Untrue 2002,2002,,,,,0,0,,,0,0,,,0,,,,
"""
