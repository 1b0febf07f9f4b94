package io.hypertape.predict;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls of one example each that are computed together. The first of a group computes it, when it
 * has waited for others and got a lane; those that come until then are of the group.
 */
final class JoinedCalls implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Group> idle = new ArrayDeque<>();
  private final Lanes lanes;
  private final Batching batching;
  private final int inputs;
  private final int outputs;
  private final Listeners listeners;
  private final Condition drained = lock.newCondition();
  // The group that takes calls; null for none.
  private Group open;
  // Groups that are not computed yet.
  private int pending;
  private boolean closed;

  /** Calls that are computed together. All but the arrays' elements belongs to the lock. */
  private final class Group {
    private final float[] examples = new float[batching.most() * inputs];
    private final float[] results = new float[batching.most() * outputs];
    private final Condition full = lock.newCondition();
    private final Condition finished = lock.newCondition();
    private int calls;
    private int readers;
    private long asked;
    private boolean isDone;
    private Throwable failure;
  }

  JoinedCalls(Lanes lanes, Batching batching, ExampleForm form, Listeners listeners) {
    this.lanes = lanes;
    this.listeners = listeners;
    this.batching = batching;
    this.inputs = form.inputs();
    this.outputs = form.outputs();
  }

  /** Predicts for one example. */
  void run(float[] example, int from, float[] into, int to) {
    lock.lock();
    try {
      if (closed) {
        throw Lanes.refusal();
      }
      Group group = group();
      int row = group.calls++;
      group.readers++;
      System.arraycopy(example, from, group.examples, row * inputs, inputs);
      if (group.calls == batching.most()) {
        open = null;
        group.full.signal();
      }
      try {
        if (row == 0) {
          lead(group);
        } else {
          follow(group);
        }
        System.arraycopy(group.results, row * outputs, into, to, outputs);
      } finally {
        leave(group);
      }
    } finally {
      lock.unlock();
    }
  }

  private Group group() {
    if (open == null) {
      Group group = idle.poll();
      open = group == null ? new Group() : group;
      pending++;
      open.calls = 0;
      open.asked = listeners.now();
      open.isDone = false;
      open.failure = null;
    }
    return open;
  }

  private void leave(Group group) {
    group.readers--;
    if (group.readers == 0 && group.isDone) {
      idle.add(group);
    }
  }

  /** Waits for others and for a lane, and computes; the lock is held before and afterwards. */
  private void lead(Group group) {
    boolean interrupted = false;
    long left = batching.delay().toNanos();
    while (left > 0 && open == group && !closed) {
      try {
        left = group.full.awaitNanos(left);
      } catch (InterruptedException e) {
        // Others rely on this one, which does not wait any longer.
        interrupted = true;
        left = 0;
      }
    }
    lock.unlock();
    try {
      compute(group);
    } catch (RuntimeException | Error e) {
      group.failure = e;
      throw e;
    } finally {
      lock.lock();
      close(group);
      group.isDone = true;
      group.finished.signalAll();
      pending--;
      drained.signalAll();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void compute(Group group) {
    Lane lane = lanes.takeUninterruptibly();
    int calls;
    long begun;
    try {
      lock.lock();
      try {
        close(group);
        calls = group.calls;
      } finally {
        lock.unlock();
      }
      begun = listeners.now();
      lane.run(group.examples, 0, calls, group.results, 0);
    } finally {
      lanes.give(lane);
    }
    listeners.computed(calls, calls, group.asked, begun);
  }

  /** Nobody joins it any more. */
  private void close(Group group) {
    if (open == group) {
      open = null;
    }
  }

  private void follow(Group group) {
    while (!group.isDone) {
      try {
        group.finished.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Lanes.interrupted();
      }
    }
    if (group.failure != null) {
      throw new IllegalStateException(
          "predict: the call that this one was joined with failed", group.failure);
    }
  }

  /** No calls from now on; those that wait for others are computed before this returns. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (open != null) {
        open.full.signal();
      }
      while (pending > 0) {
        drained.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
