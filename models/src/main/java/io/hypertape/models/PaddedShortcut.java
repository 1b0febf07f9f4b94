package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;

/**
 * A shortcut without parameters to a smaller image with more channels (He et al. 2015, section 4.1,
 * option A): every stride-th pixel, and channels of zeros before and after the input's own.
 *
 * @param stride distance of the pixels that are taken
 * @param before channels of zeros before
 * @param after channels of zeros after
 */
public record PaddedShortcut(int stride, int before, int after) implements Layer {

  /**
   * Takes pixels and adds channels.
   *
   * @param input [N, C, H, W]
   * @param mode makes no difference
   * @return [N, before + C + after, ⌈H/stride⌉, ⌈W/stride⌉]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "padded shortcut: input");
    Nulls.check(mode, "padded shortcut: mode");
    if (input.rank() != 4) {
      throw new IllegalArgumentException(
          "padded shortcut: the input has shape "
              + Arrays.toString(input.shape())
              + "; [N, channels, height, width] is needed");
    }
    int height = input.shape()[2];
    int width = input.shape()[3];
    return input.slice(2, 0, height, stride).slice(3, 0, width, stride).pad(1, before, after);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
