package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.tensor.DType;

/** Stands for storage that whoever does the work will have; each is itself alone. */
final class Symbol implements Storage {

  private final DType type;
  private final int size;

  Symbol(DType type, int size) {
    this.type = type;
    this.size = size;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int size() {
    return size;
  }
}
