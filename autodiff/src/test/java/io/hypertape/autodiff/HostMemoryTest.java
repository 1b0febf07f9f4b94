package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.Input;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import io.hypertape.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Numbers in what the host has beside arrays: buffers of every kind, segments of every kind. */
class HostMemoryTest {

  private static final float[] FLOATS = {1, 2, 3, 4, 5, 6};
  private static final double[] DOUBLES = {1, 2, 3, 4, 5, 6};

  /** On what it is tried. */
  Stream<SessionOptions> sessions() {
    return Stream.of(
        SessionOptions.of(Device.CPU),
        SessionOptions.of(Device.REFERENCE),
        SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT32));
  }

  private void everywhere(Consumer<Session> test) {
    sessions()
        .forEach(
            options -> {
              try (Session session = Session.open(options);
                  Scope unused = session.scratch()) {
                test.accept(session);
              }
            });
  }

  private static void failsWith(String part, Executable code) {
    Exception e = assertThrows(IllegalArgumentException.class, code);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  /** Room for six numbers behind two others, in every kind of buffer. */
  private static List<FloatBuffer> buffers() {
    return List.of(
            FloatBuffer.allocate(8),
            ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(),
            ByteBuffer.allocate(32).order(ByteOrder.BIG_ENDIAN).asFloatBuffer(),
            ByteBuffer.allocateDirect(32).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(),
            ByteBuffer.allocateDirect(32).order(ByteOrder.BIG_ENDIAN).asFloatBuffer(),
            // Nothing here lies at a multiple of four bytes.
            ByteBuffer.allocateDirect(33).slice(1, 32).asFloatBuffer())
        .stream()
        .map(buffer -> buffer.position(2))
        .toList();
  }

  private static List<DoubleBuffer> doubleBuffers() {
    return List.of(
            DoubleBuffer.allocate(8),
            ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer(),
            ByteBuffer.allocateDirect(64).order(ByteOrder.BIG_ENDIAN).asDoubleBuffer())
        .stream()
        .map(buffer -> buffer.position(2))
        .toList();
  }

  private static List<IntBuffer> intBuffers() {
    return List.of(
            IntBuffer.allocate(4),
            ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN).asIntBuffer(),
            ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer())
        .stream()
        .map(buffer -> buffer.position(2))
        .toList();
  }

  @Test
  void floatBuffersInAndOut() {
    everywhere(
        session -> {
          for (FloatBuffer buffer : buffers()) {
            buffer.put(2, FLOATS);
            Tensor x = session.tensor(buffer.asReadOnlyBuffer(), 2, 3);
            assertArrayEquals(FLOATS, x.toFloats());
            assertEquals(2, buffer.position());
            x.add(10).permute(1, 0).copyTo(buffer);
            assertEquals(2, buffer.position());
            float[] out = new float[8];
            buffer.get(0, out);
            assertArrayEquals(new float[] {0, 0, 11, 14, 12, 15, 13, 16}, out);
            session.overwrite(x, buffer);
            assertArrayEquals(new float[] {11, 14, 12, 15, 13, 16}, x.toFloats());
          }
        });
  }

  @Test
  void doubleBuffersInAndOut() {
    everywhere(
        session -> {
          for (DoubleBuffer buffer : doubleBuffers()) {
            buffer.put(2, DOUBLES);
            Tensor x = session.tensor(buffer, 6);
            x.mul(-1).copyTo(buffer);
            session.overwrite(x, buffer);
            assertArrayEquals(new double[] {-1, -2, -3, -4, -5, -6}, x.toDoubles());
            assertEquals(0, buffer.get(0));
          }
        });
  }

  @Test
  void intBuffersInAndOut() {
    everywhere(
        session -> {
          for (IntBuffer buffer : intBuffers()) {
            buffer.put(2, new int[] {7, 8});
            Tensor x = session.indices(buffer);
            assertArrayEquals(new int[] {7, 8}, x.toInts());
            session.overwrite(x, buffer.put(3, 9));
            buffer.put(2, 0);
            x.copyTo(buffer);
            assertEquals(7, buffer.get(2));
            assertEquals(9, buffer.get(3));
            failsWith("not I32", () -> session.ones(2).copyTo(buffer));
          }
        });
  }

  /** Room for so many bytes, on the heap at any place and outside of it. */
  private static List<MemorySegment> segments(Arena arena, int bytes) {
    return List.of(
        arena.allocate(bytes),
        arena.allocate(bytes + 1).asSlice(1),
        MemorySegment.ofArray(new byte[bytes]),
        MemorySegment.ofArray(new byte[bytes + 3]).asSlice(3),
        MemorySegment.ofArray(new float[bytes / 4]),
        MemorySegment.ofArray(new double[bytes / 8]));
  }

  @Test
  void segmentsInAndOut() {
    everywhere(
        session -> {
          boolean wide = session.dtype() == DType.F64;
          try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment segment : segments(arena, 6 * session.dtype().bytes())) {
              segment.copyFrom(
                  wide ? MemorySegment.ofArray(DOUBLES) : MemorySegment.ofArray(FLOATS));
              Tensor x = session.tensor(segment.asReadOnly(), 2, 3);
              assertArrayEquals(FLOATS, x.toFloats());
              x.transpose().copyTo(segment);
              session.overwrite(x, segment);
              assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.toFloats());
            }
            MemorySegment labels = arena.allocateFrom(ValueLayout.JAVA_INT, 2, 0, 1);
            Tensor index = session.indices(labels);
            assertArrayEquals(new int[] {2, 0, 1}, index.toInts());
            labels.setAtIndex(ValueLayout.JAVA_INT, 0, 5);
            session.overwrite(index, labels);
            index.copyTo(labels.fill((byte) 0));
            assertEquals(5, labels.getAtIndex(ValueLayout.JAVA_INT, 0));
          }
        });
  }

  @Test
  void arraysThatAreThere() {
    everywhere(
        session -> {
          float[] floats = new float[6];
          double[] doubles = new double[6];
          int[] ints = new int[2];
          Tensor x = session.tensor(FLOATS, 2, 3).transpose();
          assertSame(floats, x.toFloats(floats));
          assertSame(doubles, x.toDoubles(doubles));
          assertSame(ints, session.indices(4, 5).toInts(ints));
          assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, floats);
          assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, doubles);
          assertArrayEquals(new int[] {4, 5}, ints);
        });
  }

  @Test
  void whatDoesNotFitIsSaid() {
    everywhere(
        session -> {
          int bytes = session.dtype().bytes();
          Tensor x = session.zeros(2, 3);
          failsWith(
              "4 values do not fill shape [2, 3]",
              () -> session.tensor(FloatBuffer.allocate(4), 2, 3));
          failsWith(
              "overwrite: 7 values do not fill shape [2, 3]",
              () -> session.overwrite(x, FloatBuffer.allocate(7)));
          failsWith(
              "toFloats: an array of length 7 for the 6 elements of shape [2, 3]",
              () -> x.toFloats(new float[7]));
          failsWith("toDoubles: an array of length 5", () -> x.toDoubles(new double[5]));
          failsWith("toInts: ", () -> session.indices(1).toInts(new int[2]));
          failsWith(
              "a buffer with 5 elements from its position to its limit for the 6 of shape [2, 3]",
              () -> x.copyTo(FloatBuffer.allocate(6).position(1)));
          failsWith(
              "the buffer is read-only",
              () -> x.copyTo(FloatBuffer.allocate(6).asReadOnlyBuffer()));
          failsWith(
              "copyTo: a segment of 8 bytes for " + session.dtype() + "[2, 3]; " + 6 * bytes,
              () -> x.copyTo(MemorySegment.ofArray(new byte[8])));
          failsWith(
              "the segment is read-only",
              () -> x.copyTo(MemorySegment.ofArray(new byte[6 * bytes]).asReadOnly()));
          failsWith(
              "a segment of " + (bytes + 1) + " bytes holds no whole number of " + session.dtype(),
              () -> session.tensor(MemorySegment.ofArray(new byte[bytes + 1]), 1));
          failsWith(
              "2 values do not fill shape [3]",
              () -> session.tensor(MemorySegment.ofArray(new byte[2 * bytes]), 3));
          failsWith(
              "the tensor is " + session.dtype() + ", and indices are I32",
              () -> session.overwrite(x, IntBuffer.allocate(6)));
          failsWith("I32", () -> session.overwrite(session.indices(1), FloatBuffer.allocate(1)));
          Arena arena = Arena.ofConfined();
          MemorySegment gone = arena.allocate(bytes);
          arena.close();
          assertThrows(IllegalStateException.class, () -> session.tensor(gone, 1));
          assertThrows(IllegalStateException.class, () -> session.ones(1).copyTo(gone));
        });
  }

  @Test
  void anotherSessionsTensorIsNotOverwritten() {
    everywhere(
        session -> {
          try (Session other = Session.open(Device.REFERENCE)) {
            Tensor x = other.zeros(2);
            failsWith("belongs to another session", () -> session.overwrite(x, new float[2]));
          }
        });
  }

  @Test
  void parametersAndBuffers() {
    everywhere(
        session -> {
          Tensor initial = session.tensor(FLOATS, 6);
          Parameter w = new Parameter("w", initial);
          Buffer state = new Buffer("state", initial);
          MemorySegment sevens =
              session.dtype() == DType.F64
                  ? MemorySegment.ofArray(new double[] {7, 7, 7, 7, 7, 7})
                  : MemorySegment.ofArray(new float[] {7, 7, 7, 7, 7, 7});
          w.set(new float[] {6, 5, 4, 3, 2, 1});
          assertEquals(5, w.value().toFloats()[1]);
          w.set(new double[] {0, 0.5, 0, 0, 0, 0});
          assertEquals(0.5, w.storage().toDoubles()[1]);
          w.set(FloatBuffer.wrap(FLOATS));
          assertArrayEquals(FLOATS, w.value().toFloats());
          w.set(DoubleBuffer.wrap(new double[6]));
          assertEquals(0, w.value().sum().item());
          w.set(sevens);
          state.set(sevens);
          assertEquals(42, w.value().sum().item());
          assertArrayEquals(w.value().toFloats(), state.toFloats(new float[6]));
          state.set(FloatBuffer.wrap(FLOATS));
          state.copyTo(sevens);
          w.set(sevens);
          FloatBuffer out = FloatBuffer.allocate(6);
          state.set(DoubleBuffer.wrap(DOUBLES));
          state.copyTo(out);
          assertArrayEquals(FLOATS, out.array());
          assertArrayEquals(FLOATS, w.value().toFloats());
          assertArrayEquals(DOUBLES, state.toDoubles(new double[6]));
          failsWith("2 values do not fill shape [6]", () -> w.set(new float[2]));
          assertArrayEquals(FLOATS, initial.toFloats(), "a parameter's storage is its own");
          failsWith("I32", () -> new Parameter("labels", session.indices(1)));
          failsWith("I32", () -> w.set(session.indices(1, 2, 3, 4, 5, 6)));
        });
  }

  @Test
  void aParameterAtWorkIsNotSet() {
    everywhere(
        session -> {
          Parameter w = new Parameter("w", session.ones(2));
          try (TowerOptimizer optimizer = new Sgd(0.5).tower().bind(session, List.of(w))) {
            optimizer.step(() -> w.value().sum());
            Exception e =
                assertThrows(IllegalStateException.class, () -> w.set(new float[] {3, 3}));
            assertTrue(e.getMessage().contains("w[2] is at work in an optimizer"), e.getMessage());
          }
          assertArrayEquals(new float[] {0.5f, 0.5f}, w.value().toFloats());
        });
  }

  @Test
  void inputsOfSteps() {
    everywhere(
        session -> {
          boolean wide = session.dtype() == DType.F64;
          float[] row = {1, 2};
          FloatBuffer floats = FloatBuffer.wrap(row);
          DoubleBuffer doubles = DoubleBuffer.wrap(new double[] {1, 2});
          MemorySegment segment =
              wide ? MemorySegment.ofArray(new double[] {1, 2}) : MemorySegment.ofArray(row);
          IntBuffer label = IntBuffer.wrap(new int[] {0});
          for (Input x :
              List.of(
                  Input.floats(floats, 1, 2),
                  Input.doubles(doubles, 1, 2),
                  Input.segment(segment, 1, 2),
                  Input.floats(row, 1, 2))) {
            Parameter w = new Parameter("w", session.ones(1, 2));
            try (TowerOptimizer optimizer = new Sgd(0.5).tower().bind(session, List.of(w))) {
              TrainingStep step =
                  optimizer.prepare(in -> in.get(0).mul(w.value()).pick(in.get(1)).sum());
              for (int i = 0; i < 6; i++) {
                // A buffer's limits are those from when the input was made.
                floats.position(i % 2);
                step.run(x, Input.indices(label));
              }
              floats.position(0);
              assertEquals(-2, w.value().toDoubles()[0], "6 steps of 0.5 from 1");
            }
          }
          assertEquals("values [1, 2]", Input.floats(floats, 1, 2).toString());
          assertEquals("integers [1]", Input.indices(label).toString());
        });
  }
}
