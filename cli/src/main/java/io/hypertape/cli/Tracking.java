package io.hypertape.cli;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.follow.MlflowListener;
import io.hypertape.run.follow.TensorBoardListener;
import java.io.IOException;
import java.util.Optional;

/** Who else is told of a run. */
final class Tracking implements TrainingListener, AutoCloseable {

  private Optional<MlflowListener> server = Optional.empty();
  private Optional<TensorBoardListener> board = Optional.empty();
  private TrainingListener all = TrainingListener.all();

  Tracking() {}

  /** Learns who, before the run begins. */
  void tell(Optional<MlflowListener> newServer, Optional<TensorBoardListener> newBoard) {
    server = newServer;
    board = newBoard;
    // A run that the server refuses shall leave no file.
    all =
        TrainingListener.all(
            server.map(TrainingListener.class::cast).orElseGet(TrainingListener::all),
            board.map(TrainingListener.class::cast).orElseGet(TrainingListener::all));
  }

  @Override
  public void begin(TowerOptimizer optimizer) throws IOException {
    all.begin(optimizer);
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
    all.step(step, loss, optimizer);
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
      throws IOException {
    all.epoch(epoch, trainLoss, test, optimizer);
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {
    all.evaluated(step, trainLoss, score, optimizer);
  }

  /** The run has ended as it should, or as it was asked to. */
  void end(boolean interrupted) {
    server.ifPresent(
        mlflow ->
            mlflow.end(
                interrupted ? MlflowListener.Status.KILLED : MlflowListener.Status.FINISHED));
  }

  /** A run that has not ended yet has failed. */
  @Override
  public void close() throws IOException {
    server.ifPresent(MlflowListener::close);
    if (board.isPresent()) {
      board.get().close();
    }
  }
}
