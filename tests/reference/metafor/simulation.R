# Writes simulation.json: exact permutation tests of meta-regressions of the first seven BCG trials, and the pools of
# all sets of the first five. permutest fits each arrangement at tight control.
#   Rscript tests/reference/metafor/simulation.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000)
e <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
seven <- e[1:7, ]
seven$random <- as.numeric(seven$alloc == "random")

permuted <- function(names, method, test) {
  x <- rma(yi, vi, mods = as.matrix(seven[names]), data = seven, method = method, test = test, control = tight)
  p <- permutest(x, exact = TRUE, progbar = FALSE)
  list(moderators = names, method = method, test = test, p_value = p$pval, qm_p_value = p$QMp)
}

sets <- function(method) {
  g <- gosh(rma(yi, vi, data = e[1:5, ], method = method, control = tight), progbar = FALSE)
  kept <- g$res$k > 1
  list(method = method, k = g$res$k[kept], estimate = g$res$estimate[kept], i2 = g$res$I2[kept])
}

tests <- list()
for (method in c("DL", "REML", "PM")) for (test in c("z", "knha")) {
  tests[[length(tests) + 1]] <- permuted("ablat", method, test)
  tests[[length(tests) + 1]] <- permuted("random", method, test)
}
tests[[length(tests) + 1]] <- permuted(c("random", "year"), "DL", "z")
answer <- list(program = paste("metafor", packageVersion("metafor")), yi = as.numeric(seven$yi), vi = seven$vi,
               ablat = seven$ablat, random = seven$random, year = seven$year, permutations = tests,
               sets = lapply(c("FE", "DL", "REML"), sets))
write(toJSON(answer, auto_unbox = TRUE, digits = 15, pretty = TRUE), file.path(folder, "simulation.json"))
