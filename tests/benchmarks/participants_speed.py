"""Ten million invented participants to arm summaries, beside DuckDB's bare aggregate of the same file.

Run as `python -m tests.benchmarks.participants_speed [ROWS]`. Each figure is the median of five, taken in turns; the
bare aggregate is DuckDB's own count, mean, SD, correlation and mean and SD of change by arm, which change in their
last bits from run to run. "summaries" is the one pass that gives what a dataset keeps, the same bits each time, and
holds every cell to its contract; "all" adds the proof that no participant stands twice, the look at their codes and the
SHA-256 of the file. Seconds are of processor time and of the clock.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import duckdb

from analysis.evidence.participants import summing
from analysis.evidence.participants.declared import arms_of
from analysis.evidence.participants.reading import read_summaries
from analysis.evidence.participants.table import ParticipantTable, open_table
from analysis.evidence.reading import sha256_of
from analysis.results import Arm, ParticipantOutcome, Participants

OUTCOME = ParticipantOutcome("pain_12", "pain", "scale", 12.0, baseline="pain_0", scale=(0.0, 100.0))
ARMS = (Arm("hip", treatment="hip"), Arm("knee", treatment="knee"))
COLUMNS = ("study", "participant", "arm", "pain_0", "pain_12")
BARE = """select arm, count(pain_12), avg(pain_12), stddev_samp(pain_12), avg(pain_0), stddev_samp(pain_0),
corr(pain_0, pain_12), avg(pain_12 - pain_0), stddev_samp(pain_12 - pain_0), count(*) from {source} group by arm"""
MAKE = """copy (
select 'trial' as study, 'P' || lpad(i::varchar, 9, '0') as participant,
       case when hash(i) % 2 = 0 then 'hip' else 'knee' end as arm, round(20 + 60 * u, 1) as pain_0,
       case when w < 0.05 then null else round(10 + 40 * u + 40 * v, 1) end as pain_12
from (select i, hash(i, 1) / 18446744073709551616.0 as u, hash(i, 2) / 18446744073709551616.0 as v,
      hash(i, 3) / 18446744073709551616.0 as w from range({rows}) numbers(i)) order by i) to '{path}' {options}"""


def bare(table):
    with duckdb.connect() as connection:
        connection.execute(BARE.format(source=table.source(typed=True))).fetchall()


def summaries(table):
    with open_table(table.path) as connection:
        reach = summing.scales(connection, table, exact=False)
        return summing.sum_up(connection, table, reach, "trial")


def everything(table):
    """Read a table as a dataset's folder is read: its file is hashed beside."""
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(sha256_of, table.path)
        found, faults = read_summaries(table, "trial", arms_of(ARMS))
        assert not faults and digest.result()


def timed(function, table):
    clock, processor = time.perf_counter(), time.process_time()
    function(table)
    return time.perf_counter() - clock, time.process_time() - processor


def main(rows):
    with tempfile.TemporaryDirectory() as folder:
        for name, options in (("participants.csv", "(header)"), ("participants.parquet", "(format parquet)")):
            path = Path(folder) / name
            duckdb.execute(MAKE.format(rows=rows, path=path, options=options))
            table = ParticipantTable(path, name, COLUMNS, Participants((OUTCOME,)))
            took = {function: [] for function in (bare, summaries, everything)}
            for _ in range(5):
                for function, times in took.items():
                    times.append(timed(function, table))
            print(f"{name}: {rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")
            wall, processor = (median(one[which] for one in took[bare]) for which in (0, 1))
            for function, times in took.items():
                clock, busy = (median(one[which] for one in times) for which in (0, 1))
                print(f"  {function.__name__:<11} {clock:6.2f} s {clock / wall:5.2f}   processor {busy:6.2f} s "
                      f"{busy / processor:5.2f}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
