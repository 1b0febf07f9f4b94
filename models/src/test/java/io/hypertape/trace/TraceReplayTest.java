package io.hypertape.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.testing.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reference trace of the official implementation, on every backend. */
class TraceReplayTest {

  private static List<ReferenceTrace> traces() throws IOException {
    try (Stream<Path> files = Files.list(SharedFolder.require("reference"))) {
      List<ReferenceTrace> traces = new ArrayList<>();
      for (Path file : files.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        traces.add(TraceReader.read(file));
      }
      assertTrue(traces.size() >= 17, traces.size() + " traces");
      return traces;
    }
  }

  private static void assertAllPass(SessionOptions where) throws IOException {
    for (ReferenceTrace trace : traces()) {
      try (Session session = Session.open(where)) {
        TraceReport report = TraceReplay.run(session, trace);
        assertTrue(report.passed(), report.toString());
        assertEquals(trace.steps().size(), report.steps());
      }
    }
  }

  @Test
  void referenceInDoublePrecision() throws IOException {
    assertAllPass(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));
  }

  @Test
  void referenceInSinglePrecision() throws IOException {
    assertAllPass(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT32));
  }

  @Test
  void cpu() throws IOException {
    assertAllPass(SessionOptions.of(Device.CPU).withThreads(1));
    assertAllPass(SessionOptions.of(Device.CPU).withThreads(2));
  }

  /** A replay that could not fail would prove nothing: every number of the trace matters. */
  @Test
  void aChangedNumberIsFound() throws IOException {
    ReferenceTrace trace = traces().getFirst();
    try (Session session =
        Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64))) {
      assertTrue(TraceReplay.run(session, trace).passed());
      assertFalse(TraceReplay.run(session, withLoss(trace)).passed());
      assertFalse(TraceReplay.run(session, withHyper(trace)).passed());
      assertFalse(TraceReplay.run(session, withWeight(trace)).passed());
    }
  }

  private static ReferenceTrace withSteps(ReferenceTrace t, List<ReferenceTrace.Step> steps) {
    return new ReferenceTrace(
        t.name(),
        t.model(),
        t.initial(),
        t.tower(),
        t.batches(),
        t.initialHyper(),
        steps,
        t.finalWeights());
  }

  private static ReferenceTrace withLoss(ReferenceTrace t) {
    List<ReferenceTrace.Step> steps = new ArrayList<>(t.steps());
    ReferenceTrace.Step last = steps.removeLast();
    steps.add(new ReferenceTrace.Step(last.loss() * (1 + 1e-8), last.hyper()));
    return withSteps(t, steps);
  }

  private static ReferenceTrace withHyper(ReferenceTrace t) {
    List<ReferenceTrace.Step> steps = new ArrayList<>(t.steps());
    ReferenceTrace.Step last = steps.removeLast();
    List<Map<String, Double>> hyper = new ArrayList<>();
    for (Map<String, Double> level : last.hyper()) {
      Map<String, Double> changed = new LinkedHashMap<>(level);
      changed.replaceAll((name, value) -> value * (1 + 1e-8) + 1e-11);
      hyper.add(changed);
    }
    steps.add(new ReferenceTrace.Step(last.loss(), hyper));
    return withSteps(t, steps);
  }

  private static ReferenceTrace withWeight(ReferenceTrace t) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    t.finalWeights().forEach((name, values) -> weights.put(name, values.clone()));
    weights.values().iterator().next()[0] += 1e-8;
    return new ReferenceTrace(
        t.name(),
        t.model(),
        t.initial(),
        t.tower(),
        t.batches(),
        t.initialHyper(),
        t.steps(),
        weights);
  }
}
