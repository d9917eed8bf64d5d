"""Every code that a computing module can give has a sentence in the report; colours can be read."""

import re
from pathlib import Path

import pytest

from analysis import changes
from analysis.bayes import PRIORS
from analysis.effects.derivations import DERIVATIONS
from analysis.evidence.contract import DESIGNS, MEASURES, SEEN_AS, STATUSES, UNITS_OF_ANALYSIS
from analysis.pooling.status import STATUS
from analysis.protocol import judging
from analysis.protocol.choices import VARIED, WITH_DOUBTFUL
from analysis.report import measures, method_words, phrases
from analysis.report.choices import choice_name
from analysis.synthesis.deriving import CAUTIONS
from tests.fixtures_bcg import bcg_result

STYLE = (Path(phrases.__file__).parent / "templates" / "style.css").read_text()
CODES = {
    "statuses": (STATUS, method_words.STATUSES),
    "derivations": (DERIVATIONS, phrases.DERIVATIONS),
    "cautions": (CAUTIONS, phrases.CAUTIONS),
    "reasons of verdicts": (judging.REASONS, phrases.REASONS_OF_VERDICTS),
    "changes": (changes.WORDS, phrases.CHANGES),
    "reasons why a move has no parts": (changes.WHY_NOT_SPLIT, phrases.WHY_NOT_SPLIT),
    "kinds of change": (changes.ORDER, phrases.CHANGE_KINDS),
    "designs": (DESIGNS, phrases.DESIGNS),
    "measures": (MEASURES, measures.MEASURES),
    "standing of rows": (SEEN_AS, phrases.SEEN_AS),
    "standing of studies": (STATUSES, phrases.STUDY_STATUSES),
    "units of analysis": (UNITS_OF_ANALYSIS, phrases.UNITS_OF_ANALYSIS),
    "tau2 estimators": (VARIED["tau2"], method_words.TAU2_METHODS),
    "intervals": (VARIED["interval"], method_words.INTERVALS),
    "models": (VARIED["model"], method_words.MODELS),
    "priors": (PRIORS, method_words.PRIOR_WORDS),
}


@pytest.mark.parametrize("name", CODES)
def test_every_code_has_a_sentence_for_the_reader(name):
    codes, sentences = CODES[name]
    assert [code for code in codes if code not in sentences] == []


@pytest.mark.parametrize("code", [f"{name}={value}" for name, values in VARIED.items() for value in values])
def test_every_choice_of_the_protocol_is_put_in_words(code):
    assert "=" not in choice_name(bcg_result(), code)
    assert choice_name(bcg_result(), WITH_DOUBTFUL) == "with the doubtful studies"


def palettes() -> dict[str, dict[str, str]]:
    """Return the colours of the light and the dark palette, by name."""
    blocks = re.findall(r":root\{([^}]*)\}", STYLE)
    return {
        name: dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", block))
        for name, block in zip(("light", "dark"), blocks, strict=True)
    }


def luminance(colour: str) -> float:
    """Return relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", palettes().values(), ids=palettes().keys())
@pytest.mark.parametrize("ground", ["paper", "shade", "tint"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "effect", "alert"])
def test_every_ink_can_be_read_on_every_ground(palette, ground, ink):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text."""
    assert contrast(palette[ink], palette[ground]) >= 4.5


def test_the_contrast_of_black_on_white_is_twenty_one():
    """WCAG 2.2, definition of contrast ratio."""
    assert contrast("#000", "#fff") == pytest.approx(21.0, rel=1e-12)


def test_the_palettes_hold_the_colours_the_house_declares():
    light = palettes()["light"]
    assert (light["ink"], light["quiet"], light["effect"], light["alert"]) == (
        "#1a1a1a",
        "#595959",
        "#0b5394",
        "#a63d00",
    )
