package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What does not fit is refused with a message that names the operation and what would fit. */
class TensorOpErrorsTest {

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

  private static void failsWith(String message, Executable code) {
    Exception e = assertThrows(IllegalArgumentException.class, code);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private Tensor ones(int... shape) {
    return session.ones(shape);
  }

  @Test
  void productsOfStacks() {
    failsWith(
        "matmul: shapes [2, 3, 4] and [2, 3, 4] do not fit: the first has 4 columns, the second 3",
        () -> ones(2, 3, 4).matmul(ones(2, 3, 4)));
    failsWith("[2, 3, 4] and [2, 5, 3]ᵀ", () -> ones(2, 3, 4).matmulTransposed(ones(2, 5, 3)));
    failsWith("[2, 3, 4] and [3, 5]", () -> ones(2, 3, 4).matmul(ones(3, 5)));
    failsWith(
        "matmul: shapes [2, 3, 4] and [5, 4, 6] do not fit: their stacks [2] and [5]",
        () -> ones(2, 3, 4).matmul(ones(5, 4, 6)));
    failsWith("two matrices, or stacks", () -> ones(2, 3, 4).matmul(ones(4)));
    failsWith("two matrices, or stacks", () -> ones(4).matmul(ones(2, 4, 5)));
    failsWith("matmul: an I32", () -> ones(2, 3, 4).matmul(session.indices(1, 2).reshape(2, 1)));
  }

  @Test
  void softmaxAndSums() {
    failsWith("logSoftmax: axis 3 is outside shape [2, 3, 4]", () -> ones(2, 3, 4).softmax(3));
    failsWith("logSoftmax: axis 0 is outside shape []", () -> ones().logSoftmax(0));
    failsWith("logSoftmax: an I32", () -> session.indices(1, 2).softmax(0));
    failsWith("cumsum: axis -3 is outside shape [2, 3]", () -> ones(2, 3).cumsum(-3));
    failsWith("cumsum: an I32", () -> session.indices(1, 2).cumsum(0));
    failsWith("sumKeepDims: axes [0, 0] name axis 0", () -> ones(2, 3).sumKeepDims(0, 0));
    failsWith("meanKeepDims: axis 2", () -> ones(2, 3).meanKeepDims(2));
  }

  @Test
  void choices() {
    failsWith(
        "where: a condition of shape [2] and values of shapes [2, 3] and [3]",
        () -> Tensor.where(ones(2), ones(2, 3), ones(3)));
    failsWith("where: condition: an I32", () -> Tensor.where(session.indices(1), ones(1), ones(1)));
    failsWith(
        "gather: index is I32[2] for axis 1 of [2, 3]; I32 of 2 axes",
        () -> ones(2, 3).gather(-1, session.indices(0, 1)));
    failsWith(
        "gather: index is I32[3, 1]",
        () -> ones(2, 3).gather(1, session.indices(0, 1, 1).reshape(3, 1)));
    failsWith("gather: index is F32[2, 1]", () -> ones(2, 3).gather(1, ones(2, 1)));
    failsWith("gather: axis 0 is outside", () -> ones().gather(0, session.indices(0)));
    failsWith("take: index is F32[2]; I32[n]", () -> ones(2, 3).take(0, ones(2)));
    failsWith("take: axis 2 is outside", () -> ones(2, 3).take(2, session.indices(0)));
  }

  @Test
  void equations() {
    failsWith("einsum: \"ij\": 1 tensors", () -> Tensor.einsum("ij", ones(2, 3), ones(3)));
    failsWith("3 tensors are named", () -> Tensor.einsum("i,j,k->i", ones(2), ones(3)));
    failsWith("'k' of the result is in neither", () -> Tensor.einsum("i,j->k", ones(2), ones(3)));
    failsWith(
        "'i' stands twice in \"ii\"; diagonals",
        () -> Tensor.einsum("ii,i->i", ones(2, 2), ones(2)));
    failsWith("'i' stands twice", () -> Tensor.einsum("i,i->ii", ones(2), ones(2)));
    failsWith("'.' is no letter", () -> Tensor.einsum("...i,i->...", ones(2, 2), ones(2)));
    failsWith(
        "the second tensor has shape [3, 2]; \"j\" needs 1 axis",
        () -> Tensor.einsum("ij,j->i", ones(2, 3), ones(3, 2)));
    failsWith(
        "'j' has lengths 3 and 4 in shapes [2, 3] and [4]",
        () -> Tensor.einsum("ij,j->i", ones(2, 3), ones(4)));
    assertEquals(3, Tensor.einsum(" ij , j -> i ", ones(2, 3), ones(3)).toFloats()[1]);
  }
}
