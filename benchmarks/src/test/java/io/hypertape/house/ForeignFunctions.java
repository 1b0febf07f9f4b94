package io.hypertape.house;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.house.ForeignUses.Right;
import io.hypertape.house.ForeignUses.Use;
import io.hypertape.optim.Adam;
import io.hypertape.optim.GradientHook;
import io.hypertape.optim.HypergradientDescent;
import io.hypertape.optim.Input;
import io.hypertape.optim.JointShards;
import io.hypertape.optim.Mechanic;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.ShardSum;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.Unrolled;
import io.hypertape.optim.WeightAverage;
import io.hypertape.run.Trainer;
import io.hypertape.shards.Exchange;
import io.hypertape.shards.Shards;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What this library does with functions and optimizers of a user's own. */
@SuppressWarnings("unchecked")
final class ForeignFunctions {

  private static final Class<Supplier<Tensor>> SUPPLIER =
      (Class<Supplier<Tensor>>) (Class<?>) Supplier.class;
  private static final Class<UnaryOperator<Tensor>> OPERATOR =
      (Class<UnaryOperator<Tensor>>) (Class<?>) UnaryOperator.class;
  private static final Class<UnaryOperator<List<Tensor>>> LISTS =
      (Class<UnaryOperator<List<Tensor>>>) (Class<?>) UnaryOperator.class;
  private static final Class<Function<List<Tensor>, Tensor>> FUNCTION =
      (Class<Function<List<Tensor>, Tensor>>) (Class<?>) Function.class;
  private static final Class<Function<Parameter, Tensor>> PARAMETER =
      (Class<Function<Parameter, Tensor>>) (Class<?>) Function.class;

  private ForeignFunctions() {}

  static void addTo(List<Use<?>> all) {
    optimizers(all);
    functions(all);
  }

  private static TowerOptimizer bound(Session session, Optimizer optimizer, Parameter w) {
    return Tower.of(optimizer).bind(session, List.of(w));
  }

  private static Parameter w(Session session) {
    return new Parameter("w", session.ones(2));
  }

  private static void optimizers(List<Use<?>> all) {
    for (Optimizer real : List.of(new Sgd(0.1), new Adam(0.1))) {
      Right<Optimizer> right = (session, place) -> real;
      all.add(
          new Use<>(
              "an optimizer like " + real.name(),
              Optimizer.class,
              right,
              (session, own, place) -> {
                Parameter w = w(session);
                try (TowerOptimizer optimizer = bound(session, own, w)) {
                  optimizer.step(() -> w.value().sum());
                  optimizer.step(() -> w.value().sum());
                  optimizer.snapshot();
                  optimizer.evaluation().close();
                }
              }));
      all.add(
          new Use<>(
              "a tower of an optimizer like " + real.name(),
              Optimizer.class,
              right,
              (session, own, place) -> {
                Parameter w = w(session);
                try (TowerOptimizer optimizer =
                    Tower.of(own).tunedBy(own).bind(session, List.of(w))) {
                  optimizer.step(() -> w.value().sum());
                  optimizer.step(() -> w.value().sum());
                }
              }));
    }
    for (UnaryOperator<Optimizer> around :
        List.<UnaryOperator<Optimizer>>of(
            Mechanic::new,
            own -> new WeightAverage(own, 8),
            own -> new HypergradientDescent(own, 0.02))) {
      all.add(
          new Use<>(
              "an optimizer within " + around.apply(new Sgd(0.1)).name(),
              Optimizer.class,
              (session, place) -> new Sgd(0.1),
              (session, own, place) -> {
                Parameter w = w(session);
                try (TowerOptimizer optimizer = bound(session, around.apply(own), w)) {
                  optimizer.step(() -> w.value().sum());
                  optimizer.step(() -> w.value().sum());
                }
              }));
    }
    all.add(
        new Use<>(
            "a hook",
            GradientHook.class,
            (session, place) -> gradients -> gradients,
            (session, own, place) -> {
              Parameter w = w(session);
              try (TowerOptimizer optimizer = bound(session, new Sgd(0.1), w).onGradients(own)) {
                optimizer.step(() -> w.value().sum());
              }
            }));
    all.add(
        new Use<>(
            "losses of shards",
            JointShards.JointLoss.class,
            (session, place) ->
                (group, rows) -> rows.stream().map(all2 -> all2.getFirst().sum()).toList(),
            (session, own, place) -> {
              Parameter w = w(session);
              ShardSum sum = ShardSum.of(bound(session, new Sgd(0.1), w), Shards.of(2), List.of());
              JointShards joint = JointShards.of(sum, own);
              List<Input> rows = List.of(Input.floats(new float[2], 2));
              joint.add(
                  List.of(new JointShards.Part(0, 1, rows), new JointShards.Part(1, 1, rows)));
            }));
    all.add(
        new Use<>(
            "an exchange",
            Exchange.class,
            (session, place) -> Shards.of(2).exchange(),
            (session, own, place) ->
                ForeignUses.train(
                    new Trainer(session, ForeignUses.mlp(session), ForeignUses.parts())
                        .shards(Shards.of(2).over(own)))));
  }

  private static void functions(List<Use<?>> all) {
    Right<Supplier<Tensor>> loss = (session, place) -> () -> session.ones(2).sum();
    all.add(
        new Use<>(
            "a step's loss",
            SUPPLIER,
            loss,
            (session, own, place) -> {
              Parameter w = w(session);
              try (TowerOptimizer optimizer = bound(session, new Sgd(0.1), w)) {
                optimizer.step(() -> w.value().sum().add(0).mul(1).add(own.get()));
                optimizer.step(own);
              }
            }));
    all.add(
        new Use<>(
            "a loss's gradients",
            SUPPLIER,
            loss,
            (session, own, place) -> {
              Parameter w = w(session);
              try (TowerOptimizer optimizer = bound(session, new Sgd(0.1), w)) {
                optimizer.gradients(own);
              }
            }));
    all.add(
        new Use<>(
            "a part's loss",
            SUPPLIER,
            loss,
            (session, own, place) -> {
              try (TowerOptimizer optimizer = bound(session, new Sgd(0.1), w(session))) {
                optimizer.accumulation().add(1, own);
              }
            }));
    all.add(
        new Use<>(
            "losses of unrolled steps",
            SUPPLIER,
            loss,
            (session, own, place) ->
                Unrolled.of(new Sgd(0.1), session, List.of(w(session)))
                    .hypergradients(List.of(own, own))));
    Right<Function<List<Tensor>, Tensor>> recorded =
        (session, place) -> inputs -> inputs.getFirst().sum();
    all.add(
        new Use<>(
            "a recorded loss",
            FUNCTION,
            recorded,
            (session, own, place) -> {
              try (TowerOptimizer optimizer = bound(session, new Sgd(0.1), w(session))) {
                var step = optimizer.prepare(own);
                step.run(Input.floats(new float[2], 2));
                step.run(Input.floats(new float[2], 2));
              }
            }));
    all.add(
        new Use<>(
            "a checked function",
            FUNCTION,
            recorded,
            (session, own, place) ->
                new GradientCheck(session, own).worstError(1, List.of(session.ones(2)))));
    all.add(
        new Use<>(
            "a map of parameters",
            PARAMETER,
            (session, place) -> parameter -> parameter.value(),
            (session, own, place) -> ParameterMap.of(List.of(w(session)), own)));
    Right<UnaryOperator<Tensor>> same = (session, place) -> UnaryOperator.identity();
    all.add(
        new Use<>(
            "a fused operation",
            LISTS,
            (session, place) -> UnaryOperator.identity(),
            (session, own, place) ->
                session.scoped(
                    () ->
                        FusedOp.of("own", own).apply(List.of(session.ones(2), session.ones(2))))));
    all.add(
        new Use<>(
            "an inner gradient",
            OPERATOR,
            (session, place) -> Tensor::sum,
            (session, own, place) -> {
              try (Tape tape = session.tape()) {
                session.gradient(own, tape.watch(session.ones(2)));
              }
            }));
    all.add(
        new Use<>(
            "a map's map",
            OPERATOR,
            same,
            (session, own, place) ->
                ParameterMap.of(List.of(w(session)), Parameter::value).map(own)));
  }
}
