package io.hypertape.autodiff;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session's end, from any thread, or because nobody can reach it any more. */
@Isolated("the threads of the whole JVM are counted")
class SessionClosingTest {

  private static Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(2));
  }

  /** Runs something on a thread of another name, to its end. */
  private static void elsewhere(Runnable action) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(action, "somebody else");
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertEquals(null, failure.get());
  }

  private static String refusal(Runnable use) {
    return assertThrows(IllegalStateException.class, use::run).getMessage();
  }

  @Test
  void anyThreadClosesAnIdleSession() throws InterruptedException {
    Session session = open();
    Parameter w = new Parameter("w", session.ones(3));
    TowerOptimizer optimizer = Tower.parse("sgd(0.1)").bind(session, List.of(w));
    Workspace workspace = INTERNALS.workspace(session);
    Scope scope = session.scratch();
    Tensor x = session.ones(4);
    elsewhere(session::close);
    assertTrue(session.isClosed());
    String closed = "this session was closed by thread 'somebody else'";
    assertEquals(closed, refusal(() -> x.add(x)));
    assertEquals(closed, refusal(x::toFloats));
    assertEquals(closed, refusal(w::value));
    assertEquals(closed, refusal(session::scratch));
    assertEquals(closed, refusal(() -> optimizer.step(() -> w.value().sum())));
    // As at the end of a try statement.
    scope.close();
    workspace.close();
    optimizer.close();
    w.close();
    session.close();
  }

  /** What a thread does while another one closes its session. */
  enum Work {
    OPERATIONS,
    SCOPES,
    STEPS,
    RECORDING
  }

  private static void work(Work work, Session session, Runnable round) {
    Parameter w = new Parameter("w", session.normal(new int[] {8, 16}, 1, 1));
    switch (work) {
      case OPERATIONS -> {
        try (Scope scope = session.scratch()) {
          Tensor x = scope.show(session.ones(300, 300));
          while (true) {
            round.run();
            x = x.mul(0.5).tanh();
            x.toFloats();
          }
        }
      }
      case SCOPES -> {
        while (true) {
          round.run();
          session.scoped(() -> session.ones(300, 300).sum().item());
        }
      }
      case STEPS -> {
        try (TowerOptimizer optimizer =
            Tower.parse("adam(1e-3)/sgd(1e-5)").bind(session, List.of(w))) {
          TrainingStep step =
              optimizer.prepare(
                  in -> in.get(0).matmulTransposed(w.value()).logSoftmax().pick(in.get(1)).mean());
          while (true) {
            round.run();
            step.run(Input.floats(new float[64 * 16], 64, 16), Input.indices(new int[64])).item();
          }
        }
      }
      case RECORDING -> {
        while (true) {
          try (Scope scope = session.scratch();
              Recording recording =
                  INTERNALS.record(
                      session,
                      () -> {
                        round.run();
                        scope.show(w.value()).detach();
                      })) {
            recording.replay();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Work.class)
  void aSessionIsClosedInTheMidstOfWork(Work work) throws InterruptedException {
    AtomicLong rounds = new AtomicLong();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Session> session = new AtomicReference<>();
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try (Session own = open()) {
                session.set(own);
                work(
                    work,
                    own,
                    () -> {
                      if (rounds.incrementAndGet() == 20) {
                        begun.countDown();
                      }
                    });
              } catch (Throwable e) {
                end.set(e);
              }
            });
    thread.start();
    begun.await();
    session.get().close();
    thread.join();
    assertTrue(end.get() instanceof IllegalStateException, end.get() + "");
    assertEquals(
        "this session was closed by thread '" + Thread.currentThread().getName() + "'",
        end.get().getMessage());
    assertEquals(0, end.get().getSuppressed().length, "the end of a try statement adds nothing");
  }

  @Test
  void whoClosesInTheMidstOfARecordingDoesNotWait() throws InterruptedException {
    Session session = open();
    // As one who calls System.exit in a loss function, and closes the session in a shutdown hook.
    String message =
        refusal(
            () ->
                INTERNALS.record(
                    session,
                    () -> {
                      try {
                        elsewhere(session::close);
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      session.scratch();
                    }));
    assertEquals("this session was closed by thread 'somebody else'", message);
    assertEquals(message, refusal(session::scratch));
  }

  @Test
  void severalThreadsMayCloseAtOnce() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      Session session = open();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread thread = new Thread(session::close);
        thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
        threads.add(thread);
        thread.start();
      }
      session.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
    }
  }

  @Test
  void anInterruptedThreadClosesTooAndStaysInterrupted() {
    Session session = open();
    Thread.currentThread().interrupt();
    session.close();
    assertTrue(Thread.interrupted());
    assertTrue(session.isClosed());
  }

  @Test
  void anOptimizerIsClosedFromElsewhereBetweenSteps() throws InterruptedException {
    try (Session session = open()) {
      Parameter w = new Parameter("w", session.ones(3));
      TowerOptimizer optimizer = Tower.parse("sgd(0.5)").bind(session, List.of(w));
      optimizer.step(() -> w.value().sum());
      elsewhere(optimizer::close);
      assertEquals(
          "step: this optimizer is closed", refusal(() -> optimizer.step(() -> w.value().sum())));
      assertFalse(w.value().isTracked());
      assertEquals(0.5f, w.value().toFloats()[0], "the parameters keep their values");
    }
  }

  private static List<Thread> kernelThreads() {
    Thread[] all = new Thread[Thread.activeCount() + 200];
    int count = Thread.enumerate(all);
    List<Thread> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (all[i].getName().startsWith("hypertape-kernel-")) {
        found.add(all[i]);
      }
    }
    return found;
  }

  private static void forget(int sessions) {
    for (int i = 0; i < sessions; i++) {
      Session session = open();
      new Parameter("w", session.ones(400, 400));
      session.scratch().show(session.ones(400, 400)).tanh();
    }
  }

  @Test
  void forgottenSessionsLeaveNoThreads() throws InterruptedException {
    List<Thread> before = kernelThreads();
    forget(50);
    List<Thread> left = kernelThreads();
    left.removeAll(before);
    assertFalse(left.isEmpty(), "large operations are shared with threads");
    for (Thread thread : left) {
      for (int i = 0; i < 600 && thread.isAlive(); i++) {
        System.gc();
        thread.join(100);
      }
      assertFalse(thread.isAlive(), thread + " lives on");
    }
  }
}
