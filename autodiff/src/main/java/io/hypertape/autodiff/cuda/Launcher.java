package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaKernel;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.KernelArguments;
import java.lang.foreign.MemorySegment;

/** Puts kernels on the backend's stream. One block of arguments serves all launches. */
final class Launcher implements AutoCloseable {

  /** Threads of a block, which some kernels count on. */
  static final int BLOCK = 256;

  /** Rows that a block of one warp a row takes. */
  static final int WARPS = BLOCK / 32;

  /** Blocks a multiprocessor: several times what fits, so that the last ones fill the gaps. */
  private static final int BLOCKS_EACH = 32;

  private final CudaStream stream;
  private final CudaKernels kernels;
  private final KernelArguments arguments = KernelArguments.create();
  private final KernelArguments programs = KernelArguments.create();
  private final int mostBlocks;
  private Runnable before = () -> {};

  Launcher(CudaDevice device, CudaStream stream, CudaKernels kernels) {
    this.stream = stream;
    this.kernels = kernels;
    this.mostBlocks = BLOCKS_EACH * Math.max(1, device.multiprocessors());
  }

  CudaKernels kernels() {
    return kernels;
  }

  /** What is to be done before any other kernel is launched. */
  void setBefore(Runnable newBefore) {
    before = newBefore;
  }

  /** The arguments of the next launch, empty. */
  KernelArguments arguments() {
    before.run();
    return arguments.clear();
  }

  /** Launches with the arguments that were just put together. */
  void launch(CudaKernel kernel, int blocks) {
    kernel.launch(stream, blocks, BLOCK, arguments);
  }

  /** Launches a program. */
  void launch(ProgramKind kind, int blocks, int threads, MemorySegment program) {
    kernels.program(kind).launch(stream, blocks, threads, programs.clear().bytes(program));
  }

  void launch(CudaKernels.Named kernel, int blocks) {
    launch(kernels.named(kernel), blocks);
  }

  /** Blocks of a grid-stride loop over so many items. */
  int blocksFor(int items) {
    return Math.min(mostBlocks, blocks(items, BLOCK));
  }

  /** At most so many blocks as a grid-stride loop has, for loops over blocks. */
  int capped(int blocks) {
    return Math.min(mostBlocks, blocks);
  }

  /** How many blocks of a size cover the items; at least 1. */
  static int blocks(int items, int each) {
    return Math.max(1, (int) (((long) items + each - 1) / each));
  }

  /** Whether four numbers at once can be read from there. */
  static boolean isAligned(long address) {
    return (address & 15) == 0;
  }

  @Override
  public void close() {
    arguments.close();
    programs.close();
  }
}
