package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every backend must do, against the float64 reference. A subclass names the backend. */
abstract class BackendConformance
    implements ElementwiseConformance,
        MatrixConformance,
        ChoiceConformance,
        StorageConformance,
        RecordingConformance,
        ConvolutionConformance,
        PoolingConformance,
        BatchNormConformance,
        RowsConformance,
        DropoutConformance,
        RecurrenceConformance,
        DefinitionConformance,
        SliceConformance,
        LongSumsConformance,
        TensorOpConformance {

  private Bench bench;

  abstract Backend open();

  @Override
  public final Bench bench() {
    return bench;
  }

  @Override
  public final Backend another() {
    return open();
  }

  /** The name that this backend must report: a suite that tests another one must not pass. */
  abstract String expectedName();

  @BeforeEach
  void start() {
    bench = new Bench(open(), 42);
    assertEquals(expectedName(), bench.subject.name());
  }

  @AfterEach
  void stop() {
    bench.close();
    bench.subject.close();
  }
}
