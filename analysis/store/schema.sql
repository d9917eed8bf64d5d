-- The store of a review. Effects and pooled numbers of RR, OR and HR are on the log scale.
-- The views at the end, and arms, contrasts and poolings (made from the contract of a dataset), are for people.

create table store_version (version integer not null);

-- A dataset as it was read, kept once for as long as its bytes stay the same.
create table dataset_version (
    fingerprint varchar primary key,  -- SHA-256 of document
    dataset varchar not null,
    document varchar not null         -- the Dataset as JSON
);

create table raw_file (
    fingerprint varchar not null references dataset_version,
    name varchar not null,
    sha256 varchar not null           -- of the file's bytes
);

create table raw_row (
    fingerprint varchar not null references dataset_version,
    table_name varchar not null,
    line integer not null,            -- of the CSV file; the header is line 1
    cells map(varchar, varchar) not null
);

create table run (
    id varchar primary key,
    number integer not null unique,   -- in the order of recording, whatever the clock said
    started timestamp not null,       -- UTC
    previous varchar,
    data_fingerprint varchar not null,
    protocol_fingerprint varchar not null,
    code_fingerprint varchar not null,
    document varchar not null         -- the Run as JSON, its datasets and comparisons left to the tables that follow
);

create table run_dataset (
    run varchar not null references run,
    position integer not null,
    fingerprint varchar not null references dataset_version
);

-- What the evidence says of a comparison, kept once for as long as it comes out the same.
create table result_version (
    fingerprint varchar primary key,  -- SHA-256 of document
    comparison varchar not null,
    document varchar not null         -- the ComparisonResult as JSON
);

create table run_result (
    run varchar not null references run,
    position integer not null,
    fingerprint varchar not null references result_version
);

create table run_program (
    run varchar not null references run,
    name varchar not null,
    version varchar not null
);

create table effect (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    position integer not null,        -- within the comparison, the main pool first
    pool varchar not null,            -- main or doubtful
    study varchar not null,
    label varchar not null,
    measure varchar not null,
    yi double not null,
    vi double not null,
    ci_low double,
    ci_high double,
    weight double,                    -- percent; none for an effect that is not pooled
    derivation varchar not null,
    followup_weeks double,
    instrument varchar,
    n_total integer,
    seen_as varchar not null
);

-- The rows an effect was made from.
create table effect_row (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    position integer not null,
    dataset varchar not null,
    table_name varchar not null,
    line integer not null,
    location varchar not null
);

create table left_out (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    study varchar not null,
    code varchar not null,
    reason varchar not null,
    dataset varchar not null,
    table_name varchar not null,
    line integer not null
);

create table result (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    question varchar not null,
    answer varchar not null,
    measure varchar not null,
    unit varchar,
    n_total integer,
    k integer,                        -- this and what follows is empty when nothing was pooled
    tau2_method varchar,
    test varchar,
    level double,
    estimate double,
    se double,
    ci_low double,
    ci_high double,
    p_value double,
    tau2 double,
    i2 double,                        -- percent
    q double,
    q_df integer,
    q_p_value double,
    pi_low double,
    pi_high double,
    status varchar[]
);

-- What the effect of a comparison depends on; the coefficient of no moderator is the intercept.
create table coefficient (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    moderator varchar,
    level varchar,                    -- of a moderator in words
    estimate double not null,
    se double not null,
    df double,                        -- of t; none for the normal distribution
    ci_low double not null,
    ci_high double not null,
    p_value double not null
);

create table subgroup (
    fingerprint varchar not null references result_version,
    comparison varchar not null,
    moderator varchar not null,
    name varchar not null,
    k integer not null,
    estimate double not null,
    se double not null,
    ci_low double not null,
    ci_high double not null,
    p_value double not null,
    tau2 double,
    i2 double                         -- percent
);

-- Every pair of treatments of a network, one minus the other.
create table relative_effect (
    run varchar not null references run,
    network varchar not null,
    experimental varchar not null,
    control varchar not null,
    estimate double not null,
    se double not null,
    ci_low double not null,
    ci_high double not null,
    p_value double not null,
    direct_trials integer not null
);

-- What one group shows on average, compared with nobody; of PLO the estimate is the logarithm of odds.
create table group_result (
    run varchar not null references run,
    group_question varchar not null,
    question varchar not null,
    measure varchar not null,
    unit varchar,
    n_total integer not null,
    k integer,                        -- this and what follows is empty when nothing was pooled
    tau2_method varchar,
    test varchar,
    level double,
    estimate double,
    se double,
    ci_low double,
    ci_high double,
    p_value double,
    tau2 double,
    i2 double,                        -- percent
    q double,
    q_df integer,
    q_p_value double,
    pi_low double,
    pi_high double,
    status varchar[]
);

create table group_effect (
    run varchar not null references run,
    group_question varchar not null,
    position integer not null,        -- within the question, the main pool first
    pool varchar not null,            -- main or doubtful
    study varchar not null,
    label varchar not null,
    measure varchar not null,
    yi double not null,
    vi double not null,
    ci_low double not null,
    ci_high double not null,
    weight double,                    -- percent; none for a study that is not pooled
    derivation varchar not null,
    followup_weeks double,
    instrument varchar,
    n integer not null,
    seen_as varchar not null
);

create table verdict (
    run varchar not null references run,
    claim varchar not null,
    text varchar not null,
    verdict varchar not null,
    fragile boolean not null,
    agreeing_choices integer not null,
    choices integer not null,
    since date not null
);

create table change (
    run varchar not null references run,
    kind varchar not null,
    subject varchar not null,
    what varchar not null,
    old varchar,
    new varchar
);

create view latest_run as select * from run order by number desc limit 1;

create view runs as
select id, started, previous, data_fingerprint, protocol_fingerprint, code_fingerprint from run order by number;

create view effects as
select effect.* exclude (fingerprint) from effect join run_result using (fingerprint) join latest_run on run = id
order by comparison, effect.position;

create view effect_rows as
select effect_row.* exclude (fingerprint) from effect_row join run_result using (fingerprint)
join latest_run on run = id;

create view results as
select result.* exclude (fingerprint) from result join run_result using (fingerprint) join latest_run on run = id;

create view coefficients as
select coefficient.* exclude (fingerprint) from coefficient join run_result using (fingerprint)
join latest_run on run = id;

create view subgroups as
select subgroup.* exclude (fingerprint) from subgroup join run_result using (fingerprint) join latest_run on run = id;

create view relative_effects as
select relative_effect.* exclude (run) from relative_effect join latest_run on run = id;

create view group_results as
select group_result.* exclude (run) from group_result join latest_run on run = id;

create view group_effects as
select group_effect.* exclude (run) from group_effect join latest_run on run = id order by group_question, position;

create view verdicts as
select verdict.* exclude (run) from verdict join latest_run on run = id;

create view changes as
select change.* exclude (run) from change join latest_run on run = id;

-- How every claim came out in every run.
create view verdict_history as
select claim, id as run, started, verdict, fragile from verdict join run on run = id order by claim, number;
