package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A gate opens when vectors have shown that they are faster, and not before. */
class TwinGateTest {

  private static final long SLOW = 3_000_000;

  /** How long the trial's vectors take. */
  private final AtomicLong nanos = new AtomicLong(20 * SLOW);

  private long elements = 1000;
  private int made;

  private static void spend(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private TwinGate.Pair pair(Call twin) {
    made++;
    return new TwinGate.Pair(() -> spend(nanos.get()), twin, elements);
  }

  private TwinGate gate(Call twin) {
    return new TwinGate("gate", new ArrayDeque<>(List.of(() -> pair(twin))));
  }

  private static GatedCall gated(TwinGate gate, Call twin, Call vectors) {
    return new GatedCall(gate, twin, () -> twin, () -> vectors);
  }

  @Test
  void staysClosedWhileVectorsAreSlower() {
    TwinGate gate = gate(() -> {});
    for (int i = 0; i < 10; i++) {
      gate.drive();
    }
    assertFalse(gate.isOpen());
  }

  @Test
  void opensAfterSomeRunsThatAreFaster() {
    TwinGate gate = gate(() -> spend(SLOW));
    gate.drive();
    assertFalse(gate.isOpen());
    nanos.set(0);
    gate.drive();
    gate.drive();
    assertFalse(gate.isOpen());
    gate.drive();
    assertTrue(gate.isOpen());
  }

  @Test
  void aSlowRunAmongThemBeginsAnew() {
    TwinGate gate = gate(() -> spend(SLOW));
    gate.drive();
    nanos.set(0);
    gate.drive();
    gate.drive();
    nanos.set(20 * SLOW);
    gate.drive();
    nanos.set(0);
    gate.drive();
    gate.drive();
    assertFalse(gate.isOpen());
  }

  @Test
  void largeOperandsAreNotKeptFromTurnToTurn() {
    TwinGate small = gate(() -> {});
    small.drive();
    small.rest();
    small.drive();
    assertEquals(1, made);
    elements = 1 << 20;
    TwinGate large = gate(() -> {});
    large.drive();
    large.drive();
    large.rest();
    large.drive();
    assertEquals(3, made);
  }

  @Test
  void everyTrialHasToBeWon() {
    nanos.set(0);
    TwinGate gate =
        new TwinGate(
            "two",
            new ArrayDeque<>(
                List.of(() -> pair(() -> spend(SLOW)), () -> pair(() -> spend(SLOW)))));
    for (int i = 0; i < 5; i++) {
      gate.drive();
      assertFalse(gate.isOpen());
    }
    gate.drive();
    assertTrue(gate.isOpen());
  }

  @Test
  void opensWhereTheTwoAreAboutAsFast() {
    Call work = () -> spend(100_000);
    nanos.set(100_000);
    TwinGate gate = gate(work);
    int runs = 0;
    while (!gate.isOpen() && runs < 20_000) {
      gate.drive();
      runs++;
    }
    assertTrue(gate.isOpen());
  }

  @Test
  void aTwinOfFewElementsThatStaysFasterIsKept() {
    nanos.set(60_000);
    TwinGate gate = gate(() -> spend(15_000));
    int runs = 0;
    while (gate.isClosed() && runs < 20_000) {
      gate.drive();
      runs++;
    }
    assertFalse(gate.isClosed());
    assertFalse(gate.isOpen());
    AtomicInteger twins = new AtomicInteger();
    GatedCall call =
        gated(
            gate,
            twins::incrementAndGet,
            () -> {
              throw new AssertionError("no vectors are wanted");
            });
    call.run();
    call.run();
    assertEquals(2, twins.get());
    assertEquals(0, gate.demand());
  }

  @Test
  void opensWhereNothingCanBeTried() {
    TwinGate gate =
        gate(
            () -> {
              throw new IllegalArgumentException("no such operands");
            });
    gate.drive();
    assertTrue(gate.isOpen());
  }

  @Test
  void callsTakeTheTwinUntilItIsOpen() {
    AtomicInteger vectors = new AtomicInteger();
    AtomicInteger twins = new AtomicInteger();
    TwinGate gate = gate(() -> {});
    GatedCall call = gated(gate, twins::incrementAndGet, vectors::incrementAndGet);
    call.run();
    call.run();
    assertEquals(2, twins.get());
    assertTrue(gate.demand() > 0);
    gate.open();
    call.run();
    call.run();
    call.run();
    assertEquals(2, twins.get());
    assertEquals(3, vectors.get());
  }

  @Test
  void vectorsThatHaveBecomeSlowAreLeftOnceMore() {
    AtomicLong slow = new AtomicLong();
    AtomicInteger twins = new AtomicInteger();
    nanos.set(0);
    TwinGate gate = gate(() -> spend(SLOW));
    for (int i = 0; i < 3; i++) {
      gate.drive();
    }
    assertTrue(gate.isOpen());
    assertFalse(gate.hasSlipped(SLOW));
    assertFalse(gate.hasSlipped(20 * SLOW), "it may have been interrupted");
    assertFalse(gate.hasSlipped(SLOW));
    assertFalse(gate.hasSlipped(20 * SLOW));
    assertTrue(gate.hasSlipped(20 * SLOW));
    assertTrue(gate.close());
    assertFalse(gate.close(), "it is closed already");
    GatedCall call = gated(gate, twins::incrementAndGet, slow::incrementAndGet);
    call.run();
    assertEquals(1, twins.get());
    for (int i = 0; i < 3; i++) {
      gate.drive();
    }
    call.run();
    assertEquals(1, slow.get());
    assertEquals(1, twins.get());
  }

  @Test
  void objectsInAVectorsRunAreCodeThatIsNotCompiled() {
    List<float[]> kept = new ArrayList<>();
    nanos.set(0);
    TwinGate gate =
        new TwinGate(
            "objects",
            new ArrayDeque<>(
                List.of(
                    () ->
                        new TwinGate.Pair(
                            () -> kept.add(new float[(int) elements]), () -> spend(SLOW), 1000))));
    elements = 10_000;
    for (int i = 0; i < 10; i++) {
      gate.drive();
    }
    assertFalse(gate.isOpen(), "it has won, and allocated 40 kB each time");
    elements = 10;
    for (int i = 0; i < 3; i++) {
      gate.drive();
    }
    assertTrue(gate.isOpen());
    assertEquals(13, kept.size());
  }

  @Test
  void whatCallersHardlyWaitForIsNotWorthATrial() {
    TwinGate gate = gate(() -> spend(SLOW));
    assertFalse(gate.isWorthIt());
    gate.waited(2_000_000);
    assertTrue(gate.isWorthIt());
    gate.drive();
    gate.drive();
    assertFalse(gate.isWorthIt(), "120 ms in trials for 2 that callers have waited");
    gate.waited(20_000_000);
    assertTrue(gate.isWorthIt());
  }
}
