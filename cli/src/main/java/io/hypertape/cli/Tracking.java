package io.hypertape.cli;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.follow.MlflowListener;
import io.hypertape.run.follow.TensorBoardListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Who else is told of a run. */
final class Tracking implements TrainingListener, AutoCloseable {

  private @Nullable MlflowListener server;
  private @Nullable TensorBoardListener board;
  private TrainingListener all = TrainingListener.all();

  Tracking() {}

  /** Before the run begins: a server is told of it. */
  void tell(MlflowListener newServer) {
    server = newServer;
    all = TrainingListener.all(all, newServer);
  }

  /** Before the run begins: files are written of it. */
  void tell(TensorBoardListener newBoard) {
    board = newBoard;
    all = TrainingListener.all(all, newBoard);
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
    if (server != null) {
      server.end(interrupted ? MlflowListener.Status.KILLED : MlflowListener.Status.FINISHED);
    }
  }

  /** A run that has not ended yet has failed. */
  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
    if (board != null) {
      board.close();
    }
  }
}
