package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;

/** An array of doubles, floats or ints behind one accessor; floats round on every store. */
sealed interface ReferenceStorage extends Storage {

  double get(int index);

  void set(int index, double value);

  MemorySegment segment();

  static ReferenceStorage of(DType type, int size) {
    return switch (type) {
      case F64 -> new Doubles(new double[size]);
      case F32 -> new Floats(new float[size]);
      case I32 -> new Ints(new int[size]);
    };
  }

  record Doubles(double[] array) implements ReferenceStorage {
    @Override
    public double get(int index) {
      return array[index];
    }

    @Override
    public void set(int index, double value) {
      array[index] = value;
    }

    @Override
    public MemorySegment segment() {
      return MemorySegment.ofArray(array);
    }

    @Override
    public DType type() {
      return DType.F64;
    }

    @Override
    public int size() {
      return array.length;
    }
  }

  record Floats(float[] array) implements ReferenceStorage {
    @Override
    public double get(int index) {
      return array[index];
    }

    @Override
    public void set(int index, double value) {
      array[index] = (float) value;
    }

    @Override
    public MemorySegment segment() {
      return MemorySegment.ofArray(array);
    }

    @Override
    public DType type() {
      return DType.F32;
    }

    @Override
    public int size() {
      return array.length;
    }
  }

  record Ints(int[] array) implements ReferenceStorage {
    @Override
    public double get(int index) {
      return array[index];
    }

    @Override
    public void set(int index, double value) {
      array[index] = (int) value;
    }

    @Override
    public MemorySegment segment() {
      return MemorySegment.ofArray(array);
    }

    @Override
    public DType type() {
      return DType.I32;
    }

    @Override
    public int size() {
      return array.length;
    }
  }
}
