#!/bin/sh
# Imports runs into a campaign, several at a time on this machine:
#
#     JOBS=8 sh import_runs.sh campaign runs.txt
#
# runs.txt has a path in each line; find_runs.py writes one. After an interruption,
# start it again: what has not changed is not read again. Runs that cannot be
# imported are named; then it exits with 123, after all others.

campaign=$1 list=$2
tr '\n' '\0' <"$list" |
  xargs -0 -P "${JOBS:-4}" -I RUN dnpc import RUN --to parquet -o "$campaign" -q
