# Writes correlations.json: Rscript tests/reference/metafor/correlations.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
ri <- c(0.3, -0.6, 0, 0.95, 0.12)
ni <- c(20, 50, 10, 4, 1000)
answer <- function(measure) { e <- escalc(measure, ri = ri, ni = ni); list(yi = as.numeric(e$yi), vi = as.numeric(e$vi)) }
origin <- paste0("metafor ", packageVersion("metafor"), ", ", R.version.string, ", correlations.R beside this file")
write(toJSON(list(origin = origin, ri = ri, ni = ni, COR = answer("COR"), ZCOR = answer("ZCOR")),
             auto_unbox = TRUE, digits = NA),
      file.path(commandArgs(trailingOnly = TRUE)[1], "correlations.json"))
