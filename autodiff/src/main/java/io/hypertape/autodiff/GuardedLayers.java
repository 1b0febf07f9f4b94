package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** The layers' kernels of a {@link GuardedBackend}; {@link HostDefinitions} where they lack. */
abstract class GuardedLayers implements Backend {

  final Gate gate;
  // Another one than its own while that one's work is taken down; changed on the session's thread.
  Backend target;

  GuardedLayers(Backend target, Gate gate) {
    this.target = target;
    this.gate = gate;
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return target.has(kernel);
  }

  @Override
  public void logSoftmax(View in, View out) {
    gate.enter();
    try {
      target.logSoftmax(in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    gate.enter();
    try {
      target.logSoftmaxGrad(cotangent, output, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void pick(View in, View index, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.PICK)) {
        target.pick(in, index, out);
      } else {
        HostDefinitions.pick(target, in, index, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void scatter(View in, View index, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.PICK)) {
        target.scatter(in, index, out);
      } else {
        HostDefinitions.scatter(target, in, index, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.RANDOM)) {
        target.random(distribution, seed, stream, out);
      } else {
        HostDefinitions.random(target, distribution, seed, stream, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    gate.enter();
    try {
      target.convolution(pass, form, a, b, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    gate.enter();
    try {
      target.maxPool(form, x, y, index);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    gate.enter();
    try {
      target.maxPoolScatter(form, in, index, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    gate.enter();
    try {
      target.maxPoolGather(form, in, index, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    gate.enter();
    try {
      target.averagePool(form, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    gate.enter();
    try {
      target.averagePoolAdjoint(form, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    gate.enter();
    try {
      target.batchNorm(eps, x, gamma, beta, y, mean, invStd);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    gate.enter();
    try {
      target.batchNormGrad(dy, x, gamma, mean, invStd, dx, dGamma, dBeta);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.ROWS)) {
        target.gatherRows(table, index, out);
      } else {
        HostDefinitions.gatherRows(target, table, index, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.ROWS)) {
        target.scatterRows(in, index, out);
      } else {
        HostDefinitions.scatterRows(target, in, index, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    gate.enter();
    try {
      if (target.has(LayerKernel.DROPOUT_MASK)) {
        target.dropoutMask(keep, seed, counter, out);
      } else {
        HostDefinitions.dropoutMask(target, keep, seed, counter, out);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public boolean readsOneHot() {
    return target.readsOneHot();
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    gate.enter();
    try {
      return target.recurrentReserve(form);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    gate.enter();
    try {
      target.recurrent(form, in, out);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    gate.enter();
    try {
      target.recurrentGrad(form, in, out);
    } finally {
      gate.leave();
    }
  }
}
