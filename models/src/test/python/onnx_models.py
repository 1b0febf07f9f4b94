"""Writes small networks as PyTorch's two exporters do, with what PyTorch computes; see README.md."""

import copy
import json
import warnings
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import nn

OUT = Path(__file__).parent.parent / "resources/io/hypertape/io/onnx"


class Convolutions(nn.Module):
    """Batch norm that is folded into a convolution, one that is not, groups, poolings, a reshape."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.depthwise = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.second = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        x = F.relu6(self.norm(self.first(x)))
        x = self.second(F.max_pool2d(torch.sigmoid(self.depthwise(x)), 2))
        x = F.avg_pool2d(x, 3, stride=1, padding=1)
        x = self.drop(x).view(x.size(0), -1)
        return F.log_softmax(self.out(x), dim=1)


class Residual(nn.Module):
    """A shortcut of option A, the mean over an image, a concatenation and a split."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, stride=2, padding=1)
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        shortcut = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 1))
        x = F.leaky_relu(self.conv(x) + shortcut, 0.1)
        a, b = x.chunk(2, dim=1)
        x = torch.cat([b * 2 - 1, a], dim=1)
        return self.out(F.adaptive_avg_pool2d(x, 1).flatten(1) + x.mean((2, 3)))


class Recurrent(nn.Module):
    """Symbols through two layers of LSTM and one of GRU, of which the last step is taken."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(7, 3)
        self.lstm = nn.LSTM(3, 4, 2, batch_first=True)
        self.gru = nn.GRU(4, 3, batch_first=True)
        self.out = nn.Linear(3, 2)

    def forward(self, symbols):
        y, _ = self.lstm(self.table(symbols))
        y, _ = self.gru(y)
        return self.out(y[:, -1])


class Attention(nn.Module):
    """Products of stacks, a softmax of scores, a layer norm, and a shape of the input's."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(4, 12)
        self.norm = nn.LayerNorm(4)
        self.scale = nn.Parameter(torch.tensor([0.5, 1.5, -1.0, 2.0]))

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = (z.reshape(n, t, 2, 2).transpose(1, 2) for z in self.qkv(x).split(4, dim=-1))
        scores = q @ k.transpose(-2, -1) / 2**0.5
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, 4)
        return self.norm(x + y * self.scale).clamp(-1.5, 1.5) ** 2


def rounded(x):
    """To two decimals: short in a file, and the same number in single precision."""
    return torch.round(x * 100) / 100


def listed(x):
    return [float(f"{v:.7g}") for v in x.reshape(-1).tolist()]


NETWORKS = {
    "convolutions": (Convolutions, lambda n: rounded(torch.randn(n, 2, 8, 8))),
    "residual": (Residual, lambda n: rounded(torch.randn(n, 2, 6, 6))),
    "recurrent": (Recurrent, lambda n: torch.randint(0, 7, (n, 5))),
    "attention": (Attention, lambda n: rounded(torch.randn(n, 3, 4))),
}


def varied(module):
    """Running statistics as after a training."""
    for name, value in module.named_buffers():
        if value.dtype.is_floating_point:
            value.add_(torch.rand_like(value) * 0.5)
    return module


def small(file, data):
    """Without what is only for people; with weights outside where they were so before."""
    model = onnx.load(file)
    for item in [model, model.graph, *model.graph.node, *model.graph.initializer]:
        item.doc_string = ""
    for item in [model, *model.graph.node, *model.graph.initializer, *model.graph.value_info]:
        del item.metadata_props[:]
    for value in [*model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    onnx.checker.check_model(model)
    file.unlink()
    if data.exists():
        data.unlink()
        onnx.save(model, file, save_as_external_data=True, location=data.name, size_threshold=0)
    else:
        onnx.save(model, file)


def unmoved(module):
    """A copy whose running statistics stay as they are, although tracing it for training is a step."""
    module = copy.deepcopy(module)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = 0.0
    return module


def export(name, kind, module, example):
    file = OUT / f"{name}-{kind}.onnx"
    if kind == "dynamo":
        batch = torch.export.Dim("batch")
        torch.onnx.export(module, (example,), file, dynamo=True, dynamic_shapes=({0: batch},), verbose=False)
    else:
        kept = torch.onnx.TrainingMode.TRAINING if kind == "training" else torch.onnx.TrainingMode.EVAL
        torch.onnx.export(
            module,
            (example,),
            file,
            dynamo=False,
            training=kept,
            do_constant_folding=kind != "training",
            input_names=["x"],
            dynamic_axes={"x": {0: "batch"}},
        )
    small(file, Path(str(file) + ".data"))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    expected = {"torch": torch.__version__, "networks": {}}
    for name, (network, example) in NETWORKS.items():
        torch.manual_seed(1)
        module = varied(network()).eval()
        kinds = ["script", "dynamo"] + (["training"] if name == "convolutions" else [])
        for kind in kinds:
            export(name, kind, unmoved(module) if kind == "training" else module, example(2))
        cases = []
        for n in (1, 7):
            x = example(n)
            with torch.no_grad():
                y = module(x)
            cases.append({"shape": list(x.shape), "x": listed(x), "y": listed(y)})
        expected["networks"][name] = {"kinds": kinds, "cases": cases}
    text = json.dumps(expected, separators=(",", ":"))
    (OUT / "expected.json").write_text(text.replace('{"shape"', '\n{"shape"') + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
