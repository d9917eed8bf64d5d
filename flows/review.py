"""A review is a directory: where its data, its reports and its store lie."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True)
class Review:
    """The three places every command works on."""

    data: Path
    reports: Path
    store: Path


def review_options(function: Callable) -> Callable:
    """Give a command --data, --reports and --store, and pass it a `Review` as `review`."""

    @click.option(
        "--data",
        type=click.Path(path_type=Path),
        default="data",
        show_default=True,
        help="The folder with raw/ and protocol/.",
    )
    @click.option(
        "--reports",
        type=click.Path(path_type=Path),
        default="reports",
        show_default=True,
        help="Where pages are written.",
    )
    @click.option(
        "--store",
        type=click.Path(path_type=Path),
        default=None,
        help="The DuckDB file.  [default: DATA/trochlea.duckdb]",
    )
    def with_review(data: Path, reports: Path, store: Path | None, **options: object) -> object:
        return function(review=Review(data, reports, store or data / "trochlea.duckdb"), **options)

    with_review.__name__, with_review.__doc__ = function.__name__, function.__doc__
    # options of the command itself were collected on the function; click reads them from here
    with_review.__click_params__ = getattr(function, "__click_params__", []) + with_review.__click_params__
    return with_review
