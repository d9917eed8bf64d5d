"""The contract of a review as a page: what the checker reads, printed for the person who types.

`python -m analysis.protocol.manual` prints docs/contract.md.
"""

from analysis.declared import Field
from analysis.evidence import corrections, metadata, vocabulary
from analysis.evidence.cells import bounds
from analysis.evidence.contract import TABLES, Column, TableContract
from analysis.protocol import claims, comparisons

HEAD = """# The contract of a review

This page is printed from the contract that `trochlea check` reads, so the two cannot differ.

A dataset is a folder `data/raw/<id>/` with `metadata.toml` and at least one of the tables below. Tables are CSV files
in UTF-8, with commas between cells. An empty cell means missing. Columns may stand in any order; those that a source
does not need may be left out. A contrast is experimental minus control, in the instrument's own units; a change is
follow-up minus baseline.
"""
KEYS = (
    ("the top of the file", metadata.TOP),
    ("`[source]`", metadata.SOURCE),
    ("`[study]`", metadata.STUDY),
    ("`[[arms]]`", metadata.ARM),
    ("`[arms.dose]`", metadata.DOSE),
    ("`[import]`, which `trochlea add` writes", metadata.IMPORT),
)
CORRECTIONS = (("`[[correction]]`", corrections.CORRECTION),)
VOCABULARY = (
    ("`[outcomes.CODE]`", vocabulary.OUTCOME),
    ("`[instruments.CODE]`", vocabulary.INSTRUMENT),
    ("`[treatments.CODE]`: a treatment, or a group of people that is compared with another", vocabulary.TREATMENT),
)
COMPARISONS = (
    ("`[review]`", comparisons.REVIEW),
    ("`[defaults]`", comparisons.SETTINGS),
    ("`[[comparison]]`", comparisons.COMPARISON),
    ("`[comparison.certainty]`", comparisons.CERTAINTY),
)
CLAIMS = (("`[[claim]]`", claims.CLAIM), ("`[[claim.part]]`", claims.PART))
CHOICES = """Choices of `sensitivity` are `tau2=` and an estimator, `interval=` and a test, `model=common` or
`model=random`, `without=` and a treatment of the comparison, `with-doubtful`, `leave-one-out`.
"""
RATING = """A rating of certainty (GRADE) is entered and signed by a person, below its comparison:

```toml
[comparison.certainty]
rating = "low"
reasons = ["The interval includes no effect", "Two small trials"]
rater = "Who rated"
rated = 2026-11-22
```
"""


def print_contract() -> str:
    """Return docs/contract.md."""
    parts = [HEAD, *section("metadata.toml", KEYS), *(table_of(contract) for contract in TABLES.values())]
    parts += section("corrections.toml", CORRECTIONS)
    parts += section("data/protocol/vocabulary.toml", VOCABULARY)
    parts += [*section("data/protocol/comparisons.toml", COMPARISONS), CHOICES, RATING]
    parts += section("data/protocol/claims.toml", CLAIMS)
    return "\n".join(parts)


def section(file: str, tables: tuple[tuple[str, tuple[Field, ...]], ...]) -> list[str]:
    """Return the heading of a TOML file and the keys of each of its tables."""
    return [f"## {file}\n", *(keys_of(title, fields) for title, fields in tables)]


def keys_of(title: str, fields: tuple[Field, ...]) -> str:
    """Return the keys of a table of a TOML file."""
    rows = [f"| `{field.name}` | {needed(field.required)} | {meaning(field)} |" for field in fields]
    return "\n".join([f"Keys of {title}:\n", "| key | needed | what it is |", "|---|---|---|", *rows, ""])


def meaning(field: Field) -> str:
    return f"{field.meaning}: {', '.join(field.choices)}" if field.choices else field.meaning


def table_of(contract: TableContract) -> str:
    """Return the columns of a CSV file."""
    rows = [
        f"| `{column.name}` | {needed(column.required)} | {column.meaning} | {values(column)} |"
        for column in contract.columns
    ]
    key = f"Two rows may not share {', '.join(contract.key)}.\n"
    return "\n".join([f"## {contract.file}\n", key, "| column | needed | what it is | values |", "|---|---|---|---|",
                      *rows, ""])  # fmt: skip


def needed(required: bool) -> str:
    return "yes" if required else ""


def values(column: Column) -> str:
    """Return what a column takes, in words."""
    if column.choices:
        return ", ".join(column.choices)
    if column.vocabulary:
        return f"a code of `[{column.vocabulary}]`"
    kinds = {"p_value": "0.012, <0.001 or >0.05", "statistic": "t, z, F, chi-square; F(1,38) with its df"}
    kind = kinds.get(column.kind, {"integer": "whole number"}.get(column.kind, column.kind))
    return f"{kind}, {bounds(column)}" if bounds(column) else kind


if __name__ == "__main__":
    print(print_contract(), end="")
