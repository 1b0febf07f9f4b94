"""Writes Parquet files for ParquetTest: columns of every type that is read, and of some that are not."""

import datetime
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

out = pathlib.Path(__file__).parent / "../resources/io/hypertape/data/table"
n = 5
types = pa.table(
    {
        "int32": pa.array([1, -2, None, 4, 5], pa.int32()),
        "int64": pa.array([1 << 40, 2, 3, None, 5], pa.int64()),
        "int8": pa.array([1, -2, 3, 4, 127], pa.int8()),
        "float": pa.array([0.5, 1.5, None, 2.5, float("nan")], pa.float32()),
        "double": pa.array([0.1, 0.2, 0.3, 0.4, None], pa.float64()),
        "bool": pa.array([True, False, None, True, False]),
        "text": pa.array(["a", "b", None, "ä, b", "a"]),
        "words": pa.array(["x", "y", "x", "y", None]).dictionary_encode(),
        "date": pa.array([datetime.date(1970, 1, 2), None] + 3 * [datetime.date(2000, 1, 1)]),
        "time": pa.array([datetime.datetime(1970, 1, 1, 0, 0, 1, 500000)] * n, pa.timestamp("us", tz="UTC")),
        "local": pa.array([datetime.datetime(1970, 1, 1, 0, 0, 2)] * n, pa.timestamp("ms")),
        "hour": pa.array([datetime.time(1, 0, 0)] * n, pa.time64("us")),
        "decimal": pa.array([decimal.Decimal("12.34")] * n, pa.decimal128(9, 2)),
    }
)
for compression in "snappy", "gzip", "none", "zstd":
    pq.write_table(types, out / f"{compression}.parquet", compression=compression)
pq.write_table(pa.table({"id": [1, 2], "list": [[1, 2], [3]]}), out / "lists.parquet")
pq.write_table(pa.table({"id": [1, 2], "part": [{"a": 1}, {"a": 2}]}), out / "structures.parquet")
pq.write_table(pa.table({"id": [1, 2], "bytes": [b"a", b"b"]}), out / "bytes.parquet")
