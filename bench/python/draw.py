"""Reads rows from a database and draws them, as one would with pandas and
matplotlib: draw.py DATABASE FUNCTION SQL ROWS FOLDER"""

import json
import os
import sqlite3
import sys
import time

import matplotlib
matplotlib.use("agg")
from matplotlib.colors import LogNorm
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def histogram(ax, df):
    ax.hist(df.running - df.launched, bins=60)
    ax.set_xlabel("duration (s)")


def scatter(ax, df):
    ax.scatter(df.launched, df.running - df.launched, s=4, alpha=0.5)
    ax.set_xlabel("launched (s)")


def distribution(ax, df):
    ax.ecdf(df.running - df.launched)
    ax.set_xlabel("duration (s)")


def heatmap(ax, df):
    ax.hist2d(df.launched, df.running - df.launched, bins=(100, 40),
              norm=LogNorm())
    ax.set_xlabel("launched (s)")


def concurrency(ax, df):
    times = np.concatenate([df.running, df.ended])
    order = np.argsort(times, kind="stable")
    changes = np.repeat([1, -1], len(df))
    ax.step(times[order], changes[order].cumsum(), where="post")


def states(ax, df):
    df = df.sort_values("time", kind="stable")
    entered = pd.get_dummies(df.state, dtype=int)
    left = pd.get_dummies(df.groupby("span").state.shift(), dtype=int)
    left = left.reindex(columns=entered.columns, fill_value=0)
    counts = (entered - left).cumsum()
    ax.stackplot(df.time, counts.T, labels=counts.columns, step="post")
    ax.legend()


path, name, sql, rows, folder = sys.argv[1:]
db = sqlite3.connect(path)
df = pd.read_sql(sql, db, params=[int(rows)])

start = time.process_time()
fig, ax = plt.subplots(figsize=(7.6, 3.2))
globals()[name](ax, df)
file = os.path.join(folder, "figure.svg")
fig.savefig(file)
print(json.dumps({"seconds": time.process_time() - start,
                  "bytes": os.path.getsize(file)}))
