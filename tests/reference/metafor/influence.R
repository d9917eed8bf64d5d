# Writes influence.json: case diagnostics, trim and fill, and meta-regressions of BCG by every estimator.
# trimfill refits at metafor's default control, so its filled effects are fitted again at tight control.
#   Rscript tests/reference/metafor/influence.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
cases <- fromJSON(file.path(folder, "univariate.json"), simplifyVector = FALSE)$cases
tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000, stepadj = 0.5)

diagnose <- function(case) {
  yi <- unlist(case$yi); vi <- unlist(case$vi)
  inf <- influence(rma(yi, vi, control = tight))
  list(id = case$id, rstudent = inf$inf$rstudent, dffits = inf$inf$dffits, cooks_distance = inf$inf$cook.d,
       cov_ratio = inf$inf$cov.r, tau2 = inf$inf$tau2.del, q = inf$inf$QE.del, hat = inf$inf$hat,
       dfbeta = inf$dfbs$intrcpt)
}

fill <- function(case) {
  yi <- unlist(case$yi); vi <- unlist(case$vi)
  one <- function(method) {
    control <- if (method == "REML") tight else list()
    filled <- trimfill(rma(yi, vi, method = method, control = control), estimator = "L0")
    again <- rma(as.numeric(filled$yi), filled$vi, method = method, control = control)
    list(method = method, k0 = filled$k0, side = filled$side, estimate = as.numeric(again$beta), se = again$se)
  }
  list(id = case$id, fits = list(one("DL"), one("REML")))
}

regressions <- function() {
  e <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  one <- function(method, test) {
    control <- if (method %in% c("REML", "ML")) tight else list(tol = 1e-14, maxiter = 10000, threshold = 1e-12)
    f <- suppressWarnings(rma(yi, vi, mods = ~ ablat + year, data = e, method = method, test = test, control = control))
    list(method = method, test = test, estimate = as.numeric(f$beta), se = f$se, tau2 = f$tau2, i2 = f$I2, qe = f$QE, qm = f$QM)
  }
  fits <- list()
  for (m in c("FE", "DL", "PM", "REML", "ML", "EB", "HE", "SJ", "HS")) fits <- c(fits, list(one(m, "z")))
  for (m in c("DL", "REML")) for (t in c("knha", "adhoc")) fits <- c(fits, list(one(m, t)))
  list(yi = as.numeric(e$yi), vi = as.numeric(e$vi), ablat = e$ablat, year = e$year, fits = fits)
}

origin <- paste0("metafor ", packageVersion("metafor"), ", ", R.version.string, ", influence.R beside this file")
write(toJSON(list(origin = origin, cases = lapply(cases, diagnose), trim_and_fill = lapply(cases, fill), regressions = regressions()),
             auto_unbox = TRUE, digits = NA), file.path(folder, "influence.json"))
