package io.hypertape.benchmarks.gpu;

import java.util.List;
import java.util.Optional;

/**
 * What NVIDIA's data sheets say of a GPU: the floors of a time. Dense rates without sparsity.
 *
 * @param name found in the device's name
 * @param float32 FLOP/s outside tensor cores
 * @param tf32 FLOP/s in tensor cores
 * @param bandwidth bytes/s of its memory
 */
record Chip(String name, double float32, double tf32, double bandwidth) {

  private static final List<Chip> KNOWN =
      List.of(
          new Chip("H200", 67e12, 494e12, 4.8e12),
          new Chip("H100 PCIe", 51e12, 378e12, 2.0e12),
          new Chip("H100", 67e12, 494e12, 3.35e12),
          new Chip("A100", 19.5e12, 156e12, 2.0e12),
          new Chip("L40S", 91.6e12, 183e12, 0.864e12),
          new Chip("L4", 30.3e12, 60e12, 0.3e12));

  /** The chip that a backend's description names. */
  static Optional<Chip> of(String description) {
    return KNOWN.stream().filter(chip -> description.contains(chip.name())).findFirst();
  }

  /** Seconds that so much takes at least. */
  double floor(double flops, double bytes, boolean tensorCores) {
    return Math.max(flops / (tensorCores ? tf32 : float32), bytes / bandwidth);
  }
}
