"""Training steps of the paper's MLP (784-128-10, tanh, batch 256) in PyTorch, timed on request.

Writes '= ' and a description when ready; then answers each line with a number of steps by '= ' and
the seconds that they took. Modes:

  eager     plain PyTorch; 'sgd' is torch.optim.SGD, 'adam/sgd' the algorithm of 'Gradient Descent:
            The Ultimate Optimizer' written out below, an operation of torch each
  compile   the same with torch.compile: the loss, and for the tower its update as well
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


def data():
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(BATCHES, BATCH, SIZES[0], generator=generator)
    y = torch.randint(0, SIZES[2], (BATCHES, BATCH), generator=generator)
    return [(x[i], y[i]) for i in range(BATCHES)]


def plain_sgd(compiled):
    model = Mlp()
    forward = torch.compile(model) if compiled else model
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step(x, y):
        optimizer.zero_grad()
        loss = F.nll_loss(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


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
    return running.step


def official(folder):
    found = sorted(glob.glob(os.path.join(folder, "**", "gdtuo.py"), recursive=True))
    if not found:
        sys.exit("there is no gdtuo.py below " + folder)
    spec = importlib.util.spec_from_file_location("gdtuo", found[0])
    gdtuo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gdtuo)
    model = gdtuo.ModuleWrapper(Mlp(), optimizer=gdtuo.Adam(alpha=1e-3, optimizer=gdtuo.SGD(1e-5)))
    model.initialize()

    def step(x, y):
        model.begin()
        loss = F.nll_loss(model.forward(x), y)
        model.zero_grad()
        loss.backward(create_graph=True)
        model.step()
        return loss.item()

    return step


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


def serve(step, description):
    batches = data()
    place, first, loss = 0, None, None
    for x, y in batches[:3]:
        loss = step(x, y)
        first = loss if first is None else first
    answer(description)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            loss = step(*batches[place])
            place = (place + 1) % BATCHES
        seconds = time.perf_counter() - start
        if not loss < 2 * first:
            sys.exit("the loss is %s, at first %s" % (loss, first))
        answer(repr(seconds))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=("eager", "compile", "official"), default="eager")
    parser.add_argument("--tower", choices=("sgd", "adam/sgd"), default="sgd")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--official", default="")
    parser.add_argument("--trace", default="")
    args = parser.parse_args()
    if args.trace:
        return replay(args.trace)
    os.dup2(2, 1)
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    if args.mode == "official":
        step = official(args.official)
    elif args.tower == "sgd":
        step = plain_sgd(args.mode == "compile")
    else:
        step = tower(args.mode == "compile")
    serve(step, "PyTorch %s, %d threads" % (torch.__version__, torch.get_num_threads()))


main()
