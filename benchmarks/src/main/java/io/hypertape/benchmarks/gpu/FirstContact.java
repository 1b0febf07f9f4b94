package io.hypertape.benchmarks.gpu;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the first minutes on a GPU are spent on: does each thing work at all, and does it compute
 * what float64 on the CPU does? A line for each thing, written at once.
 */
public final class FirstContact {

  private static final int BATCH = 16;
  private static final int STEPS = 20;
  private static final int FEW_STEPS = 10;
  private static final double FINE = 2e-5;
  private static final double COARSE = 2e-2;

  private final Device device;
  private final PrintStream out;
  private boolean isGood = true;

  FirstContact(Device device, PrintStream out) {
    this.device = device;
    this.out = out;
  }

  /**
   * Runs a part, and fails in the end if something is not as it should be.
   *
   * @param args the part: {@code device}, {@code products}, {@code layers}, {@code tower} or {@code
   *     models}; the backend, {@code cuda} if none is named
   */
  public static void main(String[] args) {
    StandardOutput.install();
    Device device = Device.valueOf((args.length > 1 ? args[1] : "cuda").toUpperCase(Locale.ROOT));
    if (!new FirstContact(device, System.out).run(args.length > 0 ? args[0] : "")) {
      throw new IllegalStateException("something is not as it should be: see the lines above");
    }
  }

  /** Whether all of a part is as it should be. */
  boolean run(String part) {
    switch (part) {
      case "device" -> device();
      case "products" -> products();
      case "layers" -> layers();
      case "tower" -> {
        tower("sgd(0.1)/sgd(1e-3)^3");
        tower("adam(1e-3)/sgd(1e-5)");
      }
      case "models" -> models();
      default ->
          throw new IllegalArgumentException(
              "'" + part + "'; device, products, layers, tower and models fit");
    }
    return isGood;
  }

  private void say(boolean good, String line, Object... values) {
    isGood &= good;
    out.printf(Locale.ROOT, (good ? "ok    " : "WRONG ") + line + "%n", values);
    out.flush();
  }

  private Session open(Precision precision) {
    return Session.open(SessionOptions.of(device).withPrecision(precision));
  }

  private static Session exact() {
    return Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));
  }

  private void device() {
    long start = System.nanoTime();
    try (Session session = open(Precision.FLOAT32)) {
      double opened = 1e-9 * (System.nanoTime() - start);
      say(true, "opened in %.1f s: %s", opened, session.description());
      double sum = session.scoped(() -> session.ones(3, 5).sum().item());
      say(sum == 15, "a sum of 15 ones is %s", sum);
      say(true, "%d bytes held", session.allocatedBytes());
    }
  }

  private void products() {
    int[][] shapes = {{256, 784, 128}, {128, 256, 784}, {256, 128, 10}, {512, 512, 512}};
    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.TF32}) {
      double allowed = precision == Precision.TF32 ? COARSE : FINE;
      for (int[] s : shapes) {
        Function<Session, Tensor> product =
            session ->
                session
                    .uniform(new int[] {s[0], s[1]}, 1, 1)
                    .matmul(session.uniform(new int[] {s[1], s[2]}, 1, 2));
        compare(
            precision + " product " + s[0] + "x" + s[1] + "x" + s[2], precision, product, allowed);
      }
    }
  }

  /** The largest difference as a part of the largest number. */
  private void compare(
      String what, Precision precision, Function<Session, Tensor> work, double allowed) {
    float[] found;
    float[] expected;
    try (Session session = open(precision)) {
      found = session.scoped(() -> work.apply(session).toFloats());
    }
    try (Session session = exact()) {
      expected = session.scoped(() -> work.apply(session).toFloats());
    }
    double error = error(found, expected);
    say(error <= allowed, "%s: off by %.1e of the largest, %.0e allowed", what, error, allowed);
  }

  private static double error(float[] found, float[] expected) {
    double largest = Double.MIN_NORMAL;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double difference = Math.abs((double) found[i] - expected[i]);
      error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
    }
    return error / largest;
  }

  /** A model, and its loss on a batch. */
  private record Task(
      String name,
      Function<Session, Model> model,
      BiFunction<Model, List<Tensor>, Tensor> loss,
      Input... batch) {}

  private static float[] numbers(int count) {
    Random random = new Random(7);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static int[] labels(int count, int classes) {
    return new Random(8).ints(count, 0, classes).toArray();
  }

  private static Task mlp() {
    return new Task(
        "MLP",
        session -> Mlp.create(session, MlpSpec.tanh(40, 32, 10), 1),
        (model, in) -> Losses.nll(((Mlp) model).forward(in.get(0), Mode.TRAIN), in.get(1)),
        Input.floats(numbers(BATCH * 40), BATCH, 40),
        Input.indices(labels(BATCH, 10)));
  }

  private static Task resNet(int depth) {
    return new Task(
        "ResNet-" + depth,
        session -> ResNet.create(session, new ResNetSpec(depth, 3, 10), 1),
        (model, in) -> Losses.nll(((ResNet) model).forward(in.get(0), Mode.TRAIN), in.get(1)),
        Input.floats(numbers(BATCH * 3 * 16 * 16), BATCH, 3, 16, 16),
        Input.indices(labels(BATCH, 10)));
  }

  private static Task charLstm() {
    int steps = 8;
    return new Task(
        "char-LSTM",
        session -> CharLstm.create(session, CharLstmSpec.of(30).withLayers(32, 2), 1),
        (model, in) ->
            Losses.nll(((CharLstm) model).forward(in.get(0), steps, BATCH, Mode.TRAIN), in.get(1)),
        Input.indices(labels(steps * BATCH, 30)),
        Input.indices(labels(steps * BATCH, 30)));
  }

  /** Its order of gates, signs and strides: a step of descent gives every gradient. */
  private void layers() {
    for (Task task : List.of(mlp(), resNet(8), charLstm())) {
      List<String> slower = new ArrayList<>();
      List<float[]> found;
      List<float[]> expected;
      try (Session session = open(Precision.FLOAT32)) {
        found = stepped(session, task);
        slower.addAll(INTERNALS.fallbacks(session));
      }
      try (Session session = exact()) {
        expected = stepped(session, task);
      }
      double error = 0;
      for (int i = 0; i < found.size(); i++) {
        error = Math.max(error, error(found.get(i), expected.get(i)));
      }
      // Through twenty layers rounding adds up.
      double allowed = 100 * FINE;
      say(error <= allowed, "%s: weights off by %.1e, %.0e allowed", task.name(), error, allowed);
      slower.forEach(one -> say(true, "%s took a slower way: %s", task.name(), one));
    }
  }

  /** Weights after a step, less what they were: the gradients. */
  private static List<float[]> stepped(Session session, Task task) {
    Model model = task.model().apply(session);
    List<float[]> before = values(model);
    run(session, model, task, "sgd(1)", 1);
    List<float[]> after = values(model);
    for (int i = 0; i < after.size(); i++) {
      for (int j = 0; j < after.get(i).length; j++) {
        after.get(i)[j] -= before.get(i)[j];
      }
    }
    return after;
  }

  private static List<float[]> values(Model model) {
    return new ArrayList<>(
        model.parameters().stream().map(Parameter::value).map(Tensor::toFloats).toList());
  }

  private record Trained(List<Double> losses, List<float[]> values, String mode) {

    boolean isSame(Trained other) {
      boolean same = losses.equals(other.losses);
      for (int i = 0; i < values.size(); i++) {
        same &= Arrays.equals(values.get(i), other.values.get(i));
      }
      return same && losses.stream().allMatch(Double::isFinite);
    }
  }

  private static Trained run(Session session, Model model, Task task, String tower, int steps) {
    List<Double> losses = new ArrayList<>();
    try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, model.parameters())) {
      TrainingStep step = optimizer.prepare(in -> task.loss().apply(model, in));
      for (int i = 0; i < steps; i++) {
        losses.add(step.run(task.batch()).item());
      }
      return new Trained(losses, values(model), step.mode());
    }
  }

  private Trained recorded(Task task, String tower, int steps) {
    try (Session session = open(Precision.FLOAT32)) {
      return run(session, task.model().apply(session), task, tower, steps);
    }
  }

  private Trained unrecorded(Task task, String tower, int steps) {
    List<Double> losses = new ArrayList<>();
    try (Session session = open(Precision.FLOAT32)) {
      Model model = task.model().apply(session);
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, model.parameters())) {
        for (int i = 0; i < steps; i++) {
          losses.add(
              optimizer
                  .step(
                      () ->
                          task.loss()
                              .apply(
                                  model,
                                  List.of(
                                      session.tensor(numbers(BATCH * 40), BATCH, 40),
                                      session.indices(labels(BATCH, 10)))))
                  .item());
        }
        return new Trained(losses, values(model), "");
      }
    }
  }

  private void tower(String tower) {
    Trained first = recorded(mlp(), tower, STEPS);
    boolean same = first.isSame(unrecorded(mlp(), tower, STEPS));
    say(same, "%s: %d steps, recorded and not, in the same bits; %s", tower, STEPS, first.mode());
  }

  private void models() {
    for (Task task : List.of(resNet(20), charLstm())) {
      for (String tower : List.of("sgd(0.05, mu=0.9)", "adam(1e-3)/sgd(1e-6)")) {
        Trained first = recorded(task, tower, FEW_STEPS);
        boolean same = first.isSame(recorded(task, tower, FEW_STEPS));
        double last = first.losses().getLast();
        say(
            same && last < first.losses().getFirst(),
            "%s under %s: %d steps twice, in the same bits, the loss from %.4f to %.4f; %s",
            task.name(),
            tower,
            FEW_STEPS,
            first.losses().getFirst(),
            last,
            first.mode());
      }
    }
  }
}
