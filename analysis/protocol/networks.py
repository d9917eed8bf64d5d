"""[[network]] of comparisons.toml: questions on several treatments at once."""

from analysis.declared import Field, one_of
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS
from analysis.protocol.kinds import Found, Kind, repeated, scale_faults
from analysis.results import NetworkQuestion

NETWORK_MEASURES = ("MD", "SMD", "RR", "OR", "RD")
NETWORK_MODELS = ("random", "common")
NETWORK_TAU2 = ("DL", "PM", "REML", "ML", "EB")  # the estimators that do not depend on how arms are ordered
SHARED = ("designs", "measure", "model", "tau2", "level")  # settings that [defaults] gives to networks too
NETWORK = (
    Field("id", "id", "The id, which names the page", True),
    Field("question", "text", "The question in a sentence", True),
    Field("treatments", "texts", "Treatment codes, three or more", True),
    Field("reference", "text", "The treatment that the others are compared with", True),
    Field("outcome", "text", "An outcome code", True),
    Field("designs", "choices", "The designs that answer the question", choices=DESIGNS),
    Field("measure", "choice", "The measure of the effect", choices=NETWORK_MEASURES),
    Field("model", "choice", "One true effect for each pair, or a distribution", choices=NETWORK_MODELS),
    Field("tau2", "choice", "The estimator of the one between-trial variance", choices=NETWORK_TAU2),
    Field("level", "level", "The confidence level"),
    Field("window_weeks", "span", "Follow-up from and to, in weeks"),
    Field("target_weeks", "number", "Of several times in the window, the nearest to this is taken"),
    Field("instruments", "texts", "Instrument codes that count, the preferred first"),
    Field("details", "texts", "Of several rows of a study, those with these words in detail, the preferred first"),
    Field("rescale_to", "span", "The scale that every instrument is brought to, such as [0, 10]"),
    Field("note", "text", "What a reader must know of the question"),
)


def shared_settings(defaults: dict) -> dict:
    """Return the settings of [defaults] that hold for networks too."""
    return {name: defaults[name] for name in SHARED if name in defaults}


def senseless(network: NetworkQuestion, codebook: Codebook) -> list[Found]:
    """Return the key, what was found and what is allowed, where keys do not go together."""
    names = network.treatments
    faults = repeated(names)
    if len(set(names)) < 3:
        allowed = "A network has three treatments or more; of two, ask a [[comparison]]"
        faults.append(("treatments", f"{len(set(names))} treatments", allowed))
    if network.reference not in names:
        allowed = f"{one_of(network.reference, names)} of treatments"
        faults.append(("reference", f"found {network.reference!r}", allowed))
    return faults + scale_faults(network, codebook, ("MD",), "; otherwise use SMD")


NETWORKS = Kind("network", NETWORK, NetworkQuestion, shared_settings, senseless)
