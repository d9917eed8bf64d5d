"""The house: which way imports run, how long files are, and where each package may be used."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
SOURCES = sorted([*(REPOSITORY / "analysis").rglob("*.py"), *(REPOSITORY / "flows").rglob("*.py")])
LONGEST_FILE = 400
LONGEST_FUNCTION = 40  # lines of code; most have ten

# each room may import from the rooms named; nothing else of the house
ROOMS = {
    "results": set(),
    "faults": set(),
    "folders": set(),
    "declared": {"faults"},
    "ledger": {"results"},
    "bibliography": {"results"},
    "document": {"results", "faults"},
    "pooling": {"results", "effects"},
    "effects": {"results"},
    "models": {"results", "pooling", "effects"},
    "robustness": {"results", "pooling", "effects", "models"},
    "bayes": {"pooling"},
    "agreement": set(),
    "evidence": {"results", "faults", "declared", "agreement", "folders"},
    "importing": {"results", "faults", "declared", "evidence", "folders"},
    "protocol": {"results", "faults", "declared", "evidence", "pooling", "robustness"},
    "synthesis": {"bayes", "results", "evidence", "protocol", "effects", "pooling", "models", "robustness"},
    "multiverse": {"results", "evidence", "protocol", "effects", "pooling", "synthesis"},
    "plausibility": {"results", "evidence"},
    "changes": {"results", "declared"},
    "attribution": {"results", "declared", "evidence", "synthesis", "changes"},
    "made_by": set(),
    "fingerprints": {"results", "evidence", "protocol", "made_by"},
    "store": {"results", "faults", "document", "evidence"},
    "report": {"results", "ledger", "bibliography", "document", "faults", "folders", "made_by"},
    "forms": {"results", "faults", "report"},
}
ONLY_IN = {
    "prefect": ("flows",),
    "dask": ("flows/workers",),
    "distributed": ("flows/workers",),
    "prefect_dask": ("flows/workers/spreading.py",),
    "duckdb": ("analysis/store", "analysis/evidence/participants", "flows/pool"),
    "statsmodels": ("analysis/synthesis/second_opinion.py",),
    "jinja2": ("analysis/report",),
    "weasyprint": ("analysis/forms/paper.py",),
    "docx": ("analysis/forms/docx.py",),
    "openpyxl": ("analysis/forms/xlsx.py", "analysis/importing/workbook.py"),
    "resvg_py": ("analysis/forms/pictures.py",),
    "click": ("flows",),
    "rich": ("flows",),
    "pydantic": ("analysis/document.py", "flows/schedule.py"),
}


def imported(path):
    """Give every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "analysis")


def place(path):
    return path.relative_to(REPOSITORY).as_posix()


def room(path):
    return path.relative_to(REPOSITORY / "analysis").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", [path for path in SOURCES if "analysis" in place(path)], ids=place)
def test_a_room_imports_only_from_the_rooms_below_it(path):
    if room(path) == "__init__":
        return
    allowed = ROOMS[room(path)] | {room(path)}
    used = {name.split(".")[1] for name in imported(path) if name.startswith("analysis.")}
    assert used <= allowed
    assert not any(name.startswith("flows") for name in imported(path))


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_package_is_used_where_it_belongs(path):
    for package, places in ONLY_IN.items():
        if any(name.split(".")[0] == package for name in imported(path)):
            assert place(path).startswith(places)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_file_holds_one_idea(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_functions_are_short(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= LONGEST_FUNCTION, node.name


def test_nothing_names_the_machine_it_was_built_on():
    words = ("/wo" + "rk/", "/ro" + "ot/", "../sha" + "red")
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in words)
