# Writes tight.json: metafor at tightened control, where its defaults leave the last digits open.
#   Rscript tests/reference/metafor/tight.R tests/reference/metafor
# metafor's tolerances are absolute and its Q is a difference of sums: the effects are first shifted to begin
# at 0 and scaled to a smallest variance of 1, and the answers are brought back.
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]

numbers <- function(x) vapply(x, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

fit_of <- function(yi, vi, method, test) {
  unit <- min(vi); scale <- sqrt(unit); shift <- yi[1]
  control <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000, tau2.max = 1e10)
  if (method %in% c("REML", "ML")) control$stepadj <- 0.5
  fit <- try(suppressWarnings(rma((yi - shift) / scale, vi / unit, method = method, test = test,
                                  control = control)), silent = TRUE)
  if (inherits(fit, "try-error")) return(NULL)
  p <- predict(fit)
  plain <- rma(yi, vi, method = method, test = test, tau2 = fit$tau2 * unit)  # for P, which a shift changes
  back <- function(x) as.numeric(x) * scale + shift
  list(method = method, test = test, estimate = back(fit$beta), se = fit$se * scale, ci_low = back(fit$ci.lb),
       ci_high = back(fit$ci.ub), p_value = plain$pval, tau2 = fit$tau2 * unit, i2 = fit$I2, h2 = fit$H2,
       q = fit$QE, q_p_value = fit$QEp, pi_low = back(p$pi.lb), pi_high = back(p$pi.ub))
}

profile_of <- function(yi, vi) {
  unit <- min(vi)
  fit <- rma((yi - yi[1]) / sqrt(unit), vi / unit, method = "DL")
  ci <- confint(fit, control = list(tol = 1e-12, tau2.max = 1e9, maxiter = 10000))$random
  list(tau2_low = ci[1, 2] * unit, tau2_high = ci[1, 3] * unit, i2_low = ci[3, 2], i2_high = ci[3, 3])
}

analyse <- function(id, yi, vi) {
  keep <- is.finite(yi) & is.finite(vi)
  yi <- yi[keep]; vi <- vi[keep]
  if (length(yi) < 2 || any(vi <= 0)) return(NULL)
  fits <- list()
  for (method in c("DL", "HE", "HS", "SJ", "PM", "EB", "ML", "REML"))
    for (test in c("z", "knha", "adhoc"))
      fits <- c(fits, list(fit_of(yi, vi, method, test)))
  list(id = id, yi = yi, vi = vi, q_profile = profile_of(yi, vi), fits = Filter(Negate(is.null), fits))
}

univariate <- fromJSON(file.path(folder, "univariate.json"), simplifyVector = FALSE)$cases
edges <- fromJSON(file.path(folder, "edge_cases.json"), simplifyVector = FALSE)$generic
cases <- lapply(univariate, function(case) analyse(case$id, numbers(case$yi), numbers(case$vi)))
cases <- c(cases, lapply(names(edges), function(id) analyse(id, numbers(edges[[id]]$yi), numbers(edges[[id]]$vi))))
origin <- paste0("metafor ", packageVersion("metafor"), ", ", R.version.string, ", tight.R beside this file")
write(toJSON(list(origin = origin, cases = Filter(Negate(is.null), cases)), auto_unbox = TRUE, digits = NA,
             pretty = FALSE), file.path(folder, "tight.json"))
