"""Runs SQL on Apache Spark for dnpc: sparkCampaign() starts it and talks to it.

Each line of standard input is a JSON object, and so is each answer: a line of
standard output that begins with "dnpc ". The first line has the settings. The
rows of a query go to an Arrow file, which the answer names.
"""

import json
import os
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
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in {**defaults, **settings.get("config", {})}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def add_files(spark, request):
    reader = spark.read.option("basePath", request["dir"])
    if request["columns"] is None:
        reader = reader.option("mergeSchema", "true")
    frame = reader.parquet(*request["files"])
    if request["columns"] is not None:
        frame = frame.select(*[f"`{name}`" for name in request["columns"]], "run")
    frame.createOrReplaceTempView(request["table"])


def run(spark, request, folder, number):
    import pyarrow

    frame = spark.sql(request["sql"], args=request["args"])
    if request.get("view"):
        frame.createOrReplaceTempView(request["view"])
        return {}
    table = frame.toArrow()
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
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(sys.stdin):
            try:
                request = json.loads(line)
                if "files" in request:
                    add_files(spark, request)
                    answer()
                else:
                    answer(**run(spark, request, folder, number))
            except Exception as error:
                fail(error)
    spark.stop()


main()
