"""The report shown on this machine: only here, following the data, published files untouched."""

import http.client
import re
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import store
from analysis.faults import InputError
from analysis.report import publish, render
from flows.command import trochlea
from flows.review import Review
from flows.serving.live import LiveReport, Showing
from flows.serving.served import ALLOWED, served
from flows.serving.server import ADDRESS, PortTaken, open_server
from tests.fixtures_bcg import bcg_run
from tests.fixtures_invented import HOSTILE
from tests.report_checks import read_page
from tests.reviews import invented_review


def whole(run):
    return run


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return invented_review(tmp_path)


def rewrite(review: Review, old: str, new: str) -> None:
    path = review.data / "protocol" / "comparisons.toml"
    path.write_text(path.read_text().replace(old, new))


def test_a_change_of_the_data_is_drawn_and_no_change_is_not(review):
    live = LiveReport(review, None, whole)
    assert (live.refresh(), live.showing.number) == (False, 0)
    rewrite(review, "An invented review", "An invented review, edited")
    assert (live.refresh(), live.showing.number) == (True, 1)
    assert b"An invented review, edited" in live.showing.files["index.html"]
    assert live.refresh() is False


def test_a_fault_leaves_the_last_report_and_is_told_until_it_is_mended(review):
    live = LiveReport(review, None, whole)
    good = live.showing.files
    rewrite(review, '"MD"', '"nonsense"')
    assert live.refresh() and live.showing.files is good
    assert "nonsense" in live.showing.notice and live.showing.number == 1
    rewrite(review, '"nonsense"', '"MD"')
    assert live.refresh() and live.showing.notice == ""


def test_published_pages_and_the_store_are_not_touched(review):
    publish(bcg_run(), review.reports)
    before = {path: path.read_bytes() for path in review.reports.rglob("*") if path.is_file()}
    live = LiveReport(review, None, whole)
    rewrite(review, "An invented review", "An invented review, edited")
    assert live.refresh()
    assert {path: path.read_bytes() for path in review.reports.rglob("*") if path.is_file()} == before
    assert not review.store.exists()


def test_a_recorded_run_is_shown_as_it_is(review):
    live = LiveReport(review, bcg_run(), whole)
    rewrite(review, "An invented review", "An invented review, edited")
    assert live.refresh() is False and live.showing.files == render(bcg_run())


# ---------------------------------------------------------------- pages as served


def test_a_served_page_has_one_script_and_a_policy_for_it_alone():
    published = render(bcg_run())["changes.html"]
    page = served(published, 3, "")
    assert b"<script" not in published
    assert page.count(b"<script") == 1 and b'data-number="3"' in page
    assert f"script-src {ALLOWED}; connect-src 'self';".encode() in page and b"default-src 'none'" in page
    assert read_page(page).faults == []


def test_a_policy_that_allows_a_script_already_allows_both():
    page = served(b"<meta content=\"default-src 'none'; script-src 'sha256-x'\"><title></title><body></body>", 1, "")
    assert f"script-src {ALLOWED} 'sha256-x'".encode() in page and page.count(b"script-src") == 1


def test_a_page_with_lists_keeps_its_own_script_when_it_is_served():
    published = render(bcg_run())["index.html"]
    page = served(published, 3, "")
    assert page.count(b"<script") == 2 and page.count(b"script-src") == 1
    assert published[published.index(b"<script>") : published.index(b"</script>")] in page


def test_a_hostile_fault_stays_text_above_the_last_good_report():
    page = read_page(served(render(bcg_run())["changes.html"], 1, HOSTILE))
    assert HOSTILE in page.text and page.tags.count("script") == 1


# ---------------------------------------------------------------- the server


@contextmanager
def serving(files: dict[str, bytes]):
    """Give a function that asks a server of these files: (status, headers, content)."""
    live = type("Live", (), {"showing": Showing(7, files)})()
    server = open_server(live, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def ask(path: str, method: str = "GET", host: str | None = None):
        connection = http.client.HTTPConnection(ADDRESS, server.server_port, timeout=10)
        connection.request(method, path, headers={"Host": host or f"{ADDRESS}:{server.server_port}"})
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found

    try:
        yield ask
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def ask():
    with serving(render(bcg_run())) as asking:
        yield asking


def test_pages_data_and_the_number_of_what_is_shown_are_served(ask):
    assert ask("/")[0] == 200 and b"BCG vaccine" in ask("/")[2]
    status, headers, content = ask("/comparisons/bcg-vs-none.html?x=1")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8") and b"<script" in content
    assert ask("/claims.csv")[2] == render(bcg_run())["claims.csv"]
    assert ask("/.number")[2] == b"7"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/none", "/%00"])
def test_nothing_but_the_report_is_served(ask, path):
    assert ask(path)[0] == 404


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1.example.org:80", "0.0.0.0:80"])
def test_a_request_under_another_name_is_refused(ask, host):
    assert ask("/", host=host)[0] == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent(ask, method):
    assert ask("/", method)[0] == 501


def test_a_head_has_no_body(ask):
    assert ask("/", "HEAD")[0] == 200 and ask("/", "HEAD")[2] == b""


def test_it_listens_on_this_machine_only():
    server = open_server(None, 0)
    assert server.server_address[0] == "127.0.0.1"
    with pytest.raises(PortTaken, match=f"Port {server.server_port} cannot be used"):
        open_server(None, server.server_port)
    server.server_close()


# ---------------------------------------------------------------- the options of the command


def invoke(*arguments: str):
    return CliRunner().invoke(trochlea, ["report", *arguments])


@pytest.mark.parametrize(
    "options, said",
    [
        (("--serve", "--format", "pdf"), "--serve shows pages"),
        (("--serve", "--out", "x"), "--serve shows pages"),
        (("--summary",), "--summary needs --format pdf"),
        (("--summary", "--format", "md"), "--summary needs --format pdf"),
        (("--comparison", "one"), "--comparison with pages needs --out"),
        (("--format", "odt"), "'odt' is not one of"),
        (("--port", "70000"), "70000 is not in the range"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, said):
    result = invoke(*options)
    assert result.exit_code == 2 and said in result.output


@pytest.fixture
def stored(tmp_path: Path) -> list[str]:
    store.record(tmp_path / "store.duckdb", bcg_run())
    return ["--store", str(tmp_path / "store.duckdb"), "--reports", str(tmp_path / "reports")]


@pytest.mark.parametrize("form, start", [("md", b"# BCG"), ("xlsx", b"PK"), ("docx", b"PK")])
def test_a_form_is_written_beside_the_pages_and_nothing_else(stored, tmp_path, form, start):
    result = invoke(*stored, "--format", form)
    assert result.output == f"Report of run {bcg_run().id}: {tmp_path / 'reports'}.{form}\n"
    assert (tmp_path / f"reports.{form}").read_bytes().startswith(start)
    beside = {"reports-figures"} if form == "md" else set()
    assert {path.name for path in tmp_path.iterdir()} == {"store.duckdb", f"reports.{form}", *beside}


def test_pages_of_one_comparison_go_where_they_are_told(stored, tmp_path):
    result = invoke(*stored, "--comparison", "bcg-vs-none", "--out", str(tmp_path / "one"))
    assert result.exit_code == 0 and (tmp_path / "one" / "comparisons" / "bcg-vs-none.html").is_file()
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("out", ["reports-there", "no/such/folder/x.md"])
def test_a_place_that_is_no_file_is_refused(stored, tmp_path, out):
    (tmp_path / "reports-there").mkdir()
    result = invoke(*stored, "--format", "md", "--out", str(tmp_path / out))
    assert result.exit_code == 2 and "is not a file in a folder that is there" in result.output


def test_the_figures_of_a_text_lie_in_a_folder_beside_it_and_replace_older_ones(stored, tmp_path):
    folder = tmp_path / "review-figures"
    folder.mkdir()
    (folder / "old.svg").write_text("<svg/>")
    result = invoke(*stored, "--format", "md", "--out", str(tmp_path / "review.md"))
    text = (tmp_path / "review.md").read_text()
    assert result.exit_code == 0
    assert sorted(re.findall(r"\]\(review-figures/([^)]+)\)", text)) == sorted(path.name for path in folder.iterdir())
    assert not list(tmp_path.glob(".review*"))


def test_a_folder_with_something_else_than_figures_is_left_as_it_is(stored, tmp_path):
    (tmp_path / "review-figures").mkdir()
    (tmp_path / "review-figures" / "mine.txt").write_text("mine")
    result = invoke(*stored, "--format", "md", "--out", str(tmp_path / "review.md"))
    assert isinstance(result.exception, InputError)
    assert str(result.exception.faults[0]) == (
        f"{tmp_path / 'review-figures'}: it holds what is no figure: mine.txt. The figures of the report replace the "
        "whole folder: move what is yours, or name another --out."
    )
    assert not (tmp_path / "review.md").exists()
