"""Every branch as a row of a table: its choices, and what the engine found."""

from math import isnan

import numpy as np

from analysis.multiverse.exploring import FIGURES, Explored


def branch_table(explored: Explored) -> dict[str, list]:
    """Return a row a branch with enough studies, as columns; what is not defined is None.

    Branch 0 is the protocol's own. Estimates of ratios are on the log scale. A choice that makes no difference here
    has no column.
    """
    there = explored.analysis >= 0
    places = explored.analysis[there]
    names = subset_names(explored)
    columns = {"branch": np.nonzero(there)[0].tolist()}
    for axis, dimension in enumerate(explored.dimensions):
        columns[f"choice_{dimension.name}"] = np.array(dimension.codes)[explored.picks[axis, there]].tolist()
    columns["measure"] = explored.measures[places].tolist()
    for name in FIGURES:
        figures = explored.figures[name].ravel()[places].tolist()
        columns[name] = [None if isnan(figure) else figure for figure in figures]
    columns["k"] = list(map(int, columns["k"]))
    columns["studies"] = [names[place // len(explored.different)] for place in places.tolist()]
    return columns


def subset_names(explored: Explored) -> list[str]:
    """Return the studies of each subset, parted by spaces."""
    studies = [effect.study for effect in explored.effects]
    return [" ".join(studies[index] for index in np.nonzero(subset)[0]) for subset in explored.subsets]
