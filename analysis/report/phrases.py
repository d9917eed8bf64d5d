"""The reader's sentences for the codes of a results document, as lookup tables.

A code that is not in its table is shown as it is, so that nothing is hidden from the reader.
`{experimental}`, `{control}` and the like are filled in by the page that uses the phrase.
"""

from collections.abc import Mapping

DESIGNS = {
    "rct": "randomised trial",
    "quasi-rct": "quasi-randomised trial",
    "cluster-rct": "cluster-randomised trial",
    "single-arm": "single-arm study",
    "prospective-cohort": "prospective cohort",
    "case-control": "case-control study",
    "cross-sectional": "cross-sectional study",
    "review": "review",
    "unclear": "design not clear from what was seen",
}
DESIGN_PLURALS = {
    "rct": "randomised trials",
    "quasi-rct": "quasi-randomised trials",
    "cluster-rct": "cluster-randomised trials",
    "single-arm": "single-arm studies",
    "prospective-cohort": "prospective cohorts",
    "case-control": "case-control studies",
    "cross-sectional": "cross-sectional studies",
    "review": "reviews",
    "unclear": "studies of a design not clear from what was seen",
}
PROGRAMS = {  # those that make numbers, as a paper names them
    "python": "Python",
    "numpy": "NumPy",
    "scipy": "SciPy",
    "statsmodels": "statsmodels",
}
TRIAL_DESIGNS = ("rct", "quasi-rct", "cluster-rct")

STUDY_STATUSES = {
    "extracted": "figures transcribed",
    "awaiting-extraction": "awaiting: figures not typed yet",
    "same-trial": "second report: of a study that is listed under its own name",
}
VALUE_TYPES = {"final": "at follow-up", "change": "change"}
MEASURED_ONCE = "measured once"
UNITS_OF_ANALYSIS = {
    "people": "people",
    "knees": "knees, not people: two knees of one person count twice",
    "clusters-ignored": "people, though groups were randomised and the analysis took no account of it",
}
SEEN_AS = {
    "primary": "the study's own words",
    "secondary": "seen in a review or a summary",
    "doubtful": "doubtful: printed figures contradict each other, or the copy was damaged",
    "superseded": "superseded by a later report of the same data",
}

DERIVATIONS = {
    "means": "from each group's number, mean and standard deviation",
    "means-se": "from each group's number, mean and standard error",
    "means-interval": "from each group's number, mean and its interval",
    "means-five-numbers": "from each group's number, median, quartiles and range: its mean and standard deviation are "
    "recovered, not printed",
    "means-quartiles": "from each group's number, median and quartiles: its mean and standard deviation are recovered, "
    "not printed",
    "means-range": "from each group's number, median and range: its mean and standard deviation are recovered, "
    "not printed",
    "change-correlation": "from change scores, their standard deviation made from baseline, follow-up and their "
    "correlation",
    "events": "from the events and people of each group",
    "correlation": "from the printed correlation and the number of people",
    "correlation-interval": "from the printed correlation and its interval, taken as made on Fisher's scale",
    "correlation-se": "from the printed correlation and its standard error",
    "correlation-p": "from the printed correlation and its exact P value, by the normal distribution on Fisher's scale",
    "estimate-interval": "from the printed estimate and its interval",
    "estimate-se": "from the printed estimate and its standard error",
    "estimate-p": "from the printed estimate and its exact P value, by the normal distribution",
    "difference-p": "from the printed difference, its exact P value and the group sizes, by t",
    "difference-t": "from the printed difference and its t value",
    "smd-t": "standardised, from the printed t value and the group sizes",
    "smd-f": "standardised, from the printed F value and the group sizes",
    "smd-p": "standardised, from the exact P value, its direction and the group sizes",
    "smd-groups": "the printed standardised difference, its variance from the group sizes",
    "smd-interval": "standardised, from the printed difference, its interval and the group sizes",
    "participants-ancova": "from participant data: the difference at follow-up, adjusted for baseline (ANCOVA)",
    "participants-covariates": "from participant data: the difference, adjusted for the covariates that the source "
                               "declares, and for baseline where there is one (ANCOVA)",
    "participants-means": "from participant data: each group's number, mean and standard deviation",
    "participants-change": "from participant data: each group's change from baseline and its standard deviation",
    "participants-events": "from participant data: the events and people of each group",
}

CAUTIONS = {
    "arms-combined": "several arms were combined into one, so that nobody counts twice",
    "contrasts-combined": "several contrasts that share a group were combined, their covariance accounted for",
    "corrected": "a figure was corrected after transcription; the source's page shows what was printed",
    "coarse-rounding": "the means are printed so coarsely that rounding alone could change the result markedly",
    "sign-turned": "the instrument runs the other way than the outcome; the sign was turned",
    "sides-turned": "printed the other way round; the sign was turned",
    "rescaled": "brought from its own scale to the common one",
    "scale-mirrored": "the instrument runs the other way than the outcome; the scale was turned round, end for end",
    "half-added": "nobody or everybody had the event: 0.5 was added to both counts",
    "half-in-variance": "nobody or everybody had the event: the variance was made with 0.5 added to both counts",
    "change-and-final": "a change from baseline, standardised beside values at follow-up",
    "group-by-subtraction": "one group size is the total less the other",
    "clusters-ignored": "groups were randomised and people analysed one by one: the interval is too narrow",
    "unit-of-analysis": "knees were counted, not people: the interval is too narrow",
    "off-centre": "the estimate is not in the middle of its printed interval",
    "implausible": "a figure that it is made from looks implausible; the source's page says why",
    "outcomes-missing": "more than 5 % of the participants of an arm have no outcome; the source's page counts them",
}

VERDICTS = {  # word -> symbol
    "supported": "✓",
    "contradicted": "✗",
    "not settled": "~",
    "not testable": "–",
    "reproduced": "=",
    "not reproduced": "≠",
}
VERDICT_MEANINGS = {
    "supported": "the whole interval agrees with the claim.",
    "contradicted": "the whole interval disagrees with it.",
    "not settled": "the interval holds values on both sides. This is not a failure of the claim: "
    "the studies cannot tell yet.",
    "not testable": "there is too little to test it; what is missing is said.",
    "reproduced": "for a claim that quotes a number: our analysis finds it again (≠ not reproduced: it does not).",
}
WHYS = {  # (rule, verdict) -> why, with the interval that decided
    ("favours", "supported"): "The whole {what}, {interval}, lies on the side of {towards}.",
    ("favours", "contradicted"): "The whole {what}, {interval}, lies on the side of {against}.",
    ("favours", "not settled"): "The {what}, {interval}, includes {nothing} ({no_effect}) too.",
    ("side", "supported"): "The whole {what}, {interval}, lies on that side of {nothing} ({no_effect}).",
    ("side", "contradicted"): "The whole {what}, {interval}, lies on the other side of {nothing} ({no_effect}).",
    ("side", "not settled"): "The {what}, {interval}, includes {nothing} ({no_effect}) too.",
    ("at-most", "supported"): "The whole {what}, {interval}, lies at or below {bound}.",
    ("at-most", "contradicted"): "The whole {what}, {interval}, lies above {bound}.",
    ("at-most", "not settled"): "The {what}, {interval}, reaches beyond {bound}.",
    ("at-least", "supported"): "The whole {what}, {interval}, lies at or above {bound}.",
    ("at-least", "contradicted"): "The whole {what}, {interval}, lies below {bound}.",
    ("at-least", "not settled"): "The {what}, {interval}, reaches below {bound}.",
    ("within", "supported"): "The whole {what}, {interval}, lies within {bound}.",
    ("within", "contradicted"): "The whole {what}, {interval}, lies outside {bound}.",
    ("within", "not settled"): "The {what}, {interval}, reaches beyond {bound}.",
    ("equivalent", "supported"): "The whole {what}, {interval}, lies within {bound}.",
    ("equivalent", "contradicted"): "The whole {what}, {interval}, lies outside {bound}.",
    ("equivalent", "not settled"): "The {what}, {interval}, reaches beyond {bound}.",
    ("reproduces", "reproduced"): "Our analysis gives {estimate}, {interval}; the claim quotes {bound}.",
    ("reproduces", "not reproduced"): "Our analysis gives {estimate}, {interval}; the claim quotes {bound}.",
}
PUBLISHED_WORDS = {  # verdict of one published result -> what it does; what several do
    "supported": ("agrees", "agree"),
    "contradicted": ("disagrees", "disagree"),
    "not settled": ("includes {side}", "include {side}"),
}
REASONS_OF_VERDICTS = {
    "whole-interval-agrees": "The whole interval agrees.",
    "whole-interval-disagrees": "The whole interval disagrees.",
    "interval-straddles": "The interval reaches across the bound.",
    "not-after-holm": "The interval lies on one side of the bound, but not after Holm's rule for several claims.",
    "no-trial": "No study with usable figures answers the question.",
    "too-few-trials": "Our own average needs at least {min_trials} studies for a verdict, and there are fewer.",
    "no-prediction-interval": "A new setting cannot be predicted from so few studies.",
    "published-agree": "Every published meta-analysis agrees.",
    "published-disagree": "Every published meta-analysis disagrees.",
    "published-differ": "The published meta-analyses do not all agree.",
    "no-published-interval": "No published meta-analysis prints an interval.",
    "quoted-number-found": "Our estimate rounds to the quoted one.",
    "quoted-number-not-found": "Our estimate does not round to the quoted one.",
}
RULES = {
    "favours": "favours {towards}",
    "at-most": "at most {bound}",
    "at-least": "at least {bound}",
    "within": "within {bound}",
    "equivalent": "equivalent: within {bound}",
    "reproduces": "reproduces {bound}",
}
RULES_AT_NO_EFFECT = {  # a bound of no effect is a direction
    "at-most": "lower {sided} ({limit})",
    "at-least": "higher {sided} ({limit})",
}
JUDGED_ON = {
    "average": "whole interval of the average",
    "prediction": "whole interval expected in a new setting",
}
BASES = {
    "own": "our own average",
    "published": "published meta-analyses, each on its own",
}

CHANGE_KINDS = {  # in order of weight
    "verdict": "Verdict changed",
    "answer": "Answer moved",
    "evidence": "Evidence changed",
    "methods": "Methods changed",
    "drift": "Drift",
}
CHANGE_MEANINGS = {
    "verdict": "A claim came out otherwise than before.",
    "answer": "An estimate left its old interval, or crossed no effect or the smallest difference that matters.",
    "evidence": "Studies or rows were added, removed, revised or corrected.",
    "methods": "A line of the protocol, or the version of the software, is different.",
    "drift": "Numbers moved though neither data nor protocol did: with the code or a program, or for no reason known. "
    "This is a fault until it is explained.",
}
CHANGES = {
    "verdict": "the verdict changed",
    "new-claim": "a new claim",
    "claim-removed": "the claim was removed",
    "claim-text": "the words of the claim changed",
    "fragile": "the verdict became fragile: other declared choices give another",
    "not-fragile": "the verdict is no longer fragile",
    "answer": "the answer changed",
    "outside-old-interval": "the estimate left its old interval",
    "across-important": "the estimate crossed the smallest difference that matters",
    "moved": "the result moved",
    "new-comparison": "a new comparison",
    "comparison-removed": "the comparison was removed",
    "new-question": "a new question",
    "question-removed": "the question was removed",
    "trial-added": "a study was added",
    "trial-removed": "a study was removed",
    "trial-revised": "the figures of a study were revised",
    "trial-other-rows": "other rows of a study are used",
    "people": "the number of people changed",
    "dataset-added": "a source was added",
    "dataset-removed": "a source was removed",
    "dataset-revised": "a source was revised",
    "dataset-rewritten": "a file was written anew; no cell and no key of it differs",
    "setting": "a line of the protocol changed",
    "vocabulary": "an entry of the vocabulary changed",
    "rule": "the rule of the claim changed",
    "versions": "another version of the software",
    "moved-with-code": "the code changed, and a number moved with it",
    "model-moved-with-code": "the code changed, and numbers of a model moved with it",
    "model-moved": "numbers of a model moved although nothing that they are made from changed. This is a fault",
    "number-moved": "a number moved although nothing that it is made from changed. This is a fault",
}
WHY_NOT_SPLIT = {
    "no-vocabulary": "What of it came from data and what from the protocol cannot be told: one of the two runs did "
    "not keep its protocol.",
    "rows-refused": "What of it came from data and what from the protocol cannot be told: rows that one of the two "
    "runs took are refused by this version.",
    "other-code": "What of it came from data and what from the protocol cannot be told: both runs were made with "
    "other code than this.",
    "other-scale": "The two are on different scales, so the move has no size.",
    "no-average": "What of it came from data and what from the protocol cannot be told: one without the other gives "
    "no average.",
}

CHOICES = {
    "with-doubtful": "with the doubtful studies",
    "primary-only": "only figures from the study itself",
    "without-high-risk": "without studies at high risk of bias",
    "only-low-risk": "only studies at low risk of bias",
}
CHOICE_PREFIXES = {
    "tau2=": "variance between studies by {value}",
    "interval=": "interval by {value}",
    "without:": "without {value}",
    "without=": "without {value}",
    "measure=": "measured as {value}",
    "model=": "{value} model",
}
ANSWERS_IN_SHORT = {
    "favours-experimental": "favours {experimental}",
    "favours-control": "favours {control}",
    "lower": "lower in {experimental}",
    "higher": "higher in {experimental}",
    "uncertain": "not settled",
    "no-data": "no usable figures",
}

CERTAINTY_DOTS = {"high": "●●●●", "moderate": "●●●○", "low": "●●○○", "very low": "●○○○"}
NOT_RATED = "not rated yet"
NOBODY_SIGNED = "nobody has signed a rating"
RATING_PROMPTS = {
    "one-study": "one study only",
    "interval": "the {level} includes no effect, so even the direction is open",
    "early": "measured much earlier than intended ({measured}; intended {intended})",
    "inconsistent": "the studies disagree more than chance explains (I² {i2})",
    "prediction": "studies differ: in a new setting the effect could be nil or the other way round",
    "doubtful": "doubtful figures were left out of the average",
    "clusters": "clusters were randomised and people analysed one by one, so that the interval is too narrow",
    "rounding": "means are printed so coarsely that rounding alone could change the effect",
    "cautions": "figures {handled}",
    "awaited": "{awaited} not in the average, because nobody has typed in their figures: {names}",
    "few": "fewer than ten studies, so small-study effects cannot be looked at",
}


def phrase(table: Mapping[str, str], code: str) -> str:
    """Return the sentence of a code, or the code itself when the table does not know it."""
    return table.get(code, code)
