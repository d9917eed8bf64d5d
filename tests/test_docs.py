"""What the pages of docs/ and the README say is so."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.evidence.manual import print_contract
from flows.command import COMMANDS, trochlea

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
