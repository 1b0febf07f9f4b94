package io.hypertape.optim;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A backend that counts, and records and replays as a GPU does, or does not record at all. */
final class ReplayingBackend implements Backend {

  private final Backend machine;
  private final boolean records;
  private List<Runnable> recording;
  int recordings;
  int replays;
  int openRecordings;
  int buffers;
  // Done before each copy, when that is done.
  Runnable beforeCopy = () -> {};

  ReplayingBackend(Backend machine, boolean records) {
    this.machine = machine;
    this.records = records;
  }

  private void run(Runnable work) {
    if (recording != null) {
      recording.add(work);
    } else {
      work.run();
    }
  }

  private void refuse(String what) {
    if (recording != null) {
      throw new RecordingException(what + " cannot be recorded");
    }
  }

  @Override
  public boolean canRecord() {
    return records;
  }

  @Override
  public void beginRecording() {
    recording = new ArrayList<>();
  }

  @Override
  public int recorded() {
    return recording == null ? 0 : recording.size();
  }

  @Override
  public Recording endRecording() {
    List<Runnable> work = recording;
    recording = null;
    recordings++;
    openRecordings++;
    return new Recording() {
      private boolean closed;
      private int completed;

      @Override
      public void replay() {
        if (closed) {
          throw new IllegalStateException("this recording is closed");
        }
        replays++;
        completed = 0;
        for (Runnable piece : work) {
          piece.run();
          completed++;
        }
      }

      @Override
      public int completed() {
        return completed;
      }

      @Override
      public int operations() {
        return work.size();
      }

      @Override
      public void close() {
        openRecordings -= closed ? 0 : 1;
        closed = true;
      }
    };
  }

  @Override
  public void abortRecording() {
    recording = null;
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return machine.has(kernel);
  }

  @Override
  public String name() {
    return machine.name();
  }

  @Override
  public String description() {
    return machine.description();
  }

  @Override
  public DType dtype() {
    return machine.dtype();
  }

  @Override
  public Storage allocate(DType type, int size) {
    refuse("allocation");
    buffers++;
    return machine.allocate(type, size);
  }

  @Override
  public void free(Storage buffer) {
    buffers--;
    machine.free(buffer);
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    refuse("a copy from the host");
    machine.write(source, target);
  }

  @Override
  public void read(View source, MemorySegment target) {
    refuse("a copy to the host");
    machine.read(source, target);
  }

  @Override
  public void fill(double value, View out) {
    run(() -> machine.fill(value, out));
  }

  @Override
  public void copy(View in, View out) {
    run(
        () -> {
          beforeCopy.run();
          machine.copy(in, out);
        });
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    run(() -> machine.unary(op, in, out));
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    run(() -> machine.binary(op, a, b, out));
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    run(() -> machine.reduce(op, in, out));
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    run(() -> machine.gemm(a, b, beta, c));
  }

  @Override
  public void logSoftmax(View in, View out) {
    run(() -> machine.logSoftmax(in, out));
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    run(() -> machine.logSoftmaxGrad(cotangent, output, out));
  }

  @Override
  public void pick(View in, View index, View out) {
    run(() -> machine.pick(in, index, out));
  }

  @Override
  public void scatter(View in, View index, View out) {
    run(() -> machine.scatter(in, index, out));
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    run(() -> machine.random(distribution, seed, stream, out));
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    run(() -> machine.convolution(pass, form, a, b, out));
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    run(() -> machine.maxPool(form, x, y, index));
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    run(() -> machine.maxPoolScatter(form, in, index, out));
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    run(() -> machine.maxPoolGather(form, in, index, out));
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    run(() -> machine.averagePool(form, in, out));
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    run(() -> machine.averagePoolAdjoint(form, in, out));
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    run(() -> machine.batchNorm(eps, x, gamma, beta, y, mean, invStd));
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    run(() -> machine.batchNormGrad(dy, x, gamma, mean, invStd, dx, dGamma, dBeta));
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    run(() -> machine.gatherRows(table, index, out));
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    run(() -> machine.scatterRows(in, index, out));
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    run(() -> machine.dropoutMask(keep, seed, counter, out));
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return machine.recurrentReserve(form);
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    run(() -> machine.recurrent(form, in, out));
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    run(() -> machine.recurrentGrad(form, in, out));
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return machine.fuses(kernel);
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    run(() -> machine.fused(kernel, in, out));
  }

  @Override
  public boolean fusesAffine() {
    return machine.fusesAffine();
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    run(() -> machine.affine(x, w, bias, epilogue, out));
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    run(() -> machine.affineGrad(epilogue, cotangent, output, sums, bias));
  }

  @Override
  public void synchronize() {
    refuse("waiting");
    machine.synchronize();
  }

  @Override
  public void close() {
    machine.close();
  }
}
