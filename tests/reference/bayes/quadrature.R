# Writes quadrature.json: the normal model with a prior of tau, by R's integrate on pieces of the axis of tau.
#   Rscript tests/reference/bayes/quadrature.R tests/reference/bayes tests/reference/metafor/univariate.json
# Effects of eight schools: Rubin 1981, as printed in the vignette of bayesmeta. Bounds are invented.
suppressMessages(library(jsonlite))
arguments <- commandArgs(trailingOnly = TRUE)
published <- fromJSON(arguments[2], simplifyVector = FALSE)$cases
find <- function(id) Filter(function(case) case$id == id, published)[[1]]
bcg <- find("bcg-rr"); raudenbush <- find("raudenbush1985")
schools <- list(yi = c(28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16),
                vi = c(14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6)^2)
priors <- list("half-normal" = function(tau, scale) log(2) + dnorm(tau, 0, scale, log = TRUE),
               "half-cauchy" = function(tau, scale) log(2) + dcauchy(tau, 0, scale, log = TRUE))

answer <- function(id, yi, vi, prior, scale, mu_mean, mu_sd, bound) {
  given <- function(tau) {
    w <- 1 / (vi + tau^2)
    total <- sum(w) + 1 / mu_sd^2
    mean <- (sum(w * yi) + mu_mean / mu_sd^2) / total
    shrink <- if (is.finite(mu_sd)) (mean - mu_mean)^2 / mu_sd^2 else 0
    list(mean = mean, sd = 1 / sqrt(total),
         log = (sum(log(w)) - sum(w * (yi - mean)^2) - log(total) - shrink) / 2 + priors[[prior]](tau, scale))
  }
  places <- c(0, exp(seq(log(scale / 1e4), log(scale * 1e9), length.out = 200)))
  highest <- max(sapply(places, function(tau) given(tau)$log))
  over <- function(what, upto = Inf) {
    ends <- c(places[places < upto], min(upto, max(places)))
    one <- function(tau) { at <- given(tau); what(tau, at) * exp(at$log - highest) }
    pieces <- mapply(function(a, b) integrate(Vectorize(one), a, b, rel.tol = 1e-11, abs.tol = 1e-15)$value,
                     head(ends, -1), tail(ends, -1))
    sum(pieces)
  }
  total <- over(function(tau, at) 1)
  expect <- function(what) over(what) / total
  root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-13, maxiter = 10000)$root
  below <- function(x, extra) expect(function(tau, at) pnorm(x, at$mean, sqrt(at$sd^2 + extra * tau^2)))
  quantiles <- function(f, low, high) sapply(c(0.5, 0.025, 0.975), function(p) root(function(x) f(x) - p, low, high))
  mean <- expect(function(tau, at) at$mean)
  square <- function(extra) expect(function(tau, at) at$sd^2 + extra * tau^2 + (at$mean - mean)^2)
  tau_mean <- expect(function(tau, at) tau)
  reach <- 400 * max(sqrt(vi), scale, diff(range(yi)))
  list(id = id, yi = yi, vi = vi, prior = prior, scale = scale, mu_mean = mu_mean,
       mu_sd = if (is.finite(mu_sd)) mu_sd else NULL, bound = bound,
       mu = list(mean = mean, sd = sqrt(square(0)), quantiles = quantiles(function(x) below(x, 0), -reach, reach)),
       tau = list(mean = tau_mean, sd = sqrt(expect(function(tau, at) (tau - tau_mean)^2)),
                  quantiles = quantiles(function(x) over(function(tau, at) 1, x) / total, 1e-8 * scale, reach)),
       new = list(mean = mean, sd = sqrt(square(1)), quantiles = quantiles(function(x) below(x, 1), -reach, reach)),
       below = c(below(bound, 0), below(bound, 1)))
}

cases <- list(
  answer("schools-cauchy-normal", schools$yi, schools$vi, "half-cauchy", 25, 0, 50, 5),
  answer("schools-normal-flat", schools$yi, schools$vi, "half-normal", 10, 0, Inf, 0),
  answer("bcg-normal-flat", unlist(bcg$yi), unlist(bcg$vi), "half-normal", 0.5, 0, Inf, -0.5),
  answer("bcg-cauchy-flat", unlist(bcg$yi), unlist(bcg$vi), "half-cauchy", 0.5, 0, Inf, -0.5),
  answer("raudenbush-normal-normal", unlist(raudenbush$yi), unlist(raudenbush$vi), "half-normal", 0.3, 0.1, 0.4, 0.1))
write(toJSON(list(origin = R.version.string, cases = cases), auto_unbox = TRUE, digits = NA, null = "null"),
      file.path(arguments[1], "quadrature.json"))
