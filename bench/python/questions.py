"""Answers a question about a database, as one would with pandas:
questions.py DATABASE QUESTION"""

import json
import sqlite3
import sys
import time

import pandas as pd

path, name = sys.argv[1:]
db = sqlite3.connect(path)


def nested():
    """Each task, and all spans that are inside of it."""
    edges = pd.read_sql("SELECT superspan_id, subspan_id FROM subspan", db)
    found = pd.read_sql(
        "SELECT id AS task, id AS span_id FROM span "
        "WHERE type = 'parsl.rundir.task'", db)
    every, inner = found, found
    while len(inner):
        inner = inner.merge(edges, left_on="span_id", right_on="superspan_id")
        inner = inner[["task", "subspan_id"]].rename(
            columns={"subspan_id": "span_id"})
        every = pd.concat([every, inner])
    return every.drop_duplicates()


def span_types():
    df = pd.read_sql(
        "SELECT span.type, span.id, time FROM span "
        "LEFT JOIN event ON span_id = span.id", db)
    return df.groupby("type").agg(
        spans=("id", "nunique"), events=("time", "count"),
        first=("time", "min"), last=("time", "max"))


def events(where=""):
    df = pd.read_sql(f"SELECT span_id, time, type FROM event {where}", db)
    return nested().merge(df, on="span_id").sort_values(["task", "time"])


def named_events():
    return events("WHERE named")


def event_sequences():
    sequences = events().groupby("task").type.agg(tuple)
    return sequences.value_counts()


def times_between():
    df = named_events()
    times = df[df.type.isin(["launched", "worker_received_task"])].pivot_table(
        index="task", columns="type", values="time", aggfunc="min")
    return times.worker_received_task - times.launched


def states_over_time():
    df = pd.read_sql(
        "SELECT span_id, time, event.type FROM event "
        "JOIN span ON span.id = span_id "
        "WHERE span.type = 'parsl.rundir.try' AND named ORDER BY time", db)
    entered = pd.get_dummies(df.type, dtype=int)
    left = pd.get_dummies(df.groupby("span_id").type.shift(), dtype=int)
    left = left.reindex(columns=entered.columns, fill_value=0)
    return (entered - left).cumsum()


def event_counts():
    df = pd.read_sql("SELECT time FROM event WHERE type = 'submitted'", db)
    return pd.cut(df.time, 100).value_counts(sort=False)


start = time.process_time()
globals()[name]()
print(json.dumps({"seconds": time.process_time() - start}))
