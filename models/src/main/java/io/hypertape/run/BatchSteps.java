package io.hypertape.run;

import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Accumulation;
import io.hypertape.optim.JointShards;
import io.hypertape.optim.ShardSum;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import io.hypertape.shards.Shards;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes steps by whole batches, by parts of them, or by their shards. */
final class BatchSteps {

  private final TrainingLoop.Task<?> task;
  private final TowerOptimizer optimizer;
  private final TrainingStep prepared;
  private final Accumulation sum;
  private final Optional<ShardWork> shards;

  BatchSteps(TrainingLoop.Task<?> task, TowerOptimizer optimizer, Optional<Shards> shards) {
    this.task = task;
    this.optimizer = optimizer;
    this.prepared = optimizer.prepare(task::loss);
    this.sum = optimizer.accumulation();
    this.shards = shards.map(this::work);
  }

  private ShardWork work(Shards into) {
    return task.jointLoss()
        .<ShardWork>map(loss -> new JointSteps(into, loss))
        .orElseGet(() -> new ShardSteps(into));
  }

  /** Adds up the shards of a batch. */
  private interface ShardWork {
    ShardSum add();

    String mode();
  }

  /** All of this worker's shards side by side. */
  private final class JointSteps implements ShardWork {
    private final ShardSum joined;
    private final JointShards joint;

    JointSteps(Shards into, JointShards.JointLoss loss) {
      joined = ShardSum.of(optimizer, into, List.of());
      joint = JointShards.of(joined, loss);
    }

    @Override
    public ShardSum add() {
      List<TrainingLoop.Part> parts = task.parts();
      if (parts.isEmpty()) {
        parts = List.of(task.blank());
      }
      joint.add(
          parts.stream()
              .map(
                  part -> new JointShards.Part(part.number(), part.share(), List.of(part.inputs())))
              .toList());
      return joined;
    }

    @Override
    public String mode() {
      return joint.mode();
    }
  }

  /** One shard after another. */
  private final class ShardSteps implements ShardWork {
    private final ShardSum joined;
    private final MaskNumbers masks;

    ShardSteps(Shards into) {
      joined = ShardSum.of(optimizer, into, task.kept().buffers());
      masks = new MaskNumbers(task.kept().counters(), task.masks(), into.count());
    }

    @Override
    public ShardSum add() {
      for (TrainingLoop.Part part : task.parts()) {
        masks.begin(part.number());
        task.begin(part);
        joined.add(part.number(), part.share(), prepared, part.inputs());
        task.end(part);
      }
      masks.end();
      return joined;
    }

    @Override
    public String mode() {
      return prepared.mode();
    }
  }

  /** Takes a step by the task's current batch, if its loss is acceptable; gives that. */
  Tensor take(Consumer<Tensor> inspection) {
    if (shards.isPresent()) {
      ShardSum joined = shards.get().add();
      task.finish();
      return optimizer.update(joined.gradients(), inspection);
    }
    List<TrainingLoop.Part> parts = task.parts();
    if (parts.isEmpty()) {
      return prepared.run(inspection, task.batch());
    }
    for (TrainingLoop.Part part : parts) {
      sum.add(part.share(), prepared, part.inputs());
    }
    return optimizer.update(sum.gradients(), inspection);
  }

  /** How steps run, for people. */
  String mode() {
    return shards.map(ShardWork::mode).orElseGet(prepared::mode);
  }
}
