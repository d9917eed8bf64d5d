"""trochlea add: bring the studies of a spreadsheet, a RevMan file, a metafor table or another dataset into a review."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.evidence.contract import DESIGNS, MEASURES, SEEN_AS, VALUE_TYPES
from analysis.importing.answers import Answers
from analysis.importing.delimited import DELIMITERS, ENCODINGS
from analysis.importing.placing import Folder
from analysis.importing.plan import Plan
from flows.adding import Added, Asked, add, ask_in_terminal
from flows.review import Review, review_options
from flows.summary import counted, one_line

SETTINGS = ("weeks", "value-type", "measure", "level", "scale", "design", "citation", "doi", "curator", "seen-as",
            "study", "suffix", "sheet", "header-row", "delimiter", "encoding", "decimal", "thousands")
FOLDERS_NAMED = 5


@click.command("add")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD",
              help="What a column holds: a column of the contract, with experimental. or control. before it in a table "
                   "with two groups a row; of cells with several figures their form, such as 'events/n (%)'; - leaves "
                   "it out.")
@click.option("--arm", "arms", multiple=True, metavar="WORD=CODE",
              help="The treatment that a word of the source stands for; experimental and control are the two sides.")
@click.option("--outcome", "outcomes", multiple=True, metavar="[WORD=]CODE",
              help="The outcome of all rows, or of those with that word or that number of an analysis; - leaves out.")
@click.option("--instrument", "instruments", multiple=True, metavar="[WORD=]CODE",
              help="The instrument of all rows, or of those with that word, or of an analysis by its number.")
@click.option("--leave-out-others", is_flag=True, help="Leave out the outcomes that no --outcome names.")
@click.option("--weeks", metavar="N", help="Weeks of follow-up of all rows, where no column says it.")
@click.option("--value-type", type=click.Choice(VALUE_TYPES), help="Values at follow-up, or changes, of all rows.")
@click.option("--measure", type=click.Choice(MEASURES), help="What effects are.")
@click.option("--scale", type=click.Choice(("log", "ratio")), help="How RevMan Web's GIV Mean holds ratios.")
@click.option("--level", metavar="0.95", help="Confidence level of the intervals.")
@click.option("--study", metavar="NAME", help="The one study that the table is about, where no column names studies.")
@click.option("--design", type=click.Choice(DESIGNS), help="The design of the studies, where no column says it.")
@click.option("--citation", help="The paper or review that the figures are from, where no column says it.")
@click.option("--doi", help="The DOI of the one study's paper.")
@click.option("--curator", help="Who answers for the transcription.")
@click.option("--seen-as", type=click.Choice(SEEN_AS), help="Whose words the figures are; secondary if not said.")
@click.option("--suffix", metavar="WORD", help="Ends the ids, where the studies have folders of other figures already; "
              "their people are counted once.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook.")
@click.option("--header-row", metavar="N", help="The row that names the columns, where a title stands above it.")
@click.option("--delimiter", type=click.Choice(list(DELIMITERS)), help="What parts the cells of a text file.")
@click.option("--encoding", type=click.Choice(list(ENCODINGS)), help="How a text file was saved.")
@click.option("--decimal", type=click.Choice(("comma", "point")), help="What parts decimals.")
@click.option("--thousands", type=click.Choice(("comma",)), help="What parts thousands.")
@click.option("--missing", multiple=True, metavar="WORD", help="A word that stands for missing; NA does anyway.")
@click.option("--add-to-vocabulary", is_flag=True, help="Put new codes into vocabulary.toml.")
@click.option("--better", multiple=True, metavar="CODE=lower|higher|none", help="Which way a new outcome is good news.")
@click.option("--label", "labels", multiple=True, metavar="CODE=TEXT", help="How reports name a new code.")
@click.option("--like", metavar="ID", help="Read the file as the one that dataset came from.")
@click.option("--update", is_flag=True, help="Write over datasets that an earlier file gave, and show what changes.")
@click.option("--yes", "confirmed", is_flag=True, help="Confirm the whole mapping, guesses too, and write.")
@click.option("--dry-run", is_flag=True, help="Show the mapping and what would be written; write nothing.")
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def command(
    review: Review, source: Path, like: str | None, update: bool, dry_run: bool, as_json: bool, **options: object
) -> None:
    """Add the studies in SOURCE to a review: one folder of data/raw a study, whole or not at all.

    SOURCE is CSV or XLSX, with two groups a row, one group a row, or an effect a row; a RevMan 5 file (.rm5); RevMan
    Web's exported data rows (...-data-rows.csv); or the folder of another dataset. Which column fills which field is
    shown; what is only guessed has to be confirmed. Everything is checked as `trochlea check` does before anything
    is written. Exit code 2 when anything is wrong or not said.

    \b
    Examples: trochlea add bcg.csv --dry-run
              trochlea add trials.xlsx --arm experimental=hip --arm control=knee --outcome pain
                  --instrument vas-10 --weeks 12 --design rct --curator "Ann Example"
                  --citation "Example A. Exercise for knees. 2024" --yes
              trochlea add review.rm5 --outcome 1.1=pain --leave-out-others --curator "Ann Example" --design rct
              trochlea add trials-2.xlsx --like hott-2019 --update --dry-run
    """
    answers = read_answers(options)
    asked = Asked(source, answers, like, update, dry_run)
    terminal = is_terminal() and not as_json
    added = add(
        review, asked, datetime.now(UTC).date(),
        show=(lambda plan: None) if as_json else show_plan,
        ask=ask_in_terminal if terminal else None,
        confirm=confirm_in_terminal if terminal and not answers.confirmed else lambda plan, folders: True,
    )  # fmt: skip
    click.echo(json.dumps(as_object(added), ensure_ascii=False) if as_json else outcome_of(added, review))


def is_terminal() -> bool:
    return sys.stdin.isatty()


def read_answers(options: dict) -> Answers:
    """Return what the options say."""
    settings = {name: options[name.replace("-", "_")] for name in SETTINGS if options[name.replace("-", "_")]}
    settings |= {"others": "leave-out"} if options["leave_out_others"] else {}
    return Answers(
        columns=pairs(options["columns"], "--map"),
        arms=pairs(options["arms"], "--arm"),
        outcomes=pairs(options["outcomes"], "--outcome", alone=True),
        instruments=pairs(options["instruments"], "--instrument", alone=True),
        settings=settings,
        missing=options["missing"],
        better=pairs(options["better"], "--better"),
        labels=pairs(options["labels"], "--label"),
        add_to_vocabulary=options["add_to_vocabulary"],
        confirmed=options["confirmed"],
    )


def pairs(texts: Sequence[str], option: str, alone: bool = False) -> dict[str, str]:
    """Return the words and answers of an option; an answer alone is for every word where that is allowed."""
    found = {}
    for text in texts:
        word, mark, answer = text.partition("=") if option == "--label" else text.rpartition("=")
        if not answer or not (word or alone) or not (mark or alone):
            raise click.UsageError(f"{option} {text!r}: write it as WORD=ANSWER.")
        if word in found:
            raise click.UsageError(f"{option} is given twice for {repr(word) if word else 'all rows'}.")
        found[word] = answer
    return found


def show_plan(plan: Plan) -> None:
    """Show which column fills which field and how sure that is, and what else a person must know."""
    if plan.mapping:
        width = min(40, max(len(one.column) for one in plan.mapping))
        for one in plan.mapping:
            what = f"{one.field:<26} {one.sure}" if one.field else f"(left out{f': {one.why}' if one.why else ''})"
            click.echo(f"  {one_line(one.column):<{width}}  {what}")
    for notice in plan.notices:
        click.echo(one_line(notice))


def confirm_in_terminal(plan: Plan, folders: Sequence[Folder]) -> bool:
    click.echo(listed(folders))
    return click.confirm("Write this?", default=False, err=True)


def listed(folders: Sequence[Folder]) -> str:
    """Return what happens to which folders, in words."""
    lines = []
    for status in ("new", "changed", "unchanged"):
        names = [folder.draft.id for folder in folders if folder.status == status]
        if names:
            more = f" and {len(names) - FOLDERS_NAMED} more" if len(names) > FOLDERS_NAMED else ""
            lines.append(f"{counted(len(names), 'dataset')} {status}: {', '.join(names[:FOLDERS_NAMED])}{more}")
    lines += [f"{folder.draft.id} {folder.doubt}." for folder in folders if folder.doubt]
    lines += [f"  {folder.draft.id}/{one_line(line)}" for folder in folders for line in folder.changes]
    return "\n".join(lines)


def outcome_of(added: Added, review: Review) -> str:
    """Return what was done, in words, and what to do next."""
    words = f"\nNew in vocabulary.toml:\n{added.plan.vocabulary.rstrip()}" if added.plan.vocabulary else ""
    if not added.written:
        return f"{listed(added.folders)}{words}\nNothing was written."
    where = "" if str(review.data) == "data" else f" --data {review.data}"
    return f"{listed(added.folders)}{words}\nLook at it with: trochlea preview{where}"


def as_object(added: Added) -> dict:
    """Return an import as `--json` prints it."""
    return {
        "written": added.written,
        "datasets": {folder.draft.id: folder.status for folder in added.folders},
        "changes": [f"{folder.draft.id}/{line}" for folder in added.folders for line in folder.changes],
        "mapping": [{"column": one.column, "field": one.field, "sure": one.sure} for one in added.plan.mapping],
        "notices": [*added.plan.notices, *(f"{one.draft.id} {one.doubt}." for one in added.folders if one.doubt)],
        "vocabulary": added.plan.vocabulary,
    }
