"""The workflow of gate.yml: gate_workflow.py RUNDIR [TASKS]

Runs 200 short tasks with the high throughput executor, whose logs go to RUNDIR."""
import sys

import parsl
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.providers import LocalProvider


@parsl.python_app
def work(seconds):
    import time
    time.sleep(seconds)


def main(rundir, tasks=200):
    executor = HighThroughputExecutor(
        label="htex",
        address="127.0.0.1",
        max_workers_per_node=2,
        provider=LocalProvider(init_blocks=1, max_blocks=1),
    )
    with parsl.load(Config(run_dir=rundir, strategy="none", executors=[executor])):
        work(0).result()  # Tasks do not wait for the start of workers.
        for future in [work(0.01) for _ in range(int(tasks))]:
            future.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
