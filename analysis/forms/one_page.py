"""The report on one A4 page for a meeting: main answers, claims at a glance, one forest plot."""

from dataclasses import dataclass

from analysis.forms.paper import as_pdf, laid_out
from analysis.forms.plain import plain_text
from analysis.forms.standing import standing_svg
from analysis.report.claims_page import ClaimRow, claim_rows, fragile_count, verdict_counts
from analysis.report.forest import forest_plots
from analysis.report.forest_words import under_forest
from analysis.report.index_page import index_page
from analysis.report.site import imprint, templates
from analysis.report.studies import effect_anchors
from analysis.results import ComparisonResult, Run

SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)  # points, tried until all stands on one page
FEWER_CLAIMS = (24, 12, 6, 0)  # of a review that makes more than a page holds
LONGEST_PLOT = 14  # studies
LONGEST_TEXT = 420  # characters of an answer or a claim


@dataclass(frozen=True)
class Setting:
    """How much is put on the page: the size of its type in points, and at most how many claims."""

    size: float
    claims: int


def one_page(run: Run) -> bytes:
    """Return the summary of a run as a PDF of one page."""
    settings = [Setting(size, len(run.verdicts)) for size in SIZES]
    settings += [Setting(SIZES[-1], count) for count in FEWER_CLAIMS if count < len(run.verdicts)]
    for setting in settings:
        document = laid_out(one_page_html(run, setting))
        if len(document.pages) == 1:
            break
    return as_pdf(document.copy(document.pages[:1]))


def one_page_html(run: Run, setting: Setting) -> str:
    """Return the page as HTML; what is left out is counted."""
    shown = plotted(run)
    claims = claim_rows(run)
    template = templates().get_template("one_page.html")
    page = template.render(
        page=index_page(run),
        answers=[(answer.question, shortened(answer.sentence)) for answer in index_page(run).answers],
        claims=[claim_cells(claim) for claim in claims[: setting.claims]],
        more_claims=len(claims) - setting.claims,
        counts=verdict_counts(run),
        fragile=fragile_count(run),
        plot=standing_svg(forest_plots(shown, effect_anchors(shown))[0]) if shown else None,
        plotted=shown,
        under=under_forest(shown).whole if shown else "",
        size=setting.size,
        imprint=imprint(run),
    )
    return plain_text(page)


def plotted(run: Run) -> ComparisonResult | None:
    """Return the comparison whose plot is shown: of the protocol's order the first pooled one that fits."""
    fitting = [result for result in run.comparisons if 0 < len(result.effects) + len(result.doubtful) <= LONGEST_PLOT]
    pooled = [result for result in fitting if result.pooled is not None and result.pooled.k > 1]
    return next(iter([*pooled, *fitting]), None)


def claim_cells(claim: ClaimRow) -> tuple[str, str, str, str]:
    verdict = f"{claim.verdict}, fragile" if claim.fragile else claim.verdict
    return claim.id, shortened(claim.text), claim.symbol, verdict


def shortened(text: str) -> str:
    """Return a text that leaves room for others; what is cut shows an ellipsis."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"
