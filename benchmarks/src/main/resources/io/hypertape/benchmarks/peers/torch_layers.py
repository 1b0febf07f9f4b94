"""Convolutions and LSTM layers in PyTorch, which takes oneDNN's primitives for them, timed on request.

    torch_layers.py FOLDER LAYOUT THREADS

FOLDER has a file for each layer with Hypertape's operands 'in.…' and results 'out.TASK.N' for every task.
LAYOUT is 'plain' or 'channels-last', of images and filters; tasks without any are the same in both.
"""

import glob
import os
import sys

import torch
import torch.nn.functional as F

import turns


def convolution(values, texts, layout):
    stride, pad = int(texts["stride"]), int(texts["pad"])
    x, w, dy = (values["in." + name].contiguous(memory_format=layout) for name in ("x", "w", "dy"))

    def back(*mask):
        return torch.ops.aten.convolution_backward(
            dy, x, w, None, [stride, stride], [pad, pad], [1, 1], False, [0, 0], 1, list(mask)
        )

    return {
        "forward": lambda: [F.conv2d(x, w, None, stride, pad)],
        "data": lambda: [back(True, False, False)[0]],
        "filter": lambda: [back(False, True, False)[1]],
    }


def product(values, texts, layout):
    a, b = values["in.a"], values["in.b"]
    return {"": lambda: [torch.mm(a, b)]}


def lstm(values, texts, layout):
    x, dy = values["in.x"], values["in.dy"]
    state = (values["in.h"], values["in.c"])
    layers = torch.nn.LSTM(x.shape[2], state[0].shape[2], state[0].shape[0])
    with torch.no_grad():
        for k, p in enumerate(layers.parameters()):
            p.copy_(values["in.w%d" % k])

    def forward():
        with torch.inference_mode():
            return [layers(x, state)[0]]

    def forward_and_back():
        given = x.detach().requires_grad_()
        y = layers(given, state)[0]
        return [y.detach(), *torch.autograd.grad(y, [given, *layers.parameters()], dy)]

    return {"forward": forward, "forward+backward": forward_and_back}


def main():
    folder, layout, threads = sys.argv[1:]
    os.dup2(2, 1)
    torch.set_num_threads(int(threads))
    form = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    runs, results = {}, {}
    for path in glob.glob(os.path.join(folder, "*.safetensors")):
        stored, texts = turns.stored(path)
        values = {
            key: torch.frombuffer(data, dtype=torch.float32).reshape(shape)
            for key, (data, shape) in stored.items()
        }
        kind = {"convolution": convolution, "product": product, "lstm": lstm}[texts["kind"]]
        for task, run in kind(values, texts, form).items():
            name = " ".join(part for part in (texts["kind"], task, texts["form"]) if part)
            runs[name] = run
            count = sum(key.startswith("out.%s." % task) for key in values)
            results[name] = [values["out.%s.%d" % (task, k)] for k in range(count)]

    def difference(task, outputs):
        expected = results[task]
        if len(outputs) != len(expected):
            return float("inf")
        return max(
            ((own - other).abs().max() / other.abs().max().clamp(min=1.0)).item()
            for own, other in zip(outputs, expected)
        )

    for task in [task for task in runs if not results[task]]:
        del runs[task]
    worst = max(difference(task, run()) for task, run in runs.items())
    version = next(
        (line.strip(" -") for line in torch.__config__.show().splitlines() if "DNN v" in line), "without oneDNN"
    )
    what = (torch.__version__, version.split(" (")[0], torch.get_num_threads(), worst)
    turns.serve("PyTorch %s, %s, %d threads, outputs differ by %.2g" % what, lambda t: runs[t](), difference)


if __name__ == "__main__":
    main()
