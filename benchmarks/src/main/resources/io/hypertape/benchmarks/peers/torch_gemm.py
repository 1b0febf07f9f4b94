"""PyTorch's matrix products, as a process that 'hypertape bench peers' times in turns.

    torch_gemm.py M N K TRANS_A TRANS_B KIND THREADS

TRANS_… is 0 or 1: the factor lies transposed. KIND is 'mm', torch.mm into a matrix that is there, or
'linear', oneDNN's primitive as torch.compile calls it, whose result is a new matrix; what it packs of the
right factor it packs in every call. Writes '= ' and a description when ready; then answers each line with a
number of products by '= ' and the seconds that they took.
"""

import sys
import time

import torch


def answer(text):
    sys.stdout.write("= " + text + "\n")
    sys.stdout.flush()


def operand(rows, cols, transposed):
    return torch.rand(cols, rows).t() if transposed else torch.rand(rows, cols)


def main():
    m, n, k, trans_a, trans_b = (int(word) for word in sys.argv[1:6])
    kind, threads = sys.argv[6], int(sys.argv[7])
    torch.set_num_threads(threads)
    a = operand(m, k, trans_a)
    b = operand(k, n, trans_b)
    out = torch.empty(m, n)
    if kind == "mm":
        version = "MKL" if torch.backends.mkl.is_available() else "its own BLAS"

        def product():
            torch.mm(a, b, out=out)

    else:
        version = next(
            (line.strip(" -") for line in torch.__config__.show().splitlines() if "DNN v" in line), "oneDNN"
        )
        weight = b.t()

        def product():
            return torch.ops.mkldnn._linear_pointwise(a, weight, None, "none", [], "")

        if not torch.allclose(product(), a @ b, rtol=1e-4, atol=1e-4):
            raise SystemExit("the linear primitive computes something else than a product")
    product()
    answer("PyTorch " + torch.__version__ + ", " + version)
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            product()
        answer("%r" % (time.perf_counter() - start))


with torch.inference_mode():
    main()
