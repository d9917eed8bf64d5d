# Writes tables.json: Mantel-Haenszel of the BCG trials without each, one after the other and by allocation; of li2007,
# which has zero cells; and of invented tables of which one cell is 0 in every study.
# Rscript tests/reference/metafor/tables.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]

said <- function(found) list(estimate = as.numeric(found$beta), se = found$se, ci_low = found$ci.lb,
                             ci_high = found$ci.ub, p_value = found$pval, q = found$QE)
pooled <- function(dat, measure, pooling = "none") {
  rma.mh(ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, measure = measure, correct = FALSE, drop00 = FALSE,
         add = c(1/2, 1/2), to = c("only0", pooling))
}
columns <- function(dat) list(a = dat$ai, n1 = dat$n1i, c = dat$ci, n2 = dat$n2i)

bcg <- dat.bcg
bcg$ai <- bcg$tpos; bcg$n1i <- bcg$tpos + bcg$tneg; bcg$ci <- bcg$cpos; bcg$n2i <- bcg$cpos + bcg$cneg
by_time <- bcg[order(bcg$year, bcg$author), ]
li <- dat.li2007
zero <- data.frame(ai = c(0, 0, 0, 0), n1i = c(20, 35, 18, 41), ci = c(3, 1, 2, 4), n2i = c(22, 30, 20, 39))

answers <- lapply(c("OR", "RR", "RD"), function(measure) {
  groups <- lapply(sort(unique(bcg$alloc)), function(one) pooled(bcg[bcg$alloc == one, ], measure))
  means <- sapply(groups, function(one) as.numeric(one$beta)); errors <- sapply(groups, function(one) one$se)
  between <- rma(means, sei = errors, method = "EE")
  list(measure = measure, whole = said(pooled(bcg, measure)),
       without = lapply(seq_len(nrow(bcg)), function(i) said(pooled(bcg[-i, ], measure))),
       cumulative = lapply(seq_len(nrow(bcg)), function(i) said(pooled(by_time[seq_len(i), ], measure))),
       groups = unname(Map(function(name, one) c(list(name = name), said(one)), sort(unique(bcg$alloc)), groups)),
       q_between = between$QE, q_between_p = between$QEp, li2007 = said(pooled(li, measure)))
})
corrected <- lapply(c("OR", "RR"), function(measure) c(list(measure = measure), said(pooled(zero, measure, "only0"))))
write_json(list(source = paste("metafor", packageVersion("metafor")),
                bcg = c(columns(bcg), list(year = bcg$year, author = bcg$author, alloc = bcg$alloc)),
                li2007 = columns(li), zero = columns(zero), answers = answers, corrected = corrected),
           file.path(folder, "tables.json"), auto_unbox = TRUE, digits = NA, pretty = TRUE)
