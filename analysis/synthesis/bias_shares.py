"""How much of an average rests on studies of which risk of bias: the weighted bars of a summary plot."""

from collections.abc import Iterator

from analysis.results import BiasJudgement, BiasShare, Effect, Pooled

LAST = 1000  # the rank of studies that the tool does not judge


def bias_shares(effects: tuple[Effect, ...], pooled: Pooled | None) -> tuple[BiasShare, ...]:
    """Return the shares of each tool's domains and overall judgements; none where nobody judged.

    Args:
        effects: The studies of the average.
        pooled: The average; its weights are in the order of the effects.
    """
    tools = dict.fromkeys(effect.risk_of_bias.tool for effect in effects if effect.risk_of_bias)
    return tuple(share for tool in tools if pooled for share in shares_of(tool, effects, pooled.weights))


def shares_of(tool: str, effects: tuple[Effect, ...], weights: tuple[float, ...]) -> Iterator[BiasShare]:
    """Give the shares of one tool, domain by domain, the mildest first; studies that it does not judge come last."""
    domains = next(ids_of(effect) for effect in effects if judged_with(effect, tool))
    for domain in domains:
        found: dict[tuple[str, str, int] | None, list[float]] = {}
        for effect, weight in zip(effects, weights, strict=True):
            said = judgement_of(effect, domain) if judged_with(effect, tool) else None
            found.setdefault(said and (said.judgement, said.level, said.rank), []).append(weight)
        for words in sorted(found, key=lambda words: words[2] if words else LAST):
            yield BiasShare(tool, domain, *(words or (None, None, None)), len(found[words]), sum(found[words]))


def judged_with(effect: Effect, tool: str) -> bool:
    return effect.risk_of_bias is not None and effect.risk_of_bias.tool == tool


def ids_of(effect: Effect) -> list[str]:
    return [one.domain for one in (*effect.risk_of_bias.domains, effect.risk_of_bias.overall)]


def judgement_of(effect: Effect, domain: str) -> BiasJudgement:
    judgements = (*effect.risk_of_bias.domains, effect.risk_of_bias.overall)
    return next(one for one in judgements if one.domain == domain)
