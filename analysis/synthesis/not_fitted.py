"""Why a model that the protocol asks for has no answer; such an answer is no fault of the protocol."""

NOT_FITTED = {
    "no-studies": "Nothing is pooled.",
    "none-left": "No study says anything of the moderators.",
    "constant": "The moderator is the same in every study.",
    "too-few": "There are fewer studies than the model needs.",
    "one-row-each": "Every study has one effect, so that there is nothing within studies.",
    "rows-alike": "The effects are too few or too alike for the variances of the model.",
    "model": "The model refuses the moderators, with its reason.",
}
