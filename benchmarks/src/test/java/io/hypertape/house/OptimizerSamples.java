package io.hypertape.house;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.optim.Accumulation;
import io.hypertape.optim.Cap;
import io.hypertape.optim.Domain;
import io.hypertape.optim.FusedUpdate;
import io.hypertape.optim.Gradients;
import io.hypertape.optim.Guard;
import io.hypertape.optim.Hypergradient;
import io.hypertape.optim.HypergradientDescent;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Input;
import io.hypertape.optim.JointShards;
import io.hypertape.optim.Mechanic;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.ParameterFilter;
import io.hypertape.optim.ParameterGroup;
import io.hypertape.optim.Remembered;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.SgdPerParameter;
import io.hypertape.optim.ShardSum;
import io.hypertape.optim.SharedUpdate;
import io.hypertape.optim.SharedUpdated;
import io.hypertape.optim.StateVariable;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Terms;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TowerSnapshot;
import io.hypertape.optim.TrainingStep;
import io.hypertape.optim.Unrolled;
import io.hypertape.optim.Update;
import io.hypertape.optim.Updated;
import io.hypertape.optim.WeightAverage;
import io.hypertape.shards.Exchange;
import io.hypertape.shards.Shards;
import java.util.List;
import java.util.Map;

/** A value of each type of {@code io.hypertape.optim}. */
final class OptimizerSamples {

  private OptimizerSamples() {}

  static void put(Samples samples, Session session) {
    Tower tower = new Sgd(0.1).tower();
    Parameter w = new Parameter("w", session.ones(1));
    TowerOptimizer optimizer = tower.bind(session, List.of(w));
    TrainingStep step = optimizer.prepare(in -> w.value().sum());
    samples.put(Optimizer.class, new Sgd(0.1));
    samples.put(Hypergradient.class, Hypergradient.tape());
    samples.put(Mechanic.class, new Mechanic(new Sgd(0.1)));
    samples.put(HypergradientDescent.class, new HypergradientDescent(new Sgd(0.1), 0.02));
    samples.put(WeightAverage.class, new WeightAverage(new Sgd(0.1), 8));
    samples.put(SgdPerParameter.class, new SgdPerParameter(Map.of("w", 0.1)));
    samples.put(Tower.class, tower);
    samples.put(Domain.class, Domain.own());
    samples.put(Cap.class, Cap.none());
    samples.put(Guard.class, Guard.standard());
    samples.put(StepSchedule.class, StepSchedule.constant());
    ParameterFilter.Named named = new ParameterFilter.Named("w");
    samples.put(ParameterFilter.class, named);
    samples.put(ParameterFilter.Named.class, named);
    samples.put(ParameterFilter.Where.class, new ParameterFilter.Where("all", parameter -> true));
    samples.put(ParameterGroup.class, new ParameterGroup(named, tower));
    samples.put(TowerOptimizer.class, optimizer);
    samples.put(TrainingStep.class, step);
    samples.put(Input.class, Input.scalar(1));
    samples.put(TowerSnapshot.class, optimizer.snapshot());
    samples.put(Accumulation.class, optimizer.accumulation());
    samples.put(Exchange.class, Shards.of(1).exchange());
    samples.put(Shards.class, Shards.of(1));
    ShardSum sum = ShardSum.of(optimizer, Shards.of(1), List.of());
    samples.put(ShardSum.class, sum);
    JointShards.JointLoss loss = (group, rows) -> List.of(w.value().sum());
    samples.put(JointShards.JointLoss.class, loss);
    samples.put(JointShards.class, JointShards.of(sum, loss));
    ShardGroup.Member member =
        new ShardGroup.Member(0, ParameterMap.of(List.of(), p -> p.value()), session.constant(1));
    samples.put(ShardGroup.Member.class, member);
    samples.put(ShardGroup.class, new ShardGroup(Shards.of(1).exchange(), 1, List.of(member)));
    samples.put(Gradients.class, optimizer.gradients(() -> w.value().sum()));
    samples.put(Unrolled.class, Unrolled.from(optimizer));
    FusedUpdate fused =
        new FusedUpdate(
            FusedKernel.SGD, List.of(), List.of("alpha"), in -> in.to(in.p().sub(in.g())));
    samples.put(FusedUpdate.class, fused);
    new Own(samples).tower().bind(session, List.of(new Parameter("own", session.ones(1)))).close();
  }

  /** An optimizer that shows what an update is. */
  private record Own(Samples samples) implements Optimizer {
    @Override
    public String name() {
      return "own";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of();
    }

    @Override
    public List<StateVariable> shared() {
      return List.of(new StateVariable("sum", 0));
    }

    @Override
    public Terms terms(Update u) {
      samples.put(Terms.class, u.terms());
      return u.terms();
    }

    @Override
    public SharedUpdated share(SharedUpdate s) {
      samples.put(SharedUpdate.class, s);
      SharedUpdated updated = s.with("sum", s.shared("sum"));
      samples.put(SharedUpdated.class, updated);
      return updated;
    }

    @Override
    public Tensor evaluation(Remembered r) {
      samples.put(Remembered.class, r);
      return r.p();
    }

    @Override
    public Updated update(Update u) {
      samples.put(Update.class, u);
      samples.put(Updated.class, u.to(u.p()));
      return u.to(u.p());
    }
  }
}
