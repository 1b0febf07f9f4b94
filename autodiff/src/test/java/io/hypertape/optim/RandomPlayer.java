package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One optimizer of a {@link RandomProgram}, and what is done with it. */
final class RandomPlayer implements AutoCloseable {

  private final RandomProgram program;
  private final SmallRun run;
  private final String tower;
  private final List<Parameter> parameters;
  private final int favourite;
  private final List<GradientHook> hooks = new ArrayList<>();
  private TowerOptimizer optimizer;
  private List<TrainingStep> steps;
  private List<Accumulation> sums;
  private double loss;
  // Whether a sum has parts, which no other optimizer goes on with.
  private final List<Boolean> begun = new ArrayList<>(List.of(false, false));

  /** What a loss or an inspection throws on purpose. */
  private static final class Refusal extends RuntimeException {}

  RandomPlayer(RandomProgram program, String tower, int favourite, List<Parameter> parameters) {
    this.program = program;
    this.run = program.run;
    this.tower = tower;
    this.favourite = favourite;
    this.parameters = parameters;
    bind();
  }

  private void bind() {
    optimizer = Tower.parse(tower).bind(run.session, parameters);
    hooks.forEach(optimizer::onGradients);
    steps = List.of(prepared(0), prepared(1), prepared(2), prepared(3));
    sums = List.of(optimizer.accumulation(), optimizer.accumulation());
  }

  private TrainingStep prepared(int kind) {
    return optimizer.prepare(in -> program.loss(kind, in)).verified(kind);
  }

  String tower() {
    return tower;
  }

  private static Input[] rows(Random random) {
    int rows = random.nextInt(4) > 0 ? 12 : 3 << random.nextInt(2);
    return SmallRun.rows(random.nextInt(1000), 0, rows);
  }

  private Tensor unprepared(Random random) {
    return program.loss(random.nextInt(4), run.tensors(rows(random)));
  }

  /** Does something; tells what, and what came of it. */
  String take(Random random) {
    int what = random.nextInt(44);
    String name = "";
    try {
      name = taken(what, random);
      return name;
    } catch (RuntimeException e) {
      return what + " threw " + e.getClass().getSimpleName() + " " + e.getMessage();
    }
  }

  private String taken(int what, Random random) {
    if (what < 14) {
      TrainingStep step = step(random);
      loss = step.run(rows(random)).item();
      return "prepared step " + steps.indexOf(step);
    } else if (what < 16) {
      loss = optimizer.step(() -> unprepared(random)).item();
      return "step";
    } else if (what < 19) {
      return refused(random);
    } else if (what < 23) {
      return halves(random);
    } else if (what < 25) {
      return added(random);
    } else if (what < 28) {
      return undone(random);
    } else if (what < 31) {
      return frozen(random);
    } else if (what < 33) {
      return resumed();
    } else if (what < 34) {
      return hooked(random);
    } else if (what < 35) {
      optimizer.redo(Map.of());
      return "redo";
    }
    int count = 2 + random.nextInt(5);
    TrainingStep step = step(random);
    for (int i = 0; i < count; i++) {
      loss = step.run(SmallRun.batch(random.nextInt(100))).item();
    }
    return "several steps " + steps.indexOf(step);
  }

  /** Mostly the same one, so that there is something to be replayed. */
  private TrainingStep step(Random random) {
    return steps.get(random.nextInt(4) > 0 ? favourite : random.nextInt(4));
  }

  private String refused(Random random) {
    int how = random.nextInt(3);
    try {
      switch (how) {
        case 0 ->
            optimizer.step(
                () -> {
                  unprepared(random);
                  throw new Refusal();
                });
        case 1 -> optimizer.step(() -> unprepared(random), this::refuse);
        default -> step(random).run(this::refuse, rows(random));
      }
      if (!optimizer.jumped()) {
        throw new AssertionError("not refused");
      }
      return "step " + how + ", whose loss jumped before it was refused";
    } catch (Refusal e) {
      return "refused step " + how;
    }
  }

  private void refuse(Tensor seen) {
    loss = seen.item();
    throw new Refusal();
  }

  private Gradients gradients(Random random) {
    return random.nextBoolean()
        ? step(random).gradients(rows(random))
        : optimizer.gradients(() -> unprepared(random));
  }

  private String halves(Random random) {
    Gradients gradients = gradients(random);
    int how = random.nextInt(7);
    loss = gradients.loss().item();
    switch (how) {
      case 0 -> refused(random);
      case 1 -> gradients(random);
      case 2 -> gradients = gradients(random);
      case 3 -> run.session.scoped(() -> optimizer.update(changed(optimizer, random)));
      case 4 -> {
        return "gradients alone";
      }
      default -> {}
    }
    if (how != 3) {
      optimizer.update(gradients);
    }
    return "halves " + how;
  }

  private Gradients changed(TowerOptimizer of, Random random) {
    Gradients gradients = gradients(random);
    ParameterMap weights = gradients.weights();
    Map<String, Tensor> hyper = new LinkedHashMap<>();
    gradients.hyperparameters().forEach((label, g) -> hyper.put(label, g.mul(0.5).reshape(1)));
    return gradients
        .withWeights(weights.map(g -> g.mul(0.75).add(0.01)))
        .withHyperparameters(hyper);
  }

  private String added(Random random) {
    int which = random.nextInt(2);
    Accumulation sum = sums.get(which);
    int parts = 1 + random.nextInt(4);
    begun.set(which, true);
    StringBuilder text = new StringBuilder("parts of sum " + which + ":");
    for (int i = 0; i < parts; i++) {
      int how = random.nextInt(6);
      text.append(" ").append(how);
      double share = 1.0 / parts;
      if (how == 0) {
        loss = sum.add(share, () -> unprepared(random)).item();
      } else if (how == 1) {
        failingPart(sum, random);
      } else if (how == 2) {
        begun.set(1 - which, true);
        loss = sums.get(1 - which).add(share, step(random), rows(random)).item();
      } else {
        loss = sum.add(share, step(random), rows(random)).item();
      }
    }
    begun.set(which, false);
    Gradients gradients = sum.gradients();
    loss += gradients.loss().item();
    if (random.nextInt(5) > 0) {
      optimizer.update(gradients);
    }
    return text.toString();
  }

  private void failingPart(Accumulation sum, Random random) {
    try {
      sum.add(
          1,
          () -> {
            unprepared(random);
            throw new Refusal();
          });
    } catch (Refusal e) {
      loss = -1;
    }
  }

  private String undone(Random random) {
    int how = random.nextInt(6);
    optimizer.undo();
    switch (how) {
      case 0 -> optimizer.redo(Map.of());
      case 1 -> optimizer.redo(Map.of(label(random), 0.0625));
      case 2 -> gradients(random);
      case 3 -> loss = step(random).run(rows(random)).item();
      case 4 -> refused(random);
      default -> {}
    }
    return "undo " + how;
  }

  private String label(Random random) {
    List<String> labels =
        optimizer.hyperparameters().stream().map(HyperparameterValue::label).toList();
    return labels.get(random.nextInt(labels.size()));
  }

  private String frozen(Random random) {
    List<Parameter> some = new ArrayList<>(parameters);
    some.removeIf(p -> random.nextBoolean());
    if (random.nextInt(3) == 0) {
      optimizer.freeze(some);
      return "freeze " + some;
    }
    optimizer.unfreeze(some);
    return "unfreeze " + some;
  }

  private String hooked(Random random) {
    int how = random.nextInt(4);
    GradientHook hook =
        switch (how) {
          case 0 -> g -> g.map(t -> t.mul(0.5));
          case 1 -> g -> g.withLoss(g.loss().detach().mul(2));
          case 2 -> g -> g.map(t -> t.add(run.bias.value().detach().sum().mul(0.01)));
          default ->
              g -> {
                Tensor moved = program.moved(program.run.session.constant(0.125));
                return g.map(t -> t.mul(moved.sum().sigmoid()));
              };
        };
    hooks.add(hook);
    optimizer.onGradients(hook);
    return "hook " + how;
  }

  /** From here on with another optimizer, which nothing shows. */
  private String resumed() {
    if (!program.mode.resumes
        || begun.contains(true)
        || optimizer.runner().state().undone().isPresent()) {
      return "resumed";
    }
    TowerSnapshot snapshot = optimizer.snapshot();
    Map<String, double[]> host = new LinkedHashMap<>();
    Map<String, int[]> shapes = new LinkedHashMap<>();
    snapshot.tensors().forEach((name, t) -> host.put(name, t.toDoubles()));
    snapshot.tensors().forEach((name, t) -> shapes.put(name, t.shape()));
    List<Parameter> frozen = optimizer.frozen();
    optimizer.close();
    bind();
    optimizer.freeze(frozen);
    run.session.scoped(
        () -> {
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          host.forEach(
              (name, values) -> tensors.put(name, run.session.tensor(values, shapes.get(name))));
          optimizer.restore(new TowerSnapshot(snapshot.tower(), snapshot.steps(), tensors));
        });
    return "resumed";
  }

  /** Notes what counts. */
  void note(List<Double> values, StringBuilder note) {
    values.add(loss);
    optimizer.hyperparameters().forEach(h -> values.add(h.raw()));
    optimizer.hyperparameters().forEach(h -> values.add(h.value()));
    TowerSnapshot snapshot = optimizer.snapshot();
    snapshot
        .tensors()
        .forEach(
            (name, tensor) -> {
              note.append(name).append(' ');
              for (double value : tensor.toDoubles()) {
                values.add(value);
              }
            });
    try (EvaluationWeights shown = optimizer.evaluation()) {
      for (Parameter parameter : parameters) {
        for (double value : parameter.value().toDoubles()) {
          values.add(value);
        }
      }
    }
    note.append(optimizer.steps()).append(optimizer.frozen());
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
