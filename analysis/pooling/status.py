"""What must be said of an analysis beside its numbers: one code, one sentence."""

STATUS: dict[str, str] = {
    "ok": "Nothing needs to be said.",
    "no-studies": "No row could be used, so nothing was pooled.",
    "one-study": "There is one study: its own estimate and interval are shown; tau2, I2, H2, Q and a prediction "
                 "interval are not defined.",
    "common-effect": "One effect is assumed for all studies: tau2 is 0 by assumption, without an interval, and "
                     "there is no prediction interval.",
    "wald-used": "The Hartung-Knapp interval has no meaning here; the Wald interval is given.",
    "boundary": "The estimate of tau2 is 0.",
    "two-modes": "The likelihood has more than one maximum; the highest was taken. Look for an outlier or "
                 "for mixed units.",
    "k2-t": "There are two studies: the interval rests on one degree of freedom and is very wide.",
    "floor-used": "The Hartung-Knapp interval would be narrower than the classical one; the classical standard "
                  "error was used.",
    "narrow": "The Hartung-Knapp interval is narrower than the classical one.",
    "identical-effects": "All effects are the same: the Hartung-Knapp interval would have no width, so the "
                         "classical standard error was used.",
    "profile-empty": "The effects differ less than chance alone would make them: the interval of tau2 is 0 to 0.",
    "variance-ratio": "The largest sampling variance is at least ten million times the smallest: the result "
                      "rests on very few studies.",
    "not-converged": "The search for tau2 did not settle; the result is not reliable.",
    "not-estimable": "A group has no events in any table, or nobody or everybody has one: this method gives no "
                     "estimate.",
    "zero-cells-corrected": "One cell of the table is 0 in every study, so that 0.5 was added to all cells of the "
                            "tables with a zero cell.",
    "moderators": "The effect depends on the moderators, so there is no single estimate; tau2, I2, H2 and Q are what "
                  "the moderators leave.",
    "rows-left-out": "Some rows could not be used; they are listed with their reasons.",
}
