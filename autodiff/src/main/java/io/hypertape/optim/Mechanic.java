package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Mechanic around another optimizer, 'Mechanic: A Learning Rate Tuner' (Cutkosky, Defazio, Mehta
 * 2023), as its authors' code has it with offsets that are stored: what the other one moves by is
 * added up to an offset Δ, and p' = p₀ + s'·Δ'. The scale s is the sum of six ones, which are
 * learned with six decays β (0.9 to 0.999999) from sums over all parameters of the level together;
 * elementwise in β,
 *
 * <pre>
 * h = ⟨Δ, g + λ·s·(‖g‖/(‖q‖ + ε))·q⟩        q being where the other one moves p to
 * m' = max(β·m, |h|)       v' = β²·v + h²       r' = max(0, β·r − s_β·h)
 * s_β' = (s_init·m'/6 + r')/(√v' + ε)
 * </pre>
 *
 * <p>As text, {@code mechanic-sgd(1, mu=0.9)} and {@code mechanic-adamw(1)}, with the other one's
 * arguments. Its step size, which a schedule multiplies, may be anything by its authors' advice.
 *
 * @param base what moves; one without state that all parameters share, and not an average, which
 *     stands around this
 * @param init s_init, the scale with which it begins
 * @param lambda λ, which draws the scale to where the weights are small
 */
public record Mechanic(Optimizer base, double init, double lambda) implements Optimizer {

  static final double INIT = 1e-8;
  static final double LAMBDA = 0.01;
  static final String PREFIX = "mechanic-";
  private static final double EPSILON = 1e-8;
  private static final double[] BETAS = {0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999};

  /** Checks the values. */
  public Mechanic {
    Nulls.check(base, "mechanic: base");
    Arguments.positive(PREFIX + Declared.name(base), "init", init);
    Arguments.stepSize(PREFIX + Declared.name(base), "lambda", lambda);
    if (!Declared.shared(base).isEmpty()) {
      throw new IllegalArgumentException(
          "mechanic: "
              + Declared.name(base)
              + " has state that all parameters share; an optimizer without would fit, such as sgd"
              + " or adamw");
    }
    if (base instanceof WeightAverage) {
      throw new IllegalArgumentException(
          "mechanic: an average of "
              + Declared.name(base)
              + " would be one of weights before they are scaled; an average of "
              + PREFIX
              + Declared.name(base)
              + " would fit");
    }
  }

  /**
   * With its authors' defaults.
   *
   * @param base what moves
   */
  public Mechanic(Optimizer base) {
    this(base, INIT, LAMBDA);
  }

  @Override
  public String name() {
    return PREFIX + Declared.name(base);
  }

  @Override
  public String text() {
    return Arguments.with(
        PREFIX + Declared.text(base), "init", init, INIT, "lambda", lambda, LAMBDA);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return Declared.hyperparameters(base);
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    List<StateVariable> all = new ArrayList<>(Declared.state(base, shape));
    all.add(StateVariable.ofParameter("x0", shape));
    all.add(new StateVariable("offset", 0, shape));
    return all;
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(
        new StateVariable("s", 0, BETAS.length),
        new StateVariable("most", 1e-6, BETAS.length),
        new StateVariable("squares", 0, BETAS.length),
        new StateVariable("reward", 0, BETAS.length));
  }

  @Override
  public Terms terms(Update u) {
    Updated moved = Declared.update(base, u);
    List<Tensor> out =
        AdaptiveOps.MECHANIC.apply(List.of(u.p(), u.g(), moved.p(), u.state("offset")));
    Terms terms =
        u.terms()
            .with("offset", out.get(0))
            .sum("gradients", out.get(1))
            .sum("weights", out.get(2))
            .sum("along", out.get(3))
            .sum("decay", out.get(4));
    List<StateVariable> own = Declared.state(base, u.p().shape());
    for (int i = 0; i < own.size(); i++) {
      terms = terms.with(own.get(i).name(), moved.states().get(i));
    }
    return terms;
  }

  private static Tensor betas(SharedUpdate s) {
    List<Tensor> all = new ArrayList<>();
    for (double beta : BETAS) {
      all.add(s.constant(beta).reshape(1));
    }
    return Tensor.concat(0, all);
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor beta = betas(s);
    Tensor scale = s.shared("s");
    Tensor norm = Adam.root(s.sum("weights")).add(s.constant(EPSILON));
    Tensor draw = scale.sum().mul(Adam.root(s.sum("gradients"))).div(norm);
    Tensor h = s.sum("along").add(s.sum("decay").mul(draw).mul(s.constant(lambda)));
    Tensor most = s.shared("most").mul(beta).maximum(h.abs());
    Tensor squares = s.shared("squares").mul(beta.square()).add(h.square());
    Tensor reward = s.shared("reward").mul(beta).sub(scale.mul(h)).maximum(0);
    Tensor wealth = most.mul(s.constant(init / BETAS.length)).add(reward);
    return s.with("s", wealth.div(Adam.root(squares).add(s.constant(EPSILON))))
        .with("most", most)
        .with("squares", squares)
        .with("reward", reward);
  }

  @Override
  public Updated update(Update u) {
    Tensor x0 = u.state("x0");
    Tensor offset = u.state("offset");
    Tensor scale = u.shared("s").sum();
    Tensor p =
        offset.isTracked() ? x0.add(offset.mul(scale)) : Sgd.stepped(x0, offset, scale.neg());
    return u.to(p).with("x0", x0);
  }

  @Override
  public boolean updates(String parameter) {
    return base.updates(parameter);
  }

  @Override
  public List<String> parameters() {
    return Declared.parameters(base);
  }

  @Override
  public List<String> stepSizes() {
    return Declared.stepSizes(base);
  }
}
