package io.hypertape.kernels;

/** Run by {@link KernelProviderTest} in a virtual machine of its own. */
final class SelectionMain {
  private SelectionMain() {}

  public static void main(String[] args) {
    try (Kernels kernels = Kernels.open(KernelMode.valueOf(args[0]), 1)) {
      float[] x = {1, 2, 3};
      System.out.println(kernels.selection() + " dot=" + kernels.dot(3, x, 0, x, 0));
    }
  }
}
