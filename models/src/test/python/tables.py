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

def pages(name, **options):
    """A column several times, in one encoding each: its name is that of its values and of its encoding."""
    present = [i % 5 != 3 for i in range(300)]

    def column(kind, value):
        return pa.array([value(i) if there else None for i, there in enumerate(present)], kind)

    numbers = ["plain", "dictionary", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]
    texts = ["plain", "dictionary", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]
    kinds = {
        "int32": (column(pa.int32(), lambda i: [7 * i, -(1 << 31), (1 << 31) - 1][i % 3]), numbers),
        "int64": (column(pa.int64(), lambda i: [i, -(1 << 63), (1 << 63) - 1, 1 << 40][i % 4]), numbers),
        "uint32": (column(pa.uint32(), lambda i: 3000000000 + i // 9), numbers),
        "uint64": (column(pa.uint64(), lambda i: (1 << 63) + 2048 + i // 9), numbers),
        "double": (column(pa.float64(), lambda i: i // 3 / 7), ["plain", "BYTE_STREAM_SPLIT"]),
        "bool": (column(pa.bool_(), lambda i: i // 7 % 3 == 0), ["plain", "RLE"]),
        "text": (column(pa.string(), lambda i: f"prefix/{i // 3 * 3 % 200 + i % 3:04}/" + i % 4 * "ä"), texts),
    }
    columns, encodings = {}, {}
    for kind, (values, names) in kinds.items():
        for encoding in names:
            columns[f"{kind}-{encoding}"] = values
            if encoding != "dictionary":
                encodings[f"{kind}-{encoding}"] = encoding.upper()
    dictionaries = [name for name in columns if name.endswith("-dictionary")]
    sizes = {"data_page_size": 150, "write_batch_size": 16, "row_group_size": 170, "write_page_checksum": True}
    table = pa.table(columns)
    pq.write_table(table, out / name, use_dictionary=dictionaries, column_encoding=encodings, **sizes, **options)


pages("pages.parquet", data_page_version="1.0", compression="gzip")
pages("pages2.parquet", data_page_version="2.0", compression="snappy")
of_nothing = {"null": pa.nulls(3), "all": pa.array(3 * [None], pa.string()), "needed": pa.array([1, 2, 3])}
fields = [pa.field("null", pa.null()), pa.field("all", pa.string()), pa.field("needed", pa.int64(), nullable=False)]
pq.write_table(pa.table(of_nothing, schema=pa.schema(fields)), out / "empty.parquet")
pq.write_table(types.slice(0, 0), out / "rowless.parquet")
for compression in "snappy", "gzip", "none", "zstd":
    pq.write_table(types, out / f"{compression}.parquet", compression=compression)
pq.write_table(pa.table({"id": [1, 2], "list": [[1, 2], [3]]}), out / "lists.parquet")
pq.write_table(pa.table({"id": [1, 2], "part": [{"a": 1}, {"a": 2}]}), out / "structures.parquet")
pq.write_table(pa.table({"id": [1, 2], "bytes": [b"a", b"b"]}), out / "bytes.parquet")
