# What a new trial does to an interval, and the chance that it then leaves out no effect, by metafor and by integration.
# Run with: Rscript expecting.R > expecting.json (R with metafor 3.8-1 and jsonlite).
suppressMessages({library(metafor); library(jsonlite)})
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
tight <- list(threshold = 1e-12, maxiter = 10000)
pool <- rma(yi, vi, data = dat, method = "REML", control = tight)
sizes <- dat$tpos + dat$tneg + dat$cpos + dat$cneg
v <- median(dat$vi * sizes) / 100000
add <- function(y, count) rma(c(dat$yi, rep(y, count)), c(dat$vi, rep(v, count)), tau2 = pool$tau2)
after <- add(coef(pool), 1)
two <- add(coef(pool), 2)
# one new effect is drawn around the average now; what the average then becomes is metafor's; integrated over the draw
half <- qnorm(0.975) * after$se
mean_with <- function(y) sapply(y, function(one) coef(add(one, 1)))
shift <- coef(pool) + 0.4    # an average near no effect, so that both directions count
spread <- sqrt(pool$se^2 + pool$tau2 + v)
slope <- (mean_with(1) - mean_with(0))   # the average is linear in the new effect
becomes <- function(y) shift + slope * (y - shift)
clear <- function(y) (abs(becomes(y)) > half) * dnorm(y, shift, spread)
edges <- sort((c(-half, half) - shift) / slope + shift)
chance <- integrate(clear, -Inf, edges[1], rel.tol = 1e-12)$value + integrate(clear, edges[2], Inf, rel.tol = 1e-12)$value
cat(toJSON(list(
  program = "R metafor 3.8-1", tau2 = pool$tau2, variance = v, se_before = pool$se, se_one = after$se, se_two = two$se,
  estimate = unname(shift), width_one = 2 * half, chance = chance
), auto_unbox = TRUE, digits = 17))
