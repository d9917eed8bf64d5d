# ICC(2,1) of two raters from the mean squares of R's aov, and limits of agreement of the peak flow readings of
# Bland and Altman 1986, table 1. Run with: Rscript agreement.R > agreement.json (base R and jsonlite).
library(jsonlite)
icc <- function(one, other) {
  n <- length(one)
  data <- data.frame(value = c(one, other), thing = factor(rep(1:n, 2)), rater = factor(rep(1:2, each = n)))
  square <- summary(aov(value ~ thing + rater, data))[[1]][["Mean Sq"]]
  (square[1] - square[3]) / (square[1] + square[3] + 2 * (square[2] - square[3]) / n)
}
wright <- c(494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
mini <- c(512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
d <- wright - mini
first <- c(9, 6, 8, 7, 10, 6); second <- c(2, 1, 4, 1, 5, 2)
cat(toJSON(list(
  program = R.version.string,
  peak_flow = list(pairs = cbind(wright, mini), low = mean(d) - 1.96 * sd(d), high = mean(d) + 1.96 * sd(d), icc = icc(wright, mini)),
  shrout_fleiss = list(pairs = cbind(first, second), icc = icc(first, second))
), auto_unbox = TRUE, digits = 17))
