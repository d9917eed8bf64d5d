# Writes inconsistency.json: Q within designs and between them. QE of a common-effect model in which every design, the
# trials of the same treatments, has treatment effects of its own is Q within designs; the rest of QE of the network is
# Q between designs.
#   Rscript tests/reference/metafor/inconsistency.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]

split_q <- function(id, arms) {
  arms$treatment <- as.character(arms$treatment); arms$study <- factor(arms$study)
  arms$design <- ave(arms$treatment, arms$study, FUN = function(t) paste(sort(t), collapse = ":"))
  base <- ave(arms$treatment, arms$study, FUN = function(t) sort(t)[1])
  arms$own <- ifelse(arms$treatment == base, "base", paste(arms$design, arms$treatment))
  X <- model.matrix(~ study - 1, arms)
  for (level in setdiff(unique(arms$own), "base")) X <- cbind(X, as.numeric(arms$own == level))
  whole <- rma.mv(yi, vi, mods = ~ study + factor(treatment) - 1, data = arms)
  apart <- rma.mv(yi, vi, mods = X, intercept = FALSE, data = arms)
  list(id = id, within = apart$QE, within_df = apart$k - apart$p, between = whole$QE - apart$QE,
       between_df = apart$p - whole$p)
}

senn <- escalc(measure = "MN", mi = mi, sdi = sdi, ni = ni, data = dat.senn2013)
smoke <- dat.hasselblad1998
zero <- ave(smoke$xi == 0 | smoke$xi == smoke$ni, smoke$study, FUN = any)
smoke$treatment <- as.character(smoke$trt)
a <- smoke$xi + zero / 2; b <- smoke$ni - smoke$xi + zero / 2
smoke$yi <- log(a / b); smoke$vi <- 1 / a + 1 / b
origin <- paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", ", R.version.string, ", inconsistency.R beside this file")
write(toJSON(list(origin = origin, cases = list(split_q("senn2013", senn), split_q("hasselblad1998", smoke))),
  auto_unbox = TRUE, digits = NA), file.path(folder, "inconsistency.json"))
