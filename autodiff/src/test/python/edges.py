"""Writes what PyTorch computes at the edges of domains, for EdgeDerivatives; see README.md."""

import itertools
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parent.parent / "resources/io/hypertape/autodiff/edges"
INF = float("inf")
NAN = float("nan")

UNARY = {
    "neg": torch.neg,
    "abs": torch.abs,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "square": torch.square,
    "reciprocal": torch.reciprocal,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "sign": torch.sign,
}
BINARY = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
}
ROWS = {
    "max": lambda x: x.amax(1),
    "min": lambda x: x.amin(1),
    "logSoftmax": lambda x: torch.log_softmax(x, 1),
    "softmax": lambda x: torch.softmax(x, 1),
    "firstLogSoftmax": lambda x: torch.log_softmax(x, 1)[:, 0],
}
EXPONENTS = [0.0, 1.0, 2.0, 3.0, 0.5, -1.0, -2.0, -0.5, INF, -INF, NAN]

# Per precision: a subnormal, the smallest normal and the largest number, and where e^x overflows or vanishes.
PRECISIONS = {
    "float32": (torch.float32, np.float32, [2.0**-140, 2.0**-126, 3.4028234663852886e38, 88.0, 89.0, -85.0, -110.0]),
    "float64": (torch.float64, np.float64, [2.0**-1060, 2.0**-1022, 1.7976931348623157e308, 709.0, 710.0, -700.0, -760.0]),
}


def gradients(y, inputs):
    """Of the sum of y; zeros where nothing depends on an input."""
    if not y.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    found = torch.autograd.grad(y.sum(), inputs, create_graph=True, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, inputs)]


def columns(function, inputs):
    """Inputs, value, first derivatives, second derivatives: a number each for every case."""
    y = function(*inputs)
    first = gradients(y, inputs)
    second = [h for g in first for h in gradients(g, inputs)]
    return [*inputs, y, *first, *second]


def elementwise(dtype, number, special):
    for name, function in UNARY.items():
        points = [0.0, -0.0, 1.0, -1.0, 0.5, -20.0, INF, -INF, NAN]
        points += special + [-x for x in special[:3]]
        x = torch.tensor(points, dtype=dtype, requires_grad=True)
        yield name, columns(function, [x])
    for name, function in BINARY.items():
        edges = [0.0, -0.0, 1.0, -2.0, INF, -INF, NAN, special[0], special[2]]
        pairs = list(itertools.product(edges + [-1.0, 2.0] if name == "pow" else edges,
                                       EXPONENTS if name == "pow" else edges))
        a = torch.tensor([p[0] for p in pairs], dtype=dtype, requires_grad=True)
        b = torch.tensor([p[1] for p in pairs], dtype=dtype, requires_grad=True)
        yield name, columns(function, [a, b])


def rows(dtype, special):
    huge = special[2]
    x = [
        [1.0, 2.0, 3.0],
        [2.0, 2.0, 1.0],
        [-0.0, 0.0, -1.0],
        [1.0, NAN, 2.0],
        [INF, INF, 1.0],
        [INF, 1.0, -INF],
        [-INF, 0.0, 0.0],
        [0.0, -INF, -INF],
        [-INF, -INF, -INF],
        [huge, -huge, huge],
        [special[0], 0.0, -special[0]],
    ]
    for name, function in ROWS.items():
        inputs = torch.tensor(x, dtype=dtype, requires_grad=True)
        y = function(inputs)
        (first,) = gradients(y, [inputs])
        # The second derivatives' product with (1, 2, 3).
        (second,) = gradients(first * torch.tensor([1.0, 2.0, 3.0], dtype=dtype), [inputs])
        yield name, inputs, y.reshape(len(x), -1), first, second


def numbers(tensor):
    # A copy, since autograd's zeros may have no storage.
    return tensor.detach().clone().tolist()


def text(number, value):
    return str(number(value)).lower()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for precision, (dtype, number, special) in PRECISIONS.items():
        with open(OUT / f"elementwise-{precision}.csv", "w") as file:
            file.write("op,x,y,dx,dxx or op,a,b,y,da,db,daa,dab,dba,dbb\n")
            for name, found in elementwise(dtype, number, special):
                for case in zip(*(numbers(c) for c in found)):
                    file.write(",".join([name, *(text(number, v) for v in case)]) + "\n")
        with open(OUT / f"rows-{precision}.csv", "w") as file:
            file.write("op,x,y,dx,dxx·(1 2 3)\n")
            for name, *found in rows(dtype, special):
                for case in zip(*(numbers(c) for c in found)):
                    file.write(",".join([name, *(" ".join(text(number, v) for v in row) for row in case)]) + "\n")


if __name__ == "__main__":
    main()
