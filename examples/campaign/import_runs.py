"""Imports runs of Parsl into a campaign, with Parsl: a task for each run.

    python import_runs.py campaign /scratch/me/runs
    python import_runs.py campaign @runs.txt --config my_config.py

Runs are found below directories; a file after @ has a path in each line. Without
--config, the workers are on this machine. A configuration file is Python and sets
`config` to a parsl.Config. Its workers need `dnpc` on PATH, and the runs and the
campaign under the same paths as here.

After an interruption, start it again: what has not changed is not read again. Runs
that cannot be imported are named at the end; then it exits with 1.
"""

import argparse
import concurrent.futures
import os
import re
import runpy
import signal
import sys

import parsl
from find_runs import find_runs
from parsl.app.errors import BashExitFailure

LOG = parsl.AUTO_LOGNAME


@parsl.bash_app
def import_run(run, campaign, label=None, stdout=LOG, stderr=LOG):
    from shlex import quote

    return f"exec dnpc import {quote(run)} --to parquet -o {quote(campaign)}"


def retry_cost(error, task):
    """Tries again after the loss of a worker, but not if dnpc refuses a run."""
    # 126 and 127: there is no dnpc.
    is_final = isinstance(error, BashExitFailure) and 125 <= error.exitcode <= 127
    return parsl.dfk().config.retries + 1 if is_final else 1


def read_config(path):
    if path is None:
        # An import takes up to a gigabyte. Workers log what they do.
        executor = parsl.HighThroughputExecutor(
            label="import", mem_per_worker=1, worker_debug=True
        )
        config = parsl.Config(executors=[executor])
    else:
        config = runpy.run_path(path).get("config")
    if not isinstance(config, parsl.Config):
        sys.exit(f"{path} does not set config to a parsl.Config")
    config.retries = config.retries or 2
    config.retry_handler = config.retry_handler or retry_cost
    # Not among the runs that are imported.
    if config.run_dir == "runinfo":
        config.run_dir = "import_runinfo"
    return config


def messages(future, run, campaign):
    """The lines of dnpc, below the command that Parsl writes to stderr first."""
    try:
        with open(future.stderr, errors="replace") as file:
            text = file.read().rpartition("--> end executable <--\n")[2]
    except OSError as error:
        return [str(error)]
    prefix = f"^dnpc: (({re.escape(run)}|{re.escape(campaign)}): )?"
    return [re.sub(prefix, "", line) for line in text.splitlines()]


def import_all(runs, campaign):
    """Returns why runs, and parts of runs, could not be imported."""
    failed, damaged = {}, {}
    futures = {
        import_run(run, campaign, label=re.sub(r"\W+", "_", run[-60:])): run
        for run in runs
    }
    done = concurrent.futures.as_completed(futures)
    for number, future in enumerate(done, 1):
        run, error = futures[future], future.exception()
        lines = messages(future, run, campaign)
        if error and not (lines and isinstance(error, BashExitFailure)):
            lines = [str(error)]
        result = "; ".join(lines)
        if error:
            failed[run] = result
        elif len(lines) > 1:
            damaged[run] = "; ".join(lines[1:])
        print(f"{number}/{len(runs)} {run}: {result}", flush=True)
    return failed, damaged


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        fromfile_prefix_chars="@",
    )
    parser.add_argument("campaign", help="the directory, which is created")
    parser.add_argument("runs", nargs="+", help="directories, tarballs or @FILE")
    parser.add_argument("--config", metavar="FILE", help="Python that sets config")
    given = parser.parse_args()
    runs = find_runs(given.runs)
    campaign = os.path.abspath(given.campaign)
    os.makedirs(campaign, exist_ok=True)
    # Parsl then ends its workers and their jobs.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    parsl.load(read_config(given.config))
    try:
        failed, damaged = import_all(runs, campaign)
    finally:
        parsl.dfk().cleanup()
    print(f"{len(runs) - len(failed)} of {len(runs)} are in {given.campaign}")
    for run, reason in damaged.items():
        print(f"imported in part: {run}: {reason}", file=sys.stderr)
    for run, reason in failed.items():
        print(f"not imported: {run}: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
