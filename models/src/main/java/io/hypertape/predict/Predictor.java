package io.hypertape.predict;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.Network;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model for a service: opened once, then asked by any number of threads at the same time,
 * platform threads or virtual ones, without a session of theirs. Its numbers are a copy, which no
 * training changes.
 *
 * <p>A call is computed on its caller's thread, on one of a few lanes, each of which has memory of
 * its own and the work recorded; the weights are there once, for all lanes. While every lane is
 * busy, callers wait; a virtual thread does not keep its carrier then. A call leaves nothing on the
 * heap but its result.
 *
 * <p>Results have the bits of the model's own {@link Mode#EVALUATE}, and the same ones whatever
 * examples are computed together ({@link PredictorOptions#batch}), by however many threads. An
 * example with numbers that are not finite is computed like any other.
 */
public final class Predictor implements AutoCloseable {

  private final ExampleForm form;
  private final Lanes lanes;
  private final Optional<JoinedCalls> joined;
  private final Listeners listeners = new Listeners();
  private final String description;

  private Predictor(OpenLanes opened, Batching batching) {
    this.form = opened.form();
    this.lanes = new Lanes(opened.lanes());
    this.joined =
        batching.most() == 1
            ? Optional.empty()
            : Optional.of(new JoinedCalls(lanes, batching, form, listeners));
    this.description = opened.description();
  }

  // Opening.

  /**
   * Opens the network of a file with {@link PredictorOptions#DEFAULTS}.
   *
   * @param file a model's safetensors file, see {@link Checkpoint}
   * @return the predictor, to be closed by the caller
   * @throws SafetensorsException if the file is damaged, or has no network that gives a row for an
   *     example
   * @throws IOException if it cannot be read
   */
  public static Predictor open(Path file) throws IOException {
    Nulls.check(file, "predictor: file");
    return open(file, PredictorOptions.DEFAULTS);
  }

  /**
   * Opens the network of a file.
   *
   * @param file a model's safetensors file, see {@link Checkpoint}
   * @param options how it shall work
   * @return the predictor, to be closed by the caller
   * @throws SafetensorsException if the file is damaged, or has no network that gives a row for an
   *     example
   * @throws IOException if it cannot be read
   */
  public static Predictor open(Path file, PredictorOptions options) throws IOException {
    Nulls.check(file, "predictor: file");
    Nulls.check(options, "predictor: options");
    try (Session session = Session.open(options.session())) {
      Model model = Checkpoint.read(session, file).model();
      if (!(model instanceof Network network)) {
        throw new SafetensorsException(
            file
                + ": a model of family "
                + model.family()
                + ", which carries a state from call to call, gives no row for an example; of texts a"
                + " TextGenerator makes more");
      }
      return of(network, options);
    }
  }

  /**
   * Copies a network, with {@link PredictorOptions#DEFAULTS}.
   *
   * @param model the model, on its session's thread
   * @return the predictor, to be closed by the caller
   */
  public static Predictor of(Network model) {
    Nulls.check(model, "predictor: model");
    return of(model, PredictorOptions.DEFAULTS);
  }

  /**
   * Copies a network.
   *
   * @param model the model, on its session's thread
   * @param options how it shall work
   * @return the predictor, to be closed by the caller
   * @throws IllegalArgumentException if the model leaves open how long an example's axes are, and
   *     the options, too; or if they ask for another backend than the model's
   */
  public static Predictor of(Network model, PredictorOptions options) {
    Nulls.check(model, "predictor: model");
    Nulls.check(options, "predictor: options");
    List<Parameter> parameters =
        Nulls.copy(model.parameters(), "predictor: the model's parameters");
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "predictor: a model without parameters does not tell its session; give that with a"
              + " function");
    }
    List<Integer> open = Nulls.copy(model.inputShape(), "predictor: the model's inputShape");
    List<Integer> shape = options.example().isEmpty() ? open : options.example();
    boolean fits = shape.size() == open.size();
    for (int axis = 0; fits && axis < shape.size(); axis++) {
      int own = open.get(axis);
      fits = shape.get(axis) > 0 && (own == 0 || own == shape.get(axis));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "predictor: examples of shape "
              + shape
              + " for a model of "
              + open
              + ", 0 being any length; PredictorOptions.withExample says how long those are");
    }
    return create(
        parameters.get(0).session(), x -> model.forward(x, Mode.EVALUATE), shape, options);
  }

  /**
   * Copies what a function computes, such as {@code x -> layers.forward(x, Mode.EVALUATE)}: the
   * same operations for every input of a shape, with each example by itself.
   *
   * @param session whose tensors it computes with, on its thread
   * @param function from examples [N, …] to results [N, …]
   * @param options how it shall work; with the shape of an example
   * @return the predictor, to be closed by the caller
   * @throws IllegalArgumentException if the options do not tell the shape, or ask for another
   *     backend than the session's; or if results have another first axis
   * @throws IllegalStateException if the function changes what outlives it, or looks at numbers on
   *     the host
   */
  public static Predictor of(
      Session session, UnaryOperator<Tensor> function, PredictorOptions options) {
    Nulls.check(session, "predictor: session");
    Nulls.check(function, "predictor: function");
    Nulls.check(options, "predictor: options");
    if (options.example().isEmpty()) {
      throw new IllegalArgumentException(
          "predictor: a function does not tell the shape of its examples;"
              + " PredictorOptions.withExample does");
    }
    return create(session, function, options.example(), options);
  }

  private static Predictor create(
      Session session,
      UnaryOperator<Tensor> function,
      List<Integer> shape,
      PredictorOptions options) {
    return new Predictor(OpenLanes.of(session, function, shape, options), options.batching());
  }

  // What it is.

  /**
   * Lengths of an example's axes.
   *
   * @return such as [784] or [3, 32, 32]
   */
  public List<Integer> inputShape() {
    return form.input();
  }

  /**
   * Numbers of an example.
   *
   * @return the product of its axes' lengths
   */
  public int inputs() {
    return form.inputs();
  }

  /**
   * Numbers of a result.
   *
   * @return of a classifier the number of classes
   */
  public int outputs() {
    return form.outputs();
  }

  /**
   * What it computes on and how many calls at a time.
   *
   * @return a line for people
   */
  public String description() {
    return description;
  }

  // Following it.

  /**
   * Tells a listener of each computation from now on.
   *
   * @param listener who is told
   */
  public void addListener(PredictionListener listener) {
    listeners.add(Nulls.check(listener, "predictor: listener"));
  }

  /**
   * Tells a listener no more; one that was not there makes no difference.
   *
   * @param listener who was told
   */
  public void removeListener(PredictionListener listener) {
    listeners.remove(Nulls.check(listener, "predictor: listener"));
  }

  // Predictions.

  /**
   * Predicts for one example.
   *
   * @param example its numbers, row-major
   * @return the result; of a classifier log-probabilities, of other networks their outputs
   * @throws IllegalArgumentException if it has another length than {@link #inputs}
   * @throws IllegalStateException if this is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for other calls; its status is kept
   */
  public float[] predict(float[] example) {
    Nulls.check(example, "predict: example");
    return predict(example, 1);
  }

  /**
   * Predicts for several examples.
   *
   * @param examples their numbers, one example after the other
   * @param n how many examples
   * @return their results, one after the other
   * @throws IllegalArgumentException if the array has another length than n examples have
   * @throws IllegalStateException if this is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for other calls; its status is kept
   */
  public float[] predict(float[] examples, int n) {
    Nulls.check(examples, "predict: examples");
    checkLength("examples", examples.length, n, form.inputs());
    float[] results = new float[n * form.outputs()];
    run(examples, n, results);
    return results;
  }

  /**
   * Predicts for several examples, into an array of the caller's.
   *
   * @param examples their numbers, one example after the other
   * @param n how many examples
   * @param into room for exactly their results; another array than the examples'
   * @throws IllegalArgumentException if an array has another length than n examples need
   * @throws IllegalStateException if this is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for other calls; its status is kept
   */
  public void predict(float[] examples, int n, float[] into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    checkLength("examples", examples.length, n, form.inputs());
    checkLength("into", into.length, n, form.outputs());
    run(examples, n, into);
  }

  /**
   * Predicts for several examples, from buffer to buffer.
   *
   * @param examples their numbers, from the buffer's position to its limit, which stay as they are
   * @param n how many examples
   * @param into room for exactly their results, from position to limit, which stay as they are
   * @throws IllegalArgumentException if a buffer has more or fewer numbers than n examples need, or
   *     another byte order than the machine's, or if {@code into} is read-only
   * @throws IllegalStateException if this is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for other calls; its status is kept
   */
  public void predict(FloatBuffer examples, int n, FloatBuffer into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    if (examples.order() != ByteOrder.nativeOrder() || into.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "predict: buffers of the machine's byte order, "
              + ByteOrder.nativeOrder()
              + ", are needed: examples have "
              + examples.order()
              + ", into "
              + into.order());
    }
    predict(MemorySegment.ofBuffer(examples), n, MemorySegment.ofBuffer(into));
  }

  /**
   * Predicts for several examples, from memory to memory.
   *
   * @param examples their numbers, float32 of the machine's byte order, one example after the other
   * @param n how many examples
   * @param into room for exactly their results
   * @throws IllegalArgumentException if a segment has another size than n examples need, or if
   *     {@code into} is read-only
   * @throws IllegalStateException if this is closed, or a segment's arena
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for other calls; its status is kept
   */
  public void predict(MemorySegment examples, int n, MemorySegment into) {
    Nulls.check(examples, "predict: examples");
    Nulls.check(into, "predict: into");
    checkBytes("examples", examples.byteSize(), n, form.inputs());
    checkBytes("into", into.byteSize(), n, form.outputs());
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("predict: into is read-only");
    }
    long asked = listeners.now();
    Lane lane = lanes.take();
    long begun = listeners.now();
    try {
      lane.run(examples, n, into);
    } finally {
      lanes.give(lane);
    }
    listeners.computed(1, n, asked, begun);
  }

  private void run(float[] examples, int n, float[] into) {
    if (n == 1 && joined.isPresent()) {
      joined.get().run(examples, 0, into, 0);
      return;
    }
    long asked = listeners.now();
    Lane lane = lanes.take();
    long begun = listeners.now();
    try {
      lane.run(examples, 0, n, into, 0);
    } finally {
      lanes.give(lane);
    }
    listeners.computed(1, n, asked, begun);
  }

  private void checkLength(String what, int length, int n, int each) {
    if (n < 0 || length != (long) n * each) {
      throw unfit(what + " has " + length + " numbers, and " + n + " × " + each);
    }
  }

  private void checkBytes(String what, long bytes, int n, int each) {
    if (n < 0 || bytes != (long) Float.BYTES * n * each) {
      throw unfit(what + " has " + bytes + " bytes, and 4 × " + n + " × " + each);
    }
  }

  private IllegalArgumentException unfit(String lengths) {
    return new IllegalArgumentException(
        "predict: "
            + lengths
            + " are needed; an example has the shape "
            + form.input()
            + ", its result "
            + form.outputs()
            + " numbers");
  }

  /**
   * Ends it, from any thread: calls that are under way or wait are waited for, later ones throw
   * {@link IllegalStateException}. Closing twice does nothing.
   */
  @Override
  public void close() {
    joined.ifPresent(JoinedCalls::close);
    lanes.close();
  }
}
