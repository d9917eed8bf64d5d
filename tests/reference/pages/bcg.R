# The BCG trials (Colditz 1994, as in metadat's dat.bcg), pooled by metafor, for the page that is compared whole.
# Rscript bcg.R > bcg.json
suppressMessages({library(metafor); library(jsonlite)})
bcg <- dat.bcg
effects <- escalc(measure="RR", ai=tpos, bi=tneg, ci=cpos, di=cneg, data=bcg)
tight <- list(threshold=1e-11, maxiter=1000)
fit <- function(rows, method, test) {
  model <- rma(yi, vi, data=effects[rows,], method=method, test=test, control=tight)
  pi <- predict(model)
  list(method=method, test=test, k=model$k, estimate=c(model$beta), se=model$se, ci_low=model$ci.lb, ci_high=model$ci.ub,
       p_value=model$pval, tau2=model$tau2, i2=model$I2, h2=model$H2, q=model$QE, q_df=model$k - 1, q_p_value=model$QEp,
       pi_low=pi$pi.lb, pi_high=pi$pi.ub, weights=unname(weights(model)))
}
all <- 1:13
main <- fit(all, "REML", "knha")
ends <- confint(rma(yi, vi, data=effects, method="REML", control=tight), control=list(tol=1e-12))$random
main$tau2_low <- ends["tau^2", "ci.lb"]; main$tau2_high <- ends["tau^2", "ci.ub"]
main$i2_low <- ends["I^2(%)", "ci.lb"]; main$i2_high <- ends["I^2(%)", "ci.ub"]
trials <- lapply(all, function(i) list(author=as.character(bcg$author[i]), year=bcg$year[i], tpos=bcg$tpos[i], tneg=bcg$tneg[i],
                                       cpos=bcg$cpos[i], cneg=bcg$cneg[i], alloc=as.character(bcg$alloc[i]),
                                       yi=c(effects$yi[i]), vi=effects$vi[i]))
model <- rma(yi, vi, data=effects, method="REML", test="knha", control=tight)
cumulative <- lapply(all, function(n) {
  step <- fit(order(bcg$year)[1:n], "REML", if (n == 1) "z" else "knha")
  step[c("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2")]
})
plain <- rma(yi, vi, data=effects, method="REML", control=tight)
case <- influence(plain)$inf
pdf(NULL); place <- baujat(plain)
influence_of <- lapply(all, function(i) list(heterogeneity=place$x[i], move=place$y[i], rstudent=case$rstudent[i],
  cooks_distance=case$cook.d[i], cov_ratio=case$cov.r[i], dffits=case$dffits[i], hat=case$hat[i], tau2=case$tau2.del[i],
  q=case$QE.del[i]))
egger <- regtest(model, model="lm"); begg <- ranktest(model, exact=FALSE)
filled <- trimfill(plain, estimator="L0")
again <- rma(as.numeric(filled$yi), filled$vi, method="REML", test="knha", control=tight)
small <- list(egger_t=c(egger$zval), egger_df=egger$dfs, egger_p_value=c(egger$pval), begg_tau=c(begg$tau),
              begg_p_value=c(begg$pval), side=filled$side, estimate=c(again$beta), ci_low=again$ci.lb, ci_high=again$ci.ub,
              imputed=lapply(which(filled$fill), function(i) list(yi=as.numeric(filled$yi)[i], sei=sqrt(filled$vi[i]))))
answer <- list(origin="metafor 3.8-1, metadat dat.bcg (Colditz 1994); written by bcg.R beside this file", trials=trials, main=main,
               choices=list("tau2=DL"=fit(all, "DL", "knha"), "tau2=PM"=fit(all, "PM", "knha"), "interval=z"=fit(all, "REML", "z"),
                            "model=common"=fit(all, "EE", "z")),
               without=lapply(all, function(i) fit(all[-i], "REML", "knha")),
               order=order(bcg$year), cumulative=cumulative, influence=influence_of, small_studies=small)
cat(toJSON(answer, auto_unbox=TRUE, digits=NA, null="null", na="null", pretty=1))
