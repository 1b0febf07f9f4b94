"""What scripts of peers have in common: answers on request, and Hypertape's tensors in safetensors files.

Needs nothing but Python: torch makes tensors of buffers, and so does NumPy.
"""

import json
import os
import struct
import sys
import time

# The script's own: compilers and libraries print to what is descriptor 1.
ANSWERS = os.fdopen(os.dup(1), "w")


def answer(text):
    ANSWERS.write("= " + text + "\n")
    ANSWERS.flush()


def stored(path):
    """Buffers and shapes of all float32 tensors of a file by name, and what it says of itself."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    texts = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            sys.exit("%s of %s is %s, not F32" % (name, path, entry["dtype"]))
        begin, end = entry["data_offsets"]
        tensors[name] = (memoryview(data)[begin:end], entry["shape"])
    return tensors, texts


def serve(description, run, difference):
    """Says what this is; then answers each line, a number and a task, by seconds and a difference.

    run(task) does it once and gives the outputs, difference(task, outputs) is how far they are from ours.
    """
    answer(description)
    for line in sys.stdin:
        count, _, task = line.strip().partition(" ")
        start = time.perf_counter()
        for _ in range(int(count)):
            outputs = run(task)
        seconds = time.perf_counter() - start
        answer("%r %r" % (seconds, difference(task, outputs)))
