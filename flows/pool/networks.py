"""Networks of a table: a row an arm, trials put together, one network a group."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from analysis.effects import REASONS
from analysis.faults import Fault, InputError
from analysis.models import ModelError, Network, fit_network, trials_from_arms
from analysis.models.arms import ARM_MEASURES
from flows.pool.analyses import NEXT, Analysis, LeftOutRow, naming
from flows.pool.beyond import with_wald
from flows.pool.inputs import impossible, listed, read_columns, read_labels
from flows.pool.request import Request
from flows.pool.table import Table, words_of

NAMES = ("study", "treatment")


@dataclass(frozen=True)
class Arms:
    """Arms of one table, usable or not; arrays of shape (n,).

    Args:
        study, treatment, group: Names.
        n: People.
        value, variance: What is compared; NaN where an arm has none.
        codes: "" or the reason why an arm cannot be used.
    """

    study: np.ndarray
    treatment: np.ndarray
    group: np.ndarray
    n: np.ndarray
    value: np.ndarray
    variance: np.ndarray
    codes: np.ndarray


def analyse_networks(table: Table, request: Request) -> tuple[Analysis, ...]:
    """Fit the network of each group.

    Raises:
        InputError: Every column that is missing, every cell that is not allowed, or what keeps arms from being a
            network.
    """
    arms = read_arms(table, request)
    labels = dict.fromkeys(arms.group.tolist())
    try:
        return tuple(naming(label or None, one_network, table, arms, label, request) for label in labels)
    except ModelError as error:
        raise InputError([Fault(request.where, str(error), NEXT["network"])]) from error


def one_network(table: Table, arms: Arms, label: str, request: Request) -> Analysis:
    """Fit the network of one group, or none when no trial of it can be used."""
    rows = np.flatnonzero(arms.group == label)
    used = rows[arms.codes[rows] == ""]
    left_out = tuple(LeftOutRow(int(table.lines[row]), str(arms.study[row]), code, REASONS[code].sentence)
                     for row, code in zip(rows, arms.codes[rows].tolist(), strict=True) if code)
    group = label if "group" in table.columns else None
    network = network_of(arms, used, request) if len(used) else None
    nothing = np.empty(0)
    return Analysis(group, (), nothing, nothing, left_out, None, network=network)


def network_of(arms: Arms, used: np.ndarray, request: Request) -> Network:
    """Fit a network; it has Wald intervals, and says so where another was asked for."""
    sizes = arms.n[used] if request.shared_arm == "sizes" else None
    trials = trials_from_arms(arms.study[used], arms.treatment[used], arms.value[used], arms.variance[used], sizes,
                              request.reference)
    found = fit_network(trials, request.reference, tau2=request.tau2, level=request.level)
    return replace(found, status=with_wald(found.status, request))


def read_arms(table: Table, request: Request) -> Arms:
    """Read the arms of a table with what each says, or raise every fault of it."""
    needed = ARM_MEASURES[request.measure].inputs
    check_columns(table, needed)
    named = {name: read_labels(table, name, name) for name in NAMES}
    group, faults = read_labels(table, "group" if "group" in table.columns else None, "group")
    columns, bad = read_columns(table, needed)
    faults += bad + [fault for _, found in named.values() for fault in found]
    study, treatment = (np.array(named[name][0].every(), dtype=np.str_) for name in NAMES)
    group = np.array(group.every(), dtype=np.str_)
    trial = np.unique([f"{len(label)}:{label}{name}" for label, name in zip(group, study, strict=True)],
                      return_inverse=True)[1]
    made = ARM_MEASURES[request.measure].make(*columns, trial)
    faults = faults or impossible(table, words_of(made.codes), columns, needed)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.line or 0))
    return Arms(study, treatment, group, columns[0], made.yi, made.vi,
                mark_lonely(made.codes, trial))


def mark_lonely(codes: tuple[str, ...], trial: np.ndarray) -> np.ndarray:
    """Return the codes with those of arms that have no second arm to be compared with."""
    usable = Counter(trial[row] for row, code in enumerate(codes) if not code)
    return np.array([code or ("" if usable[trial[row]] > 1 else "one-arm") for row, code in enumerate(codes)],
                    dtype=object)


def check_columns(table: Table, needed: tuple[str, ...]) -> None:
    """Refuse a table that lacks a column of a network."""
    wanted = f"A network needs {', '.join((*NAMES, *needed))}; the table has {listed(table)}"
    faults = [Fault(table.where, "the column is missing", wanted, 1, name)
              for name in (*NAMES, *needed) if name not in table.columns]
    if faults:
        raise InputError(faults)
