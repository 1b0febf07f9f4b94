package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;

/**
 * As long as this is open, parameters have the weights that their model shall be judged and used
 * by, as {@link Optimizer#evaluation} says; then they have those again that training goes on from,
 * in the same bits. Meanwhile the optimizer takes no steps.
 *
 * <pre>{@code
 * try (EvaluationWeights shown = optimizer.evaluation()) {
 *   evaluate(model);
 *   model.save(file);
 * }
 * }</pre>
 */
public final class EvaluationWeights implements AutoCloseable {

  private final Shown shown;
  private boolean closed;

  EvaluationWeights(Shown shown) {
    this.shown = shown;
    shown.begin();
  }

  /**
   * Puts the weights back that training goes on from. Closing twice is harmless.
   *
   * @throws IllegalStateException on another thread than the session's; it can be closed there
   */
  @Override
  public void close() {
    if (!closed) {
      INTERNALS.checkOwner(shown.session);
      closed = true;
      shown.end();
    }
  }

  /** What a tower's parameters are shown as, by any number of these at a time. */
  static final class Shown {
    private final TowerRunner runner;
    private final Session session;
    private int count;
    // Where the shown weights are computed; null while none are shown.
    private Scope scope;

    Shown(TowerRunner runner) {
      this.runner = runner;
      this.session = runner.session();
    }

    /** Refuses what would change the weights that are shown. */
    void check(String what) {
      if (scope != null) {
        throw new IllegalStateException(
            what
                + ": this optimizer's weights for evaluation are shown; close what evaluation()"
                + " gave before");
      }
    }

    private void begin() {
      if (scope == null) {
        Scope opened = session.scratch();
        try {
          runner.levels().evaluate(runner.state());
          opened.suspend();
        } catch (RuntimeException | Error e) {
          runner.levels().become(runner.state());
          opened.close();
          throw e;
        }
        scope = opened;
      }
      count++;
    }

    private void end() {
      if (scope != null && --count == 0) {
        hide();
      }
    }

    private void hide() {
      if (!session.isClosed()) {
        runner.levels().become(runner.state());
        scope.close();
      }
      scope = null;
      count = 0;
    }

    /** Lets parameters keep the weights for evaluation; if it fails, it can be tried again. */
    void commit() {
      if (scope != null) {
        hide();
      }
      if (runner.standstill().hasCome()) {
        runner.levels().commit();
        return;
      }
      try (Scope unused = session.scratch()) {
        runner.levels().evaluate(runner.state());
        runner.levels().commit();
      } catch (RuntimeException | Error e) {
        runner.levels().become(runner.state());
        throw e;
      }
    }
  }
}
