package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums over shards are right, and so are their derivatives of first and second order. */
class ShardGroupTest {

  private static ShardGroup group(Session session, int... numbers) {
    List<ShardGroup.Member> members = new ArrayList<>();
    for (int number : numbers) {
      ParameterMap none = ParameterMap.of(List.of(), p -> session.constant(1));
      members.add(new ShardGroup.Member(number, none, session.constant(1)));
    }
    return new ShardGroup(Shards.of(8).exchange(), 8, members);
  }

  /** Each shard less the mean of all, to the third power, weighted by its place. */
  private static Tensor loss(Session session, List<Tensor> shards) {
    ShardGroup group = group(session, 0, 3, 4);
    List<Tensor> sums = group.sums(group.each(shards, x -> x.sumTo(1, 2)));
    Tensor total = session.constant(0);
    for (int k = 0; k < shards.size(); k++) {
      Tensor centered = shards.get(k).sub(sums.get(k).div(6));
      total = total.add(centered.mul(centered).mul(centered).sum().mul(k + 1));
    }
    return total;
  }

  @Test
  void derivativesOfJoinedSumsAreRight() {
    try (Session session = Session.open(Device.REFERENCE)) {
      GradientCheck check = new GradientCheck(session, in -> loss(session, in));
      try (Scope unused = session.scratch()) {
        List<Tensor> inputs =
            List.of(
                session.normal(new int[] {3, 2}, 1, 1),
                session.normal(new int[] {1, 2}, 1, 2),
                session.normal(new int[] {2, 2}, 1, 3));
        assertTrue(check.worstError(1, inputs) < 1e-5);
        assertTrue(check.worstError(2, inputs) < 1e-4);
      }
    }
  }

  @Test
  void sumsAndRowsAreEverybodys() {
    try (Session session = Session.open(Device.REFERENCE);
        Scope unused = session.scratch()) {
      ShardGroup group = group(session, 1, 2);
      List<Tensor> inputs = List.of(session.ones(2, 3), session.ones(4, 3));
      for (Tensor sum : group.sums(group.each(inputs, x -> x.sumTo(1, 3)))) {
        assertArrayEquals(new double[] {6, 6, 6}, sum.toDoubles());
      }
      assertEquals(6, group.rows(inputs).get(1).item());
      assertEquals(List.of(1, 2), group.numbers());
      String message =
          assertThrows(IllegalArgumentException.class, () -> group.sums(inputs)).getMessage();
      assertTrue(message.contains("one shape for all shards is needed"), message);
      message =
          assertThrows(IllegalArgumentException.class, () -> group.sums(List.of(session.ones(1))))
              .getMessage();
      assertEquals("sums: 1 tensors for 2 shards; one for each is needed", message);
      for (int[] wrong : new int[][] {{}, {2, 1}, {8}, {-1}}) {
        assertThrows(
            IllegalArgumentException.class, () -> group(session, wrong), Arrays.toString(wrong));
      }
    }
  }
}
