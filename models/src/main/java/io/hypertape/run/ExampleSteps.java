package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.BatchLoader;
import io.hypertape.data.Batches;
import io.hypertape.data.Batches.LastBatch;
import io.hypertape.data.Dataset;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Preparation;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.Targets;
import io.hypertape.data.TrainingData;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.JointShards;
import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Steps on shuffled batches of examples, and judgements on those held back. */
final class ExampleSteps implements TrainingLoop.Task<Evaluation>, AutoCloseable {

  private final Session session;
  private final Layer model;
  private final TrainingData data;
  private final Optional<Preparation> preparation;
  private final Loss loss;
  private final TrainingOptions options;
  private final int parts;
  private final Optional<ShardPlan> plan;
  private final Dataset train;
  private final BatchLoader batches;
  private final BatchInputs inputs;
  private int batch;

  ExampleSteps(
      Session session,
      Layer model,
      TrainingData data,
      Optional<Preparation> preparation,
      Loss loss,
      TrainingOptions options,
      int parts,
      Optional<ShardPlan> plan) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.preparation = preparation;
    this.loss = loss;
    this.options = options;
    this.parts = parts;
    this.plan = plan;
    this.train = data.train();
    this.batches = new BatchLoader(shuffled());
    this.inputs = new BatchInputs(train, batches);
  }

  private Batches shuffled() {
    if (plan.isPresent()) {
      ShardPlan shards = plan.get();
      return preparation
          .map(p -> new Batches((LabeledImages) train, shards, p))
          .orElseGet(() -> new Batches(train, shards));
    }
    return preparation
        .map(p -> new Batches((LabeledImages) train, options.batch(), LastBatch.KEEP, p))
        .orElseGet(() -> new Batches(train, options.batch(), LastBatch.KEEP));
  }

  @Override
  public List<Parameter> parameters() {
    return Asked.parameters(model);
  }

  @Override
  public Kept kept() {
    return new Kept(Asked.buffers(model), List.of(), Asked.dropoutCounters(model));
  }

  @Override
  public long batches() {
    return plan.isPresent() ? plan.get().batches() : Trainer.stepsOfEpoch(data, options);
  }

  @Override
  public Tensor loss(List<Tensor> batch) {
    return loss(Asked.forward(model, batch.get(0), Mode.TRAIN), batch);
  }

  private Tensor loss(Tensor output, List<Tensor> batch) {
    if (train.targets() instanceof Targets.Classes) {
      checkClasses(output);
    }
    Optional<Tensor> weights = train.isWeighted() ? Optional.of(batch.get(2)) : Optional.empty();
    return Asked.loss(loss, output, batch.get(1), weights);
  }

  @Override
  public void begin(int epoch) {
    batches.shuffle(options.seed(), epoch);
    batch = -1;
  }

  @Override
  public boolean next() {
    batch++;
    return batches.next();
  }

  @Override
  public Input[] batch() {
    return inputs.all();
  }

  @Override
  public List<TrainingLoop.Part> parts() {
    return plan.isPresent() ? inputs.shards(plan.get(), batch) : inputs.parts(parts);
  }

  @Override
  public Optional<JointShards.JointLoss> jointLoss() {
    boolean isJoint =
        plan.isPresent()
            && plan.get().shards().statistics() == Shards.Statistics.JOINED
            && !Asked.buffers(model).isEmpty();
    return isJoint ? Optional.of(this::losses) : Optional.empty();
  }

  private List<Tensor> losses(ShardGroup group, List<List<Tensor>> shards) {
    List<Tensor> inputs = shards.stream().map(List::getFirst).toList();
    List<Tensor> outputs = Asked.forward(model, inputs, group, Mode.TRAIN);
    List<Tensor> losses = new ArrayList<>(outputs.size());
    for (int k = 0; k < outputs.size(); k++) {
      losses.add(loss(outputs.get(k), shards.get(k)));
    }
    return losses;
  }

  @Override
  public TrainingLoop.Part blank() {
    return inputs.blank(plan.orElseThrow().shards().first());
  }

  @Override
  public int[] masks() {
    return Asked.dropoutCounters(model).isEmpty()
        ? new int[0]
        : Rehearsal.masks(
            session,
            Asked.buffers(model),
            Asked.dropoutCounters(model),
            () -> model.forward(session.zeros(BatchInputs.shape(train, 2)), Mode.TRAIN));
  }

  @Override
  public String fault() {
    return inputs.fault();
  }

  @Override
  public Evaluation evaluate() {
    Optional<Evaluation> valid = data.valid().map(this::evaluate);
    Evaluation test = evaluate(data.test());
    return valid.map(test::withValid).orElse(test);
  }

  private Evaluation evaluate(Dataset part) {
    return preparation
        .map(p -> ExampleJudge.of(session, model, (LabeledImages) part, loss, p.normalization()))
        .orElseGet(() -> ExampleJudge.of(session, model, part, loss))
        .evaluation();
  }

  @Override
  public Evaluation notEvaluated() {
    Evaluation none = ExampleJudge.none(train.targets(), loss);
    return data.valid().isPresent() ? none.withValid(none) : none;
  }

  @Override
  public void close() {
    batches.close();
  }

  private void checkClasses(Tensor output) {
    int classes = train.targets().outputs();
    if (output.rank() == 2 && output.shape()[1] < classes) {
      throw new IllegalArgumentException(
          "the model tells "
              + output.shape()[1]
              + " classes apart; "
              + train.name()
              + " has "
              + classes);
    }
  }
}
