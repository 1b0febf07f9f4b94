package io.hypertape.bindings.cuda;

import java.util.ArrayList;
import java.util.List;

/** Descriptors that belong together, made one after the other and closed together. */
final class Descriptors implements AutoCloseable {

  private final List<Descriptor> made = new ArrayList<>();

  Descriptor add(Descriptor.Kind kind) {
    Descriptor descriptor = Descriptor.create(kind);
    made.add(descriptor);
    return descriptor;
  }

  @Override
  public void close() {
    Closing.all(made);
  }
}
