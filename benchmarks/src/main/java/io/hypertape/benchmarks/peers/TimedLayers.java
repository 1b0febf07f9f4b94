package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.benchmarks.ConvolutionLayer;
import io.hypertape.benchmarks.GemmCalls;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.lanes.Floats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Our side of a comparison of layers, in a process of its own: convolutions are calls of kernels,
 * LSTM layers recordings, as a training step replays both.
 */
public final class TimedLayers implements Server.Tasks {

  /** A pass: what does it, and where its results lie. */
  private record Timed(Runnable work, Supplier<List<FloatArray>> results) {}

  private final Kernels kernels;
  private final Session session;
  private final List<Replay> replays = new ArrayList<>();
  private final Map<String, Timed> passes = new LinkedHashMap<>();
  private final Map<String, List<FloatArray>> expected = new LinkedHashMap<>();
  private final Random random = new Random(1);
  private String last = "";

  private TimedLayers(Kernels kernels, Session session) {
    this.kernels = kernels;
    this.session = session;
  }

  /**
   * Writes a file for each layer, with its operands and results, then serves its passes.
   *
   * @param args the number of threads, a folder, and labels of cases
   * @throws IOException if the pipe breaks, or a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    List<String> labels = List.of(args).subList(2, args.length);
    SessionOptions options =
        SessionOptions.of(Device.CPU).withThreads(threads).withSimd(SessionOptions.Simd.VECTOR);
    try (Kernels kernels = Kernels.open(KernelMode.VECTOR, threads);
        Session session = Session.open(options)) {
      TimedLayers layers = new TimedLayers(kernels, session);
      Map<String, List<LayerCase>> forms = new LinkedHashMap<>();
      for (LayerCase one : LayerCase.LISTED) {
        if (labels.contains(one.label())) {
          forms.computeIfAbsent(one.kind() + one.form(), unused -> new ArrayList<>()).add(one);
        }
      }
      int number = 0;
      for (List<LayerCase> of : forms.values()) {
        layers.add(of, Path.of(args[1], number++ + ".safetensors"));
      }
      Server.serve("Hypertape, " + threads + " threads, outputs differ by 0", layers);
      layers.replays.reversed().forEach(Replay::close);
    }
  }

  private void add(List<LayerCase> cases, Path file) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    LayerCase any = cases.getFirst();
    texts.put("kind", any.kind());
    texts.put("form", any.form());
    Map<String, Timed> made =
        switch (any.kind()) {
          case LayerCase.PRODUCT -> product(GemmShape.parse(any.form()), tensors);
          case LayerCase.CONVOLUTION ->
              convolution(ConvolutionLayer.parse(any.form()).shape(), tensors, texts);
          default -> lstm(cases, tensors);
        };
    for (LayerCase one : cases) {
      Timed pass = made.get(one.pass());
      pass.work().run();
      List<FloatArray> results = List.copyOf(pass.results().get());
      for (int i = 0; i < results.size(); i++) {
        tensors.put("out." + one.pass() + "." + i, results.get(i));
      }
      passes.put(one.label(), pass);
      expected.put(one.label(), results);
    }
    new Safetensors(tensors, texts).write(file);
  }

  private Map<String, Timed> product(GemmShape s, Map<String, FloatArray> tensors) {
    float[] c = new float[s.m() * s.n()];
    float[] a = operand(tensors, "a", 1, s.m(), s.k());
    float[] b = operand(tensors, "b", 1, s.k(), s.n());
    return Map.of("", new Timed(GemmCalls.of(kernels, s, a, b, c)::run, copies(c, s.m(), s.n())));
  }

  private Map<String, Timed> convolution(
      ConvolutionShape s, Map<String, FloatArray> tensors, Map<String, String> texts) {
    texts.put("stride", Integer.toString(s.strideHeight()));
    texts.put("pad", Integer.toString(s.padHeight()));
    int[] image = {s.batch(), s.channels(), s.height(), s.width()};
    int[] filter = {s.filters(), s.channels(), s.filterHeight(), s.filterWidth()};
    int[] output = {s.batch(), s.filters(), s.outHeight(), s.outWidth()};
    Floats x = Floats.of(operand(tensors, "x", 1, image));
    Floats w = Floats.of(operand(tensors, "w", 1, filter));
    Floats dy = Floats.of(operand(tensors, "dy", 1, output));
    float[] y = new float[dy.length()];
    float[] dx = new float[x.length()];
    float[] dw = new float[w.length()];
    Convolutions room = kernels.convolutions();
    return Map.of(
        "forward",
        new Timed(room.forward(s, x, w, Floats.of(y))::run, copies(y, output)),
        "data",
        new Timed(room.data(s, dy, w, Floats.of(dx))::run, copies(dx, image)),
        "filter",
        new Timed(room.filter(s, x, dy, Floats.of(dw))::run, copies(dw, filter)));
  }

  /** The gradients of the input and of all weights. */
  private Map<String, Timed> lstm(List<LayerCase> cases, Map<String, FloatArray> tensors) {
    int units = LayerCase.UNITS;
    int[] sequence = {LayerCase.STEPS, LayerCase.TEXTS, units};
    int[] state = {LayerCase.LAYERS, LayerCase.TEXTS, units};
    Tensor x = tensor(operand(tensors, "x", 1, sequence), sequence);
    Tensor h = tensor(operand(tensors, "h", 1, state), state);
    Tensor c = tensor(operand(tensors, "c", 1, state), state);
    Tensor dy = tensor(operand(tensors, "dy", 1, sequence), sequence);
    List<Tensor> weights = new ArrayList<>();
    for (int layer = 0; layer < LayerCase.LAYERS; layer++) {
      for (int[] shape :
          new int[][] {{4 * units, units}, {4 * units, units}, {4 * units}, {4 * units}}) {
        // About as a layer begins with.
        weights.add(tensor(operand(tensors, "w" + weights.size(), 0.2f, shape), shape));
      }
    }
    Map<String, Timed> passes = new LinkedHashMap<>();
    for (LayerCase one : cases) {
      Replay replay =
          new Replay(
              session,
              tape ->
                  one.pass().equals(LayerCase.BOTH)
                      ? gradients(tape, x, List.of(h, c), weights, dy)
                      : List.of(NeuralOps.lstm(x, h, c, weights).output()));
      replays.add(replay);
      passes.put(
          one.pass(),
          new Timed(
              replay::run,
              () ->
                  replay.results().stream()
                      .map(t -> new FloatArray(t.shape(), t.toFloats()))
                      .toList()));
    }
    return passes;
  }

  private static List<Tensor> gradients(
      Tape tape, Tensor x, List<Tensor> states, List<Tensor> weights, Tensor dy) {
    List<Tensor> targets = new ArrayList<>();
    targets.add(tape.watch(x));
    weights.forEach(weight -> targets.add(tape.watch(weight)));
    Tensor y =
        NeuralOps.lstm(
                targets.getFirst(),
                states.getFirst(),
                states.getLast(),
                targets.subList(1, targets.size()))
            .output();
    List<Tensor> results = new ArrayList<>(List.of(y));
    results.addAll(tape.gradient(y.mul(dy).sum(), targets));
    return results;
  }

  private Tensor tensor(float[] values, int... shape) {
    return session.tensor(values, shape);
  }

  /** Numbers around 0 of a range, kept for the others. */
  private float[] operand(Map<String, FloatArray> tensors, String name, float range, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = range * (random.nextFloat() - 0.5f);
    }
    tensors.put("in." + name, new FloatArray(shape, values));
    return values;
  }

  private static Supplier<List<FloatArray>> copies(float[] values, int... shape) {
    return () -> List.of(new FloatArray(shape, values.clone()));
  }

  @Override
  public void run(String task, int count) {
    Runnable work = passes.get(task).work();
    for (int i = 0; i < count; i++) {
      work.run();
    }
    last = task;
  }

  @Override
  public double value() {
    List<FloatArray> ours = expected.get(last);
    List<FloatArray> now = passes.get(last).results().get();
    double difference = 0;
    for (int i = 0; i < ours.size(); i++) {
      difference =
          Math.max(difference, OutputJudge.difference(now.get(i).data(), ours.get(i).data()));
    }
    return difference;
  }
}
