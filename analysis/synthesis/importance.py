"""The smallest difference that matters: what the protocol says, else what the instruments that were used say."""

from dataclasses import replace

from analysis.evidence.codebook import Codebook
from analysis.results import Comparison, Effect


def with_importance(comparison: Comparison, effects: tuple[Effect, ...], codebook: Codebook) -> Comparison:
    """Return a comparison with its smallest important difference, on its own scale.

    Of several instruments in the pool the smallest figure counts: no difference that somebody would notice is
    called too small. Only mean differences inherit; other measures have no unit that an instrument could speak of.
    """
    if comparison.measure != "MD" or comparison.smallest_important is not None:
        return comparison
    used = [effect.instrument for effect in effects] or list(comparison.instruments[:1])
    found = [importance_of(code, comparison, codebook) for code in dict.fromkeys(used)]
    known = sorted((figure, source) for figure, source in found if figure is not None)
    if not known:
        return comparison
    return replace(comparison, smallest_important=known[0][0], smallest_important_source=known[0][1])


def importance_of(code: str | None, comparison: Comparison, codebook: Codebook) -> tuple[float | None, str | None]:
    """Return what an instrument says is important, on the comparison's scale, and where that was read."""
    instrument = codebook.instruments.get(code or "")
    if instrument is None or instrument.smallest_important is None:
        return None, None
    figure = instrument.smallest_important
    if comparison.rescale_to and instrument.range:
        (low, high), (least, most) = comparison.rescale_to, instrument.range
        figure *= (high - low) / (most - least)
    return figure, instrument.smallest_important_source
