# Prints JSON: how long metafor takes, in seconds of CPU, for the tasks of side_by_side.py.
#   Rscript tests/benchmarks/peers.R FOLDER     FOLDER holds batch.csv (analysis, yi, vi) and studies.csv (yi, vi)
suppressMessages(library(metafor))
folder <- commandArgs(trailingOnly = TRUE)[1]
limit <- 1
seconds <- function(work) { spent <- system.time(work()); sum(spent[1:2]) }
fit <- function(d) tryCatch(rma(yi, vi, data = d, method = "REML", test = "knha"), error = function(e) NULL)

batch <- split(read.csv(file.path(folder, "batch.csv")), ~analysis)
estimates <- rep(NA, length(batch))  # stays NA where Fisher scoring does not converge
each <- seconds(function() for (i in seq_along(batch)) {
  found <- fit(batch[[i]])
  if (!is.null(found)) estimates[i] <<- found$beta
}) / length(batch)
e <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg <- seconds(function() for (i in 1:100) fit(e)) / 100
studies <- read.csv(file.path(folder, "studies.csv"))

grow <- function(sizes, work) {
  found <- list()
  for (k in sizes) {
    spent <- seconds(function() work(studies[1:k, ]))
    found[[length(found) + 1]] <- sprintf("[%d, %.6f]", k, spent)
    if (spent > limit) break
  }
  paste0("[", paste(found, collapse = ", "), "]")
}
sizes <- c(10, 30, 100, 300, 1000, 3000)
cat(sprintf('{"version": "%s", "each": %.9f, "bcg": %.9f, "estimates": [%s], "studies": %s, "left_out": %s}\n',
            packageVersion("metafor"), each, bcg, paste(ifelse(is.na(estimates), "null", sprintf("%.12f", estimates)), collapse = ", "), grow(sizes, fit),
            grow(c(10, 30, 100, 300), function(d) leave1out(fit(d)))))
