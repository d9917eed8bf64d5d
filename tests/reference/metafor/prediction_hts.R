# Prediction intervals of Higgins, Thompson and Spiegelhalter (t on k - 2, Wald standard error) for the BCG trials
# and Normand 1999, from metafor's fits and R's qt. Writes prediction_hts.json into the folder that is named:
#   Rscript tests/reference/metafor/prediction_hts.R tests/reference/metafor
library(metafor)
library(jsonlite)
tight <- list(threshold = 1e-12, tol = 1e-13, maxiter = 10000)
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
normand <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
answer <- function(id, data, method, level) {
  res <- rma(yi, vi, data = data, method = method, control = tight)
  reach <- qt((1 + level) / 2, res$k - 2) * sqrt(res$se^2 + res$tau2)
  list(id = id, yi = as.numeric(data$yi), vi = as.numeric(data$vi), method = method, level = level,
       low = as.numeric(res$beta) - reach, high = as.numeric(res$beta) + reach)
}
cases <- list(answer("bcg", bcg, "REML", 0.95), answer("bcg", bcg, "DL", 0.9), answer("normand1999", normand, "PM", 0.95))
origin <- paste("metafor", packageVersion("metafor"), "on", R.version.string)
write(toJSON(list(origin = origin, cases = cases), digits = NA, auto_unbox = TRUE), file.path(commandArgs(TRUE)[1], "prediction_hts.json"))
