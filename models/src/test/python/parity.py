"""Writes what PyTorch computes, for the tests of the models; see README.md."""

import json
import math
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

OUT = Path(__file__).parent.parent / "resources/io/hypertape/parity"
ENTRIES = 4


def fill(name, *shape):
    """Numbers on [-1, 1) that depend on name and place alone: splitmix64's finalizer of a counter."""
    n = math.prod(shape)
    with np.errstate(over="ignore"):
        z = (np.uint64(zlib.crc32(name.encode()) << 32) + np.arange(1, n + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    # 24 bits: exact in single precision too.
    return ((z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1).reshape(shape)


def single(values):
    """Rounded to single precision, so that both precisions start from the same numbers."""
    return torch.from_numpy(values.astype(np.float32).astype(np.float64))


def data(name, *shape):
    return single(fill(name, *shape) * math.sqrt(3))


def labels(name, n, classes):
    return torch.from_numpy(((fill(name, n) + 1) / 2 * classes).astype(np.int64))


def start(name, shape):
    """A parameter's value: uniform with variance 1/fan-in; gains around 1; biases small."""
    u = fill(name, *shape)
    if len(shape) > 1:
        return single(u * math.sqrt(3 / math.prod(shape[1:])))
    return single(1 + 0.5 * u if name.endswith("weight") else 0.2 * u)


def started(module):
    module.double()
    with torch.no_grad():
        for name, p in module.named_parameters():
            p.copy_(start(name, tuple(p.shape)))
    return module


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def summary(name, gradient):
    g = gradient.detach().reshape(-1)
    n = g.numel()
    probe = torch.from_numpy(fill(name + "#", n))
    return {
        "shape": list(gradient.shape),
        "norm": g.norm().item(),
        "product": (g @ probe).item(),
        "largest": g.abs().max().item(),
        "entries": [g[(k * 7919 + 13) % n].item() for k in range(ENTRIES)],
    }


def gradients(module):
    return {name: summary(name, p.grad) for name, p in module.named_parameters()}


def buffers(module):
    return {name: flat(b) for name, b in module.named_buffers() if not name.endswith("num_batches_tracked")}


class Block(nn.Module):
    """He et al. 2015, option A."""

    def __init__(self, channels, filters):
        super().__init__()
        self.stride = 1 if channels == filters else 2
        self.conv1 = nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.zeros = (filters - channels) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride == 2:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.zeros, self.zeros))
        return F.relu(y + x)


class ResNet(nn.Module):
    def __init__(self, depth, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        width = 16
        for stage, filters in enumerate((16, 32, 64)):
            blocks = []
            for _ in range((depth - 2) // 6):
                blocks.append(Block(width, filters))
                width = filters
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return F.log_softmax(self.linear(x.mean((2, 3))), 1)


class Cnn(nn.Module):
    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 5, padding=2)
        self.conv2 = nn.Conv2d(16, 32, 5, padding=2)
        self.linear = nn.Linear(32 * (height // 4) * (width // 4), classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return F.log_softmax(self.linear(x.flatten(1)), 1)


class CharLstm(nn.Module):
    def __init__(self, symbols, embedding, hidden, layers):
        super().__init__()
        self.encoder = nn.Embedding(symbols, embedding)
        self.rnn = nn.LSTM(embedding, hidden, layers)
        self.decoder = nn.Linear(hidden, symbols)

    def forward(self, index, state):
        y, state = self.rnn(self.encoder(index), state)
        return F.log_softmax(self.decoder(y.flatten(0, 1)), 1), state


def classifier(model, shape, classes):
    """One step of training and a test after it."""
    model = started(model).train()
    x, y = data("input", *shape), labels("labels", shape[0], classes)
    out = model(x)
    loss = F.nll_loss(out, y)
    loss.backward()
    result = {
        "input": list(shape),
        "loss": loss.item(),
        "logProbabilities": flat(out),
        "gradients": gradients(model),
        "buffers": buffers(model),
    }
    result["evaluation"] = flat(model.eval()(x))
    return result


def language(symbols, embedding, hidden, layers, steps, batch, pieces):
    """Truncated backpropagation through time over several pieces, state carried, gradients cut."""
    model = started(CharLstm(symbols, embedding, hidden, layers))
    state, results = None, []
    for piece in range(pieces):
        x = labels(f"input{piece}", steps * batch, symbols)
        y = labels(f"labels{piece}", steps * batch, symbols)
        if state is not None:
            state = tuple(s.detach() for s in state)
        model.zero_grad()
        out, state = model(x.view(steps, batch), state)
        loss = F.nll_loss(out, y)
        loss.backward()
        results.append(
            {"loss": loss.item(), "logProbabilities": flat(out), "gradients": gradients(model)}
        )
    return {
        "spec": [symbols, embedding, hidden, layers],
        "steps": steps,
        "batch": batch,
        "pieces": results,
    }


def layer(module, *inputs):
    """Output of a layer, and the gradients of its product with a fixed vector."""
    module = started(module)
    inputs = [i.requires_grad_() for i in inputs]
    out = module(*inputs)
    out = out[0] if isinstance(out, tuple) else out
    (out * data("cotangent", *out.shape)).sum().backward()
    return {
        "shape": list(out.shape),
        "output": flat(out),
        "inputGradient": flat(inputs[0].grad),
        "gradients": gradients(module),
        "buffers": buffers(module),
        "evaluation": flat(module.eval()(*inputs)) if list(module.buffers()) else [],
    }


class Named(nn.Module):
    """Puts a layer under a name, for the names of its parameters."""

    def __init__(self, **layers):
        super().__init__()
        for name, module in layers.items():
            setattr(self, name, module)
            self.only = [module]

    def forward(self, *inputs):
        return self.only[0](*inputs)


def layers():
    state = lambda name: data(name, 2, 3, 5)
    return {
        "conv2d": layer(
            Named(conv=nn.Conv2d(4, 6, 3, (2, 1), (1, 2), (1, 2), groups=2)),
            data("input", 2, 4, 7, 6),
        ),
        "batchNorm2d": layer(Named(bn=nn.BatchNorm2d(3)), data("input", 4, 3, 3, 2)),
        "maxPool2d": layer(nn.MaxPool2d((3, 2), (2, 1), (1, 0)), data("input", 2, 3, 6, 5)),
        "averagePool2d": layer(nn.AvgPool2d((3, 2), (2, 1), (1, 1)), data("input", 2, 3, 6, 5)),
        "globalAveragePool": layer(
            nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), data("input", 2, 3, 4, 5)
        ),
        "lstm": layer(Named(rnn=nn.LSTM(4, 5, 2)), data("input", 6, 3, 4)),
        "gru": layer(Named(rnn=nn.GRU(4, 5, 2)), data("input", 6, 3, 4)),
        "gruFromState": layer(Named(rnn=nn.GRU(4, 5, 2)), data("input", 6, 3, 4), state("h0")),
    }


def write(name, result):
    OUT.mkdir(parents=True, exist_ok=True)
    result = {"torch": torch.__version__.split("+")[0], **result}
    (OUT / f"{name}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


class Tiny(nn.Module):
    """A model that the library does not know, with what batch norm keeps."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.linear = nn.Linear(4, 3)

    def forward(self, x):
        return F.log_softmax(self.linear(F.relu(self.bn1(self.conv1(x))).mean((2, 3))), 1)


def save(name, model):
    """As PyTorch stores it, in single precision."""
    state = {k: v.float() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    save_file(state, OUT / f"{name}.safetensors")
    (OUT / f"{name}.safetensors").chmod(0o644)


def shapes(model):
    return {k: list(v.shape) for k, v in model.state_dict().items()}


def files():
    """Models as PyTorch stores them, with what it computes from them, and names of larger ones."""
    tiny = started(Tiny()).train()
    with torch.no_grad():
        tiny(data("input", 4, 1, 8, 8))
    lstm = started(CharLstm(5, 3, 4, 2))
    save("tiny", tiny)
    save("char-lstm", lstm)
    write("files", {
        "tiny": flat(tiny.eval()(data("input", 4, 1, 8, 8))),
        "char-lstm": flat(lstm(labels("input0", 6, 5).view(3, 2), None)[0]),
        "shapes": {
            "resnet20": shapes(ResNet(20, 3, 10)),
            "resnet32": shapes(ResNet(32, 3, 100)),
            "cnn": shapes(Cnn(1, 28, 28, 10)),
            "char-lstm": shapes(CharLstm(90, 128, 128, 2)),
        },
    })


def main():
    torch.set_num_threads(1)
    write("resnet20", classifier(ResNet(20, 3, 10), (2, 3, 32, 32), 10))
    write("cnn", classifier(Cnn(1, 28, 28, 10), (3, 1, 28, 28), 10))
    write("cnn-colour", classifier(Cnn(3, 10, 7, 4), (5, 3, 10, 7), 4))
    write("char-lstm", language(11, 6, 8, 2, 5, 3, 3))
    write("layers", layers())
    files()


if __name__ == "__main__":
    main()
