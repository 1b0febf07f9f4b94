package io.hypertape.run;

import io.hypertape.data.BatchLoader;
import io.hypertape.data.Dataset;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.Targets;
import io.hypertape.optim.Input;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/** A loader's batch, or some of its rows, as a step takes it: values, targets and any weights. */
final class BatchInputs {

  private final Dataset data;
  private final BatchLoader batches;
  private final int features;
  private final int outputs;
  private final boolean classes;
  private final boolean weighted;

  BatchInputs(Dataset data, BatchLoader batches) {
    this.data = data;
    this.batches = batches;
    this.features = data.features();
    this.outputs = data.targets().outputs();
    this.classes = data.targets() instanceof Targets.Classes;
    this.weighted = data.isWeighted();
  }

  /** The axes of so many examples. */
  static int[] shape(Dataset data, int rows) {
    List<Integer> shape = data.shape();
    int[] axes = new int[1 + shape.size()];
    axes[0] = rows;
    for (int k = 0; k < shape.size(); k++) {
      axes[1 + k] = shape.get(k);
    }
    return axes;
  }

  /** The whole batch. */
  Input[] all() {
    int rows = batches.rows();
    Input x = Input.floats(batches.x(), shape(data, rows));
    Input target =
        classes ? Input.indices(batches.y()) : Input.floats(batches.targets(), rows, outputs);
    return weighted
        ? new Input[] {x, target, Input.floats(batches.weights(), rows)}
        : new Input[] {x, target};
  }

  /** The batch in parts of about as many rows. */
  List<TrainingLoop.Part> parts(int most) {
    int rows = batches.rows();
    int count = Math.min(most, rows);
    if (count == 1) {
      return List.of();
    }
    List<TrainingLoop.Part> parts = new ArrayList<>(count);
    double whole = weight(0, rows);
    for (int k = 0; k < count; k++) {
      int from = (int) ((long) rows * k / count);
      int some = (int) ((long) rows * (k + 1) / count) - from;
      double share = weight(from, some) / whole;
      if (share > 0) {
        parts.add(new TrainingLoop.Part(k, share, some(from, some)));
      }
    }
    return parts;
  }

  /** This worker's shards of a batch; those whose rows count nothing are left out. */
  List<TrainingLoop.Part> shards(ShardPlan plan, int batch) {
    List<TrainingLoop.Part> parts = new ArrayList<>();
    int from = 0;
    for (int shard = plan.shards().first(); plan.shards().isOwn(shard); shard++) {
      int some = plan.rows(batch, shard);
      double weight = weight(from, some);
      if (weight > 0) {
        parts.add(new TrainingLoop.Part(shard, weight, some(from, some)));
      }
      from += some;
    }
    return parts;
  }

  /** A row of zeros that counts nothing. */
  TrainingLoop.Part blank(int shard) {
    Input x = Input.floats(new float[features], shape(data, 1));
    Input target = classes ? Input.indices(0) : Input.floats(new float[outputs], 1, outputs);
    return weighted
        ? new TrainingLoop.Part(shard, 0, x, target, Input.floats(new float[] {1}, 1))
        : new TrainingLoop.Part(shard, 0, x, target);
  }

  private double weight(int from, int some) {
    if (!weighted) {
      return some;
    }
    double sum = 0;
    for (int i = from; i < from + some; i++) {
      sum += batches.weights()[i];
    }
    return sum;
  }

  private Input[] some(int from, int some) {
    FloatBuffer values = FloatBuffer.wrap(batches.x(), from * features, some * features);
    Input x = Input.floats(values, shape(data, some));
    Input target =
        classes
            ? Input.indices(IntBuffer.wrap(batches.y(), from, some))
            : Input.floats(
                FloatBuffer.wrap(batches.targets(), from * outputs, some * outputs), some, outputs);
    return weighted
        ? new Input[] {
          x, target, Input.floats(FloatBuffer.wrap(batches.weights(), from, some), some)
        }
        : new Input[] {x, target};
  }

  /** What is wrong with the batch, if its loss is no number; empty if nothing is. */
  String fault() {
    String fault = fault(batches.x());
    return !fault.isEmpty() || batches.rows() == 0 || weight(0, batches.rows()) > 0
        ? fault
        : "all examples of the batch have the weight 0";
  }

  static String fault(float[] values) {
    for (float value : values) {
      if (Float.isNaN(value)) {
        return "the batch holds NaN";
      }
    }
    return "";
  }
}
