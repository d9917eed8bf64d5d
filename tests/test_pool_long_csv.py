"""Long CSV files, which Arrow reads: the same table, or the same faults, as short ones have."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.evidence.cells import CellError
from analysis.faults import InputError
from flows.pool import table
from flows.pool.long_csv import read_long_csv
from flows.pool.table import plain_numbers, read_file, read_number

CELLS = st.text(st.sampled_from("ab1.-, \t\"'\r\n;\u00e4\u2028\x85\x1c\0\ufeff="), max_size=6)
NUMBERS = st.text(st.sampled_from("0123456789.+-eE_ \u0663"), max_size=6)


def outcome(path, content, long):
    """Return what reading gives, every file being long or none."""
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "LONG", 0 if long else 10**12)
        try:
            found = read_file(path)
        except InputError as error:
            return [str(fault) for fault in error.faults]
    columns = {name: (column.words, column.index.tolist()) for name, column in found.columns.items()}
    return found.where, found.lines.tolist(), columns


QUOTED = CELLS.map('"{}"'.format)


@settings(max_examples=400, deadline=None)
@given(rows=st.lists(st.lists(CELLS | QUOTED, min_size=1, max_size=3), min_size=1, max_size=5),
       end=st.sampled_from(["\n", "\r\n", "\r"]), last=st.booleans(), bom=st.booleans())
def test_any_text_is_read_alike_or_refused_alike(tmp_path_factory, rows, end, last, bom):
    text = end.join(",".join(row) for row in rows) + (end if last else "")
    content = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    path = tmp_path_factory.getbasetemp() / "invented.csv"
    assert outcome(path, content, long=True) == outcome(path, content, long=False)


@pytest.mark.parametrize("content", [
    b"yi,vi\n1,2\n", b"yi,vi\n1,2", b"yi,vi\r\n1,2\r\n3,4\r\n", b"\xef\xbb\xbfyi,vi\n1,2\n", b" yi , vi \n 1 , 2 \n",
    "study,yi\nMüller,1\nMüller,2\n".encode(), b'"study","yi"\n"Smith, A",1\n"",2\n', b'a,"b c"\r\n"1","2"\r\n',
])  # fmt: skip
def test_plain_files_are_read_by_arrow(content):
    assert read_long_csv(content, "invented.csv") is not None


@pytest.mark.parametrize("content", [
    b"yi,vi\n1,2\n\n3,4\n", b"yi,vi\n1,2\n,\n", b"yi,vi\n1,2,3\n", b"yi,vi\n\"1\",2\n", b"yi,vi\n1,2\0\n",
    b"yi,vi\n1,\xff\n", b"yi,yi\n1,2\n", b"yi;vi\n1;2\n", b"yi,vi\n", b"yi", b"yi,,\n1,2,3\n", b"a,b\rc,d\n",
    b'a,b\n1,"2\n3,"4\n', b'a,b\n"1""2",3\n', b'a,b\n"1"2,3\n', b'a,b\n1"2,"3"\n', b'a,b\n",1",2\n', b'a,b\n"1,2\n',
    b"yi,vi\n1," + 200_000 * b"2" + b"\n",
])  # fmt: skip
def test_anything_else_comes_out_as_from_a_short_file(tmp_path, content):
    long, short = (outcome(tmp_path / "invented.csv", content, which) for which in (True, False))
    assert long == short


def test_arrow_gives_the_words_of_many_blocks_in_the_order_of_their_rows(tmp_path):
    rows = [f"study {i % 977},{i % 1013 / 8}" for i in range(200_000)]
    content = "\n".join(["study,yi", *rows]).encode()
    assert outcome(tmp_path / "invented.csv", content, True) == outcome(tmp_path / "invented.csv", content, False)


@settings(max_examples=500, deadline=None)
@given(texts=st.lists(NUMBERS.map(str.strip).filter(bool), min_size=1, max_size=4))
@example(texts=["1" * 400])
@example(texts=["0." + "0" * 3000])
@example(texts=["+5", "-.5", "5."])
@example(texts=["+-5"])
@example(texts=["1e0005"])
@example(texts=["-1.5e-05", "2E3"])
def test_numbers_read_at_once_are_those_read_one_by_one(texts):
    at_once = plain_numbers(texts)
    try:
        alone = [read_number(text) for text in texts]
    except CellError:
        assert at_once is None
    else:
        assert at_once is None or np.array_equal(at_once, alone)
