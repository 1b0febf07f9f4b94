package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.events.FlightEvents;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.KernelCompiler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The kernels' image for a device. Where it is not kept from an earlier time, a thread compiles it
 * while libraries are loaded and handles opened: NVRTC takes many seconds, the others a few.
 */
final class CompiledKernels implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CompiledKernels.class.getName());

  private final KernelCompiler.Image image;
  private final FutureTask<byte[]> compilation;

  private CompiledKernels(KernelCompiler.Image image) {
    this.image = image;
    this.compilation =
        new FutureTask<>(() -> FlightEvents.compiling(KernelSources.NAME, image.compilation()));
  }

  static CompiledKernels begin(KernelCompiler compiler, int computeCapability) {
    CompiledKernels kernels =
        new CompiledKernels(
            compiler.prepare(KernelSources.NAME, KernelSources.program(), computeCapability));
    kernels.beginUnlessKept();
    return kernels;
  }

  static CompiledKernels begin(KernelCompiler compiler, CudaDevice device) {
    return begin(compiler, device.computeCapability());
  }

  private void beginUnlessKept() {
    if (image.kept().isEmpty()) {
      LOG.log(
          System.Logger.Level.INFO,
          "compiling the CUDA kernels for {0}, once: 6 to 21 seconds ('hypertape doctor --warm'"
              + " does it ahead)",
          image.architecture());
      Thread.ofPlatform().daemon().name("hypertape-nvrtc").start(compilation);
    }
  }

  /** Such as {@code sm_90}. */
  String architecture() {
    return image.architecture();
  }

  boolean wereKept() {
    return image.kept().isPresent();
  }

  /** The image, after what is left of its compilation. */
  byte[] get() {
    return image.kept().orElseGet(this::compiled);
  }

  private byte[] compiled() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return compilation.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw e.getCause() instanceof RuntimeException failure
              ? failure
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for the thread: nothing of a session goes on behind its end. */
  @Override
  public void close() {
    if (image.kept().isEmpty()) {
      try {
        compiled();
      } catch (RuntimeException | Error e) {
        // Told to whoever asked for the image, or of no interest to anybody.
        LOG.log(System.Logger.Level.DEBUG, "the CUDA kernels were not compiled", e);
      }
    }
  }
}
