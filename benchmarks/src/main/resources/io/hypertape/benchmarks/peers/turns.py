"""What scripts of peers have in common: answers on request, and Hypertape's tensors in safetensors files.

Needs nothing but Python: torch makes tensors of buffers, and so does NumPy.
"""

import concurrent.futures
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


POOLS = {}


def seconds(run, task, count):
    """Seconds of doing a task so often, and its last outputs.

    'p99' is as if each had taken what all but one in a hundred take at most; 'callers 8' is done by 8 threads.
    """
    if task[:1] == "p" and task[1:].isdigit():
        each = []
        for _ in range(count):
            start = time.perf_counter()
            outputs = run("")
            each.append(time.perf_counter() - start)
        return count * sorted(each)[min(count - 1, count * int(task[1:]) // 100)], outputs
    if task.startswith("callers "):
        threads = int(task.split()[1])
        pool = POOLS.setdefault(threads, concurrent.futures.ThreadPoolExecutor(threads))
        some = [count * (part + 1) // threads - count * part // threads for part in range(threads)]
        start = time.perf_counter()
        outputs = list(pool.map(lambda n: repeated(run, n), some))[-1]
        return time.perf_counter() - start, outputs
    start = time.perf_counter()
    outputs = repeated(run, count, task)
    return time.perf_counter() - start, outputs


def repeated(run, count, task=""):
    for _ in range(count):
        outputs = run(task)
    return outputs


def serve(description, run, difference):
    """Says what this is; then answers each line, a number and a task, by seconds and a difference.

    run(task) does it once and gives the outputs, difference(task, outputs) is how far they are from ours.
    """
    answer(description)
    for line in sys.stdin:
        count, _, task = line.strip().partition(" ")
        taken, outputs = seconds(run, task, int(count))
        answer("%r %r" % (taken, difference(task, outputs)))
