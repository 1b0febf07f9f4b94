package io.hypertape.example;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * The least that a backend can be: storage, elementwise operations, reductions, products and
 * copies. What it does is the reference backend's.
 */
public final class CoreOnlyBackend implements Backend {

  private final Backend machine;

  /**
   * A backend of one precision.
   *
   * @param dtype F64 or F32
   */
  public CoreOnlyBackend(DType dtype) {
    machine = new ReferenceBackend(dtype);
  }

  @Override
  public String name() {
    return "core-only";
  }

  @Override
  public String description() {
    return "core-only backend: " + machine.dtype() + ", nothing but what is needed";
  }

  @Override
  public DType dtype() {
    return machine.dtype();
  }

  @Override
  public Storage allocate(DType type, int size) {
    return machine.allocate(type, size);
  }

  @Override
  public void free(Storage buffer) {
    machine.free(buffer);
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    machine.write(source, target);
  }

  @Override
  public void read(View source, MemorySegment target) {
    machine.read(source, target);
  }

  @Override
  public void fill(double value, View out) {
    machine.fill(value, out);
  }

  @Override
  public void copy(View in, View out) {
    machine.copy(in, out);
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    machine.unary(op, in, out);
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    machine.binary(op, a, b, out);
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    machine.reduce(op, in, out);
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    machine.gemm(a, b, beta, c);
  }

  @Override
  public void synchronize() {
    machine.synchronize();
  }

  @Override
  public void close() {
    machine.close();
  }
}
