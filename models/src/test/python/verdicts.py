"""Writes what the format's own implementation says of small safetensors files; see README.md."""

import json
import re
import struct
import tempfile
from pathlib import Path

import safetensors
import torch

OUT = Path(__file__).parent.parent / "resources/io/hypertape/io/verdicts.json"

TORCH = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16, "U16": torch.uint16,
    "I32": torch.int32, "U32": torch.uint32, "I64": torch.int64, "U64": torch.uint64,
    "F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32, "F64": torch.float64,
    "C64": torch.complex64, "F8_E5M2": torch.float8_e5m2, "F8_E4M3": torch.float8_e4m3fn,
    "F8_E8M0": torch.float8_e8m0fnu, "F8_E4M3FNUZ": torch.float8_e4m3fnuz,
    "F8_E5M2FNUZ": torch.float8_e5m2fnuz,
}  # fmt: skip
BITS = {"BOOL": 8, "BF16": 16, "F4": 4} | {t: int(t[1:].split("_")[0]) for t in TORCH if t[1].isdigit()}
BITS |= {"F6_E2M3": 6, "F6_E3M2": 6}
# PyTorch has no conversion of these: OCP Microscaling Formats 1.0, table 5; the lower half first.
F4 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]

A = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'


def text(value):
    """A floating-point number, exactly."""
    if value != value:
        return "NaN"
    return re.sub(r"\.?0+p", "p", float(value).hex()).replace("0xp", "0x0p").replace("inf", "Infinity")


def values(dtype, raw):
    """All numbers of a tensor: whole ones as such, all as double and as single precision have them."""
    if dtype.startswith("F6_") or not raw:
        return {}
    if dtype == "F4":
        doubles = torch.tensor([F4[c] for b in raw for c in (b & 15, b >> 4)], dtype=torch.float64)
        return {"double": [text(v) for v in doubles.tolist()]}
    tensor = torch.frombuffer(bytearray(raw), dtype=torch.uint8)
    if dtype == "BOOL":
        tensor = tensor.ne(0)
    else:
        tensor = tensor.view(TORCH[dtype])
    if dtype == "C64":
        tensor = torch.view_as_real(tensor).reshape(-1)
    found = {}
    if not tensor.is_floating_point():
        whole = [int(v) for v in tensor.tolist()]
        found["long"] = [str(v) for v in whole]
        # Through Python's integers, whose conversion rounds to nearest; PyTorch has none for U64.
        tensor = torch.tensor([float(v) for v in whole], dtype=torch.float64)
        single = [nearest_single(v) for v in whole]
    else:
        single = [text(v) for v in tensor.to(torch.float32).tolist()]
    double = [text(v) for v in tensor.to(torch.float64).tolist()]
    # Single precision only where it is not the same.
    return found | {"double": double} | ({} if single == double else {"float": single})


def nearest_single(whole):
    """A whole number rounded once to 24 bits, ties to even."""
    size = abs(whole)
    extra = max(0, size.bit_length() - 24)
    kept, rest, half = size >> extra, size & ((1 << extra) - 1), (1 << extra) >> 1
    if extra and (rest > half or (rest == half and kept & 1)):
        kept += 1
    return text(float(kept << extra) * (-1 if whole < 0 else 1))


def entry(dtype, shape, begin, end):
    return f'{{"dtype":"{dtype}","shape":{json.dumps(shape)},"data_offsets":[{begin},{end}]}}'


def of_type(dtype, raw):
    return f'{{"a":{entry(dtype, [len(raw) * 8 // BITS[dtype]], 0, len(raw))}}}', raw


def cases():
    every_byte = bytes(range(256))
    halves = b"".join(struct.pack("<H", code) for code in [*range(0, 65536, 229), 0x8000, 0x7C00])
    yield from {
        "one": ('{"a":%s}' % A, 4),
        "none": ("{}", 0),
        "none, padded": ("{}      ", 0),
        "white space before": (' \n\t\r{"a":%s}' % A, 4),
        "white space behind": ('{"a":%s} \n\t\r' % A, 4),
        "white space within": ('{ "a" :\n{"dtype" : "F32","shape":[ 1 ],\t"data_offsets":[0 ,4]} }', 4),
        "keys of an entry in another order": ('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}', 4),
        "more keys in an entry": ('{"a":{"dtype":"F32","x":[1,{"y":1e300}],"shape":[1],"z":null,"data_offsets":[0,4]}}', 4),
        "a number out of range in a further key": ('{"a":{"dtype":"F32","x":1e999,"shape":[1],"data_offsets":[0,4]}}', 4),
        "300 digits in a further key": ('{"a":{"dtype":"F32","x":%s,"shape":[1],"data_offsets":[0,4]}}' % ("9" * 300), 4),
        "400 digits in a further key": ('{"a":{"dtype":"F32","x":%s,"shape":[1],"data_offsets":[0,4]}}' % ("9" * 400), 4),
        "metadata": ('{"__metadata__":{"a":"1","b":""},"a":%s}' % A, 4),
        "metadata behind": ('{"a":%s,"__metadata__":{"a":"1"}}' % A, 4),
        "no metadata: null": ('{"__metadata__":null,"a":%s}' % A, 4),
        "no metadata: empty": ('{"__metadata__":{},"a":%s}' % A, 4),
        "metadata that are a number": ('{"__metadata__":7,"a":%s}' % A, 4),
        "metadata that are a list": ('{"__metadata__":[],"a":%s}' % A, 4),
        "metadata with a number": ('{"__metadata__":{"a":1},"a":%s}' % A, 4),
        "metadata with null": ('{"__metadata__":{"a":null},"a":%s}' % A, 4),
        "metadata with a map": ('{"__metadata__":{"a":{}},"a":%s}' % A, 4),
        "a tensor named as the metadata": ('{"__metadata__":%s}' % A, 4),
        "metadata twice": ('{"__metadata__":null,"__metadata__":null,"a":%s}' % A, 4),
        "a key of an entry twice": ('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
        "a tensor twice": ('{"a":%s,"a":%s}' % (A, A), 4),
        "a tensor twice, the last one fits": ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":%s}' % A, 4),
        "a key of the metadata twice": ('{"__metadata__":{"a":"1","a":"2"},"a":%s}' % A, 4),
        "a further key twice": ('{"a":{"dtype":"F32","x":1,"x":1,"shape":[1],"data_offsets":[0,4]}}', 4),
        "an entry as a list": ('{"a":["F32",[1],[0,4]]}', 4),
        "a dtype as a map": ('{"a":{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}}', 4),
        "a scalar": ('{"a":%s}' % entry("F32", [], 0, 4), 4),
        "no elements": ('{"a":%s}' % entry("F32", [3, 0], 0, 0), 0),
        "no elements at the edges": ('{"a":%s,"b":%s,"c":%s}' % (entry("U8", [2], 0, 2), entry("F32", [0], 2, 2), entry("F64", [0], 0, 0)), 2),
        "no elements in the middle of another": ('{"a":%s,"b":%s}' % (entry("U8", [2], 0, 2), entry("F32", [0], 1, 1)), 2),
        "an axis of 2^64 - 1 behind one of 0": ('{"a":%s}' % entry("F32", [0, 2**64 - 1], 0, 0), 0),
        "an axis of 2^64 - 1 before one of 0": ('{"a":%s}' % entry("F32", [2**64 - 1, 0], 0, 0), 0),
        "a product of 2^65 before an axis of 0": ('{"a":%s}' % entry("F32", [2**64 - 1, 2, 0], 0, 0), 0),
        "an axis of 2^64": ('{"a":%s}' % entry("F32", [0, 2**64], 0, 0), 0),
        "2^62 numbers": ('{"a":%s}' % entry("F32", [2**62], 0, 0), 0),
        "not aligned": ('{"b":%s,"a":%s}' % (entry("U8", [1], 0, 1), entry("F32", [1], 1, 5)), 5),
        "data in another order than the header": ('{"b":%s,"a":%s}' % (entry("U8", [1], 4, 5), entry("F32", [1], 0, 4)), 5),
        "a gap before": ('{"a":%s}' % entry("F32", [1], 4, 8), 8),
        "a gap between": ('{"a":%s,"b":%s}' % (entry("F32", [1], 0, 4), entry("F32", [1], 5, 9)), 9),
        "an overlap": ('{"a":%s,"b":%s}' % (entry("U8", [2], 0, 2), entry("U8", [2], 1, 3)), 3),
        "two at one place": ('{"a":%s,"b":%s}' % (A, A), 4),
        "an end before its begin": ('{"a":%s}' % entry("F32", [1], 4, 0), 4),
        "offsets that wrap round": ('{"a":%s}' % entry("F32", [1], 2**64 - 4, 0), 0),
        "data too short": ('{"a":%s}' % A, 3),
        "data too long": ('{"a":%s}' % A, 5),
        "data that no tensor has": ("{}", 1),
        "too few bytes for the shape": ('{"a":%s}' % entry("F32", [3], 0, 8), 8),
        "three offsets": ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', 4),
        "one offset": ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 4),
        "no dtype": ('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4),
        "no shape": ('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
        "a shape that is null": ('{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}', 4),
        "a length of 1.0": ('{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', 4),
        "a length of 1e0": ('{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', 4),
        "a length of -0": ('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}', 0),
        "a length of -1": ('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4),
        "a length of 01": ('{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}', 4),
        "a length that is a text": ('{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}', 4),
        "a dtype in lower case": ('{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}', 4),
        "a dtype that there is not": ('{"a":{"dtype":"F8_E3M4","shape":[4],"data_offsets":[0,4]}}', 4),
        "three numbers of four bits": ('{"a":%s}' % entry("F4", [3], 0, 2), 2),
        "four numbers of six bits": ('{"a":%s}' % entry("F6_E2M3", [4], 0, 3), 3),
        "eight numbers of six bits": ('{"a":%s}' % entry("F6_E3M2", [8], 0, 6), 6),
        "a name without letters": ('{"":%s}' % A, 4),
        "escapes in a name": ('{"\\u0061\\n\\/\\"\\\\\\u00e4":%s}' % A, 4),
        "other scripts in a name": ('{"größe 層 😀":%s}' % A, 4),
        "an escaped pair of surrogates": ('{"\\ud83d\\ude00":%s}' % A, 4),
        "half a pair of surrogates": ('{"\\ud83d":%s}' % A, 4),
        "half a pair in a further key": ('{"a":{"dtype":"F32","x":"\\ude00","shape":[1],"data_offsets":[0,4]}}', 4),
        "an escaped zero in a name": ('{"\\u0000":%s}' % A, 4),
        "a control character in a name": ('{"a\x01":%s}' % A, 4),
        "delete in a name": ('{"a\x7f":%s}' % A, 4),
        "an unknown escape": ('{"a\\x":%s}' % A, 4),
        "a byte order mark": ('\ufeff{"a":%s}' % A, 4),
        "a surrogate as UTF-8": (b'{"\xed\xa0\x80":%s}' % A.encode(), 4),
        "Latin-1": ('{"ä":%s}'.encode("latin-1") % A.encode(), 4),
        "UTF-16": (('{"a":%s}' % A).encode("utf-16-be"), 4),
        "a comma behind the last": ('{"a":%s,}' % A, 4),
        "single quotes": ("{'a':%s}" % A, 4),
        "a comment": ('{/**/"a":%s}' % A, 4),
        "a list": ("[]", 0),
        "a text": ('"x"', 0),
        "null": ("null", 0),
        "two maps": ("{} {}", 0),
        "cut off": ('{"a":%s' % A, 4),
        "zeros behind": ('{"a":%s}\0\0' % A, 4),
    }.items()
    for depth in (127, 128):
        nested = "[" * (depth - 2) + "]" * (depth - 2)
        yield f"{depth} deep", ('{"a":{"dtype":"F32","x":%s,"shape":[1],"data_offsets":[0,4]}}' % nested, 4)
    for dtype in "U8 I8 BOOL F4 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ".split():
        yield dtype, of_type(dtype, every_byte)
    for dtype in "I16 U16 F16 BF16".split():
        yield dtype, of_type(dtype, halves)
    wholes = [0, 1, 2**24 - 1, 2**24 + 1, 2**24 + 3, 2**31 - 1, 2**31, 2**32 - 1, 2**53 + 1, 2**63 - 1]
    wholes += [2**63 - 2**38, 2**63 + 2**39, 2**63 + 2**39 + 1, 2**63 + 3 * 2**39, 2**64 - 1, 2**64 - 2**40]
    wholes += [2**63 + 1024, 2**63 + 1025]
    for dtype, n in {"I32": 4, "U32": 4, "I64": 8, "U64": 8}.items():
        yield dtype, of_type(dtype, b"".join((w % 256**n).to_bytes(n, "little") for w in wholes))
    singles = [0.0, -0.0, 1.5, 1e-45, 3.4028235e38, float("inf"), -float("inf"), float("nan")]
    yield "F32", of_type("F32", struct.pack("<8f", *singles))
    yield "C64", of_type("C64", struct.pack("<8f", *singles))
    doubles = [0.0, -0.0, 0.1, 1 + 2**-24, 1 + 2**-24 + 2**-50, 1 + 3 * 2**-24, 1e300, -1e300, 1e-300, 5e-324]
    yield "F64", of_type("F64", struct.pack("<12d", *doubles, float("inf"), float("nan")))


def case(name, header, data):
    raw = header if isinstance(header, bytes) else header.encode()
    data = bytes(data) if isinstance(data, int) else data
    found = {"name": name, "header": raw.decode("latin-1"), "data": data.hex()}
    try:
        whole = struct.pack("<Q", len(raw)) + raw + data
        read = safetensors.deserialize(whole)
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(whole)
            with safetensors.safe_open(file.name, "pt") as opened:
                metadata = opened.metadata() or {}
    except safetensors.SafetensorError as e:
        return found | {"refused": str(e)[:100]}
    tensors = {}
    for key, tensor in sorted(read):
        tensors[key] = {"dtype": tensor["dtype"], "shape": [str(n) for n in tensor["shape"]]}
        tensors[key] |= values(tensor["dtype"], bytes(tensor["data"]))
    return found | {"tensors": tensors, "metadata": metadata}


def main():
    found = [case(name, *file) for name, file in cases()]
    head = {"safetensors": safetensors.__version__, "torch": torch.__version__}
    lines = ",\n".join(json.dumps(c) for c in found)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(f'{{"made_by": {json.dumps(head)},\n"cases": [\n{lines}\n]}}\n')
    print(len(found), "cases,", sum("refused" in c for c in found), "refused")


if __name__ == "__main__":
    main()
