# An invented question of one published group?
# Run RUN-ID. Needs R with metafor 3.8 or later: install.packages("metafor"). Run with: Rscript FILE
# Effects are on the scale of the analysis, log odds; how each was made from the printed figures is said beside it.
# The script stops when a number differs from the one that was reported.
library(metafor)

# study 00: from the events and people of each group
# study 01: from the events and people of each group
# study 02: from the events and people of each group
# study 03: from the events and people of each group
# study 04: from the events and people of each group
# study 05: from the events and people of each group
# study 06: from the events and people of each group
# study 07: from the events and people of each group
# study 08: from the events and people of each group
# study 09: from the events and people of each group
# study 10: from the events and people of each group
# study 11: from the events and people of each group
# study 12: from the events and people of each group
dat <- data.frame(
  study = c("study 00", "study 01", "study 02", "study 03", "study 04", "study 05", "study 06", "study 07", "study 08", "study 09", "study 10", "study 11", "study 12"),
  yi = c(-0.49247648509779407, 0.9808292530117262, 0.1969532190620187, -0.6558757857627137, 0.1823215567939546, -0.49247648509779407, -0.3816138922859844, 0.11778303565638346, -0.36685027198038483, 0.6359887667199967, -1.4604023332736125, -0.33024168687057687, 1.0498221244986776),
  vi = c(0.14646464646464646, 0.15277777777777776, 0.012389313267206324, 0.018524235875270145, 0.03666666666666667, 0.14646464646464646, 0.016997561825148035, 0.2361111111111111, 0.01923765211166786, 0.16993464052287582, 0.04739010989010989, 0.07472826086956522, 0.09642857142857142),
  n = c(29, 33, 326, 240, 110, 29, 244, 17, 215, 26, 138, 55, 54),
  events = c(11, 24, 179, 82, 60, 11, 99, 9, 88, 17, 26, 23, 40)
)

res <- rma(yi, vi, data = dat, slab = study, method = "REML", test = "knha", level = 95.0, control = list(threshold = 1e-12, maxiter = 10000))
print(res, digits = 4)

reported <- list(k = 13, estimate = -0.11212247426582067, se = 0.1931510431381316, ci_low = -0.5329624451187901, ci_high = 0.30871749658714875, p_value = 0.5723235196250912, q = 95.95870295599833)
found <- list(k = res$k, estimate = as.numeric(res$beta), se = res$se, ci_low = res$ci.lb, ci_high = res$ci.ub, p_value = res$pval, q = res$QE)
for (name in names(reported)) stopifnot(isTRUE(all.equal(found[[name]], reported[[name]], tolerance = 1e-6)))
stopifnot(abs(res$tau2 - 0.401439339859908) <= 1e-6 * (res$tau2 + min(dat$vi)))

print(predict(res, transf = transf.ilogit), digits = 4)
print(confint(res), digits = 4)
print(leave1out(res, transf = transf.ilogit), digits = 4)
forest(res, addpred = TRUE, atransf = transf.ilogit)
