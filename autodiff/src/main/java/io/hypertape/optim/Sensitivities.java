package io.hypertape.optim;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Derivatives of a level's values and states by hyperparameters, carried along with its updates
 * (forward mode, as Franceschi et al. 2017), with the Hessians left out: gradients count as
 * numbers. One update takes them on by the product of its Jacobian with them, for which reverse
 * mode is used twice: the derivative of Σ v·F(x) by x is linear in v, and the derivative by v of
 * its product with a direction ẋ is ∂F/∂x·ẋ.
 */
final class Sensitivities {

  private final Session session;
  private final Tape tape;
  private final LevelTraces traces;
  private final Tensor kept;
  private final List<Tensor> inputs = new ArrayList<>();
  // By each hyperparameter that is traced, the inputs' derivatives.
  private final List<List<Tensor>> directions = new ArrayList<>();

  /**
   * Of an update that is made once more, on the current tape.
   *
   * @param tape the current one
   * @param traces what derivatives are carried by
   * @param kept by how much those of values are remembered
   */
  Sensitivities(Session session, Tape tape, LevelTraces traces, Tensor kept) {
    this.session = session;
    this.tape = tape;
    this.traces = traces;
    this.kept = kept;
    traces.others().forEach(other -> directions.add(new ArrayList<>()));
  }

  /** A value that derivatives flow from; {@link #along} tells its own. */
  Tensor input(Tensor value) {
    Tensor leaf = tape.watch(value.detach());
    inputs.add(leaf);
    return leaf;
  }

  /** The hyperparameters that are tuned, as inputs. */
  List<Tensor> hyperparameters(List<Parameter> tuned, List<Tensor> stored) {
    for (Parameter each : tuned) {
      for (int j = 0; j < directions.size(); j++) {
        double own = each.name().equals(traces.others().get(j)) ? 1 : 0;
        directions.get(j).add(session.constant(own));
      }
    }
    return stored.stream().map(this::input).toList();
  }

  /** The derivatives of a target's value and states, which are the next inputs. */
  void along(LevelTarget target, List<Tensor> states) {
    for (int j = 0; j < directions.size(); j++) {
      List<Tensor> now = traces.of(j, target, states).stream().map(Tensor::detach).toList();
      directions.get(j).add(now.getFirst().mul(kept));
      directions.get(j).addAll(now.subList(1, now.size()));
    }
  }

  /**
   * What comes of them.
   *
   * @param results what the update of the inputs has led to
   * @return of each result, by each hyperparameter the derivatives of value and states
   */
  List<List<Tensor>> next(List<Updated> results) {
    List<Tensor> outputs = results.stream().flatMap(each -> each.all().stream()).toList();
    List<List<Tensor>> derivatives = ofOutputs(outputs);
    List<List<Tensor>> byTarget = new ArrayList<>();
    int at = 0;
    for (Updated result : results) {
      int end = at + result.all().size();
      List<Tensor> all = new ArrayList<>();
      for (List<Tensor> one : derivatives) {
        all.addAll(one.subList(at, end));
      }
      byTarget.add(all);
      at = end;
    }
    return byTarget;
  }

  private List<List<Tensor>> ofOutputs(List<Tensor> outputs) {
    List<Tensor> ones = new ArrayList<>();
    Tensor weighted = session.constant(0);
    for (Tensor output : outputs) {
      Tensor one = tape.watch(session.full(output.shape(), 1));
      ones.add(one);
      weighted = weighted.add(output.mul(one).sum());
    }
    List<Tensor> back = tape.gradient(weighted, inputs, GradientMode.DIFFERENTIABLE);
    List<List<Tensor>> all = new ArrayList<>();
    for (List<Tensor> direction : directions) {
      Tensor product = session.constant(0);
      for (int i = 0; i < back.size(); i++) {
        product = product.add(back.get(i).mul(direction.get(i)).sum());
      }
      all.add(tape.gradient(product, ones).stream().map(this::number).toList());
    }
    return all;
  }

  /** Where an update has no derivative, as a root at 0, none is carried on. */
  private Tensor number(Tensor derivative) {
    Tensor d = derivative.detach();
    return Tensor.where(d.equalTo(d), d, session.constant(0).broadcastTo(d.shape()));
  }
}
