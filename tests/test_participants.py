"""Participant data: the figures of statsmodels on the same rows, the same bits on each run, and nobody's own value."""

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis import store
from analysis.document import to_json
from analysis.effects.ancova import PairedArm, adjusted_difference, combine_paired
from analysis.evidence.participants.identifying import identifies
from analysis.forms.docx import docx
from analysis.forms.markdown import markdown
from analysis.forms.xlsx import xlsx
from analysis.report.links import places_of
from analysis.report.origins import origin_lines
from analysis.synthesis import synthesise_comparison
from flows.material import read_material
from flows.stages import compute, deliver, ingest
from tests.participant_files import HEADER, METADATA, MISSING, invented_people, read_people, write_people
from tests.reviews import invented_review

ROWS = invented_people()
PAIRS = [row for row in ROWS if row[5]]


def column(name, rows=PAIRS):
    return np.array([float(row[HEADER.index(name)]) for row in rows])


def regression(rows=PAIRS):
    """Fit follow-up on group and baseline, participant by participant."""
    group = np.array([row[2] == "A" for row in rows], dtype=float)
    design = np.column_stack([np.ones(len(rows)), group, column("pain_0", rows)])
    return sm.OLS(column("pain_12", rows), design).fit()


def review_with_people(folder, **change):
    review = invented_review(folder)
    write_people(review.data / "raw", ROWS, **change)
    return review


def effects_of(review, comparison="new-vs-old-pain", **asked):
    material = read_material(review)
    wanted = next(one for one in material.protocol.comparisons if one.id == comparison)
    result = synthesise_comparison(replace(wanted, **asked), material.evidence)
    return next(effect for effect in result.effects if effect.study == "invented-people")


def test_the_adjusted_difference_is_that_of_ols_on_the_same_participants(tmp_path):
    effect = effects_of(review_with_people(tmp_path), rescale_to=None)
    fit = regression()
    assert effect.derivation == "participants-ancova" and effect.n_total == len(PAIRS)
    assert_allclose([effect.yi, effect.sei], [fit.params[1], fit.bse[1]], rtol=1e-10)


def test_three_arms_two_of_them_combined_are_that_of_ols_too():
    random = np.random.default_rng(5)
    arms = []
    for centre in (50.0, 60.0, 40.0):
        before = random.normal(centre, 9, 40)
        arms.append((before, 0.5 * before + random.normal(centre / 5, 6, 40)))
    figures = [PairedArm(40, y.mean(), y.std(ddof=1), x.mean(), x.std(ddof=1), np.corrcoef(x, y)[0, 1])
               for x, y in arms]  # fmt: skip
    made = adjusted_difference(combine_paired(figures[:2]), figures[2])
    x, y = (np.concatenate(parts) for parts in zip(*arms, strict=True))
    design = np.column_stack([np.ones(120), np.repeat([1.0, 1.0, 0.0], 40), x])
    fit = sm.OLS(y, design).fit()
    assert_allclose([made.yi[0], np.sqrt(made.vi[0])], [fit.params[1], fit.bse[1]], rtol=1e-10)


def test_figures_of_each_arm_are_numpys(tmp_path):
    _, rows, faults = read_people(write_people(tmp_path, ROWS))
    new = next(row for row in rows["arms"] if row.arm == "new" and row.outcome == "pain")
    mine = [row for row in PAIRS if row[2] == "A"]
    before, after = column("pain_0", mine), column("pain_12", mine)
    assert faults == [] and (new.n, new.missing, new.pairs) == (len(mine), MISSING, len(mine))
    expected = [after.mean(), after.std(ddof=1), before.mean(), before.std(ddof=1), np.corrcoef(before, after)[0, 1]]
    assert_allclose([new.mean, new.sd, new.baseline_mean, new.baseline_sd, new.correlation], expected, rtol=1e-13)


def test_values_far_from_zero_lose_no_digit(tmp_path):
    metadata = METADATA.replace('instrument = "scale-100"', 'instrument = "dynamometer"')
    far = [(*row[:4], f"{1e9 + float(row[4])!r}", row[5] and f"{1e9 + float(row[5])!r}", row[6]) for row in ROWS]
    _, rows, faults = read_people(write_people(tmp_path, far, metadata))
    new = next(row for row in rows["arms"] if row.arm == "new" and row.outcome == "pain")
    after = column("pain_12", [row for row in far if row[2] == "A" and row[5]]) - 1e9
    assert faults == []
    assert_allclose(new.sd, after.std(ddof=1), rtol=1e-12)


def test_a_value_far_beyond_the_first_ones_is_added_up_all_the_same(tmp_path):
    metadata = METADATA.replace('instrument = "scale-100"', 'instrument = "dynamometer"')
    many = [("invented-people", f"QX{index:06d}", "AB"[index % 2], "40", f"{index % 7}", f"{index % 9}", "no")
            for index in range(10_100)]  # fmt: skip
    many[-1] = (*many[-1][:5], "9000000", "no")
    _, rows, faults = read_people(write_people(tmp_path, many, metadata))
    old = next(row for row in rows["arms"] if row.arm == "old" and row.outcome == "pain")
    assert faults == []
    assert_allclose(old.mean, column("pain_12", [row for row in many if row[2] == "B"]).mean(), rtol=1e-14)


def test_every_order_of_the_lines_gives_the_same_bits(tmp_path):
    first = read_people(write_people(tmp_path / "a", ROWS))[0].tables
    for turn in range(4):
        shuffled = [ROWS[index] for index in np.random.default_rng(turn).permutation(len(ROWS))]
        assert read_people(write_people(tmp_path / f"b{turn}", shuffled))[0].tables == first


def test_a_folder_whose_name_looks_like_a_pattern_is_read_as_it_is_named(tmp_path):
    folder = write_people(tmp_path / "[ab]*?'", ROWS)
    assert read_people(folder)[2] == []
    with duckdb.connect() as connection:
        table = connection.read_csv(
            str(write_people(tmp_path / "plain", ROWS) / "participants.csv"), dtype=["VARCHAR"] * 3
        )
        table.write_parquet(str(tmp_path / "participants.parquet"))
    (folder / "participants.csv").unlink()
    (tmp_path / "participants.parquet").rename(folder / "participants.parquet")
    assert {fault.partition("well: ")[1] for fault in read_people(folder)[2]} == {"well: "}


def test_parquet_gives_the_bits_of_csv(tmp_path):
    folder = write_people(tmp_path / "a", ROWS)
    read = read_people(folder)[0].tables
    with duckdb.connect() as connection:
        source = f"read_csv('{folder}/participants.csv', types = {{'well': 'varchar'}})"
        connection.execute(f"copy (from {source}) to '{folder}/participants.parquet'")
    (folder / "participants.csv").unlink()
    again = read_people(folder)
    assert again[2] == []
    without = [[row.cells[:-2] for row in table.rows] for table in read]
    assert [[row.cells[:-2] for row in table.rows] for table in again[0].tables][0] == without[0]


@pytest.mark.parametrize(
    "measure, comparison, asked, derivation",
    [
        ("MD", "new-vs-old-pain", "ancova", "participants-ancova"),
        ("MD", "new-vs-old-pain", "final", "participants-means"),
        ("MD", "new-vs-old-pain", "change", "participants-change"),
        ("SMD", "new-vs-old-pain", "ancova", "participants-means"),
        ("RR", "new-vs-old-recovery", "ancova", "participants-events"),
        ("OR", "new-vs-old-recovery", "ancova", "participants-events"),
        ("RD", "new-vs-old-recovery", "ancova", "participants-events"),
    ],
)
def test_the_protocol_chooses_the_analysis(tmp_path, measure, comparison, asked, derivation):
    review = review_with_people(tmp_path)
    effect = effects_of(review, comparison, measure=measure, participants=asked, rescale_to=None)
    assert effect.derivation == derivation and [ref.table for ref in effect.refs] == ["participants"] * 2


def test_a_difference_of_changes_is_that_of_the_changes(tmp_path):
    effect = effects_of(review_with_people(tmp_path), participants="change", rescale_to=None)
    sides = [[row for row in PAIRS if row[2] == arm] for arm in "AB"]
    new, old = (column("pain_12", side) - column("pain_0", side) for side in sides)
    variance = new.var(ddof=1) / len(new) + old.var(ddof=1) / len(old)
    assert_allclose([effect.yi, effect.vi], [new.mean() - old.mean(), variance], rtol=1e-12)
    assert effect.value_type == "change" and "outcomes-missing" in effect.cautions


def test_no_participant_and_no_value_leaves_the_reading(tmp_path):
    """Every code and every cell of four decimals is looked for in all that a run writes."""
    review = review_with_people(tmp_path)
    run = compute(ingest(review), recorded=True)
    deliver(review, run)
    secrets = {cell.encode() for row in ROWS for cell in (row[1], *row[3:6]) if cell}
    written = {path: path.read_bytes() for path in review.reports.rglob("*") if path.is_file()}
    with duckdb.connect(str(review.store), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        written["store"] = repr([connection.execute(f"from {name}").fetchall() for name in tables]).encode()
    written["document"] = to_json(run).encode()
    written["markdown"] = markdown(run)
    for form, content in (("docx", docx(run)), ("xlsx", xlsx(run))):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            written |= {f"{form}/{name}": archive.read(name) for name in archive.namelist()}
    assert len(written) > 10 and b"Invented People" in written["document"]
    assert [(where, secret) for where, text in written.items() for secret in secrets if secret in text] == []


def test_a_dataset_that_did_not_change_is_not_read_again(tmp_path, monkeypatch):
    review = review_with_people(tmp_path)
    deliver(review, compute(ingest(review), recorded=True))

    def never(*args):
        raise AssertionError("the participants were read again")

    monkeypatch.setattr("analysis.evidence.datasets.read_participants", never)
    assert store.latest(review.store).datasets == ingest(review).evidence.datasets


def test_what_changed_among_participants_is_told_by_arm(tmp_path):
    review = review_with_people(tmp_path)
    deliver(review, compute(ingest(review), recorded=True))
    path = review.data / "raw" / "invented-people" / "participants.csv"
    path.write_text(path.read_text().replace(f",{ROWS[-1][5]},", ",50.5,"))
    run = compute(ingest(review), recorded=True)
    told = [line.text for change in run.changes for line in origin_lines(run, places_of(run), change)]
    assert any(text.startswith("Invented People, participants, summary 2, mean: ") for text in told)


def test_an_instrument_with_another_range_is_held_to_it_again(tmp_path):
    review = review_with_people(tmp_path)
    deliver(review, compute(ingest(review), recorded=True))
    vocabulary = review.data / "protocol" / "vocabulary.toml"
    vocabulary.write_text(vocabulary.read_text().replace("range = [0, 100]", "range = [0, 50]"))
    with pytest.raises(Exception, match="scale-100 runs from 0 to 50"):
        ingest(review)


def test_figures_of_fewer_than_five_are_not_given(tmp_path):
    few = [row if row[2] == "B" or index < 8 else (*row[:5], "", row[6]) for index, row in enumerate(ROWS)]
    few = [
        row if row[2] == "B" else (*row[:5], "33.3333" if index < 8 else "", row[6]) for index, row in enumerate(few)
    ]
    review = invented_review(tmp_path)
    write_people(review.data / "raw", few)
    material = read_material(review)
    result = synthesise_comparison(material.protocol.comparisons[0], material.evidence)
    new = next(row for row in material.evidence.arms if row.ref.table == "participants" and row.arm == "new")
    assert (new.n, new.mean, new.sd, new.pairs) == (4, None, None, None)
    assert [one.code for one in result.left_out if one.study == "invented-people"] == ["too-few-participants"] * 2


def test_no_difference_of_two_figures_is_one_persons(tmp_path):
    """One person without a baseline is left out of the mean too, or the two means would give the value away."""
    rows = [(*row[:4], "" if index == 1 else row[4], *row[5:]) for index, row in enumerate(ROWS)]
    old = next(row for row in read_people(write_people(tmp_path, rows))[1]["arms"] if row.arm == "old")
    assert (old.n, old.missing, old.pairs) == (59, 1, 59) and old.mean == old.pairs_mean


SHARED = """
[[participants.outcomes]]
column = "pain_6"
baseline = "pain_0"
outcome = "pain"
instrument = "scale-100"
followup_weeks = 6

[[participants.outcomes]]
column = "pain_0"
outcome = "pain"
instrument = "scale-100"
followup_weeks = 0
"""
PLACES = {"pain_0": 3, "pain_12": 4, "pain_6": 5}


def shared_baselines(lacks):
    """Return invented people whose outcomes share a baseline, which is an outcome too, less what each of them lacks."""
    header = (*HEADER[:3], "pain_0", "pain_12", "pain_6", "well")
    rows = [(*row[:3], row[4], row[5] or "44.4444", f"{(float(row[4]) + index) / 3:.4f}", row[6])
            for index, row in enumerate(ROWS[: len(lacks)])]  # fmt: skip
    for index, lack in enumerate(lacks):
        rows[index] = tuple("" if header[place] in lack else cell for place, cell in enumerate(rows[index]))
    return header, rows


def published_groups(row, rows):
    """Give each column of which an arm's row holds figures, with the people whose they are."""
    follow_up = row.ref.location.rpartition(", ")[2]
    mine = [one for one in rows if {"A": "new", "B": "old"}[one[2]] == row.arm]
    everybody = {one[1] for one in mine if one[PLACES[follow_up]]}
    both = {one[1] for one in mine if one[PLACES[follow_up]] and one[3]}
    if row.mean is not None:
        yield follow_up, both if row.n == row.pairs else everybody, row.mean
    if row.pairs is not None:
        yield from ((follow_up, both, row.pairs_mean), ("pain_0", both, row.baseline_mean))


LACKS = st.sets(st.sampled_from(["pain_0", "pain_6", "pain_12"]), max_size=2)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(lacks=st.lists(LACKS, min_size=18, max_size=30))
def test_no_two_groups_of_people_whose_figures_are_given_differ_by_one_to_four(lacks):
    """The attack: subtract the sums of two groups of which the same column is given, and solve for who is left."""
    header, rows = shared_baselines(lacks)
    metadata = METADATA.replace('covariates = ["age"]\n', "") + SHARED
    with tempfile.TemporaryDirectory() as folder:
        _, read, faults = read_people(write_people(Path(folder), rows, metadata, header))
    assert faults == []
    found: dict[tuple, list] = {}
    for row in read["arms"]:
        if row.outcome == "pain":
            for name, people, mean in published_groups(row, rows):
                values = [float(one[PLACES[name]]) for one in rows if one[1] in people]
                assert_allclose(mean, np.mean(values), rtol=1e-12)
                found.setdefault((row.arm, name), []).append(people)
    for groups in found.values():
        assert all(len(one) >= 5 for one in groups)
        assert all(len(one ^ other) == 0 or len(one ^ other) >= 5 for one in groups for other in groups)


def test_of_two_outcomes_with_nearly_the_same_people_the_later_loses_its_baseline(tmp_path):
    header, rows = shared_baselines([set()] * 58 + [{"pain_12"}, {"pain_6"}])
    shared = SHARED.rpartition("[[participants.outcomes]]")[0]
    metadata = METADATA.replace('covariates = ["age"]\n', "") + shared
    _, read, faults = read_people(write_people(tmp_path, rows, metadata, header))
    assert faults == []
    pain = [row for row in read["arms"] if row.outcome == "pain"]
    pairs = {(row.arm, row.ref.location.rpartition(", ")[2]): row.pairs for row in pain}
    assert pairs == {("new", "pain_12"): 29, ("old", "pain_12"): 30, ("new", "pain_6"): None, ("old", "pain_6"): None}


def test_a_first_line_that_is_a_participants_is_not_quoted(tmp_path):
    folder = write_people(tmp_path, ROWS[1:], header=ROWS[0])
    assert read_people(folder)[2] == [
        "data/raw/invented-people/participants.csv line 1: a first line that names none of its columns. It names "
        "study, participant, arm, pain_12, pain_0, well, age."
    ]


@pytest.mark.parametrize("name", ["pain_0", "pain_12", "arm"])
def test_a_covariate_that_is_something_else_is_refused(name, tmp_path):
    """Its mean of all people beside that of those with an outcome would give away who has no outcome."""
    metadata = METADATA.replace('covariates = ["age"]', f'covariates = ["age", "{name}"]')
    faults = read_people(write_people(tmp_path, ROWS, metadata))[2]
    assert any(f"covariates: {name!r} is an outcome, a baseline or a key." in fault for fault in faults)


NO_NUMBER = "Write one number such as -3.5, or leave the cell empty when it is missing."
ARMS = "arm is an id or a treatment of [[arms]] in metadata.toml: new, old, A, B."
BROKEN_CELLS = [
    (2, 5, "n/a", f"line 3, pain_12: no number, 'n/a'. {NO_NUMBER}"),
    (2, 5, "nan", f"line 3, pain_12: no number, 'nan'. {NO_NUMBER}"),
    (2, 5, "=1+1", f"line 3, pain_12: no number. {NO_NUMBER}"),
    (2, 5, "1e300", "line 3, pain_12: a number that lies beyond. scale-100 runs from 0 to 100."),
    (2, 4, "100.1", "line 3, pain_0: a number that lies beyond. scale-100 runs from 0 to 100."),
    (2, 2, "C", f"line 3, arm: a word that is no arm. {ARMS}"),
    (2, 2, "", f"line 3, arm: the cell is empty. {ARMS}"),
    (2, 0, "other", "line 3, study: another study. study is invented-people, the folder's id."),
    (2, 1, "", "line 3, participant: the cell is empty. Each line has a participant."),
    (2, 1, ROWS[0][1], "line 3, participant: the same participant as in line 2. A participant has one line."),
    (2, 6, "maybe", "line 3, well: a word that is neither. The cell is 'yes', 'no' or empty, as metadata.toml says."),
    (2, 3, "old", f"line 3, age: no number. {NO_NUMBER}"),
]  # fmt: skip


def mended(rows, line, place, cell):
    return [(*row[:place], cell, *row[place + 1 :]) if number == line else row for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("line, place, cell, message", BROKEN_CELLS)
def test_a_broken_cell_gives_exactly_its_message(tmp_path, line, place, cell, message):
    _, _, faults = read_people(write_people(tmp_path, mended(ROWS, line, place, cell)))
    assert faults == [f"data/raw/invented-people/participants.csv {message}"]


def test_all_broken_cells_are_said_at_once_and_many_are_counted(tmp_path):
    rows = [(*row[:5], "x", "perhaps") for row in ROWS]
    faults = read_people(write_people(tmp_path, mended(rows, 9, 2, "D")))[2]
    assert len(faults) == 1 + 2 * 21
    counted = "data/raw/invented-people/participants.csv, well: 100 more such cells. The cell is 'yes', 'no' or empty, "
    assert f"{counted}as metadata.toml says." in faults


@pytest.mark.parametrize(
    "text, found",
    [
        ("study,participant\n", "the column is missing"),
        (",".join((*HEADER, "email")) + "\n", "the column 'email', which looks like an e-mail address"),
        (",".join((*HEADER, "DateOfBirth")) + "\n", "the column 'DateOfBirth', which looks like a birth date"),
        (",".join((*HEADER, "shoe")) + "\n", "shoe: an undeclared column"),
        (",".join((*HEADER, "age")) + "\n", "age: the column stands twice"),
        (";".join(HEADER) + "\n", "columns parted by semicolons or tabs"),
        (",".join(HEADER) + "\n", "no participant"),
        ("", "a first line that names none of its columns"),
        ("\x00\x01", "a first line that names none of its columns"),
        (",".join(HEADER) + "\ninvented-people,Q1,A\n", "line 2: no row of cells"),
        (",".join(HEADER) + '\ninvented-people,"Q1,A,5,5,5,yes\n', "no row of cells"),
    ],
)
def test_a_file_that_is_no_participant_table_is_refused(tmp_path, text, found):
    folder = write_people(tmp_path, ROWS)
    (folder / "participants.csv").write_text(text, encoding="utf-8")
    faults = read_people(folder)[2]
    assert faults and any(found in fault for fault in faults)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    folder = write_people(tmp_path, ROWS)
    path = folder / "participants.csv"
    path.write_bytes(path.read_bytes().replace(b"yes", "ja, \xe9".encode("latin-1"), 1))
    assert read_people(folder)[2]
    path.rename(folder / "participants.parquet")
    assert "it cannot be read" in read_people(folder)[2][0]


@pytest.mark.parametrize(
    "codes, what",
    [
        ("Anna Smith", "a name"),
        ("Smith, Anna", "a name"),
        ("a.smith@example.org", "an e-mail address"),
        ("1987-03-21", "a date"),
        ("+49 170 1234567", "a telephone number"),
    ],
)
def test_codes_that_tell_who_somebody_is_are_refused_and_not_printed(tmp_path, codes, what):
    faults = read_people(write_people(tmp_path, mended(ROWS, 2, 1, codes)))[2]
    assert len(faults) == 1 and f"1 cells that look like {what}" in faults[0] and codes not in faults[0]


@pytest.mark.parametrize(
    "name",
    [
        "Surname", "first_name", "firstName", "birth date", "e-mail", "home_address", "post code", "Stra\u00dfe",
        "pr\u00e9nom", "date_naissance", "Fecha de nacimiento", "f\u00f8dselsdato", "Telefon", "BSN",
    ],
)  # fmt: skip
def test_a_column_that_tells_who_somebody_is_is_known_by_its_name(name):
    assert identifies(name)


@pytest.mark.parametrize("name", ["age", "sex", "pain_0", "birth_weight", "mobility", "emotional_state", "capacity"])
def test_a_column_of_a_study_is_not_mistaken_for_one(name):
    assert identifies(name) is None


def test_byte_order_mark_and_carriage_returns_are_read(tmp_path):
    folder = write_people(tmp_path / "a", ROWS)
    plain = read_people(folder)[0].tables
    path = folder / "participants.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert read_people(folder)[0].tables == plain


@pytest.mark.parametrize(
    "old, new, message",
    [
        (
            'outcome = "pain"',
            'outcome = "pane"',
            "outcome: found 'pane'. Did you mean 'pain'? It is a code of vocabulary.toml [outcomes].",
        ),
        ('baseline = "pain_0"', 'baseline = "pain_1"', "pain_1: the column is missing. Did you mean 'pain_12'?"),
        ('no_event = "no"', "", "no_event: it is missing. A yes-or-no outcome has event and no_event."),
        ('column = "well"', 'column = "pain_12"', "column: 'pain_12' stands for something else."),
        ('covariates = ["age"]', 'covariates = ["phone"]', "found 'phone', which looks like a telephone number."),
    ],
)  # fmt: skip
def test_a_broken_declaration_gives_its_message(tmp_path, old, new, message):
    faults = read_people(write_people(tmp_path, ROWS, METADATA.replace(old, new, 1)))[2]
    assert any(message in fault for fault in faults)


HOSTILE = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["'; drop table t;--", '"', '""', "\r", "\n", "{}", "1e999", "-0", "9" * 400, "NaN", "{0}", "\x00", "%s"]
    ),
    st.floats().map(repr),
)


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 6), HOSTILE), max_size=4), raw=st.binary(max_size=40)
)
def test_no_cell_and_no_byte_breaks_the_reading(cells, raw):
    """Whatever stands in the file: summaries, or faults that name it; never an error of a program."""
    rows = ROWS[:12]
    for line, place, cell in cells:
        rows = mended(rows, line, place, cell)
    with tempfile.TemporaryDirectory() as folder:
        dataset = write_people(Path(folder), rows)
        for extra in (b"", raw):
            path = dataset / "participants.csv"
            path.write_bytes(path.read_bytes() + extra)
            found, _, faults = read_people(dataset)
            assert (found is None) == bool(faults)


@settings(max_examples=20, deadline=None)
@given(raw=st.binary(max_size=200), keep=st.integers(0, 3000))
def test_no_byte_breaks_the_reading_of_parquet(raw, keep):
    with tempfile.TemporaryDirectory() as folder:
        dataset = write_people(Path(folder), ROWS)
        path = dataset / "participants.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"copy (from read_csv('{dataset}/participants.csv', all_varchar = true)) to '{path}'")
        (dataset / "participants.csv").unlink()
        whole = path.read_bytes()
        path.write_bytes(whole[:keep] + raw + whole[keep + len(raw) :])
        assert read_people(dataset)[2]
