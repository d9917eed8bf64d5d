# Writes groups_pooled.json: one group of each study of metadat's data sets, by escalc and rma.
#   Rscript tests/reference/metafor/groups_pooled.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(threshold = 1e-12, maxiter = 10000)

fit <- function(effects, method, test) {
  control <- if (method == "PM") list(tol = 1e-14, maxiter = 10000) else if (method == "REML") tight else list()
  f <- rma(yi, vi, data = effects, method = method, test = test, control = control)
  p <- predict(f)
  list(method = method, test = test, estimate = as.numeric(f$beta), se = f$se, ci_low = f$ci.lb, ci_high = f$ci.ub,
       tau2 = f$tau2, i2 = f$I2, q = f$QE, pi_low = p$pi.lb, pi_high = p$pi.ub)
}

case <- function(id, measure, arms, effects) {
  methods <- list(c("REML", "z"), c("REML", "knha"), c("DL", "z"), c("PM", "adhoc"), c("EE", "z"))
  f <- rma(yi, vi, data = effects, method = "REML", test = "knha", control = tight)
  out <- leave1out(f)
  list(id = id, measure = measure, arms = arms, yi = as.numeric(effects$yi), vi = as.numeric(effects$vi),
       fits = lapply(methods, function(m) fit(effects, m[1], m[2])),
       without = list(estimate = out$estimate, ci_low = out$ci.lb, ci_high = out$ci.ub),
       transformed = if (measure == "PLO") { p <- predict(f, transf = transf.ilogit)
         list(estimate = p$pred, ci_low = p$ci.lb, ci_high = p$ci.ub, pi_low = p$pi.lb, pi_high = p$pi.ub) })
}

debruin <- dat.debruin2009
events <- list(n = debruin$ni, events = debruin$xi)
normand <- dat.normand1999
means <- list(n = normand$n1i, mean = normand$m1i, sd = normand$sd1i)

origin <- paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", ", R.version.string, ", groups_pooled.R beside this file")
write(toJSON(list(origin = origin, cases = list(
  case("debruin2009", "PLO", events, escalc("PLO", xi = xi, ni = ni, data = debruin)),
  case("debruin2009", "PR", events, escalc("PR", xi = xi, ni = ni, data = debruin)),
  case("normand1999", "MN", means, escalc("MN", mi = m1i, sdi = sd1i, ni = n1i, data = normand)))),
  auto_unbox = TRUE, digits = NA, null = "null"), file.path(folder, "groups_pooled.json"))
