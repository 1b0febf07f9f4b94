"""Predictions in PyTorch, timed on request: models of 'hypertape bench peers' with Hypertape's own weights.

    torch_predictions.py MODEL FILE MODE THREADS

FILE has the weights by their names in a state_dict, 'input' and 'output', Hypertape's log-probabilities for it.
MODE is 'eager' or 'compile': torch.compile with frozen weights, which packs them once. Both in inference mode.
"""

import os
import sys

import torch
import torch.nn.functional as F

import torch_steps
import turns

TEXT = 50


class Cnn(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 16, 5, 1, 2)
        self.conv2 = torch.nn.Conv2d(16, 32, 5, 1, 2)
        self.linear = torch.nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return F.log_softmax(self.linear(x.flatten(1)), 1)


class Text(torch.nn.Module):
    """The character model at the beginning of texts."""

    def __init__(self):
        super().__init__()
        self.model = torch_steps.CharLstm()

    def forward(self, index):
        state = torch.zeros(2, index.shape[1], torch_steps.UNITS)
        return self.model(index, state, state)[0]


def own_name(name):
    """Hypertape numbers blocks of a ResNet by stage, as PyTorch's usual version of it does."""
    parts = name.split(".")
    if parts[0] == "blocks":
        block = int(parts[1])
        parts[:2] = ["layer%d" % (1 + block // 3), str(block % 3)]
    return ".".join(part for part in parts if part != "model")


def make(name):
    if name == "mlp":
        return torch_steps.Mlp()
    if name == "cnn":
        return Cnn()
    return torch_steps.ResNet(20, 10) if name == "resnet20" else Text()


def main():
    name, path, mode, threads = sys.argv[1:]
    os.dup2(2, 1)
    torch.set_num_threads(int(threads))
    stored, _ = turns.stored(path)
    values = {
        key: torch.frombuffer(data, dtype=torch.float32).reshape(shape) for key, (data, shape) in stored.items()
    }
    model = make(name).eval()
    with torch.no_grad():
        for key, target in model.state_dict().items():
            if not key.endswith("num_batches_tracked"):
                target.copy_(values[own_name(key)])
    x, expected = values["input"].clone(), values["output"]
    if name == "char-lstm":
        x = x.long().reshape(TEXT, -1)
    size = max(1.0, expected.abs().max().item())
    if mode == "compile":
        from torch._inductor import config

        config.freezing = True
        model = torch.compile(model, dynamic=False)

    def difference(task, output):
        return (output - expected).abs().max().item() / size

    with torch.inference_mode():
        try:
            first = difference("", model(x))
        except Exception as error:
            sys.exit(torch_steps.why(error) if mode == "compile" else repr(error))
        what = (torch.__version__, torch.get_num_threads(), first)
        turns.serve("PyTorch %s, %d threads, outputs differ by %.2g" % what, lambda task: model(x), difference)


if __name__ == "__main__":
    main()
