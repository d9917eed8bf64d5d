# Writes row_weights.json: what each row weighs in the mean of a two-level model, by weights(type = "rowsum").
#   Rscript tests/reference/metafor/row_weights.R tests/reference/metafor
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(trailingOnly = TRUE)[1]
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 2000)
f <- rma.mv(yi, vi, random = ~ 1 | district/school, data = dat.konstantopoulos2011, control = tight)
origin <- paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", ", R.version.string, ", row_weights.R beside this file")
write(toJSON(list(origin = origin, id = "konstantopoulos2011-REML", percent = as.numeric(weights(f, type = "rowsum"))),
  auto_unbox = TRUE, digits = NA), file.path(folder, "row_weights.json"))
