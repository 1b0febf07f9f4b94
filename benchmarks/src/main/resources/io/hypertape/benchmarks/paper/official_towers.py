"""Training steps under towers of SGD in the paper's own code, timed on request.

Writes '= ready'; then answers each line with a number of steps by '= ' and the seconds that they
took, and 'memory' by the most bytes that were resident (-1 where that is not known), or that tensors
took on a GPU. The module is used as its documentation says; models and batches are those of
torch_steps.py, beside this file.
"""

import argparse
import importlib.util
import os
import sys
import time

import torch
import torch.nn.functional as F


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class LookedUpLstm(torch.nn.LSTM):
    """Looks its weights up at each call, as the module's wrapper puts new tensors in their place."""

    def forward(self, *args):
        self._flat_weights = [getattr(self, name) for name in self._flat_weights_names]
        return super().forward(*args)


def mlp(steps):
    return steps.Mlp(), steps.data()


def resnet20(steps):
    return steps.ResNet(20, 10).train(), steps.images()


def char_lstm(steps):
    model = steps.CharLstm()
    model.rnn.__class__ = LookedUpLstm
    return model, steps.texts()


MODELS = {"mlp": mlp, "resnet20": resnet20, "char-lstm": char_lstm}


def tower(gdtuo, height):
    above = gdtuo.NoOpOptimizer()
    for _ in range(height):
        above = gdtuo.SGD(1e-4, optimizer=above)
    return gdtuo.SGD(0.01, optimizer=above)


def peak_bytes(device):
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    try:
        with open("/proc/self/status") as lines:
            for line in lines:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    return -1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--module", required=True)
    parser.add_argument("--model", choices=sorted(MODELS), required=True)
    parser.add_argument("--height", type=int, required=True)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    args = parser.parse_args()
    if args.device == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch (%s) finds no GPU; leave --official out" % torch.__version__)
    folder = os.path.dirname(os.path.abspath(__file__))
    steps = load("torch_steps", os.path.join(folder, "torch_steps.py"))
    os.dup2(2, 1)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network, batches = MODELS[args.model](steps)
    network = network.to(args.device)
    batches = [(x.to(args.device), y.to(args.device)) for x, y in batches]
    gdtuo = load("gdtuo", args.module)
    model = gdtuo.ModuleWrapper(network, optimizer=tower(gdtuo, args.height))
    model.initialize()
    # A character model's, carried on from step to step; gradients are cut there.
    state = []
    if args.model == "char-lstm":
        shape = (2, steps.TEXTS, steps.UNITS)
        state = [torch.zeros(shape, device=args.device) for _ in range(2)]
    place = 0

    def step():
        nonlocal place
        x, y = batches[place]
        place = (place + 1) % len(batches)
        model.begin()
        output = model.forward(x, *state)
        if state:
            output, after = output
            state[:] = [s.detach() for s in after]
        loss = F.nll_loss(output, y)
        model.zero_grad()
        loss.backward(create_graph=True)
        model.step()
        return loss.item()

    step()
    steps.answer("ready")
    for line in sys.stdin:
        if line.strip() == "memory":
            steps.answer(str(peak_bytes(args.device)))
            continue
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        steps.answer(repr(time.perf_counter() - start))


if __name__ == "__main__":
    main()
