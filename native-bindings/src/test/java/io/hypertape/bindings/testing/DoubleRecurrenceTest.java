package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.LayerLoops.Recurrence;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The double's recurrent layers: what they compute, and the order of calls that they insist on. */
class DoubleRecurrenceTest extends RawCuda {

  private static final int BAD_PARAM = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int TRAINING = 1;

  private final Random random = new Random(3);
  private long stream;
  private long handle;
  private long dropout;

  @BeforeEach
  void create() {
    stream = stream();
    handle = made("cudnnCreate");
    ok("cudnnSetStream", handle, stream);
    dropout = made("cudnnCreateDropoutDescriptor");
    ok("cudnnSetDropoutDescriptor", dropout, handle, 0f, 0L, 0L, 0L);
  }

  private Object[] layers(long rnn, Recurrence r, int padded) {
    return new Object[] {
      rnn,
      0,
      r.lstm() ? 2 : 3,
      2,
      0,
      0,
      0,
      0,
      3,
      r.inputs(),
      r.hidden(),
      r.hidden(),
      r.layers(),
      dropout,
      padded
    };
  }

  private long sequence(Recurrence r, int features, int layout) {
    long descriptor = made("cudnnCreateRNNDataDescriptor");
    MemorySegment lengths = arena.allocate(JAVA_INT, r.batch());
    for (int i = 0; i < r.batch(); i++) {
      lengths.setAtIndex(JAVA_INT, i, r.steps());
    }
    ok(
        "cudnnSetRNNDataDescriptor",
        descriptor,
        0,
        layout,
        r.steps(),
        r.batch(),
        features,
        lengths,
        0L);
    return descriptor;
  }

  /** Descriptors, sizes and memory of one set of layers. */
  private final class Setup {
    private final Recurrence r;
    private final long rnn = made("cudnnCreateRNNDescriptor");
    private final long xd;
    private final long yd;
    private final long hd = made("cudnnCreateTensorDescriptor");
    private final long weightBytes;
    private final long workspaceBytes;
    private final long reserveBytes;
    private final double[] in;
    private final long x;
    private final long h;
    private final long c;
    private final long weights;
    private final long workspace;
    private final long reserve;
    private final long y;
    private final long hy;
    private final long cy;

    Setup(Recurrence r, int layout) {
      this.r = r;
      ok("cudnnSetRNNDescriptor_v8", layers(rnn, r, layout == 0 ? 1 : 0));
      xd = sequence(r, r.inputs(), layout);
      yd = sequence(r, r.hidden(), layout);
      MemorySegment lengths = arena.allocateFrom(JAVA_INT, r.layers(), r.batch(), r.hidden());
      MemorySegment strides = arena.allocateFrom(JAVA_INT, r.batch() * r.hidden(), r.hidden(), 1);
      ok("cudnnSetTensorNdDescriptor", hd, 0, 3, lengths, strides);
      MemorySegment cell = arena.allocate(JAVA_LONG);
      MemorySegment other = arena.allocate(JAVA_LONG);
      ok("cudnnGetRNNWeightSpaceSize", handle, rnn, cell);
      weightBytes = cell.get(JAVA_LONG, 0);
      ok("cudnnGetRNNTempSpaceSizes", handle, rnn, TRAINING, xd, cell, other);
      workspaceBytes = cell.get(JAVA_LONG, 0);
      reserveBytes = other.get(JAVA_LONG, 0);
      in = new double[r.inputSize() + (r.lstm() ? 2 : 1) * r.state() + r.weights()];
      for (int i = 0; i < in.length; i++) {
        in[i] = (float) (random.nextDouble() - 0.5);
      }
      x = device(stream, slice(0, r.inputSize()));
      h = device(stream, slice(r.inputSize(), r.state()));
      c = r.lstm() ? device(stream, slice(r.inputSize() + r.state(), r.state())) : 0;
      weights = device(weightBytes, stream);
      visitWeights(false, weights, new double[0]);
      workspace = device(workspaceBytes, stream);
      reserve = device(reserveBytes, stream);
      y = device(4L * r.outputSize(), stream);
      hy = device(4L * r.state(), stream);
      cy = r.lstm() ? device(4L * r.state(), stream) : 0;
    }

    float[] slice(int from, int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) in[from + i];
      }
      return values;
    }

    /** Lays the weights into a weight space, or reads their cotangents from one. */
    void visitWeights(boolean read, long space, double[] result) {
      int at = in.length - r.weights();
      MemorySegment cells = arena.allocate(JAVA_LONG, 2);
      long matrix = made("cudnnCreateTensorDescriptor");
      long bias = made("cudnnCreateTensorDescriptor");
      for (int layer = 0; layer < r.layers(); layer++) {
        int features = r.inputsOf(layer);
        int[] sizes = {r.hidden() * features, r.hidden() * r.hidden(), r.hidden(), r.hidden()};
        for (int kind = 0; kind < 4; kind++) {
          for (int gate = 0; gate < r.gates(); gate++) {
            int linear = kind % 2 * r.gates() + gate;
            ok(
                "cudnnGetRNNWeightParams",
                handle,
                rnn,
                layer,
                weightBytes,
                space,
                linear,
                matrix,
                cells,
                bias,
                cells.asSlice(8));
            long place = cells.getAtIndex(JAVA_LONG, kind / 2);
            MemorySegment size = arena.allocate(JAVA_LONG);
            ok("cudnnGetTensorSizeInBytes", kind < 2 ? matrix : bias, size);
            assertEquals(4L * sizes[kind], size.get(JAVA_LONG, 0));
            if (read) {
              float[] values = values(place, sizes[kind], stream);
              for (int i = 0; i < values.length; i++) {
                result[at + i] = values[i];
              }
            } else {
              long source = device(stream, slice(at, sizes[kind]));
              ok("cudaMemcpyAsync", place, source, 4L * sizes[kind], ON_DEVICE, stream);
            }
            at += sizes[kind];
          }
        }
      }
      assertEquals(in.length, at);
    }

    Object[] forward(long weightSize, long workSize, long reserveSize, long lengths) {
      return new Object[] {
        handle,
        rnn,
        TRAINING,
        lengths,
        xd,
        x,
        yd,
        y,
        hd,
        h,
        hy,
        r.lstm() ? hd : 0L,
        c,
        cy,
        weightSize,
        weights,
        workSize,
        workspace,
        reserveSize,
        reserve
      };
    }

    Object[] forward() {
      return forward(weightBytes, workspaceBytes, reserveBytes, 0);
    }

    Object[] data(long dy, long dhy, long dcy, long dx, long dh, long dc) {
      return new Object[] {
        handle,
        rnn,
        0L,
        yd,
        y,
        dy,
        xd,
        dx,
        hd,
        h,
        dhy,
        dh,
        r.lstm() ? hd : 0L,
        c,
        dcy,
        dc,
        weightBytes,
        weights,
        workspaceBytes,
        workspace,
        reserveBytes,
        reserve
      };
    }

    Object[] weights(int mode, long gradients) {
      return new Object[] {
        handle,
        rnn,
        mode,
        0L,
        xd,
        x,
        hd,
        h,
        yd,
        y,
        weightBytes,
        gradients,
        workspaceBytes,
        workspace,
        reserveBytes,
        reserve
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 1, 1, 1, 1, 1, 0",
    "true, 2, 4, 3, 5, 2, 0",
    "true, 3, 2, 1, 2, 3, 1",
    "false, 1, 1, 1, 1, 1, 0",
    "false, 2, 4, 3, 5, 2, 0",
    "false, 3, 2, 1, 2, 3, 1"
  })
  void forwardAndBackward(
      boolean lstm, int layers, int steps, int batch, int inputs, int hidden, int layout) {
    Recurrence r = new Recurrence(lstm, layers, steps, batch, inputs, hidden);
    Setup s = new Setup(r, layout);
    ok("cudnnRNNForward", s.forward());
    double[] expected = r.forward(s.in);
    check(expected, 0, s.y, r.outputSize(), 1e-5);
    check(expected, r.outputSize(), s.hy, r.state(), 1e-5);
    if (lstm) {
      check(expected, r.outputSize() + r.state(), s.cy, r.state(), 1e-5);
    }
    double[] cotangent = new double[expected.length];
    for (int i = 0; i < cotangent.length; i++) {
      cotangent[i] = (float) (random.nextDouble() - 0.5);
    }
    long dy = device(stream, floats(cotangent, 0, r.outputSize()));
    long dhy = device(stream, floats(cotangent, r.outputSize(), r.state()));
    long dcy = lstm ? device(stream, floats(cotangent, r.outputSize() + r.state(), r.state())) : 0;
    long dx = device(4L * r.inputSize(), stream);
    long dh = device(4L * r.state(), stream);
    long dc = lstm ? device(4L * r.state(), stream) : 0;
    ok("cudnnRNNBackwardData_v8", s.data(dy, dhy, dcy, dx, dh, dc));
    long gradients = device(s.weightBytes, stream);
    ok("cudaMemsetAsync", gradients, 0, s.weightBytes, stream);
    ok("cudnnRNNBackwardWeights_v8", s.weights(0, gradients));
    double[] wanted = r.gradient(s.in, cotangent);
    check(wanted, 0, dx, r.inputSize(), 1e-4);
    check(wanted, r.inputSize(), dh, r.state(), 1e-4);
    if (lstm) {
      check(wanted, r.inputSize() + r.state(), dc, r.state(), 1e-4);
    }
    double[] found = new double[s.in.length];
    s.visitWeights(true, gradients, found);
    for (int i = found.length - r.weights(); i < found.length; i++) {
      assertEquals(wanted[i], found[i], 1e-4, "element " + i);
    }
    clean();
  }

  private void check(double[] expected, int from, long address, int count, double tolerance) {
    float[] found = values(address, count, stream);
    for (int i = 0; i < count; i++) {
      assertEquals(expected[from + i], found[i], tolerance, "element " + i);
    }
  }

  private static float[] floats(double[] values, int from, int count) {
    float[] narrow = new float[count];
    for (int i = 0; i < count; i++) {
      narrow[i] = (float) values[from + i];
    }
    return narrow;
  }

  @ParameterizedTest
  @CsvSource({
    "BACKWARD_TWICE, used up",
    "WEIGHTS_FIRST, has not run on this reserve",
    "WORKSPACE_WRITTEN, workspace was used",
    "NO_FORWARD, was not written"
  })
  void aReserveServesOneBackwardPassInOrder(Misuse misuse, String words) {
    Recurrence r = new Recurrence(true, 1, 2, 2, 3, 4);
    Setup s = new Setup(r, 0);
    long dy = device(4L * r.outputSize(), stream);
    ok("cudaMemsetAsync", dy, 0, 4L * r.outputSize(), stream);
    long dx = device(4L * r.inputSize(), stream);
    long gradients = device(s.weightBytes, stream);
    ok("cudaMemsetAsync", s.reserve, 0, s.reserveBytes, stream);
    if (misuse != Misuse.NO_FORWARD) {
      ok("cudnnRNNForward", s.forward());
    }
    if (misuse != Misuse.WEIGHTS_FIRST) {
      ok("cudnnRNNBackwardData_v8", s.data(dy, 0, 0, dx, 0, 0));
    }
    if (misuse == Misuse.BACKWARD_TWICE) {
      ok("cudnnRNNBackwardData_v8", s.data(dy, 0, 0, dx, 0, 0));
    }
    if (misuse == Misuse.WORKSPACE_WRITTEN) {
      ok("cudaMemsetAsync", s.workspace, 0, 4L, stream);
    }
    ok("cudnnRNNBackwardWeights_v8", s.weights(0, gradients));
    assertEquals(ILLEGAL_ADDRESS, call("cudaStreamSynchronize", stream));
    String log = String.join("\n", CudaDouble.violations());
    assertTrue(log.contains(words), log);
  }

  /** What may be wrong with the order of calls. */
  enum Misuse {
    BACKWARD_TWICE,
    WEIGHTS_FIRST,
    WORKSPACE_WRITTEN,
    NO_FORWARD
  }

  @Test
  void sizesAndDescriptorsAreChecked() {
    Recurrence r = new Recurrence(false, 2, 2, 2, 3, 4);
    Setup s = new Setup(r, 0);
    String run = "cudnnRNNForward";
    long w = s.weightBytes;
    long space = s.workspaceBytes;
    long kept = s.reserveBytes;
    wrong(BAD_PARAM, "weightSpaceSize", run, s.forward(w - 4, space, kept, 0));
    wrong(BAD_PARAM, "workSpaceSize", run, s.forward(w, space - 4, kept, 0));
    wrong(BAD_PARAM, "reserveSpaceSize", run, s.forward(w, space, kept - 4, 0));
    wrong(BAD_PARAM, "devSeqLengths", run, s.forward(w, space, kept, s.x));
    wrong(BAD_PARAM, "reaches out", run, s.forward(w + 4, space, kept, 0));
    Object[] exchanged = s.forward();
    exchanged[4] = s.yd;
    wrong(BAD_PARAM, "vectorSize", run, exchanged);
    Object[] overlapping = s.forward();
    overlapping[7] = s.workspace;
    wrong(BAD_PARAM, "overlap", run, overlapping);
    Object[] state = s.forward();
    state[8] = made("cudnnCreateTensorDescriptor");
    wrong(BAD_PARAM, "never set", run, state);
    ok("cudnnSetTensor4dDescriptor", state[8], 0, 0, 1, 2, 4, 1);
    wrong(BAD_PARAM, "[layers, batch, hidden]", run, state);
    Object[] packed = s.forward();
    packed[4] = sequence(r, 3, 1);
    wrong(BAD_PARAM, "differ", run, packed);
    packed[6] = sequence(r, 4, 1);
    wrong(BAD_PARAM, "PADDED_IO", run, packed);
    wrong(NOT_SUPPORTED, "WGRAD_MODE_SET", "cudnnRNNBackwardWeights_v8", s.weights(1, s.weights));
    ok("cudnnDestroyRNNDescriptor", s.rnn);
    wrong(BAD_PARAM, "is destroyed", run, s.forward());
  }

  @Test
  void formsAreChecked() {
    Recurrence r = new Recurrence(true, 1, 2, 2, 3, 4);
    long rnn = made("cudnnCreateRNNDescriptor");
    String set = "cudnnSetRNNDescriptor_v8";
    Object[] form = layers(rnn, r, 1);
    form[9] = 0;
    wrong(BAD_PARAM, "inputSize < 1", set, form);
    form = layers(rnn, r, 2);
    wrong(BAD_PARAM, "auxFlags", set, form);
    form = layers(rnn, r, 1);
    form[3] = 1;
    wrong(NOT_SUPPORTED, "two biases", set, form);
    form = layers(rnn, r, 1);
    form[2] = 4;
    wrong(BAD_PARAM, "none of cuDNN's", set, form);
    form = layers(rnn, r, 1);
    form[13] = made("cudnnCreateDropoutDescriptor");
    wrong(BAD_PARAM, "never set", set, form);
    wrong(NOT_SUPPORTED, "drops", "cudnnSetDropoutDescriptor", form[13], handle, 0.5f, 0L, 0L, 0L);
    MemorySegment lengths = arena.allocateFrom(JAVA_INT, 2, 1);
    long data = made("cudnnCreateRNNDataDescriptor");
    String sequence = "cudnnSetRNNDataDescriptor";
    wrong(NOT_SUPPORTED, "one length", sequence, data, 0, 0, 2, 2, 3, lengths, 0L);
    wrong(NOT_SUPPORTED, "65535", sequence, data, 0, 0, 65536, 2, 3, lengths, 0L);
    wrong(BAD_PARAM, "batchSize", sequence, data, 0, 0, 2, 0, 3, lengths, 0L);
    wrong(BAD_PARAM, "seqLengthArray", sequence, data, 0, 0, 2, 2, 3, 0L, 0L);
  }
}
