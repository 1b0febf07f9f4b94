package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.FusedKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller does with its arrays and lists changes no tensor. */
class OwnArraysTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Tape tape = session.tape();

  @AfterEach
  void close() {
    tape.close();
    session.close();
  }

  private Tensor numbers() {
    return session.tensor(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
  }

  @Test
  void aShapeIsACopy() {
    Tensor x = numbers();
    x.shape()[0] = 99;
    assertArrayEquals(new int[] {2, 3}, x.shape());
    assertEquals(6, x.size());
    assertEquals(21, x.sum().item());
    Buffer state = new Buffer("state", x);
    state.shape()[1] = 0;
    assertArrayEquals(new int[] {2, 3}, state.shape());
    assertEquals(6, state.toDoubles().length);
  }

  @Test
  void aShapeMayBeUsedAgain() {
    int[] shape = {2, 3};
    Tensor made = session.zeros(shape);
    Tensor broadcast = session.scalar(1).broadcastTo(shape);
    Tensor reshaped = numbers().reshape(3, 2).reshape(shape);
    Tensor summed = session.ones(4, 2, 3).sumTo(shape);
    shape[0] = 7;
    for (Tensor x : List.of(made, broadcast, reshaped, summed)) {
      assertArrayEquals(new int[] {2, 3}, x.shape());
      assertEquals(6, x.toDoubles().length);
    }
  }

  @Test
  void derivativesDoNotDependOnItEither() {
    int[] shape = {2, 3};
    int[] axes = {1, 0};
    Tensor x = tape.watch(session.tensor(new double[] {1, 2, 3}, 3));
    Tensor y = x.broadcastTo(shape).permute(axes).reshape(6);
    shape[0] = 1;
    axes[0] = 0;
    assertArrayEquals(
        new double[] {4, 8, 12},
        tape.gradient(y.square().sum(), List.of(x)).getFirst().toDoubles());
  }

  @Test
  void operandsOfAnUpdateAreTheTapes() {
    try (Session cpu = Session.open(Device.CPU);
        Tape updates = cpu.tape()) {
      Tensor p = cpu.ones(2);
      Tensor g = cpu.full(new int[] {2}, 3);
      Tensor alpha = updates.watch(cpu.scalar(0.5));
      List<Tensor> operands = new ArrayList<>(List.of(p, g, alpha));
      FusedOp update =
          FusedOp.update(FusedKernel.SGD, in -> List.of(in.get(0).sub(in.get(1).mul(in.get(2)))));
      List<Tensor> updated = update.apply(operands);
      operands.set(1, cpu.zeros(2));
      Tensor loss = updated.getFirst().sum();
      assertEquals(-6, updates.gradient(loss, List.of(alpha)).getFirst().item());
    }
  }
}
