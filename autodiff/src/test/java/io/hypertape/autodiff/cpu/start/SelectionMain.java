package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.updates.UpdateOp;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Run by {@link KernelLadderTest} in a virtual machine of its own: opens the kernels that its
 * argument asks for and prints which they are. With a second argument it opens them so often, with
 * {@code work} it prints how many bytes a few calls of them allocate.
 */
final class SelectionMain {
  private static final int SIZE = 32;

  private SelectionMain() {}

  public static void main(String[] args) {
    Simd simd = Simd.valueOf(args[0]);
    boolean work = args.length > 1 && args[1].equals("work");
    for (int i = args.length > 1 && !work ? Integer.parseInt(args[1]) : 1; i > 1; i--) {
      KernelLadder.open(simd, 1).close();
    }
    try (Kernels kernels = KernelLadder.open(simd, 1)) {
      Floats x = Floats.of(1, 2, 3);
      System.out.println(kernels.selection() + " dot=" + kernels.elementwise().dot(x, x));
      if (work) {
        work(kernels);
        // Keys that are kept are compared for the first time.
        work(kernels);
        System.out.println("allocated=" + allocatedBy(kernels));
      }
    }
  }

  private static long allocatedBy(Kernels kernels) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work(kernels);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Some 100,000 multiplications and additions. */
  private static void work(Kernels kernels) {
    int n = SIZE * SIZE;
    float[] x = new float[n];
    Arrays.fill(x, 0.3f);
    float[] y = new float[4 * n];
    kernels
        .products()
        .gemm(
            new Matrix(x, 0, SIZE, SIZE, SIZE, 1),
            new Matrix(x, 0, SIZE, SIZE, SIZE, 1),
            0,
            new Matrix(y, 0, SIZE, SIZE, SIZE, 1))
        .run();
    kernels
        .products()
        .dense(
            DenseActivation.TANH,
            new Matrix(x, 0, SIZE, SIZE, SIZE, 1),
            new Matrix(x, 0, SIZE, SIZE, SIZE, 1),
            new Floats(x, 0, SIZE),
            new Matrix(y, 0, SIZE, SIZE, SIZE, 1))
        .run();
    kernels
        .convolutions()
        .forward(
            new ConvolutionShape(1, 1, 32, 32, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1),
            new Floats(x, 0, 1024),
            new Floats(x, 0, 9),
            new Floats(y, 0, 1024))
        .run();
    Matrix square = Matrix.dense(x, 0, SIZE, SIZE);
    kernels.elementwise().logSoftmax(square, Matrix.dense(y, 0, SIZE, SIZE)).run();
    Floats c = new Floats(x, 0, 256);
    Floats h = new Floats(y, 3 * n, 256);
    Matrix gates = Matrix.dense(y, 0, 8, 128);
    var cell =
        new Cells.Lstm(
            gates, new Floats(x, 0, 128), c, new Floats(y, n, 256), new Floats(y, 2 * n, 256), h);
    kernels.layers().lstmCell(cell).run();
    kernels
        .updates()
        .of(
            UpdateOp.ADAM,
            new double[] {1, 0.9f, 0.99f, 1e-8f, 2},
            new float[0],
            new Floats(x, 0, n),
            new Floats(x, 0, n),
            new Floats(x, 0, n),
            new Floats(x, 0, n),
            new Floats(y, 0, n),
            new Floats(y, n, n),
            new Floats(y, 2 * n, n))
        .run();
    kernels
        .updates()
        .of(
            UpdateOp.ADAM_HYPER,
            new double[] {1, 0.9f, 0.99f, 1e-8f, 2},
            y,
            new Floats(x, 0, n),
            new Floats(x, 0, n),
            new Floats(x, 0, n),
            new Floats(x, 0, n))
        .run();
  }
}
