"""PyTorch's matrix products, as a process that 'hypertape bench peers' times in turns.

    torch_gemm.py M N K TRANS_A TRANS_B THREADS KIND...

TRANS_… is 0 or 1: the factor lies transposed. KIND is 'mm', torch.mm into a matrix that is there, or
'linear', oneDNN's primitive as torch.compile calls it, whose result is a new matrix; what it packs of the
right factor it packs in every call. Writes a line for each kind when ready: '= ' and a description, or '= -'
and why there is none; then answers each line with a number of products and a kind by '= ' and the seconds
that they took.
"""

import sys
import time

import torch


def answer(text):
    sys.stdout.write("= " + text + "\n")
    sys.stdout.flush()


def operand(rows, cols, transposed):
    return torch.rand(cols, rows).t() if transposed else torch.rand(rows, cols)


def mm(a, b, out):
    def product():
        return torch.mm(a, b, out=out)

    return product, "MKL" if torch.backends.mkl.is_available() else "its own BLAS"


def linear(a, b, out):
    weight = b.t()

    def product():
        return torch.ops.mkldnn._linear_pointwise(a, weight, None, "none", [], "")

    lines = [line.strip(" -") for line in torch.__config__.show().splitlines() if "DNN v" in line]
    return product, lines[0] if lines else "oneDNN"


def main():
    m, n, k, trans_a, trans_b, threads = (int(word) for word in sys.argv[1:7])
    torch.set_num_threads(threads)
    a, b = operand(m, k, trans_a), operand(k, n, trans_b)
    expected, products = a @ b, {}
    for kind in sys.argv[7:]:
        try:
            product, version = {"mm": mm, "linear": linear}[kind](a, b, torch.empty(m, n))
            if not torch.allclose(product(), expected, rtol=1e-4, atol=1e-4):
                raise RuntimeError("it computes something else than a product")
            products[kind] = product
            answer("PyTorch " + torch.__version__ + ", " + version)
        except Exception as error:
            answer("-" + " ".join(str(error).split())[:200])
    for line in sys.stdin:
        count, kind = line.split()
        product = products[kind]
        start = time.perf_counter()
        for _ in range(int(count)):
            product()
        answer("%r" % (time.perf_counter() - start))


with torch.inference_mode():
    main()
