# Does BCG vaccination prevent tuberculosis?
# Run RUN-ID. Needs R with metafor 3.8 or later: install.packages("metafor"). Run with: Rscript FILE
# Effects are on the scale of the analysis, logarithms; how each was made from the printed figures is said beside it.
# The script stops when a number differs from the one that was reported.
library(metafor)

# Aronson 1948: from the events and people of each group
# Ferguson & Simes 1949: from the events and people of each group
# Rosenthal et al 1960: from the events and people of each group
# Hart & Sutherland 1977: from the events and people of each group
# Frimodt-Moller et al 1973: from the events and people of each group
# Stein & Aronson 1953: from the events and people of each group
# Vandiviere et al 1973: from the events and people of each group
# TPT Madras 1980: from the events and people of each group
# Coetzee & Berjak 1968: from the events and people of each group
# Rosenthal et al 1961: from the events and people of each group
# Comstock et al 1974: from the events and people of each group
# Comstock & Webster 1969: from the events and people of each group
# Comstock et al 1976: from the events and people of each group
dat <- data.frame(
  study = c("Aronson 1948", "Ferguson & Simes 1949", "Rosenthal et al 1960", "Hart & Sutherland 1977", "Frimodt-Moller et al 1973", "Stein & Aronson 1953", "Vandiviere et al 1973", "TPT Madras 1980", "Coetzee & Berjak 1968", "Rosenthal et al 1961", "Comstock et al 1974", "Comstock & Webster 1969", "Comstock et al 1976"),
  yi = c(-0.889311333920205, -1.58538865720143, -1.34807314829969, -1.44155119002131, -0.217547322211296, -0.786115585818864, -1.62089822359839, 0.0119523335238405, -0.469417648738149, -1.37134480347278, -0.339358828338391, 0.445913400571379, -0.0173139482168798),
  vi = c(0.325584765003961, 0.194581121398144, 0.415367965367965, 0.0200100319022476, 0.0512101721696309, 0.00690561845590876, 0.223017247572315, 0.00396157929781773, 0.056434210463249, 0.0730247936130289, 0.0124122139715597, 0.532505845200153, 0.0714046596839863),
  n = c(262, 609, 451, 26465, 10877, 2992, 3174, 176782, 14776, 3381, 77972, 4839, 34767)
)

res <- rma(yi, vi, data = dat, slab = study, method = "REML", test = "knha", level = 95.0, control = list(threshold = 1e-12, maxiter = 10000))
print(res, digits = 4)

reported <- list(k = 13, estimate = -0.71453234215814, se = 0.180791744092848, ci_low = -1.10844371368555, ci_high = -0.320620970630728, p_value = 0.0019200150960573, q = 152.233008082373)
found <- list(k = res$k, estimate = as.numeric(res$beta), se = res$se, ci_low = res$ci.lb, ci_high = res$ci.ub, p_value = res$pval, q = res$QE)
for (name in names(reported)) stopifnot(isTRUE(all.equal(found[[name]], reported[[name]], tolerance = 1e-6)))
stopifnot(abs(res$tau2 - 0.313243258136486) <= 1e-6 * (res$tau2 + min(dat$vi)))

print(predict(res, transf = exp), digits = 4)
print(confint(res), digits = 4)
print(leave1out(res, transf = exp), digits = 4)
print(regtest(res, model = "lm"))
print(trimfill(res, estimator = "L0"))
forest(res, addpred = TRUE, atransf = exp)
