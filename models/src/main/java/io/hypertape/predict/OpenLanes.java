package io.hypertape.predict;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.program.Computation;
import io.hypertape.checks.Failures;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lanes that are ready to predict, each with a session that no thread uses but by its lane.
 *
 * @param form what goes in and comes out
 * @param lanes one for each call at a time
 * @param description what they compute on, for people
 */
record OpenLanes(ExampleForm form, List<Lane> lanes, String description) {

  /** Opens the lanes of a function of examples of a shape. */
  static OpenLanes of(
      Session session,
      UnaryOperator<Tensor> function,
      List<Integer> shape,
      PredictorOptions options) {
    List<Session> sessions = new ArrayList<>();
    try {
      sessions.add(Session.open(options.session()));
      Session first = sessions.getFirst();
      checkBackend(session, first);
      int lanes = lanes(options, first);
      while (sessions.size() < lanes) {
        sessions.add(Session.open(options.session()));
      }
      int[] batches = ExampleForm.batches(options.batch());
      ExampleForm inputs = new ExampleForm(shape, ExampleForm.size(shape), 0, batches);
      Computation computation =
          Computation.of(
              session,
              Arrays.stream(batches).mapToObj(inputs::shape).toList(),
              x -> Nulls.check(function.apply(x), "predictor: what its function gives"),
              INTERNALS.backend(first));
      int outputs = Arrays.stream(computation.outputShape()).reduce(1, Math::multiplyExact);
      ExampleForm form = new ExampleForm(shape, inputs.inputs(), outputs, batches);
      List<Lane> opened = new ArrayList<>();
      for (Session lane : sessions) {
        opened.add(new Lane(opened.size(), lane, form, computation));
      }
      String description =
          first.description() + "; " + lanes + (lanes == 1 ? " call" : " calls") + " at a time";
      WarmUp.run(opened, form, options.warmUp());
      return new OpenLanes(form, opened, description);
    } catch (RuntimeException | Error e) {
      List<Runnable> parts = new ArrayList<>();
      parts.add(
          () -> {
            throw e;
          });
      sessions.forEach(opened -> parts.add(opened::close));
      Failures.joined(parts);
      throw e;
    }
  }

  private static void checkBackend(Session model, Session lane) {
    if (!model.backendName().equals(lane.backendName()) || model.dtype() != lane.dtype()) {
      throw new IllegalArgumentException(
          "predictor: the model is on the "
              + model.backendName()
              + " backend in "
              + model.dtype()
              + ", and the options ask for "
              + lane.backendName()
              + " in "
              + lane.dtype()
              + "; PredictorOptions.withSession names the model's, and a file can be opened on any");
    }
  }

  /** Only the CPU's backends can read each other's memory. */
  private static int lanes(PredictorOptions options, Session first) {
    if (first.backendName().equals("cpu")) {
      return options.lanes() > 0 ? options.lanes() : Runtime.getRuntime().availableProcessors();
    }
    if (options.lanes() > 1) {
      throw new IllegalArgumentException(
          "predictor: lanes is "
              + options.lanes()
              + "; the "
              + first.backendName()
              + " backend has one");
    }
    return 1;
  }
}
