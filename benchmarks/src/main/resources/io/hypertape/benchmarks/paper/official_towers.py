"""Training steps under towers of SGD in the paper's own code, timed on request.

Writes '= ready'; then answers each line with a number of steps by '= ' and the seconds that they
took, and 'memory' by the most bytes that were resident (-1 where that is not known). The module is
used as its documentation says.
"""

import argparse
import importlib.util
import os
import sys
import time

import torch
import torch.nn.functional as F

BATCHES = 40
# The script's own: libraries print to what is descriptor 1.
ANSWERS = os.fdopen(os.dup(1), "w")


def answer(text):
    ANSWERS.write("= " + text + "\n")
    ANSWERS.flush()


class Mlp(torch.nn.Module):
    """784-128-10 with tanh, batch 256."""

    def __init__(self):
        super().__init__()
        self.layer1 = torch.nn.Linear(784, 128)
        self.layer2 = torch.nn.Linear(128, 10)

    def forward(self, x):
        return F.log_softmax(torch.tanh(self.layer2(torch.tanh(self.layer1(x)))), dim=1)

    @staticmethod
    def batch():
        return torch.rand(256, 784), torch.randint(0, 10, (256,))


MODELS = {"mlp": Mlp}


def load(path):
    spec = importlib.util.spec_from_file_location("gdtuo", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tower(gdtuo, height):
    above = gdtuo.NoOpOptimizer()
    for _ in range(height):
        above = gdtuo.SGD(1e-4, optimizer=above)
    return gdtuo.SGD(0.01, optimizer=above)


def peak_bytes():
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
    args = parser.parse_args()
    os.dup2(2, 1)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = MODELS[args.model]()
    batches = [network.batch() for _ in range(BATCHES)]
    gdtuo = load(args.module)
    model = gdtuo.ModuleWrapper(network, optimizer=tower(gdtuo, args.height))
    model.initialize()
    place = 0

    def step():
        nonlocal place
        x, y = batches[place]
        place = (place + 1) % BATCHES
        model.begin()
        loss = F.nll_loss(model.forward(x), y)
        model.zero_grad()
        loss.backward(create_graph=True)
        model.step()
        return loss.item()

    step()
    answer("ready")
    for line in sys.stdin:
        if line.strip() == "memory":
            answer(str(peak_bytes()))
            continue
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        answer(repr(time.perf_counter() - start))


main()
