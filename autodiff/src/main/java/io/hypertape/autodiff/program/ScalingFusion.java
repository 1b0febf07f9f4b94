package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one step of a product with channels' scales, a sum with their shifts and what follows: the
 * sum with another tensor, and relu. So are batch norms in use, with the ends of residual blocks.
 * What is between them must be needed by nobody else.
 */
final class ScalingFusion {

  /** Planes of fewer elements are not worth a call each. */
  private static final int FEW = 8;

  private final List<Step> steps;
  private final Map<Storage, List<Step>> readers = new IdentityHashMap<>();
  private final Map<Storage, Integer> writers = new IdentityHashMap<>();
  // What is done instead of a step; those that are done elsewhere have null.
  private final Map<Step, @Nullable Step> instead = new IdentityHashMap<>();

  private ScalingFusion(Outline outline) {
    this.steps = outline.steps();
    for (Step step : steps) {
      for (View read : step.reads()) {
        readers.computeIfAbsent(read.storage(), unused -> new ArrayList<>()).add(step);
      }
      for (View written : step.writes()) {
        writers.merge(written.storage(), 1, Integer::sum);
      }
    }
    // Whoever asks for the output needs it.
    writers.merge(outline.output().storage(), 1, Integer::sum);
  }

  /** The steps of an outline, some of which do the work of several. */
  static List<Step> of(Outline outline) {
    ScalingFusion fusion = new ScalingFusion(outline);
    fusion.steps.forEach(fusion::fuse);
    List<Step> fused = new ArrayList<>();
    for (Step step : fusion.steps) {
      Step other = fusion.instead.getOrDefault(step, step);
      if (other != null) {
        fused.add(other);
      }
    }
    return fused;
  }

  private void fuse(Step product) {
    int place = product.kind() == Step.Kind.PRODUCT ? placeOfChannels(product) : -1;
    Step sum = place < 0 ? null : reader(product);
    if (sum == null || sum.kind() != Step.Kind.SUM || placeOfChannels(sum) < 0) {
      return;
    }
    View x = product.reads()[1 - place];
    if (!isFit(x) || !Arrays.equals(x.shape(), sum.writes()[0].shape())) {
      return;
    }
    List<View> in = new ArrayList<>();
    in.add(x);
    in.add(channels(product.reads()[place]));
    in.add(channels(sum.reads()[placeOfChannels(sum)]));
    List<Step> done = new ArrayList<>(List.of(product));
    Step last = sum;
    Step next = reader(sum);
    if (next != null && next.kind() == Step.Kind.RELU) {
      done.add(sum);
      last = next;
    } else if (next != null && next.kind() == Step.Kind.SUM) {
      View[] terms = next.reads();
      View added = terms[terms[0].storage() == sum.writes()[0].storage() ? 1 : 0];
      Step relu = reader(next);
      if (relu != null && relu.kind() == Step.Kind.RELU && isFit(added)) {
        in.add(added);
        done.addAll(List.of(sum, next));
        last = relu;
      }
    }
    done.forEach(step -> instead.put(step, null));
    instead.put(last, scaled(in, last));
  }

  private static Step scaled(List<View> in, Step last) {
    Epilogue epilogue = last.kind() == Step.Kind.RELU ? Epilogue.RELU : Epilogue.NONE;
    View written = last.writes()[0];
    int[] shape = in.get(0).shape();
    View out = new View(written.storage(), written.offset(), shape, View.rowMajorStrides(shape));
    return new Step(
        (on, r, w) -> on.scaled(r, epilogue, w[0]),
        in.toArray(View[]::new),
        new View[] {out},
        Step.Kind.OTHER);
  }

  /** The only one who reads what a step has written, all of it; null if there is none. */
  private @Nullable Step reader(Step step) {
    View written = step.writes()[0];
    List<Step> all = readers.getOrDefault(written.storage(), List.of());
    if (all.size() != 1 || !isStable(written) || !written.isContiguous()) {
      return null;
    }
    for (View read : all.get(0).reads()) {
      if (read.storage() == written.storage()
          && (!read.isContiguous()
              || read.offset() != written.offset()
              || read.size() != written.size())) {
        return null;
      }
    }
    return all.get(0);
  }

  /** Whether a tensor is one of images that are there as long as anybody needs them. */
  private boolean isFit(View x) {
    return x.rank() == 4 && x.isContiguous() && x.shape()[2] * x.shape()[3] >= FEW && isStable(x);
  }

  /** Whether its storage is written once, and by nobody but who made it. */
  private boolean isStable(View view) {
    return writers.getOrDefault(view.storage(), 0) <= 1;
  }

  /** Which of two operands has a number for each channel; negative for none. */
  private static int placeOfChannels(Step step) {
    int[] shape = step.writes()[0].shape();
    for (int i = 0; i < 2; i++) {
      if (isOfChannels(step.reads()[i], shape)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isOfChannels(View view, int[] shape) {
    if (view.rank() != 4 || !Arrays.equals(view.shape(), shape)) {
      return false;
    }
    boolean repeats = true;
    for (int axis = 0; axis < 4; axis++) {
      int stride = axis == 1 ? 1 : 0;
      repeats &= shape[axis] == 1 || view.strides()[axis] == stride;
    }
    return repeats;
  }

  private static View channels(View view) {
    return new View(view.storage(), view.offset(), new int[] {view.shape()[1]}, new int[] {1});
  }
}
