"""The contract of a review as a page: what the checker reads, printed for the person who types.

`python -m analysis.protocol.manual` prints docs/contract.md.
"""

from analysis.declared import Field
from analysis.evidence import bias_tools, corrections, metadata, resolutions, risk_of_bias, vocabulary
from analysis.evidence.bias_tools import BiasTool, shipped_tools
from analysis.evidence.cells import bounds
from analysis.evidence.contract import TABLES, Column, TableContract
from analysis.evidence.participants import declared
from analysis.protocol import claims, comparisons, groups, networks
from analysis.protocol.moderators import MODERATORS

HEAD = """# The contract of a review

This page is printed from the contract that `trochlea check` reads, so the two cannot differ.

A dataset is a folder `data/raw/<id>/` with `metadata.toml` and at least one of the tables below. Tables are CSV files
in UTF-8, with commas between cells. An empty cell means missing. Columns may stand in any order; those that a source
does not need may be left out. A contrast is experimental minus control, in the instrument's own units; a change is
follow-up minus baseline. While a dataset awaits extraction, its tables may hold rows that are laid out and have no
figure yet, as `trochlea new` writes them; they are no rows of the dataset.
"""
KEYS = (
    ("the top of the file", metadata.TOP),
    ("`[source]`", metadata.SOURCE),
    ("`[study]`", metadata.STUDY),
    ("`[[arms]]`", metadata.ARM),
    ("`[arms.dose]`", metadata.DOSE),
    ("`[risk_of_bias]`, or `[[risk_of_bias]]` for several", risk_of_bias.ASSESSMENT),
    ("`[participants]`", declared.PARTICIPANTS),
    ("`[[participants.outcomes]]`", declared.OUTCOME),
    ("`[import]`, which `trochlea add` writes", metadata.IMPORT),
)
CORRECTIONS = (("`[[correction]]`", corrections.CORRECTION),)
RESOLUTIONS = (("`[[resolution]]`; an entry without a choice is still open", resolutions.PLACE + resolutions.CHOICE),)
TWICE = """Two people who extract one source on their own fill a folder each, `data/extractions/<id>/a` and `b`, with
the tables of a dataset. `trochlea compare <id>` lists where they differ. What is pooled is the table that both agree
upon, in `data/raw/<id>/`. Each difference is resolved by an entry of `resolutions.toml`, which lies beside `a` and `b`.
"""
VOCABULARY = (
    ("`[outcomes.CODE]`", vocabulary.OUTCOME),
    ("`[instruments.CODE]`", vocabulary.INSTRUMENT),
    ("`[treatments.CODE]`: a treatment, or a group of people that is compared with another", vocabulary.TREATMENT),
    ("`[bias_tools.CODE]`", bias_tools.TOOL),
    ("each entry of its `judgements`", bias_tools.WORD),
    ("each entry of its `domains`", bias_tools.DOMAIN),
)
COMPARISONS = (
    ("`[review]`", comparisons.REVIEW),
    ("`[defaults]`", comparisons.SETTINGS),
    ("`[[comparison]]`", comparisons.COMPARISON),
    ("`[comparison.certainty]`", comparisons.CERTAINTY),
    ("`[[network]]`", networks.NETWORK),
    ("`[[group]]`", groups.GROUP),
)
CLAIMS = (("`[defaults]`", claims.DEFAULTS), ("`[[claim]]`", claims.CLAIM), ("`[[claim.part]]`", claims.PART))
CHOICES = """Choices of `sensitivity` are `tau2=` and an estimator, `interval=` and a test, `model=common`,
`model=random`, `model=multilevel` or `model=mantel-haenszel`, `without=` and a treatment of the comparison,
`with-doubtful`, `leave-one-out`, `without-high-risk` and `only-low-risk` (of bias).
"""
MODERATED = """What `moderators` and `subgroup` take:

"""
BIAS = """A judgement is made and signed by a person, never by the software. Each domain of the tool has one, with what
it rests on; `no information` is a judgement. An assessment with `outcome` counts for that outcome, one without it for
every other.

```toml
[risk_of_bias]
tool = "rob2"
rater = "Who judged"
rated = 2026-11-22
overall = "some concerns"

[risk_of_bias.domains]
randomisation = { judgement = "low", reason = "Computer-generated list, sealed envelopes" }
deviations = { judgement = "low", reason = "Analysed as randomised" }
missing-data = { judgement = "low", reason = "Two of sixty lost, one in each group" }
measurement = { judgement = "some concerns", reason = "Pain reported by people who knew their treatment" }
reported-result = { judgement = "no information", reason = "No plan of analysis was published" }
```

The tools, their domains and their words:

"""
PARTICIPANTS = f"""## participants.csv or participants.parquet

One line a participant, with the columns {", ".join(declared.KEYS)}
and those that `[participants]` of metadata.toml declares, no others. `study` is the folder's id; `participant` is a
code that stands on one line only; `arm` is an id or a treatment of `[[arms]]`. Numbers lie on their instrument's range.
No participant is stored, only summaries by arm.
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
    parts = [HEAD, *section("metadata.toml", KEYS), BIAS + tool_table()]
    parts += [*(table_of(contract) for contract in TABLES.values())]
    parts += [PARTICIPANTS, *section("corrections.toml", CORRECTIONS)]
    parts += [*section("data/extractions/<id>/resolutions.toml", RESOLUTIONS), TWICE]
    parts += section("data/protocol/vocabulary.toml", VOCABULARY)
    parts += [*section("data/protocol/comparisons.toml", COMPARISONS), CHOICES, moderators(), RATING]
    parts += section("data/protocol/claims.toml", CLAIMS)
    return "\n".join(parts)


def section(file: str, tables: tuple[tuple[str, tuple[Field, ...]], ...]) -> list[str]:
    """Return the heading of a TOML file and the keys of each of its tables."""
    return [f"## {file}\n", *(keys_of(title, fields) for title, fields in tables)]


def keys_of(title: str, fields: tuple[Field, ...]) -> str:
    """Return the keys of a table of a TOML file."""
    rows = [f"| `{field.name}` | {needed(field.required)} | {meaning(field)} |" for field in fields]
    return "\n".join([f"Keys of {title}:\n", "| key | needed | what it is |", "|---|---|---|", *rows, ""])


def tool_table() -> str:
    """Return the tools that Trochlea knows, each with its domains and words."""
    rows = [f"| `{code}` | {tool.label} | {domains_of(tool)} | {', '.join(tool.words)} |"
            for code, tool in shipped_tools().items()]  # fmt: skip
    return "\n".join(["| tool | name | domains | judgements |", "|---|---|---|---|", *rows, ""])


def domains_of(tool: BiasTool) -> str:
    return ", ".join(f"`{domain.id}`" for domain in tool.domains)


def meaning(field: Field) -> str:
    if field.choices == tuple(MODERATORS):
        return f"{field.meaning}: of the moderators below"
    return f"{field.meaning}: {', '.join(field.choices)}" if field.choices else field.meaning


def moderators() -> str:
    """Return the moderators that a comparison may name."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in MODERATORS.items()]
    return "\n".join([MODERATED + "| moderator | what it is |", "|---|---|", *rows, ""])


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
