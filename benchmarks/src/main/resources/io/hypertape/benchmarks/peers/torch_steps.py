"""Training steps in PyTorch, timed on request.

Writes '= ' and a description, which ends in the number of parameters, when ready; then answers each
line with a number of steps by '= ', the seconds that they took and the last one's loss. Steps:

  sgd        the paper's MLP (784-128-10, tanh, batch 256) under torch.optim.SGD
  adam/sgd   the same under the algorithm of 'Gradient Descent: The Ultimate Optimizer' written out
             below, an operation of torch each
  resnet20   He et al.'s network for CIFAR-10 (option A, batch 128) under SGD with momentum
  char-lstm  two LSTM layers of 128 units, 50 texts of 50 of 90 symbols, under Adam; the state is
             carried on from step to step, gradients are cut there

Modes:

  eager     plain PyTorch
  compile   the same with torch.compile: the model, and for the tower its loss and its update; layers of
            torch.nn.LSTM stay PyTorch's own, which torch.compile leaves alone
  official  'adam/sgd' by the authors' module gdtuo, found below the folder --official, as its
            documentation says to use it

With --trace FILE the tower below runs a recorded trace of the official code in float64 and prints
the largest relative error instead.
"""

import argparse
import glob
import importlib.util
import json
import os
import sys
import time

import torch
import torch.nn.functional as F

BATCH, SIZES, BATCHES = 256, (784, 128, 10), 40
IMAGES, TEXTS, SYMBOLS, UNITS, LONG_BATCHES = 128, 50, 90, 128, 8
# The script's own: compilers and libraries print to what is descriptor 1.
ANSWERS = os.fdopen(os.dup(1), "w")


def answer(text):
    ANSWERS.write("= " + text + "\n")
    ANSWERS.flush()


class Mlp(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = torch.nn.Linear(SIZES[0], SIZES[1])
        self.layer2 = torch.nn.Linear(SIZES[1], SIZES[2])

    def forward(self, x):
        return F.log_softmax(torch.tanh(self.layer2(torch.tanh(self.layer1(x)))), dim=1)


class Block(torch.nn.Module):
    """He et al. 2015, option A."""

    def __init__(self, channels, filters):
        super().__init__()
        self.stride = 1 if channels == filters else 2
        self.conv1 = torch.nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(filters)
        self.conv2 = torch.nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(filters)
        self.zeros = (filters - channels) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride == 2:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.zeros, self.zeros))
        return F.relu(y + x)


class ResNet(torch.nn.Module):
    def __init__(self, depth, classes):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(16)
        blocks, width = [], 16
        for filters in (16, 32, 64):
            for _ in range((depth - 2) // 6):
                blocks.append(Block(width, filters))
                width = filters
        self.blocks = torch.nn.Sequential(*blocks)
        self.linear = torch.nn.Linear(64, classes)
        for module in self.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return F.log_softmax(self.linear(x.mean((2, 3))), 1)


class CharLstm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Embedding(SYMBOLS, UNITS)
        self.rnn = torch.nn.LSTM(UNITS, UNITS, 2)
        self.decoder = torch.nn.Linear(UNITS, SYMBOLS)

    def forward(self, index, hidden, cell):
        y, state = self.rnn(self.encoder(index), (hidden, cell))
        return F.log_softmax(self.decoder(y.flatten(0, 1)), 1), state


def data():
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(BATCHES, BATCH, SIZES[0], generator=generator)
    y = torch.randint(0, SIZES[2], (BATCHES, BATCH), generator=generator)
    return [(x[i], y[i]) for i in range(BATCHES)]


def images():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(LONG_BATCHES, IMAGES, 3, 32, 32, generator=generator)
    y = torch.randint(0, 10, (LONG_BATCHES, IMAGES), generator=generator)
    return [(x[i], y[i]) for i in range(LONG_BATCHES)]


def texts():
    generator = torch.Generator().manual_seed(1)
    x = torch.randint(0, SYMBOLS, (LONG_BATCHES, TEXTS, TEXTS), generator=generator)
    y = torch.randint(0, SYMBOLS, (LONG_BATCHES, TEXTS * TEXTS), generator=generator)
    return [(x[i], y[i]) for i in range(LONG_BATCHES)]


def size(params):
    return sum(p.numel() for p in params)


def plain(model, optimizer, compiled):
    forward = torch.compile(model) if compiled else model

    def step(x, y):
        optimizer.zero_grad()
        loss = F.nll_loss(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, size(model.parameters())


def plain_sgd(compiled):
    model = Mlp()
    return plain(model, torch.optim.SGD(model.parameters(), lr=0.01), compiled)


def resnet20(compiled):
    model = ResNet(20, 10).train()
    return plain(model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), compiled)


def char_lstm(compiled):
    model = CharLstm()
    forward = torch.compile(model) if compiled else model
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for p in model.parameters():
        # The second moment begins at eps, as in the authors' code and ours: small gradients count less
        # for long, and losses of both sides can be compared. It changes no time.
        optimizer.state[p] = {
            "step": torch.tensor(0.0),
            "exp_avg": torch.zeros_like(p),
            "exp_avg_sq": torch.full_like(p, 1e-8),
        }
    state = [torch.zeros(2, TEXTS, UNITS), torch.zeros(2, TEXTS, UNITS)]

    def step(x, y):
        optimizer.zero_grad()
        out, after = forward(x, *state)
        loss = F.nll_loss(out, y)
        loss.backward()
        optimizer.step()
        state[:] = [s.detach() for s in after]
        return loss.item()

    return step, size(model.parameters())


def loss_of(x, y, w1, b1, w2, b2):
    h = torch.tanh(F.linear(x, w1, b1))
    return F.nll_loss(F.log_softmax(torch.tanh(F.linear(h, w2, b2)), dim=1), y)


def clamp(raw):
    return (raw.tanh() + 1.0) / 2.0


def unclamp(value):
    z = value * 2.0 - 1.0
    return ((1.0 + z) / (1.0 - z)).log() / 2.0


def adam_update(params, grads, ms, vs, alpha, raw1, raw2, t, eps):
    """Adam as a function of its hyperparameters, which are not detached."""
    beta1, beta2 = clamp(raw1), clamp(raw2)
    new, new_ms, new_vs = [], [], []
    for p, g, m, v in zip(params, grads, ms, vs):
        m = beta1 * m + (1.0 - beta1) * g
        v = beta2 * v + (1.0 - beta2) * g * g
        m_hat = m / (1.0 - beta1**t)
        v_hat = v / (1.0 - beta2**t)
        new.append(p - alpha * (m_hat / (v_hat**0.5 + eps)))
        new_ms.append(m)
        new_vs.append(v)
    return new, new_ms, new_vs


class AdamTunedBySgd:
    """The height-1 tower adam(alpha)/sgd(rate); one backward pass gives all gradients."""

    def __init__(self, params, alpha=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, rate=1e-5, compiled=False):
        kind = {"dtype": params[0].dtype}
        self.params = [p.detach().clone() for p in params]
        self.hypers = [
            torch.tensor(alpha, **kind),
            unclamp(torch.tensor(beta1, **kind)),
            unclamp(torch.tensor(beta2, **kind)),
        ]
        self.ms = [torch.zeros_like(p) for p in params]
        self.vs = [torch.zeros_like(p) + eps for p in params]
        self.t = torch.tensor(0.0, **kind)
        self.eps, self.rate = eps, rate
        self.loss = torch.compile(loss_of) if compiled else loss_of
        self.update = torch.compile(adam_update) if compiled else adam_update
        for p in self.params + self.hypers:
            p.requires_grad_()

    def step(self, x, y):
        loss = self.loss(x, y, *self.params)
        # The hyperparameters are reached through the update that made the weights.
        grads = torch.autograd.grad(loss, self.params + self.hypers, allow_unused=True)
        split = len(self.params)
        new_hypers = []
        for h, g in zip(self.hypers, grads[split:]):
            h = h.detach() - (self.rate * g if g is not None else 0.0)
            new_hypers.append(h.requires_grad_())
        self.hypers = new_hypers
        self.t = self.t + 1.0
        detached = [p.detach() for p in self.params]
        ms, vs = [m.detach() for m in self.ms], [v.detach() for v in self.vs]
        self.params, self.ms, self.vs = self.update(
            detached, grads[:split], ms, vs, *self.hypers, self.t, self.eps
        )
        return loss.item()


def tower(compiled):
    running = AdamTunedBySgd(list(Mlp().parameters()), compiled=compiled)
    return running.step, size(running.params)


def official(folder):
    found = sorted(glob.glob(os.path.join(folder, "**", "gdtuo.py"), recursive=True))
    if not found:
        sys.exit("there is no gdtuo.py below " + folder)
    spec = importlib.util.spec_from_file_location("gdtuo", found[0])
    gdtuo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gdtuo)
    plain_model = Mlp()
    count = size(plain_model.parameters())
    model = gdtuo.ModuleWrapper(plain_model, optimizer=gdtuo.Adam(alpha=1e-3, optimizer=gdtuo.SGD(1e-5)))
    model.initialize()

    def step(x, y):
        model.begin()
        loss = F.nll_loss(model.forward(x), y)
        model.zero_grad()
        loss.backward(create_graph=True)
        model.step()
        return loss.item()

    return step, count


def replay(path):
    with open(path) as file:
        trace = json.load(file)
    as_tensor = lambda value: torch.tensor(value, dtype=torch.float64)
    names = ("layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias")
    upper = trace["tower"][1]
    lower = {k: v for k, v in trace["tower"][0].items() if k in ("alpha", "beta1", "beta2")}
    running = AdamTunedBySgd([as_tensor(trace["initial"][n]) for n in names], rate=upper["alpha"], **lower)
    worst = 0.0
    for i, expected in enumerate(trace["steps"]):
        batch = trace["batches"][i % len(trace["batches"])]
        loss = running.step(as_tensor(batch["x"]), torch.tensor(batch["y"]))
        worst = max(worst, abs(loss - expected["loss"]) / abs(expected["loss"]))
    for name, value in zip(names, running.params):
        final = as_tensor(trace["final"][name])
        worst = max(worst, ((value - final).abs().max() / final.abs().max()).item())
    print(worst)


def why(error):
    """One line: what torch.compile lacks, or what it says."""
    if "C++ compiler" in str(error):
        return "torch.compile needs a C++ compiler: apt-get install g++, or name one in CXX"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
    return "torch.compile fails: " + (type(error).__name__ + " " + lines[0]).replace("; ", ", ")


def serve(step, batches, description, compiled):
    place = 0
    try:
        for x, y in batches[:3]:
            step(x, y)
    except Exception as error:
        if not compiled:
            raise
        sys.exit(why(error))
    answer(description)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            loss = step(*batches[place])
            place = (place + 1) % len(batches)
        seconds = time.perf_counter() - start
        answer("%r %r" % (seconds, loss))


def main():
    steps = {
        "sgd": (plain_sgd, data),
        "adam/sgd": (tower, data),
        "resnet20": (resnet20, images),
        "char-lstm": (char_lstm, texts),
    }
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=("eager", "compile", "official"), default="eager")
    parser.add_argument("--step", choices=tuple(steps), default="sgd")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--official", default="")
    parser.add_argument("--trace", default="")
    args = parser.parse_args()
    if args.trace:
        return replay(args.trace)
    if args.mode == "official" and args.step != "adam/sgd":
        sys.exit("the official code is for --step adam/sgd")
    os.dup2(2, 1)
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    make, batches = steps[args.step]
    step, count = official(args.official) if args.mode == "official" else make(args.mode == "compile")
    what = (torch.__version__, torch.get_num_threads(), count)
    serve(step, batches(), "PyTorch %s, %d threads, %d parameters" % what, args.mode == "compile")


if __name__ == "__main__":
    main()
