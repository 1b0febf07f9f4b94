#!/usr/bin/env python3
"""Kills commands of Hypertape by SIGKILL at random moments and looks at what they leave.

    benchmarks/reliability/kill.py [--kills N] [--seed S] [--only train,text,paper,...] [--keep]

Starts ./hypertape (which builds itself on first use) with tiny models and data. A training that was
killed is resumed, and killed while it resumes, until one start comes to its end: what it leaves then
must have the bytes of an undisturbed run, and the folder must be readable after each kill. A paper run
is started again by the same command and must give the same files, with nothing left behind. evaluate
and generate must change nothing; bench must leave no process and no half file.

The moments are drawn by the seed, which is printed: half of them at any time of the command's life, half
shortly after it has changed something in its folder, where the file operations are. Linux and macOS.
"""

import argparse
import filecmp
import hashlib
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HYPERTAPE = Path(__file__).resolve().parents[2] / "hypertape"
PATIENCE = 300


class Failure(Exception):
    """What a kill has brought to light."""


def snapshot(folder):
    """Names, sizes and times of the files of a folder: what a file operation changes."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                stat = os.lstat(os.path.join(place, name))
            except FileNotFoundError:
                continue
            found.append((place, name, stat.st_size, stat.st_mtime_ns))
    return sorted(found)


def digests(folder):
    """Contents by name, the lock's left out: it tells which process has the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.name != "run.lock"
    }


class Machine:
    """Starts commands and kills them."""

    def __init__(self, work, seed):
        self.work = work
        self.random = random.Random(seed)
        self.kills = 0

    def start(self, *words):
        # Commands that live for a second only; vector kernels are what bench measures, and need C2.
        options = "-XX:+UseSerialGC" + (" -XX:TieredStopAtLevel=1" if words[0] != "bench" else "")
        log = open(self.work / "log", "wb")
        with log:
            return subprocess.Popen(
                [str(HYPERTAPE), *map(str, words)],
                cwd=self.work,
                env=dict(os.environ, HYPERTAPE_JAVA_OPTS=options),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self):
        return (self.work / "log").read_text(errors="replace")

    def whole(self, *words):
        """Runs a command undisturbed; returns the seconds that it took."""
        begin = time.monotonic()
        status = self.start(*words).wait(PATIENCE)
        if status != 0 and not self.is_over(status):
            raise Failure(f"status {status}: {' '.join(map(str, words))}\n{self.log()}")
        return time.monotonic() - begin

    def killed(self, folder, seconds, *words):
        """Runs a command and kills it, unless it has come to its end before: whether it was killed."""
        process = self.start(*words)
        begin = time.monotonic()
        if self.random.random() < 0.5:
            self.sleep(process, self.random.uniform(0, 1.1 * seconds))
        else:
            for _ in range(self.random.randint(1, 6)):
                before = snapshot(folder)
                while process.poll() is None and snapshot(folder) == before:
                    if time.monotonic() - begin > PATIENCE:
                        raise Failure(f"{words} hangs\n{self.log()}")
                    time.sleep(0.0005)
            self.sleep(process, self.random.choice([0, 0.001, 0.005, 0.02]) * self.random.random())
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        status = process.wait(PATIENCE)
        if status == -signal.SIGKILL:
            self.kills += 1
            return True
        if status != 0 and not self.is_over(status):
            raise Failure(f"status {status}: {' '.join(map(str, words))}\n{self.log()}")
        return False

    def is_over(self, status):
        """A training had come to its end, and was killed before it let go of its folder."""
        return status == 2 and " are asked for; " in self.log()

    @staticmethod
    def sleep(process, seconds):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass


class Training:
    """A run in a folder, killed, resumed and killed again."""

    def __init__(self, machine, name, words):
        self.machine = machine
        self.words = words
        self.run = machine.work / f"{name}-run"
        self.model = machine.work / f"{name}-whole"
        self.seconds = machine.whole(*self.train(self.model))

    def train(self, folder):
        return ["train", "--backend", "cpu", "--threads", "1", *self.words, "--out", folder]

    def round(self, left):
        shutil.rmtree(self.run, ignore_errors=True)
        for _ in range(min(left, 12)):
            if not self.machine.killed(self.run, self.seconds, *self.again()):
                break
            self.check()
        else:
            self.machine.whole(*self.again())
        self.compare()

    def again(self):
        """The command that goes on: what a user would be told."""
        if (self.run / "config.json").exists():
            return ["train", "--resume", self.run]
        return self.train(self.run)

    def check(self):
        """A run that was killed can be looked at, if it has come so far."""
        if self.run.exists() and any(self.run.iterdir()) and self.machine.random.random() < 0.2:
            self.machine.whole("verify", self.run)
        if (self.run / "model.safetensors").exists() and self.machine.random.random() < 0.1:
            self.machine.whole(*self.judged())

    def judged(self):
        return ["evaluate", self.run, "--backend", "cpu", "--limit", "50"]

    def compare(self):
        names = sorted(path.name for path in self.model.iterdir())
        if sorted(path.name for path in self.run.iterdir()) != names:
            raise Failure(f"{self.run} has {sorted(os.listdir(self.run))}, not {names}")
        for name in ("model.safetensors", "state.safetensors", "metrics.csv"):
            if not filecmp.cmp(self.run / name, self.model / name, shallow=False):
                raise Failure(f"{self.run / name} has not the bytes of {self.model / name}")


class Text(Training):
    def __init__(self, machine):
        self.text = machine.work / "text"
        self.text.write_text("the cat sat on the mat, and the dog on the log\n" * 60)
        words = ["--data", "text", "--data-file", self.text, "--hidden", "8", "--batch", "5"]
        words += ["--unroll", "40", "--dropout", "0.2", "--epochs", "3"]
        super().__init__(machine, "text", [*words, "--optimizer", "adam(1e-2)/sgd(1e-5) clip=1"])

    def judged(self):
        return ["generate", self.run, "--backend", "cpu", "--length", "20"]


class Reading:
    """A command that only reads."""

    def __init__(self, machine, folder, words):
        self.machine = machine
        self.folder = folder
        self.words = words
        self.seconds = machine.whole(*words)
        self.told = self.output()
        self.before = digests(folder)

    def output(self):
        """Without the JVM's log, which has the time."""
        return [line for line in self.machine.log().splitlines() if "KernelLadder" not in line]

    def round(self, left):
        self.machine.killed(self.folder / "none", self.seconds, *self.words)
        if digests(self.folder) != self.before or list(self.folder.glob("run.lock")):
            raise Failure(f"{self.words[0]} changed {self.folder}")
        if self.machine.random.random() < 0.1:
            self.machine.whole(*self.words)
            if self.output() != self.told:
                raise Failure(f"{self.words} tells something else:\n{self.machine.log()}")


class Paper:
    """Experiments in parts, which are kept."""

    def __init__(self, machine):
        self.machine = machine
        data = machine.work / "mnist"
        data.mkdir()
        images(data, "train", 300)
        images(data, "t10k", 50)
        self.run = machine.work / "paper-run"
        self.model = machine.work / "paper-whole"
        self.command = ["paper", "table1", "--quick", "--backend", "cpu", "--data-dir", data]
        self.seconds = machine.whole(*self.command, "--out", self.model)

    def round(self, left):
        shutil.rmtree(self.run, ignore_errors=True)
        for _ in range(min(left, 12)):
            if not self.machine.killed(self.run, self.seconds, *self.command, "--out", self.run):
                break
        else:
            self.machine.whole(*self.command, "--out", self.run)
        ours, theirs = digests(self.run), digests(self.model)
        # The parts say how long they took, and the table how it was asked for.
        for digest in (ours, theirs):
            for name in [name for name in digest if name.endswith((".json", ".md", ".sha256"))]:
                digest[name] = ""
        if differing := sorted({name for name, _ in ours.items() ^ theirs.items()}):
            raise Failure(f"{self.run} and {self.model} differ in {', '.join(differing)}")


class Bench:
    """Measurements, in processes of their own."""

    def __init__(self, machine):
        self.machine = machine
        self.run = machine.work / "bench-run"
        self.command = ["bench", "kernels", "--quick", "--filter", "elementwise ADD 2048"]
        self.command += ["--out", self.run]
        self.seconds = machine.whole(*self.command)

    def round(self, left):
        if self.machine.random.random() < 0.5:
            shutil.rmtree(self.run, ignore_errors=True)
        self.machine.killed(self.run, self.seconds, *self.command)
        self.no_process_is_left()
        if (self.run / "bench.json").exists():
            json.loads((self.run / "bench.json").read_text())

    def no_process_is_left(self):
        end = time.monotonic() + 60
        while forks := [line for line in processes() if str(self.run) in line or "ForkedMain" in line]:
            if time.monotonic() > end:
                raise Failure("still running: " + "; ".join(forks))
            time.sleep(0.2)


def processes():
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if "java" in line]


def images(folder, part, count):
    """Noise that is brighter in another place for each of ten classes, in MNIST's form."""
    noise = random.Random(part)
    labels = bytes(i % 10 for i in range(count))
    pixels = bytearray(noise.randrange(100) for _ in range(784 * count))
    for i, label in enumerate(labels):
        for k in range(78 * label, 78 * label + 78):
            pixels[784 * i + k] += 100
    head = struct.pack(">iiii", 0x803, count, 28, 28)
    (folder / f"{part}-images-idx3-ubyte").write_bytes(head + pixels)
    (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">ii", 0x801, count) + labels)


def subjects(machine, only):
    images_words = ["--limit", "120", "--hidden", "8", "--batch", "20", "--epochs", "5"]
    images_words += ["--optimizer", "adam(1e-2)/sgd(1e-5) schedule=cosine"]
    makers = {
        "train": lambda made: Training(machine, "train", images_words),
        "text": lambda made: Text(machine),
        "paper": lambda made: Paper(machine),
        "evaluate": lambda made: Reading(
            machine,
            machine.work / "train-whole",
            ["evaluate", machine.work / "train-whole", "--backend", "cpu", "--limit", "50"],
        ),
        "generate": lambda made: Reading(
            machine,
            machine.work / "text-whole",
            ["generate", machine.work / "text-whole", "--backend", "cpu", "--length", "40"],
        ),
        "bench": lambda made: Bench(machine),
    }
    made = {}
    # What others read comes first.
    for name, make in makers.items():
        if name in only or (name == "train" and "evaluate" in only) or (name == "text" and "generate" in only):
            made[name] = make(made)
    return {name: made[name] for name in only}


# How often each comes up: most of what can be lost is a training's.
SHARES = {"train": 10, "text": 6, "paper": 3, "evaluate": 2, "generate": 2, "bench": 1}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default=",".join(SHARES), help="some of " + ",".join(SHARES))
    parser.add_argument("--keep", action="store_true", help="keep the working folder")
    arguments = parser.parse_args()
    only = arguments.only.split(",")
    if unknown := [name for name in only if name not in SHARES]:
        parser.error(f"unknown: {', '.join(unknown)}")
    work = Path(tempfile.mkdtemp(prefix="hypertape-kill-")).resolve()
    print(f"seed {arguments.seed}, {arguments.kills} kills, in {work}", flush=True)
    machine = Machine(work, arguments.seed)
    counts = dict.fromkeys(only, 0)
    begin = time.monotonic()
    name = "preparation"
    try:
        made = subjects(machine, only)
        while machine.kills < arguments.kills:
            name = machine.random.choices(only, [SHARES[one] for one in only])[0]
            before = machine.kills
            made[name].round(arguments.kills - machine.kills)
            counts[name] += machine.kills - before
            if machine.kills // 50 > before // 50:
                print(f"{machine.kills} kills, {time.monotonic() - begin:.0f} s: {counts}", flush=True)
    except Failure as e:
        print(f"FAILED in {name} after {machine.kills} kills, seed {arguments.seed}: {e}", flush=True)
        print(f"left as it was: {work}")
        return 1
    print(f"{machine.kills} kills in {time.monotonic() - begin:.0f} s, nothing lost: {counts}")
    if not arguments.keep:
        shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
