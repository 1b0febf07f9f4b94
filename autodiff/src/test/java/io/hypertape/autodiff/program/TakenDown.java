package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A backend each of whose operations is taken down and then done at another place, with copies of
 * what it reads and writes; what it says that it writes is copied back.
 */
public final class TakenDown extends Outline {

  private final Backend real;

  /** Over a backend, closed with this. */
  public TakenDown(Backend real) {
    super(real);
    this.real = real;
  }

  @Override
  void add(Step step) {
    Map<Storage, Storage> copies = new IdentityHashMap<>();
    step.placed(
            view ->
                new View(
                    copies.computeIfAbsent(view.storage(), this::copy),
                    view.offset(),
                    view.shape(),
                    view.strides()))
        .run(real);
    for (View written : step.writes()) {
      real.write(contents(copies.get(written.storage())), written.storage());
    }
  }

  private Storage copy(Storage storage) {
    Storage copy = real.allocate(storage.type(), storage.size());
    real.write(contents(storage), copy);
    return copy;
  }

  private MemorySegment contents(Storage storage) {
    int size = storage.size();
    MemorySegment values =
        switch (storage.type()) {
          case F32 -> MemorySegment.ofArray(new float[size]);
          case F64 -> MemorySegment.ofArray(new double[size]);
          case I32 -> MemorySegment.ofArray(new int[size]);
        };
    real.read(View.contiguous(storage, size), values);
    return values;
  }

  @Override
  public Storage allocate(DType type, int size) {
    return real.allocate(type, size);
  }

  @Override
  public void free(Storage buffer) {
    real.free(buffer);
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    real.write(source, target);
  }

  @Override
  public void close() {
    real.close();
  }
}
