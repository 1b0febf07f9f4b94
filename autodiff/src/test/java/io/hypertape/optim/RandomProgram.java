package io.hypertape.optim;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random operations on one or two optimizers at work on one model, whose losses read batch
 * statistics, draw masks and read what the other optimizer is at work on. Equal seeds give equal
 * programs, however they run; after each operation all that counts is noted.
 */
final class RandomProgram implements AutoCloseable {

  private static final List<String> TOWERS =
      List.of(
          "sgd(0.1)",
          "adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4)",
          "sgd(0.1, mu=0.9)/rmsprop(1e-4) clip=0.5 schedule=cosine(20)",
          "adam(1e-2)/sgd(1e-4) group(*i*, sgd(0.1, mu=0.9)/sgd(1e-3)) clip=0.5",
          "adam-alpha(1e-2)/sgd(1e-3) schedule=warmup(3)",
          "auto(adam) schedule=decay(0.5, 40)",
          "auto(sgd(30, mu=0.9)) group(*i*, auto(sgd)) cap=100 schedule=constant",
          "sgd(0.1)/sgd(0.1, by=tape+max)/sgd(0.2, by=agreement(0.1)) guard=jump(1, 0, 2)",
          "prodigy(d0=1e-2, average=3)/sgd(1e-3) schedule=cosine(40)",
          "adam(1e-2, ema=0.9)/sgd(1e-3)",
          "schedule-free-adamw(1e-2, warmup=3)/sgd(1e-4) group(*i*, dog(reps=1e-2)) clip=0.5",
          "mechanic-sgd(0.5, mu=0.9, init=1e-2)/sgd(1e-4) group(*i*, hdm(0.01, init=0.01))",
          "auto(schedule-free-sgd(0.01)) schedule=constant",
          "sgd(0.1, mu=0.5, logit=mu, log=alpha)/sgd(0.1, by=trace(-0.5)+max+restart(2, 0.5))",
          "adam(1e-2)/sgd(1e-3, mu=0.5) heldout=2 clip=0.5",
          "auto(sgd(30, mu=0.9)) group(*i*, auto(sgd)) cap=100 schedule=constant heldout=3",
          "auto(adam) group(*i*, auto(sgd)) schedule=constant guard=jump+edge(1.001, 3)",
          "adam(1e-2)/sgd(1e-3) group(*i*, auto(adam)) schedule=constant guard=jump+edge(1.001, 3)",
          "sgd(0.1, mu=0.9) group(*i*, sgd(0.1)/sgd(0.1, by=tape+max)) heldout=2 schedule=cosine(9)");

  /** How a program runs. */
  enum Mode {
    PLAIN(false, false),
    RECORDED(true, false),
    RESUMED(false, true),
    RECORDED_AND_RESUMED(true, true);

    final boolean records;
    final boolean resumes;

    Mode(boolean records, boolean resumes) {
      this.records = records;
      this.resumes = resumes;
    }
  }

  final SmallRun run;
  final Mode mode;
  final Parameter spare;
  private final Buffer mean;
  private final DropoutCounter masks;
  private final List<RandomPlayer> players = new ArrayList<>();
  private final long seed;
  private final List<String> done = new ArrayList<>();
  private final List<double[]> trace = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  RandomProgram(long seed, Mode mode) {
    this.seed = seed;
    this.mode = mode;
    run = SmallRun.cpu(mode.records);
    spare = new Parameter("spare", run.session.normal(new int[] {SmallRun.FEATURES}, 1, 3));
    mean = new Buffer("mean", run.session.zeros(SmallRun.FEATURES));
    masks = new DropoutCounter(run.session, 7);
    Random random = new Random(seed);
    List<List<Parameter>> parts =
        random.nextInt(3) == 0
            ? List.of(List.of(run.weight, run.bias, spare))
            : List.of(List.of(run.weight, spare), List.of(run.bias));
    for (List<Parameter> part : parts) {
      String tower = TOWERS.get(random.nextInt(TOWERS.size()));
      players.add(new RandomPlayer(this, tower, random.nextInt(4), part));
    }
  }

  /** One of several losses. */
  Tensor loss(int kind, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor scale =
        kind == 1 || kind == 3
            ? spare.value().sigmoid()
            : run.session.constant(1).broadcastTo(SmallRun.FEATURES);
    if (kind == 3) {
      Tensor now = x.mean(0);
      mean.write(mean.read().mul(0.75).add(now.mul(0.25)));
      x = NeuralOps.dropout(x.sub(now), 0.25, masks);
    }
    Tensor output = x.mul(scale).matmulTransposed(run.weight.value()).tanh();
    if (kind != 2) {
      output = output.add(run.bias.value());
    }
    return output.logSoftmax().pick(in.get(1)).mean().neg();
  }

  /** Moves a running mean on, as some hooks do. */
  Tensor moved(Tensor by) {
    Tensor now = mean.read().mul(0.5).add(by);
    mean.write(now);
    return now;
  }

  void take(int operations) {
    for (int i = 0; i < operations; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      RandomPlayer player = players.get(random.nextInt(players.size()));
      done.add(players.indexOf(player) + " " + player.tower() + ": ");
      String outcome = player.take(random);
      done.set(i, done.get(i) + outcome);
      note();
    }
  }

  private void note() {
    List<Double> now = new ArrayList<>();
    StringBuilder note = new StringBuilder();
    for (RandomPlayer player : players) {
      player.note(now, note);
    }
    for (Parameter parameter : List.of(run.weight, run.bias, spare)) {
      for (double value : parameter.value().toDoubles()) {
        now.add(value);
      }
    }
    for (double value : mean.toDoubles()) {
      now.add(value);
    }
    now.add((double) masks.count());
    trace.add(now.stream().mapToDouble(v -> v).toArray());
    notes.add(note.toString());
  }

  /** The operations so far, for people. */
  String text(int operations) {
    return "seed " + seed + ", " + mode + ":\n" + String.join("\n", done.subList(0, operations));
  }

  List<String> done() {
    return done;
  }

  List<double[]> trace() {
    return trace;
  }

  List<String> notes() {
    return notes;
  }

  @Override
  public void close() {
    players.forEach(RandomPlayer::close);
    run.close();
  }
}
