"""Corrections: declared, guarded by what they expect, signed; the table stays as transcribed."""

import pytest

from analysis.faults import InputError
from analysis.synthesis import synthesise_comparison
from flows.material import read_material
from tests.reviews import invented_review

SOUND = """[[correction]]
table = "arms"
line = 2
column = "mean"
expect = "2.5"
value = "3.5"
reason = "Invented: the table and the text differ"
by = "The tests"
on = 2001-02-03
"""


def corrected_review(tmp_path, text):
    review = invented_review(tmp_path)
    (review.data / "raw" / "invented-alpha" / "corrections.toml").write_text(text)
    return review


def test_a_correction_changes_the_row_and_not_the_table(tmp_path):
    material = read_material(corrected_review(tmp_path, SOUND))
    assert material.evidence.arms[0].mean == 3.5
    table = material.evidence.datasets[0].tables[0]
    assert table.rows[0].cells[table.header.index("mean")] == "2.5"


def test_an_effect_of_corrected_figures_says_so(tmp_path):
    material = read_material(corrected_review(tmp_path, SOUND))
    result = synthesise_comparison(material.protocol.comparisons[0], material.evidence)
    cautions = {effect.study: effect.cautions for effect in result.effects}
    assert "corrected" in cautions["invented-alpha"] and "corrected" not in cautions["invented-beta"]


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('expect = "2.5"', 'expect = "2.6"',
         "line 5, [correction] expect: found '2.6'. expect is what stands there, '2.5'; "
         "if the table was mended, remove the correction."),
        ("line = 2", "line = 9",
         "line 3, [correction] line: no row begins on line 9. Lines are counted from the header, line 1."),
        ('column = "mean"', 'column = "maen"',
         "line 4, [correction] column: found 'maen'. Did you mean 'mean'? A column of arms.csv is needed."),
        ('table = "arms"', 'table = "poolings"',
         "line 2, [correction] table: the dataset has no poolings.csv. A correction is about a table that is there."),
        ('by = "The tests"\n', "", "line 1, [correction] by: it is missing. Who answers for it."),
    ],
)  # fmt: skip
def test_a_correction_that_finds_something_else_is_a_fault(tmp_path, old, new, message):
    assert old in SOUND
    with pytest.raises(InputError) as caught:
        read_material(corrected_review(tmp_path, SOUND.replace(old, new)))
    assert [str(fault) for fault in caught.value.faults] == [
        f"data/raw/invented-alpha/corrections.toml {message}",
    ]  # fmt: skip


def test_a_cell_is_corrected_once(tmp_path):
    with pytest.raises(InputError, match="corrected twice"):
        read_material(corrected_review(tmp_path, SOUND + SOUND))


def test_a_corrected_value_is_held_to_the_contract(tmp_path):
    with pytest.raises(InputError) as caught:
        read_material(corrected_review(tmp_path, SOUND.replace('value = "3.5"', 'value = "35"')))
    assert "scale-10 runs from 0 to 10" in str(caught.value)
