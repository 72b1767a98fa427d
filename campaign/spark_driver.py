"""Runs SQL on Apache Spark for dnpc: sparkCampaign() starts it and talks to it.

Each line of standard input is a JSON object, and so is each answer: a line of
standard output that begins with "dnpc ". The first line has the settings. The
rows of a query go to an Arrow file, which the answer names.
"""

import json
import os
import re
import sys
import tempfile


def answer(**content):
    print("dnpc " + json.dumps(content), flush=True)


def fail(error):
    answer(error=str(error).split("JVM stacktrace")[0].strip()[:4000])


def start(settings):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("dnpc")
    if settings.get("master"):
        builder = builder.master(settings["master"])
    defaults = {
        # The SQL of dnpc is standard SQL, as SQLite and DuckDB read it.
        "spark.sql.ansi.enabled": "true",
        "spark.sql.ansi.doubleQuotedIdentifiers": "true",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.sql.cteRecursionLevelLimit": "-1",
        "spark.sql.cteRecursionRowLimit": "-1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        # Of a thousand runs, files are listed by some tasks, not by one for each.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "32",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in {**defaults, **settings.get("config", {})}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


class Tables:
    """The tables of the campaign, each of which is made when a query names it."""

    def __init__(self, spark):
        self.spark = spark
        self.waiting = {}

    def add(self, request):
        self.waiting[request.get("name", request["table"])] = request

    def make(self, sql):
        words = set(re.findall(r"\w+", sql)) & self.waiting.keys()
        for word in words:
            request = self.waiting.pop(word)
            if "name" in request:
                self.make(request["table"])
            frame = self.frame_of(request)
            frame.createOrReplaceTempView(word)

    def frame_of(self, request):
        if "name" in request:
            return self.spark.table(request["table"])
        if "rows" in request:
            return self.rows_of(request)
        reader = self.spark.read.option("basePath", request["dir"])
        if request["schema"] is None:
            return reader.option("mergeSchema", "true").parquet(*request["files"])
        return reader.schema(request["schema"]).parquet(*request["files"])

    def rows_of(self, request):
        from pyspark.sql.pandas.types import to_arrow_schema
        from pyspark.sql.types import StructType

        import pyarrow

        schema = to_arrow_schema(StructType.fromDDL(request["schema"]))
        columns = list(zip(*request["rows"])) or [[] for _ in schema]
        table = pyarrow.Table.from_arrays(
            [pyarrow.array(values, field.type) for values, field in zip(columns, schema)],
            schema=schema,
        )
        return self.spark.createDataFrame(table)


def follow(spark, recursion, args):
    """Makes a view of the rows that a recursion finds, each once."""

    def rows_of(sql):
        columns = ", ".join(recursion["columns"])
        return spark.sql(f"SELECT * FROM ({sql}) AS found ({columns})", args=args)

    def kept(frame):
        # Otherwise the plan of each round would contain those of all before it.
        return frame.localCheckpoint()

    # What Spark knows of values that are there twice is wrong after a checkpoint.
    inference = "spark.sql.constraintPropagation.enabled"
    usual = spark.conf.get(inference)
    spark.conf.set(inference, "false")
    try:
        found = new = kept(rows_of(recursion["seed"]).distinct())
        while not new.isEmpty():
            new.createOrReplaceTempView(recursion["name"])
            new = kept(rows_of(recursion["step"]).subtract(found))
            found = kept(found.union(new))
    finally:
        spark.conf.set(inference, usual)
    found.createOrReplaceTempView(recursion["view"])
    spark.catalog.dropTempView(recursion["name"])


def run(spark, tables, request, folder, number):
    import pyarrow

    args = request["args"]
    recursions = request["recursions"]
    for recursion in recursions:
        tables.make(recursion["seed"] + recursion["step"])
    tables.make(request["sql"])
    for recursion in recursions:
        follow(spark, recursion, args)
    table = spark.sql(request["sql"], args=args).toArrow()
    path = os.path.join(folder, f"{number}.arrow")
    # A column of nothing but NULL, and Spark's views of texts, as plain ones.
    with pyarrow.OSFile(path, "wb") as sink:
        with pyarrow.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    return {"path": path, "rows": table.num_rows}


def main():
    settings = json.loads(sys.stdin.readline())
    try:
        import pyarrow  # noqa: F401
        import pyspark
    except ImportError as error:
        return fail(
            f"{error}: install both with `{sys.executable} -m pip install "
            "pyspark pyarrow`"
        )
    try:
        spark = start(settings)
    except Exception as error:
        java = "JAVA_GATEWAY_EXITED" in str(error) or "Java" in str(error)
        advice = ". Spark needs Java 17 or later" if java else ""
        return fail(f"Spark {pyspark.__version__} does not start: {error}{advice}")
    answer(version=spark.version)
    tables = Tables(spark)
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(sys.stdin):
            try:
                request = json.loads(line)
                if "table" in request:
                    tables.add(request)
                    answer()
                else:
                    answer(**run(spark, tables, request, folder, number))
            except Exception as error:
                fail(error)
    spark.stop()


main()
