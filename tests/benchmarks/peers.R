# Prints JSON: how long metafor takes, in seconds of CPU, for the tasks of side_by_side.py.
#   Rscript tests/benchmarks/peers.R FOLDER     FOLDER holds batch.csv (analysis, yi, vi) and studies.csv (yi, vi)
suppressMessages(library(metafor))
folder <- commandArgs(trailingOnly = TRUE)[1]
limit <- 3
seconds <- function(work) { spent <- system.time(work()); sum(spent[1:2]) }
fit <- function(d) rma(yi, vi, data = d, method = "REML", test = "knha")

batch <- split(read.csv(file.path(folder, "batch.csv")), ~analysis)
estimates <- numeric(length(batch))
each <- seconds(function() for (i in seq_along(batch)) estimates[i] <<- fit(batch[[i]])$beta) / length(batch)
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
cat(sprintf('{"version": "%s", "each": %.9f, "estimates": [%s], "studies": %s, "left_out": %s}\n',
            packageVersion("metafor"), each, paste(sprintf("%.12f", estimates), collapse = ", "), grow(sizes, fit),
            grow(c(10, 30, 100, 300), function(d) leave1out(fit(d)))))
