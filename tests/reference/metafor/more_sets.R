# Writes more_sets.json: six data sets of metadat that no other file here holds, by the estimators and options that no
# other file holds. Rscript tests/reference/metafor/more_sets.R tests/reference/metafor
# DL2 and CA2 are the generalised Q estimator with the weights of a first DL or HE; the mean is then pooled by inverse
# variances at that tau2. Trim and fill is refitted at tight control.
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000, tau2.max = 1e10)
METHODS <- c("HSk", "PMM", "DL2", "CA2")

sets <- list(
  hackshaw1998 = dat.hackshaw1998, begg1989 = dat.begg1989, michael2013 = dat.michael2013,
  li2007 = escalc("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007),
  debruin2009 = escalc("PLO", xi = xi, ni = ni, data = dat.debruin2009),
  normand1999 = escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
                       data = dat.normand1999))

two_step <- c(DL2 = "DL", CA2 = "HE")
fit <- function(yi, vi, method, ...) {
  if (!method %in% names(two_step)) return(rma(yi, vi, method = method, control = tight, ...))
  first <- rma(yi, vi, method = two_step[[method]], ...)$tau2
  tau2 <- rma(yi, vi, method = "GENQ", weights = 1 / (vi + first), ...)$tau2
  rma(yi, vi, tau2 = tau2, method = "DL", ...)
}

pooled <- function(yi, vi, method, test) {
  found <- fit(yi, vi, method, test = test)
  list(method = method, test = test, estimate = as.numeric(found$beta), se = found$se, ci_low = found$ci.lb,
       ci_high = found$ci.ub, pvalue = found$pval, tau2 = found$tau2, I2 = found$I2, H2 = found$H2)
}

filled <- function(whole, estimator, side) {
  found <- trimfill(whole, estimator = estimator, side = side)
  again <- rma(found$yi.f, found$vi.f, method = "DL")
  list(missing = estimator, side = side, k0 = found$k0, estimate = as.numeric(again$beta), se = again$se)
}

regressed <- function(yi, vi, method) {
  found <- fit(yi, vi, method, mods = cbind(log(seq_along(yi)), sqrt(vi)))
  whole <- list(method = method, beta = as.numeric(found$beta), se = found$se, tau2 = found$tau2, I2 = found$I2,
                H2 = found$H2, QM = found$QM)
  if (!method %in% names(two_step)) whole$R2 <- found$R2  # of a refit by DL it would be another
  whole
}

answer <- function(id) {
  yi <- as.numeric(sets[[id]]$yi); vi <- as.numeric(sets[[id]]$vi)
  ok <- is.finite(yi) & is.finite(vi) & vi > 0; yi <- yi[ok]; vi <- vi[ok]
  tests <- expand.grid(method = METHODS, test = c("z", "knha", "adhoc"), stringsAsFactors = FALSE)
  fill <- expand.grid(estimator = c("L0", "R0"), side = c("left", "right"), stringsAsFactors = FALSE)
  whole <- rma(yi, vi, method = "DL")
  list(id = id, yi = yi, vi = vi,
       fits = lapply(seq_len(nrow(tests)), function(i) pooled(yi, vi, tests$method[i], tests$test[i])),
       trimfill = lapply(seq_len(nrow(fill)), function(i) filled(whole, fill$estimator[i], fill$side[i])),
       regressions = lapply(c("FE", METHODS), function(method) regressed(yi, vi, method)))
}

# a likelihood with two maxima: metafor stays at tau2 = 0, and its own likelihood is higher at the other
lau <- escalc("PETO", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.lau1992)
lau_yi <- as.numeric(lau$yi); lau_vi <- as.numeric(lau$vi)
mods <- cbind(log(seq_along(lau_yi)), sqrt(lau_vi))
at <- function(tau2) as.numeric(logLik(rma(lau_yi, lau_vi, mods = mods, tau2 = tau2, method = "REML")))
other <- optimize(at, c(0.02, 1), maximum = TRUE, tol = 1e-10)$maximum
two_modes <- list(yi = lau_yi, vi = lau_vi, metafor = rma(lau_yi, lau_vi, mods = mods, control = tight)$tau2,
                  other = other, log_likelihood = c(at(0), at(other)))

write(toJSON(list(origin = paste("metafor", packageVersion("metafor"), "on", R.version.string),
                  cases = lapply(names(sets), answer), two_modes = two_modes),
             auto_unbox = TRUE, digits = NA, na = "null"), file.path(folder, "more_sets.json"))
