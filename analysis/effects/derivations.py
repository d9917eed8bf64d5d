"""How an effect was made from what a paper prints: one code, one sentence."""

DERIVATIONS: dict[str, str] = {
    "means": "From means, standard deviations and group sizes.",
    "means-se": "From means and group sizes, with standard deviations made from standard errors.",
    "means-interval": "From means and group sizes, with standard deviations made from the intervals of the means.",
    "means-five-numbers": "From group sizes, with means and standard deviations made from medians, quartiles and "
                          "ranges.",
    "means-quartiles": "From group sizes, with means and standard deviations made from medians and quartiles.",
    "means-range": "From group sizes, with means and standard deviations made from medians and ranges.",
    "change-correlation": "From change scores, with their standard deviation made from baseline, follow-up and "
                          "their correlation.",
    "events": "From events and group sizes.",
    "correlation": "From a correlation and the number of people.",
    "correlation-interval": "From a correlation and its printed interval, taken as made on Fisher's scale.",
    "correlation-se": "From a correlation and its printed standard error.",
    "correlation-p": "From a correlation and its exact P value, by the normal distribution on Fisher's scale.",
    "estimate-interval": "The printed estimate, with its standard error from the printed interval.",
    "estimate-se": "The printed estimate with its printed standard error.",
    "estimate-p": "The printed estimate, with its standard error from the exact P value by the normal distribution.",
    "difference-p": "The printed mean difference, with its standard error from the exact P value by t and the "
                    "group sizes.",
    "difference-t": "The printed mean difference, with its standard error from the printed t.",
    "smd-t": "Standardised from a t statistic and group sizes.",
    "smd-f": "Standardised from an F statistic with one degree of freedom and group sizes.",
    "smd-p": "Standardised from an exact P value, its direction and group sizes.",
    "smd-groups": "The printed standardised difference, with its variance from the group sizes.",
    "participants-ancova": "From participant data: the difference at follow-up, adjusted for baseline (ANCOVA).",
    "participants-covariates": "From participant data: the difference, adjusted for the covariates that the dataset "
                               "declares, and for baseline where there is one (ANCOVA).",
    "participants-means": "From participant data: means, standard deviations and group sizes.",
    "participants-change": "From participant data: changes from baseline and their standard deviations.",
    "participants-events": "From participant data: events and group sizes.",
    "smd-interval": "Standardised from a mean difference, its interval and group sizes.",
}
