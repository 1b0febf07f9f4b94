package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Failures;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A backend behind a {@link Gate}: it can be closed from any thread, and then frees everything that
 * was allocated. It must not refer to its session, which is found forgotten when nobody does.
 */
final class GuardedBackend extends GuardedLayers {

  private final Backend own;
  // What is allocated; used within the gate.
  private final Set<Storage> live = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Who frees what is kept for later in the midst of an operation; null for nobody. */
  private volatile @Nullable Thread relieving;

  GuardedBackend(Backend target) {
    super(target, new Gate());
    this.own = target;
  }

  /** Gives operations to another backend than the own one while something is done. */
  void during(UnaryOperator<Backend> around, Consumer<Backend> work) {
    target = around.apply(own);
    try {
      work.accept(target);
    } finally {
      target = own;
    }
  }

  Gate gate() {
    return gate;
  }

  @Override
  public Storage allocate(DType type, int size) {
    gate.enter();
    try {
      Storage buffer = own.allocate(type, size);
      live.add(buffer);
      return buffer;
    } finally {
      gate.leave();
    }
  }

  @Override
  public Storage fixed(Storage storage) {
    return own.fixed(storage);
  }

  @Override
  public void free(Storage buffer) {
    if (relieving == Thread.currentThread()) {
      live.remove(buffer);
      own.free(buffer);
      return;
    }
    gate.enter();
    try {
      live.remove(buffer);
      own.free(buffer);
    } finally {
      gate.leave();
    }
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public String description() {
    return target.description();
  }

  @Override
  public DType dtype() {
    return target.dtype();
  }

  @Override
  public void write(MemorySegment source, Storage to) {
    gate.enter();
    try {
      target.write(source, to);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void read(View source, MemorySegment to) {
    gate.enter();
    try {
      target.read(source, to);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void write(float[] source, int from, int count, Storage to) {
    gate.enter();
    try {
      target.write(source, from, count, to);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void read(View source, int count, float[] into, int to) {
    gate.enter();
    try {
      target.read(source, count, into, to);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void fill(double value, View out) {
    gate.enter();
    try {
      target.fill(value, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void copy(View in, View out) {
    gate.enter();
    try {
      target.copy(in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    gate.enter();
    try {
      target.unary(op, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    gate.enter();
    try {
      target.binary(op, a, b, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    gate.enter();
    try {
      target.reduce(op, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    gate.enter();
    try {
      target.gemm(a, b, beta, c);
    } finally {
      gate.leave();
    }
  }

  @Override
  public List<String> fallbacks() {
    return target.fallbacks();
  }

  @Override
  public void onShortage(Runnable relief) {
    own.onShortage(
        () -> {
          // Inside an operation, so this thread has entered already.
          relieving = Thread.currentThread();
          try {
            relief.run();
          } finally {
            relieving = null;
          }
        });
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return target.fuses(kernel);
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    gate.enter();
    try {
      target.fused(kernel, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public boolean fusesAffine() {
    return target.fusesAffine();
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    gate.enter();
    try {
      target.affine(x, w, bias, epilogue, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    gate.enter();
    try {
      target.affineGrad(epilogue, cotangent, output, sums, bias);
    } finally {
      gate.leave();
    }
  }

  @Override
  public boolean fusesScaling() {
    return target.fusesScaling();
  }

  @Override
  public void scaled(View[] in, Epilogue epilogue, View out) {
    gate.enter();
    try {
      target.scaled(in, epilogue, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void trim() {
    gate.enter();
    try {
      target.trim();
    } finally {
      gate.leave();
    }
  }

  @Override
  public void synchronize() {
    gate.enter();
    try {
      target.synchronize();
    } finally {
      gate.leave();
    }
  }

  @Override
  public boolean canRecord() {
    return target.canRecord();
  }

  @Override
  public int recorded() {
    return target.recorded();
  }

  @Override
  public void beginRecording() {
    gate.enter();
    try {
      target.beginRecording();
      gate.beginRecording();
    } finally {
      gate.leave();
    }
  }

  @Override
  public Recording endRecording() {
    gate.enter();
    try {
      return new GuardedRecording(target.endRecording(), gate);
    } finally {
      gate.leave();
      gate.endRecording();
    }
  }

  @Override
  public void abortRecording() {
    // Also if it is to be closed: that is what it waits for.
    try {
      target.abortRecording();
    } finally {
      gate.endRecording();
    }
  }

  /**
   * Frees everything, whatever of it fails: the first failure is thrown in the end, and carries the
   * others.
   */
  @Override
  public void close() {
    gate.close(
        () -> {
          List<Runnable> parts = new ArrayList<>();
          live.forEach(buffer -> parts.add(() -> own.free(buffer)));
          live.clear();
          parts.add(own::close);
          Failures.joined(parts);
        });
  }

  /** Replays as one call. */
  private record GuardedRecording(Recording target, Gate gate) implements Recording {

    @Override
    public void replay() {
      gate.enter();
      try {
        target.replay();
      } finally {
        gate.leave();
      }
    }

    @Override
    public int operations() {
      return target.operations();
    }

    @Override
    public int completed() {
      return target.completed();
    }

    @Override
    public void close() {
      if (gate.isClosed()) {
        // It was closed with the backend.
        return;
      }
      gate.enter();
      try {
        target.close();
      } finally {
        gate.leave();
      }
    }
  }
}
