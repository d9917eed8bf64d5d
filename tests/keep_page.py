"""Keep a new copy of the BCG page, after looking at it: `python -m tests.keep_page`."""

from analysis.report import render
from tests.fixtures_bcg import VOLATILE_ID, VOLATILE_START, bcg_run
from tests.test_report_pages import KEPT


def main() -> None:
    page = render(bcg_run())["comparisons/bcg-vs-none.html"].decode()
    KEPT.write_text(page.replace(VOLATILE_ID, "RUN-ID").replace(f"{VOLATILE_START:%H:%M} UTC", "RUN-TIME"))


if __name__ == "__main__":
    main()
