package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.ConvolutionGeometry;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernels' {@code struct Windows}; reused from call to call. */
final class Windows {

  private static final int FIELDS = 12;

  private final MemorySegment struct;

  Windows(Arena arena) {
    this.struct = arena.allocate(ValueLayout.JAVA_INT, FIELDS);
  }

  /** Of a pooling over planes of a size. */
  MemorySegment of(Pooling form, int height, int width) {
    return set(
        height,
        width,
        form.outputHeight(height),
        form.outputWidth(width),
        form.windowHeight(),
        form.windowWidth(),
        form.strideHeight(),
        form.strideWidth(),
        form.padHeight(),
        form.padWidth(),
        1,
        1);
  }

  MemorySegment of(ConvolutionGeometry g) {
    return set(
        g.height(),
        g.width(),
        g.outHeight(),
        g.outWidth(),
        g.filterHeight(),
        g.filterWidth(),
        g.strideHeight(),
        g.strideWidth(),
        g.padHeight(),
        g.padWidth(),
        g.dilationHeight(),
        g.dilationWidth());
  }

  private MemorySegment set(int... fields) {
    MemorySegment.copy(fields, 0, struct, ValueLayout.JAVA_INT, 0, FIELDS);
    return struct;
  }
}
