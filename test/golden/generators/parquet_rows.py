"""Writes ../parquet/rows.*.parquet: every kind of value that documents have, in several row groups and compressions. pyarrow 21.0.0."""
import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

rows = [
    {
        "_id": f"d{i}",
        "text": None if i % 5 == 4 else f"words of {i}, grüße, 語",
        "small": i,
        "large": 2**53 + i,
        "ratio": i / 4,
        "flag": i % 2 == 0,
        "at": datetime.datetime(2024, 1, 1, 12, 30, i, tzinfo=datetime.timezone.utc),
        "day": datetime.date(2024, 1, 1 + i),
        "bytes": bytes([0, 255, i]),
        "tags": ["a", None, f"t{i}"][: i % 4],
        "inner": {"name": f"n{i}", "depth": {"n": i}},
        "parts": [{"k": f"k{j}"} for j in range(i % 3)],
    }
    for i in range(10)
]
schema = pa.schema([
    ("_id", pa.string()), ("text", pa.string()), ("small", pa.int32()), ("large", pa.int64()), ("ratio", pa.float64()),
    ("flag", pa.bool_()), ("at", pa.timestamp("ms", tz="UTC")), ("day", pa.date32()), ("bytes", pa.binary()),
    ("tags", pa.list_(pa.string())), ("inner", pa.struct([("name", pa.string()), ("depth", pa.struct([("n", pa.int32())]))])),
    ("parts", pa.list_(pa.struct([("k", pa.string())]))),
])
table = pa.Table.from_pylist(rows, schema=schema)
for codec in ["snappy", "zstd"]:
    pq.write_table(table, Path(__file__).parents[1] / "parquet" / f"rows.{codec}.parquet", compression=codec, row_group_size=4)

# One row group of many small pages, of flat columns alone: read a part at a time.
flat = pa.table({
    "_id": [f"d{i}" for i in range(3000)],
    "text": [None if i % 7 == 3 else f"words of {i} " * (i % 5) for i in range(3000)],
    "kind": pa.array([f"kind {i % 3}" for i in range(3000)]).dictionary_encode(),
})
for version in ["1.0", "2.0"]:
    pq.write_table(flat, Path(__file__).parents[1] / "parquet" / f"flat.v{version[0]}.parquet", compression="zstd",
                   data_page_size=1024, write_batch_size=100, data_page_version=version, use_dictionary=["kind"])

# Times that JavaScript has none for, between one that it has.
far = pa.array([0, 9_000_000_000_000_000, -9_000_000_000_000_000], pa.int64()).cast(pa.timestamp("ms", tz="UTC"))
pq.write_table(pa.table({"_id": ["a", "b", "c"], "text": ["x", "y", "z"], "at": far}),
               Path(__file__).parents[1] / "parquet" / "far-times.parquet")
