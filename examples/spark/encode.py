"""Encodes JSON lines with Spark: each partition is piped through `termweave encode --jsonl`, one line in, one line out, in order.

    spark-submit examples/spark/encode.py corpus.jsonl vectors [--text title,text] [--partitions 64] [--index NAME]

A partition whose program fails, or whose worker is lost, is done again by Spark. With --index the partitions are written to the engine at
$TERMWEAVE_URL instead, by `termweave index -`: a partition that is done again writes the same ids once more, so nothing is there twice.
"""
import argparse
import os
import shlex
import subprocess

from pyspark.sql import SparkSession

options = argparse.ArgumentParser()
options.add_argument("source")
options.add_argument("target", nargs="?")
options.add_argument("--text", default="title,text")
options.add_argument("--partitions", type=int, default=8)
options.add_argument("--index")
options.add_argument("--termweave", default=os.environ.get("TERMWEAVE", "termweave"), help="the program on the workers")
asked = options.parse_args()
if (asked.target is None) == (asked.index is None):
    options.error("name a folder for the vectors, or an --index")


def write_partition(lines):
    """Documents of one partition into the index; an exit code other than 0 fails the task, and Spark runs it again."""
    command = [*shlex.split(asked.termweave), "index", "-", "--index", asked.index, "--text", asked.text, "--workers", "1", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8") as program:
        for line in lines:
            program.stdin.write(line + "\n")
        program.stdin.close()
    if program.returncode != 0:
        raise RuntimeError(f"termweave index ended with {program.returncode}")


spark = SparkSession.builder.appName("termweave").getOrCreate()
documents = spark.sparkContext.textFile(asked.source, asked.partitions)
if asked.index:
    documents.foreachPartition(write_partition)
else:
    encode = f"{asked.termweave} encode --jsonl --text {shlex.quote(asked.text)} --workers 1"
    # Without checkCode Spark takes the output of a program that failed half-way for the whole; without env the program gets an empty environment,
    # in which neither Node (PATH) nor the models (HOME, TERMWEAVE_HOME) are found.
    documents.pipe(encode, env=dict(os.environ), checkCode=True).saveAsTextFile(asked.target)
spark.stop()
