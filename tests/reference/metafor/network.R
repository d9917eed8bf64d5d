# Writes network.json: networks of metadat's datasets by the arm-based model with fixed studies and treatments, in which
# arms of one study are correlated by 1/2: the contrast model with covariances by the variance of the shared arm.
#   Rscript tests/reference/metafor/network.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 5000)

fit <- function(arms, reference, method) {
  arms$treatment <- relevel(factor(arms$treatment), ref = reference)
  arms$study <- factor(arms$study)
  t <- nlevels(arms$treatment) - 1
  f <- if (method == "FE") rma.mv(yi, vi, mods = ~ study + treatment - 1, data = arms) else
    rma.mv(yi, vi, mods = ~ study + treatment - 1, random = ~ treatment | study, rho = 1/2, data = arms, method = method, control = tight)
  list(method = method, treatments = levels(arms$treatment)[-1], estimate = as.numeric(tail(coef(f), t)),
       se = as.numeric(tail(f$se, t)), tau2 = if (method == "FE") 0 else f$tau2, q = f$QE, q_df = f$k - f$p)
}

network <- function(id, arms, reference, columns, methods) {
  list(id = id, reference = reference, arms = c(list(study = as.character(arms$study), treatment = as.character(arms$treatment)), columns),
       yi = as.numeric(arms$yi), vi = as.numeric(arms$vi), fits = lapply(methods, function(m) fit(arms, reference, m)))
}

senn <- escalc(measure = "MN", mi = mi, sdi = sdi, ni = ni, data = dat.senn2013)
smoke <- dat.hasselblad1998
zero <- ave(smoke$xi == 0 | smoke$xi == smoke$ni, smoke$study, FUN = any)
smoke$treatment <- as.character(smoke$trt)
a <- smoke$xi + zero / 2; b <- smoke$ni - smoke$xi + zero / 2
smoke$yi <- log(a / b); smoke$vi <- 1 / a + 1 / b

origin <- paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", ", R.version.string, ", network.R beside this file")
write(toJSON(list(origin = origin, cases = list(
  network("senn2013", senn, "placebo", list(n = senn$ni, mean = senn$mi, sd = senn$sdi), c("FE", "REML")),
  network("hasselblad1998", smoke, "no_contact", list(n = smoke$ni, events = smoke$xi), c("FE", "REML")))),
  auto_unbox = TRUE, digits = NA), file.path(folder, "network.json"))
