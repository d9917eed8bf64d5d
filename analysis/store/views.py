"""The views arms, contrasts and poolings: the rows of the latest run as a person would query them."""

from analysis.evidence.contract import TABLES, Column, TableContract

SQL_TYPES = {"integer": "integer", "number": "double"}

VIEW = """create view {name} as
select dataset, line, {columns}
from raw_row
join dataset_version using (fingerprint)
join run_dataset using (fingerprint)
join latest_run on run_dataset.run = latest_run.id
where table_name = '{name}'
order by dataset, line;"""


def evidence_views() -> str:
    """Return the SQL of one view a table of the contract, one column a column of it."""
    return "\n".join(evidence_view(table) for table in TABLES.values())


def evidence_view(table: TableContract) -> str:
    return VIEW.format(name=table.name, columns=", ".join(view_column(column) for column in table.columns))


def view_column(column: Column) -> str:
    """Return the SQL of a column: text as transcribed, or the number it holds; empty is null."""
    text = f"nullif(cells['{column.name}'], '')"
    sql_type = SQL_TYPES.get(column.kind)
    return f'try_cast({text} as {sql_type}) as "{column.name}"' if sql_type else f'{text} as "{column.name}"'
