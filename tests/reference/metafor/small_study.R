# Writes small_study.json: PET and PEESE by lm, fail-safe N, Baujat coordinates, and step-function selection models.
#   Rscript tests/reference/metafor/small_study.R tests/reference/metafor
# Selection models are fitted from three starts at tight control; the highest likelihood is kept.
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
cases <- fromJSON(file.path(folder, "univariate.json"), simplifyVector = FALSE)$cases
tight <- list(threshold = 1e-12, tol = 1e-14, maxiter = 10000, stepadj = 0.5)

limit <- function(fit) {
  row <- summary(fit)$coefficients[1, ]
  ends <- confint(fit)[1, ]
  list(estimate = row[[1]], se = row[[2]], p_value = row[[4]], ci_low = ends[[1]], ci_high = ends[[2]])
}

select <- function(yi, vi, side) {
  significant <- sum(pnorm(yi / sqrt(vi), lower.tail = side == "less") <= 0.025)
  if (significant == 0 || significant == length(yi)) return(NULL)  # its delta has no estimate
  random <- rma(yi, vi, method = "ML", control = tight)
  one <- function(fit, delta) {
    try(suppressWarnings(selmodel(fit, type = "stepfun", steps = 0.025, alternative = side,
      control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-16, maxit = 10000, ndeps = rep(1e-5, 4),
                     delta.init = c(1, delta)))), silent = TRUE)
  }
  tries <- lapply(c(0.05, 0.5, 1, 5), function(delta) one(random, delta))
  common <- lapply(c(0.02, 0.2, 1), function(delta) one(rma(yi, vi, method = "FE"), delta))  # tau2 held at 0
  tries <- Filter(function(one) !inherits(one, "try-error"), c(tries, common))
  best <- tries[[which.max(sapply(tries, function(one) as.numeric(logLik(one))))]]
  list(side = side, estimate = as.numeric(best$beta), se = best$se, tau2 = best$tau2, se_tau2 = best$se.tau2,
       delta = best$delta[2], se_delta = best$se.delta[2], log_likelihood = as.numeric(logLik(best)), lrt = best$LRT,
       lrt_p_value = best$LRTp, held = best$method == "FE")
}

answer <- function(case) {
  yi <- unlist(case$yi); vi <- unlist(case$vi); sei <- sqrt(vi)
  plot <- function(method) {
    pdf(NULL)
    found <- baujat(rma(yi, vi, method = method, control = if (method == "REML") tight else list()))
    invisible(dev.off())
    list(method = method, x = found$x, y = found$y)
  }
  list(id = case$id, pet = limit(lm(yi ~ sei, weights = 1 / vi)), peese = limit(lm(yi ~ vi, weights = 1 / vi)),
       fail_safe = fsn(yi, vi)$fsnum, fail_safe_p_value = fsn(yi, vi)$pval,
       baujat = list(plot("FE"), plot("REML")),
       selection = Filter(Negate(is.null), list(select(yi, vi, "greater"), select(yi, vi, "less"))))
}

write(toJSON(list(origin = paste("metafor", packageVersion("metafor"), "on", R.version.string),
                  cases = lapply(cases, answer)), auto_unbox = TRUE, digits = NA),
      file.path(folder, "small_study.json"))
