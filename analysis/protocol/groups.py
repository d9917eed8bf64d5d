"""[[group]] of comparisons.toml: questions on one group of people, compared with nobody."""

from analysis.declared import Field
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS
from analysis.protocol.choices import LEAVE_ONE_OUT, VARIED, WITH_DOUBTFUL, check_choice
from analysis.protocol.kinds import Found, Kind, repeated, scale_faults
from analysis.results import GroupQuestion

GROUP_MEANS = ("MN", "MC")
GROUP_SHARES = ("PR", "PLO")
GROUP_VARIED = VARIED | {"model": ("random", "common")}
GROUP_PLAIN = (WITH_DOUBTFUL, LEAVE_ONE_OUT)
SHARED = ("designs", "model", "tau2", "interval", "level")  # settings that [defaults] gives to groups too
GROUP = (
    Field("id", "id", "The id, which names the page", True),
    Field("question", "text", "The question in a sentence", True),
    Field("treatments", "texts", "Treatment codes of the arms that count; two arms of one study are combined", True),
    Field("label", "text", "How reports name the group, when not by its treatments"),
    Field("outcome", "text", "An outcome code", True),
    Field("designs", "choices", "The designs that answer the question", choices=DESIGNS),
    Field("measure", "choice", "A mean at follow-up, a mean change from baseline, a share, or a share by its log odds",
          True, GROUP_MEANS + GROUP_SHARES),
    Field("model", "choice", "A distribution of true values, or one true value", choices=GROUP_VARIED["model"]),
    Field("tau2", "choice", "The estimator of the between-study variance", choices=VARIED["tau2"]),
    Field("interval", "choice", "The interval of the average", choices=VARIED["interval"]),
    Field("level", "level", "The confidence level"),
    Field("window_weeks", "span", "Follow-up from and to, in weeks; without it any time after baseline"),
    Field("target_weeks", "number", "Of several times in the window, the nearest to this is taken"),
    Field("instruments", "texts", "Instrument codes that count, the preferred first"),
    Field("details", "texts", "Of several rows of a study, those with these words in detail, the preferred first"),
    Field("rescale_to", "span", "The scale that every instrument is brought to, such as [0, 10]; means only"),
    Field("sensitivity", "texts", "Other choices to show beside the protocol's: tau2=, interval=, model=, "
          "with-doubtful, leave-one-out"),
    Field("note", "text", "What a reader must know of the question"),
)  # fmt: skip


def shared_settings(defaults: dict) -> dict:
    """Return the settings of [defaults] that hold for groups too; of its choices those that a group has."""
    shared = {name: defaults[name] for name in SHARED if name in defaults}
    choices = defaults.get("sensitivity")
    kept = [one for one in choices if isinstance(one, str) and not refused(one)] if isinstance(choices, list) else []
    return {**shared, "sensitivity": kept} if kept else shared


def refused(choice: str) -> str | None:
    """Return what is allowed when a choice is none of a group."""
    return check_choice(choice, (), GROUP_VARIED, GROUP_PLAIN)


def senseless(group: GroupQuestion, codebook: Codebook) -> list[Found]:
    """Return the key, what was found and what is allowed, where keys do not go together."""
    choices = [("sensitivity", f"found {one!r}", allowed) for one in group.sensitivity if (allowed := refused(one))]
    return repeated(group.treatments) + scale_faults(group, codebook, GROUP_MEANS, "") + choices


GROUPS = Kind("group", GROUP, GroupQuestion, shared_settings, senseless)
