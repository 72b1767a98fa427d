"""Runs a program, and writes the processor seconds of it and its children, its
elapsed seconds and its peak memory as the last line of stderr."""
import json
import os
import sys
import time

command = sys.argv[1:]
if command[0] == "python3":
    command[0] = sys.executable  # python3 may be a script that looks for it.
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                  "memory": 1024 * usage.ru_maxrss}), file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
