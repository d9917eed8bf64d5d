# Writes moderators.json: BCG by allocation (a factor), by latitude times allocation, and by subgroup.
#   Rscript tests/reference/metafor/moderators.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000, stepadj = 0.5)
e <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)

one <- function(id, mods, test) {
  f <- rma(yi, vi, mods = mods, data = e, test = test, control = tight)
  list(id = id, test = test, names = rownames(f$beta), estimate = as.numeric(f$beta), se = f$se, p_value = f$pval, tau2 = f$tau2,
       i2 = f$I2, r2 = f$R2, qe = f$QE, qm = f$QM, qm_p_value = f$QMp)
}

subgroups <- function(test) {
  levels <- unique(e$alloc)
  fits <- lapply(levels, function(l) rma(yi, vi, data = e[e$alloc == l, ], test = test, control = tight))
  means <- sapply(fits, function(f) as.numeric(f$beta)); errors <- sapply(fits, function(f) f$se)
  apart <- rma(means, sei = errors, mods = ~ levels, method = "FE")
  cells <- rma(yi, vi, mods = ~ factor(alloc, levels) - 1, data = e, test = test, control = tight)
  whole <- rma(yi, vi, mods = ~ factor(alloc, levels), data = e, test = test, control = tight)
  list(test = test, levels = levels,
       separate = list(estimate = means, se = errors, tau2 = sapply(fits, function(f) f$tau2), q = apart$QM, p_value = apart$QMp),
       common = list(estimate = as.numeric(cells$beta), se = cells$se, tau2 = cells$tau2, q = whole$QM, p_value = whole$QMp))
}

fits <- list()
for (test in c("z", "knha")) fits <- c(fits, list(one("~ alloc", ~ alloc, test), one("~ ablat * alloc", ~ ablat * alloc, test),
                                                 one("~ ablat + C(decade)", ~ ablat + factor(10 * (year %/% 10)), test)))
origin <- paste0("metafor ", packageVersion("metafor"), ", ", R.version.string, ", moderators.R beside this file")
write(toJSON(list(origin = origin, yi = as.numeric(e$yi), vi = as.numeric(e$vi), alloc = e$alloc, ablat = e$ablat, decade = 10 * (e$year %/% 10),
                  fits = fits, subgroups = lapply(c("z", "knha"), subgroups)), auto_unbox = TRUE, digits = NA), file.path(folder, "moderators.json"))
