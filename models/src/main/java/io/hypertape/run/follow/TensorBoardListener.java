package io.hypertape.run.follow;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run's numbers for TensorBoard, by steps: {@code train/loss} and every level's
 * hyperparameters, such as {@code hyperparameters/L1.adam.alpha}; after an epoch {@code
 * train/epoch}, and after every judgement {@code train/mean_loss}, the mean of the epoch's losses
 * so far, and what the model was judged by, such as {@code test/error}. {@code tensorboard --logdir
 * FOLDER} shows them while the run goes on.
 *
 * <p>A run that goes on after a stop writes a further file, and what the files before it have of
 * steps that are taken again no longer counts. Numbers are kept as float32, which is what
 * TensorBoard shows. A run at a time; between runs of its own, {@link #close}.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {

  private final Path folder;
  private final long every;
  private @Nullable EventFile events;

  /**
   * Writes every step.
   *
   * @param folder where the files go; made when the run begins, if it is not there
   */
  public TensorBoardListener(Path folder) {
    this(folder, 1);
  }

  /**
   * Writes some steps.
   *
   * @param folder where the files go; made when the run begins, if it is not there
   * @param every of how many steps one is written, at least 1; the run's first step always is
   * @throws IllegalArgumentException if every is below 1
   */
  public TensorBoardListener(Path folder, long every) {
    this.folder = Nulls.check(folder, "tensorboard: folder");
    if (every < 1) {
      throw new IllegalArgumentException(
          "tensorboard: every is " + every + "; at least 1 is needed");
    }
    this.every = every;
  }

  @Override
  public void begin(TowerOptimizer optimizer) throws IOException {
    Nulls.check(optimizer, "tensorboard: optimizer");
    close();
    events = EventFile.begin(folder, optimizer.steps() + 1);
  }

  private EventFile events() {
    if (events == null) {
      throw new IllegalStateException("tensorboard: no run has begun");
    }
    return events;
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
    Nulls.check(optimizer, "tensorboard: optimizer");
    if (step % every == 0 || step == 1) {
      events().scalars(step, RunNumbers.ofStep(loss, optimizer));
    }
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
      throws IOException {
    Nulls.check(test, "tensorboard: test");
    Nulls.check(optimizer, "tensorboard: optimizer");
    events().scalars(optimizer.steps(), RunNumbers.ofEpoch(epoch, trainLoss, test));
    events().flush();
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {
    Nulls.check(score, "tensorboard: score");
    Nulls.check(optimizer, "tensorboard: optimizer");
    events().scalars(step, RunNumbers.ofScore(trainLoss, score));
    events().flush();
  }

  /**
   * Ends the file; nothing is open then. Closing twice does nothing.
   *
   * @throws IOException if what is left cannot be written
   */
  @Override
  public void close() throws IOException {
    EventFile ended = events;
    events = null;
    if (ended != null) {
      ended.close();
    }
  }
}
