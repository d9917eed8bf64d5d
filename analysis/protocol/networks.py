"""[[network]] of comparisons.toml: questions on several treatments at once."""

from pathlib import Path

from analysis.declared import Declared, Field, one_of, read_declared, read_fields
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS
from analysis.faults import Fault
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


def read_networks(path: Path, where: str, codebook: Codebook) -> tuple[tuple[NetworkQuestion, ...], list[Fault]]:
    """Return the networks of a protocol and every fault of theirs; none of a file that cannot be read."""
    file = read_declared(path, where)
    if isinstance(file, Fault) or not isinstance(file.data.get("network", []), list):
        return (), []  # the reading of comparisons says so
    defaults = file.data.get("defaults", {})
    shared = {name: defaults[name] for name in SHARED if isinstance(defaults, dict) and name in defaults}
    networks, faults = [], []
    taken = {table.get("id") for table in file.data.get("comparison", []) if isinstance(table, dict)}
    for number, table in enumerate(file.data.get("network", [])):
        network, found = read_network(file, number, table, shared, codebook)
        if network and network.id in taken:
            found.append(file.fault("network", number, "id", f"found {network.id!r} again", "Each id stands once"))
        faults += found
        if network and not found:
            taken.add(network.id)
            networks.append(network)
    return tuple(networks), faults


def read_network(
    file: Declared, number: int, table: object, shared: dict, codebook: Codebook
) -> tuple[NetworkQuestion | None, list[Fault]]:
    """Return one network, or None and what is wrong with its keys."""
    whole = {**shared, **table} if isinstance(table, dict) else table
    values, faults = read_fields(file, "network", whole, NETWORK, number)
    for name in ("designs", "measure"):
        if isinstance(whole, dict) and name not in whole:
            allowed = f"{name} is needed here or under [defaults]"
            faults.append(file.fault("network", number, name, "it is missing", allowed))
    faults += unknown_codes(file, number, values, codebook)
    if faults:
        return None, faults
    network = NetworkQuestion(**values)
    return network, [file.fault("network", number, *fault) for fault in senseless(network, codebook)]


def unknown_codes(file: Declared, number: int, values: dict, codebook: Codebook) -> list[Fault]:
    """Return a fault for each code that vocabulary.toml does not have."""
    faults = []
    for name, vocabulary in (("treatments", "treatments"), ("outcome", "outcomes"), ("instruments", "instruments")):
        codes = values.get(name, ())
        for code in (codes,) if isinstance(codes, str) else codes:
            if code not in codebook.codes(vocabulary):
                allowed = f"{one_of(code, codebook.codes(vocabulary))} of vocabulary.toml [{vocabulary}]"
                faults.append(file.fault("network", number, name, f"found {code!r}", allowed))
    return faults


def senseless(network: NetworkQuestion, codebook: Codebook) -> list[tuple[str, str, str]]:
    """Return the key, what was found and what is allowed, where keys do not go together."""
    faults, names = [], network.treatments
    for code in dict.fromkeys(code for code in names if names.count(code) > 1):
        faults.append(("treatments", f"{code!r} more than once", "Each treatment stands once"))
    if len(set(names)) < 3:
        allowed = "A network has three treatments or more; of two, ask a [[comparison]]"
        faults.append(("treatments", f"{len(set(names))} treatments", allowed))
    if network.reference not in names:
        allowed = f"{one_of(network.reference, names)} of treatments"
        faults.append(("reference", f"found {network.reference!r}", allowed))
    if network.measure == "MD" and not network.rescale_to and len(network.instruments) != 1:
        allowed = "MD needs one instrument, or rescale_to; otherwise use SMD"
        faults.append(("measure", "MD of several instruments", allowed))
    if network.rescale_to and network.measure != "MD":
        faults.append(("rescale_to", f"rescale_to with {network.measure}", "rescale_to goes with MD"))
    for code in network.instruments if network.rescale_to else ():
        if codebook.instruments[code].range is None:
            allowed = "rescale_to needs the range of each instrument"
            faults.append(("instruments", f"{code!r} has no range", allowed))
    return faults
