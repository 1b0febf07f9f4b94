package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {

  private final Session session = Session.open(Device.CPU);
  private Scope scope;

  @BeforeEach
  void open() {
    scope = session.scratch();
  }

  @AfterEach
  void close() {
    scope.close();
    session.close();
  }

  private static void failsWith(String part, Executable code) {
    Exception e = assertThrows(IllegalArgumentException.class, code);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private Tensor numbers(int... shape) {
    float[] values = new float[Shapes.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return session.tensor(values, shape);
  }

  @Test
  void readsWhatWasWritten() {
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, numbers(2, 3).toFloats());
    assertArrayEquals(new int[] {4, 2}, session.indices(4, 2).toInts());
    assertEquals(2.5, session.scalar(2.5).item());
  }

  @Test
  void viewsReadInTheirOwnOrder() {
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, numbers(2, 3).transpose().toFloats());
    assertArrayEquals(new float[] {0, 0, 1, 1}, numbers(2, 1).broadcastTo(2, 2).toFloats());
    assertArrayEquals(
        new float[] {0, 3, 1, 4, 2, 5}, numbers(2, 3).transpose().reshape(6).toFloats());
  }

  @Test
  void contiguousTensorsAreNotCopied() {
    Tensor x = numbers(2, 3);
    assertSame(x, x.contiguous());
    assertSame(x, x.reshape(2, 3));
    assertSame(x.view().storage(), x.reshape(3, 2).view().storage());
  }

  @Test
  void meanOfAxes() {
    assertArrayEquals(new float[] {1, 4}, numbers(2, 3).mean(1).toFloats());
    assertArrayEquals(new float[] {1.5f, 2.5f, 3.5f}, numbers(2, 3).mean(0).toFloats());
    assertEquals(2.5, numbers(2, 3).mean().item());
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    failsWith("add: shapes [2, 3] and [4]", () -> numbers(2, 3).add(numbers(4)));
    failsWith("3 columns, the second 2 rows", () -> numbers(2, 3).matmul(numbers(2, 3)));
    failsWith("two matrices", () -> numbers(3).matmul(numbers(3, 3)));
    failsWith("do not fill [4]", () -> numbers(2, 3).reshape(4));
    failsWith("6 elements; one is needed", () -> numbers(2, 3).item());
    failsWith("axis 2 is outside shape [2, 3]", () -> numbers(2, 3).sum(2));
    failsWith("does not broadcast to [3, 3]", () -> numbers(2, 3).broadcastTo(3, 3));
    failsWith("must name each axis", () -> numbers(2, 3).permute(0, 0));
    failsWith("5 values do not fill shape [2, 3]", () -> session.tensor(new float[5], 2, 3));
    failsWith("negative length", () -> session.zeros(-1));
    failsWith("more than the", () -> session.zeros(70_000, 70_000));
  }

  @Test
  void anAxisIsNamedOnce() {
    failsWith("sum: axes [0, 0] name axis 0 of [2, 3] twice", () -> numbers(2, 3).sum(0, 0));
    failsWith("mean: axes [1, -1] name axis 1", () -> numbers(2, 3).mean(1, -1));
    failsWith("max: axes [-2, 0] name axis 0", () -> numbers(2, 3).max(-2, 0));
    failsWith("min: axes [1, 1]", () -> numbers(2, 3).min(1, 1));
    failsWith("must name each axis", () -> numbers(2, 3).permute(0, -2));
    failsWith("mean: axis 2 is outside", () -> numbers(2, 3).mean(2));
    failsWith("sum: axis 0 is outside shape []", () -> session.scalar(1).sum(0));
  }

  @Test
  void axesMayBeCountedFromTheEnd() {
    assertArrayEquals(new float[] {3, 12}, numbers(2, 3).sum(-1).toFloats());
    assertArrayEquals(new float[] {3, 4, 5}, numbers(2, 3).max(-2).toFloats());
    assertEquals(15, numbers(2, 3).sum(-1, 0).item());
    assertArrayEquals(new int[] {3, 2}, numbers(2, 3).permute(-1, 0).shape());
    assertArrayEquals(new float[] {1, 4}, numbers(2, 3).slice(-1, 1, 2).toFloats());
    assertArrayEquals(new int[] {2, 4}, numbers(2, 3).pad(-1, 1, 0).shape());
    assertArrayEquals(
        new int[] {2, 6}, Tensor.concat(-1, List.of(numbers(2, 3), numbers(2, 3))).shape());
  }

  @Test
  void sumToTakesWhatBroadcasts() {
    assertArrayEquals(new float[] {3, 5, 7}, numbers(2, 3).sumTo(3).toFloats());
    failsWith("sumTo: shape [2, 3] cannot be summed to [3, 2]", () -> numbers(2, 3).sumTo(3, 2));
    failsWith("cannot be summed to [1, 2, 3]", () -> numbers(2, 3).sumTo(1, 2, 3));
    failsWith("cannot be summed to [6]", () -> numbers(2, 3).sumTo(6));
  }

  @Test
  void aShapeTooLargeIsRefusedOfAnEmptyTensorToo() {
    failsWith("more than the", () -> session.zeros(0).reshape(1 << 16, 1 << 16, 1 << 16, 1 << 16));
  }

  @Test
  void integersHaveNoArithmetic() {
    failsWith("I32", () -> session.indices(1, 2).exp());
    failsWith("I32[2] is needed", () -> numbers(2, 3).pick(session.indices(1, 2, 3)));
    failsWith("F32", () -> numbers(2, 3).pick(numbers(2)));
    assertEquals(DType.I32, session.indices(1).dtype());
  }

  @Test
  void labelOutOfRangeIsNamed() {
    Exception e =
        assertThrows(
            IndexOutOfBoundsException.class, () -> numbers(2, 3).pick(session.indices(0, 7)));
    assertTrue(e.getMessage().contains("7"), e.getMessage());
  }

  @Test
  void equalElementsHaveTheShapeThatIsNamed() {
    Tensor x = session.full(new int[] {2, 3}, 4);
    assertArrayEquals(new int[] {2, 3}, x.shape());
    assertArrayEquals(new float[] {4, 4, 4, 4, 4, 4}, x.toFloats());
    assertArrayEquals(new float[] {0, 0}, session.zeros(2).toFloats());
    assertArrayEquals(new int[] {2, 3}, session.zeros(2, 3).shape());
    assertArrayEquals(new float[] {1, 1}, session.ones(2, 1).toFloats());
    assertArrayEquals(new int[] {2, 1}, session.ones(2, 1).shape());
    assertEquals(0, session.scalar(4).rank());
  }

  @Test
  void equalSeedsGiveEqualNumbers() {
    assertArrayEquals(
        session.normal(new int[] {9}, 3, 1).toFloats(),
        session.normal(new int[] {9}, 3, 1).toFloats());
  }
}
