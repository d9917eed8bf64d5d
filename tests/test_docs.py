"""What the pages of docs/ and the README say is so."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.protocol.manual import print_contract
from analysis.synthesis import synthesise_comparison
from flows.command import COMMANDS, trochlea
from flows.material import read_material
from flows.review import Review

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted([REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")])


def test_the_contract_page_is_the_contract():
    assert (REPOSITORY / "docs" / "contract.md").read_text(encoding="utf-8") == print_contract()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_names_exist(page):
    named = re.findall(r"^ *(?:\$ )?trochlea ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    result = CliRunner().invoke(trochlea, [name, "--help"])
    assert result.exit_code == 0 and "Example" in result.output


def test_the_numbers_on_the_first_screen_are_the_pipelines():
    review = Review(REPOSITORY / "data", REPOSITORY / "reports", REPOSITORY / "data" / "trochlea.duckdb")
    material = read_material(review)
    results = {asked.id: synthesise_comparison(asked, material.evidence) for asked in material.protocol.comparisons}
    readme = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    function, strength = results["hip-knee-vs-knee-function"], results["hip-abduction-strength-beside"]
    assert (
        f"{function.pooled.estimate:.1f} points of 100 (interval −{-function.pooled.ci_low:.1f} to "
        f"{function.pooled.ci_high:.1f}, {function.pooled.k} trials, {function.n_total} people)"
    ) in readme
    assert (
        f"by {-strength.pooled.estimate:.2f} standard deviations (interval {-strength.pooled.ci_high:.2f} to "
        f"{-strength.pooled.ci_low:.2f}, {strength.pooled.k} studies, {strength.n_total} people)"
    ) in readme
    assert len(function.awaited) == 11 and "eleven trials still wait" in readme


def test_the_guide_to_add_a_dataset_followed_literally_ends_in_the_forest_plot(tmp_path, monkeypatch):
    """Every sh block is run and every file typed as it stands; only /tmp is another folder."""
    guide = (REPOSITORY / "docs" / "add-a-dataset.md").read_text(encoding="utf-8").replace("/tmp/", f"{tmp_path}/")
    blocks = re.findall(r"^```(sh|csv)\n(.*?)^```", guide, flags=re.MULTILINE | re.DOTALL)
    folder = tmp_path / "practice" / "raw" / "dolak-2011"
    monkeypatch.chdir(REPOSITORY)
    for kind, text in blocks:
        if kind == "csv":
            (folder / "arms.csv").write_text(text)
            metadata = folder / "metadata.toml"
            metadata.write_text(metadata.read_text().replace('status = "awaiting-extraction"', 'status = "extracted"'))
            continue
        for line in text.splitlines():
            program, *arguments = shlex.split(line)
            if program == "trochlea":
                assert CliRunner().invoke(trochlea, arguments, catch_exceptions=False).exit_code == 0
            else:
                subprocess.run([program, *arguments], check=True)
    page = (tmp_path / "practice-report" / "comparisons" / "hip-vs-knee-pain.html").read_text()
    kept = (folder / "arms.csv").read_text().splitlines()
    typed = (REPOSITORY / "data" / "raw" / "dolak-2011" / "arms.csv").read_text().splitlines()
    assert [line.split(",")[:9] for line in kept] == [line.split(",")[:9] for line in typed]
    assert re.search(r"<svg.*Dolak 2011.*</svg>", page, flags=re.DOTALL)


def test_the_guide_to_import_a_file_followed_literally_names_its_three_folders(tmp_path, monkeypatch):
    """The table is saved as bcg.csv beside a copy of the data, and the last command is run as it stands."""
    guide = (REPOSITORY / "docs" / "import-a-file.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```", guide, flags=re.MULTILINE | re.DOTALL)
    *_, command = re.findall(r"^```\n(trochlea add .*?)^```", guide, flags=re.MULTILINE | re.DOTALL)
    shutil.copytree(REPOSITORY / "data" / "protocol", tmp_path / "data" / "protocol")
    (tmp_path / "data" / "raw").mkdir()
    (tmp_path / "bcg.csv").write_text(table, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(command.replace("\\\n", " "))[1:]
    assert CliRunner().invoke(trochlea, arguments, catch_exceptions=False).exit_code == 0
    assert not list((tmp_path / "data" / "raw").iterdir())
    arguments.remove("--dry-run")
    assert CliRunner().invoke(trochlea, arguments, catch_exceptions=False).exit_code == 0
    folders = sorted(path.name for path in (tmp_path / "data" / "raw").iterdir())
    assert [name.split("-")[0] for name in folders] == ["aronson", "ferguson", "rosenthal"]
