"""Reads rows from a database and draws them, as one would with pandas and
matplotlib: draw.py DATABASE FIGURE SQL ROWS FOLDER"""

import json
import os
import sqlite3
import sys
import time

import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd


def histogram(ax, df):
    ax.hist(df.running - df.launched, bins=60)
    ax.set_xlabel("duration (s)")


def scatter(ax, df):
    ax.scatter(df.launched, df.running - df.launched, s=4, alpha=0.5)
    ax.set_xlabel("launched (s)")


def states(ax, df):
    df = df.sort_values("time", kind="stable")
    entered = pd.get_dummies(df.state, dtype=int)
    left = pd.get_dummies(df.groupby("span").state.shift(), dtype=int)
    left = left.reindex(columns=entered.columns, fill_value=0)
    counts = (entered - left).cumsum()
    ax.stackplot(df.time, counts.T, labels=counts.columns, step="post")
    ax.legend()


def timeline(ax, df):
    for place, (worker, rows) in enumerate(df.groupby("worker")):
        bars = list(zip(rows.running, rows.ended - rows.running))
        ax.broken_barh(bars, (place - 0.4, 0.8))


path, name, sql, rows, folder = sys.argv[1:]
db = sqlite3.connect(path)
start = time.perf_counter()
df = pd.read_sql(sql, db, params=[int(rows)])
read = time.perf_counter() - start


def drawn(ending):
    """The seconds to draw it all into a file."""
    start = time.perf_counter()
    fig, ax = plt.subplots(figsize=(7.6, 3.2))
    globals()[name](ax, df)
    fig.savefig(os.path.join(folder, "figure." + ending))
    plt.close(fig)
    return time.perf_counter() - start


svg, png = drawn("svg"), drawn("png")
size = os.path.getsize(os.path.join(folder, "figure.svg"))
print(json.dumps({"seconds": read + svg, "read": read, "svg": svg, "png": png,
                  "bytes": size}))
