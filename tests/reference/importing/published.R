# Writes published tables of the metadat package as files that `trochlea add` reads, and published.json: what metafor pools.
#   Rscript tests/reference/importing/published.R tests/reference/importing
library(metafor)
library(jsonlite)
folder <- commandArgs(trailingOnly = TRUE)[1]
pooled <- function(measure, made) {
  made <- made[!is.na(made$yi), ]
  tight <- list(threshold = 1e-12 * max(0.1, var(made$yi)), maxiter = 10000)
  fit <- rma(yi, vi, data = made, method = "REML", control = tight)
  list(measure = measure, k = fit$k, estimate = as.numeric(fit$beta), se = fit$se, tau2 = fit$tau2,
       ci_low = fit$ci.lb, ci_high = fit$ci.ub)
}
events <- function(measure, d) pooled(measure, escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d))
means <- function(measure, d) pooled(measure, escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d))
bcg <- transform(dat.bcg, ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg)
senn <- merge(dat.senn2013[dat.senn2013$treatment == "metformin", ], dat.senn2013[dat.senn2013$treatment == "placebo", ], by = "study")
senn <- transform(senn, m1i = mi.x, sd1i = sdi.x, n1i = ni.x, m2i = mi.y, sd2i = sdi.y, n2i = ni.y)
molloy <- escalc("ZCOR", ri = ri, ni = ni, data = dat.molloy2014)
answers <- list(
  "bcg" = events("RR", bcg),
  "normand1999" = means("MD", dat.normand1999),
  "normand1999-smd" = means("SMD", dat.normand1999),
  "hine1989" = events("RD", dat.hine1989),
  "li2007" = events("OR", dat.li2007),
  "senn2013" = means("MD", senn),
  "bangertdrowns2004" = pooled("SMD", dat.bangertdrowns2004),
  "molloy2014" = pooled("ZCOR", molloy)
)
origin <- paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", REML, Wald intervals, by published.R")
write(toJSON(list(origin = origin, answers = answers), auto_unbox = TRUE, digits = NA), file.path(folder, "published.json"))
for (name in c("bcg", "normand1999", "hine1989", "li2007", "senn2013", "bangertdrowns2004", "molloy2014"))
  write.csv(get(paste0("dat.", name)), file.path(folder, paste0(name, ".csv")), row.names = FALSE)
# the same tables as RevMan 5 keeps them, and as RevMan Web exports them
escaped <- function(x) gsub("&", "&amp;", x, fixed = TRUE)
ids <- function(x) paste0("STD-", gsub("[^A-Za-z0-9]", "_x0020_", iconv(x, to = "ASCII//TRANSLIT")))
study <- function(name, year, source) sprintf('<STUDY DATA_SOURCE="PUB" ID="%s" NAME="%s" YEAR="%s"><REFERENCE PRIMARY="YES" TYPE="JOURNAL_ARTICLE"><TI>%s</TI><IDENTIFIERS/></REFERENCE></STUDY>', ids(name), escaped(name), year, source)
colditz <- paste("As tabled by Colditz GA and others. JAMA 1994;271:698-702")
normand <- paste("As tabled by Normand SLT. Stat Med 1999;18:321-359")
bcgname <- paste(bcg$author, bcg$year); norname <- paste("Stroke", dat.normand1999$source)
made <- escalc("RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = bcg)
dich <- sprintf('<DICH_DATA EVENTS_1="%d" EVENTS_2="%d" STUDY_ID="%s" TOTAL_1="%d" TOTAL_2="%d"/>', bcg$ai, bcg$ci, ids(bcgname), bcg$n1i, bcg$n2i)
halves <- split(dich, bcg$alloc == "random")
cont <- sprintf('<CONT_DATA MEAN_1="%s" MEAN_2="%s" SD_1="%s" SD_2="%s" STUDY_ID="%s" TOTAL_1="%d" TOTAL_2="%d"/>', dat.normand1999$m1i, dat.normand1999$m2i, dat.normand1999$sd1i, dat.normand1999$sd2i, ids(norname), dat.normand1999$n1i, dat.normand1999$n2i)
giv <- sprintf('<IV_DATA EFFECT_SIZE="%.10g" ESTIMABLE="YES" ESTIMATE="%.17g" SE="%.17g" STUDY_ID="%s" TOTAL_1="%d" TOTAL_2="%d"/>', exp(made$yi), made$yi, sqrt(made$vi), ids(bcgname), bcg$n1i, bcg$n2i)
labels <- function(a, b) sprintf("<GROUP_LABEL_1>%s</GROUP_LABEL_1><GROUP_LABEL_2>%s</GROUP_LABEL_2>", a, b)
rm5 <- c('<?xml version="1.0" encoding="UTF-8"?>', '<COCHRANE_REVIEW TYPE="INTERVENTION"><COVER_SHEET><TITLE>Published tables, for the tests of Trochlea</TITLE></COVER_SHEET>',
  "<STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>", study(bcgname, bcg$year, colditz), study(norname, "", normand), "</INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>",
  '<ANALYSES_AND_DATA><COMPARISON ID="CMP-001" NO="1"><NAME>BCG or none</NAME>',
  '<DICH_OUTCOME EFFECT_MEASURE="RR" ID="CMP-001.01" METHOD="IV" NO="1" RANDOM="YES" SWAP_EVENTS="NO"><NAME>Tuberculosis</NAME>', labels("BCG vaccine", "No vaccine"),
  '<DICH_SUBGROUP ID="CMP-001.01.01" NO="1"><NAME>Random allocation</NAME>', halves[["TRUE"]], '</DICH_SUBGROUP><DICH_SUBGROUP ID="CMP-001.01.02" NO="2"><NAME>Other allocation</NAME>', halves[["FALSE"]],
  '<DICH_DATA EVENTS_1="0" EVENTS_2="0" STUDY_ID="STD-Unreported" TOTAL_1="0" TOTAL_2="0"/>', "</DICH_SUBGROUP></DICH_OUTCOME>",
  '<IV_OUTCOME ID="CMP-001.02" NO="2" RANDOM="YES"><NAME>Tuberculosis, adjusted</NAME>', labels("BCG vaccine", "No vaccine"), "<EFFECT_MEASURE>Risk Ratio</EFFECT_MEASURE>", giv, "</IV_OUTCOME></COMPARISON>",
  '<COMPARISON ID="CMP-002" NO="2"><NAME>Stroke units</NAME><CONT_OUTCOME EFFECT_MEASURE="MD" ID="CMP-002.01" NO="1" RANDOM="YES"><NAME>Length of stay</NAME>', labels("Specialised care", "Routine care"), cont,
  '<CONT_DATA MEAN_1="0.0" MEAN_2="0.0" SD_1="0.0" SD_2="0.0" STUDY_ID="STD-Unreported" TOTAL_1="0" TOTAL_2="0"/>', "</CONT_OUTCOME></COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>")
writeLines(rm5, file.path(folder, "published.rm5"))
web <- c("Analysis group", "Analysis number", "Analysis name", "Subgroup", "Applicability", "Study", "Study year", "GIV Mean", "GIV SE", "Experimental mean", "Experimental SD", "Experimental cases", "Experimental N", "Control mean", "Control SD", "Control cases", "Control N", "O-E", "Variance", "Weight", "Mean", "CI start", "CI end", "Footnotes")
blank <- function(k) as.data.frame(matrix("", k, length(web), dimnames = list(NULL, web)), optional = TRUE)
one <- blank(13); one[["Analysis group"]] <- 1; one[["Analysis number"]] <- 1; one[["Analysis name"]] <- "Tuberculosis"; one$Study <- bcgname; one[["Study year"]] <- bcg$year
one[["Experimental cases"]] <- bcg$ai; one[["Experimental N"]] <- bcg$n1i; one[["Control cases"]] <- bcg$ci; one[["Control N"]] <- bcg$n2i; one$Mean <- exp(made$yi)
two <- blank(9); two[["Analysis group"]] <- 2; two[["Analysis number"]] <- 1; two[["Analysis name"]] <- "Length of stay"; two$Study <- norname
two[["Experimental mean"]] <- dat.normand1999$m1i; two[["Experimental SD"]] <- dat.normand1999$sd1i; two[["Experimental N"]] <- dat.normand1999$n1i; two[["Control mean"]] <- dat.normand1999$m2i; two[["Control SD"]] <- dat.normand1999$sd2i; two[["Control N"]] <- dat.normand1999$n2i
three <- blank(13); three[["Analysis group"]] <- 1; three[["Analysis number"]] <- 2; three[["Analysis name"]] <- "Tuberculosis, adjusted"; three$Study <- bcgname; three[["GIV Mean"]] <- sprintf("%.17g", made$yi); three[["GIV SE"]] <- sprintf("%.17g", sqrt(made$vi)); three[["Experimental N"]] <- bcg$n1i; three[["Control N"]] <- bcg$n2i
write.csv(rbind(one, three, two), file.path(folder, "published-data-rows.csv"), row.names = FALSE, quote = TRUE, na = "")
