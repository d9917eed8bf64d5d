# Writes multilevel.json: two-level models of metadat's datasets by REML and ML, with robust() and clubSandwich.
#   Rscript tests/reference/metafor/multilevel.R tests/reference/metafor
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 2000)

one <- function(id, data, cluster, mods, method) {
  data$cluster <- as.character(data[[cluster]]); data$row <- seq_len(nrow(data))
  columns <- lapply(setNames(mods, mods), function(m) as.numeric(data[[m]]))
  form <- if (length(mods)) reformulate(mods) else ~ 1
  f <- rma.mv(yi, vi, mods = form, random = ~ 1 | cluster/row, data = data, method = method, control = tight, sparse = FALSE)
  r1 <- robust(f, cluster = data$cluster)
  r2 <- coef_test(f, vcov = "CR2", cluster = data$cluster, test = "Satterthwaite")
  list(id = paste(c(id, mods, method), collapse = "-"), method = method, yi = as.numeric(data$yi), vi = as.numeric(data$vi),
       cluster = data$cluster, moderators = columns,
       answer = list(estimate = as.numeric(f$beta), se = f$se, sigma2 = f$sigma2, log_likelihood = as.numeric(logLik(f)),
                     qe = f$QE, qm = if (length(mods)) f$QM else NULL, pi = if (length(mods)) NULL else with(predict(f), c(pi.lb, pi.ub)),
                     cr1_se = r1$se, cr1_df = r1$ddf[1], cr2_se = r2$SE, cr2_df = as.numeric(r2$df)))
}

kon <- dat.konstantopoulos2011
assink <- dat.assink2016
assink$overt <- as.numeric(assink$deltype == "overt")
cases <- list(one("konstantopoulos2011", kon, "district", character(0), "REML"),
              one("konstantopoulos2011", kon, "district", character(0), "ML"),
              one("konstantopoulos2011", kon, "district", "year", "REML"),
              one("assink2016", assink, "study", character(0), "REML"),
              one("assink2016", assink, "study", "year", "REML"),
              one("assink2016", assink, "study", c("year", "overt"), "ML"))

profile <- function() {
  kon$row <- seq_len(nrow(kon))
  f <- rma.mv(yi, vi, random = ~ 1 | district/row, data = kon, control = tight)
  ends <- lapply(1:2, function(i) as.numeric(confint(f, sigma2 = i, control = list(tol = 1e-12))$random[1, 2:3]))
  list(id = "konstantopoulos2011--REML", sigma2_ci = ends)
}

origin <- paste0("metafor ", packageVersion("metafor"), ", clubSandwich ", packageVersion("clubSandwich"), ", ", R.version.string, ", multilevel.R beside this file")
write(toJSON(list(origin = origin, cases = cases, profile = profile()), auto_unbox = TRUE, digits = NA, null = "null"), file.path(folder, "multilevel.json"))
