# Writes groups.json: metafor's escalc for single groups and for groups measured twice. Inputs are invented.
#   Rscript tests/reference/metafor/groups.R tests/reference/metafor
library(metafor)
library(jsonlite)
means <- list(mi = c(4.2, -1.5, 60), sdi = c(1.1, 2.4, 18.5), ni = c(12, 40, 7))
counts <- list(xi = c(3, 17, 1, 99), ni = c(20, 30, 50, 100))
zeros <- list(xi = c(0, 8), ni = c(12, 8))
pairs <- list(m1i = c(8, 30.5, -2), sd1i = c(2, 11, 0.7), m2i = c(10, 22, -1.1), sd2i = c(2.4, 9.5, 0.9),
              ni = c(25, 9, 140), ri = c(0.6, -0.2, 0.85))
ask <- function(measure, input) {
  made <- do.call(escalc, c(list(measure = measure), input))
  list(measure = measure, input = input, yi = as.numeric(made$yi), vi = as.numeric(made$vi))
}
cases <- list(ask("MN", means), ask("PR", counts), ask("PLO", counts), ask("PLO", zeros), ask("MC", pairs),
              ask("SMCC", pairs), ask("SMCR", pairs[c("m1i", "m2i", "sd1i", "ni", "ri")]))
origin <- paste("metafor", packageVersion("metafor"), "escalc, by groups.R")
write(toJSON(list(origin = origin, cases = cases), auto_unbox = TRUE, digits = NA), file.path(commandArgs(trailingOnly = TRUE)[1], "groups.json"))
