package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.run.Evaluation;
import io.hypertape.run.follow.MlflowListener.Status;
import io.hypertape.run.follow.TrackingServer.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server of MLflow's kind, what is logged meanwhile, and runs that it is told of. */
@Timeout(300)
abstract class TrackedRuns {

  static final Logger LOG = Logger.getLogger(MlflowListener.class.getName());

  @TempDir private Path folder;
  TrackingServer server;
  final List<String> said = new CopyOnWriteArrayList<>();

  final Handler handler =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord entry) {
          said.add(
              entry.getLevel()
                  + " "
                  + new MessageFormat(entry.getMessage(), Locale.ROOT)
                      .format(
                          entry.getParameters() == null ? new Object[0] : entry.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void begin() throws IOException {
    server = new TrackingServer();
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void end() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
    server.close();
    assertEquals(List.of(), server.faults);
  }

  MlflowListener listener() {
    return listener(MlflowOptions.of(server.uri()).withPatience(Duration.ofSeconds(30)));
  }

  static MlflowListener listener(MlflowOptions options) {
    return new MlflowListener(options, Map.of());
  }

  Evaluation finished(MlflowListener mlflow) throws IOException {
    try (mlflow) {
      Evaluation score = FollowedRuns.run(2, mlflow);
      mlflow.end(Status.FINISHED);
      return score;
    }
  }

  static void assertWhole(Run run, Evaluation score) {
    assertEquals("FINISHED", run.status);
    assertEquals(
        IntStream.rangeClosed(1, 10).mapToObj(k -> (long) k).toList(),
        run.of("train/loss").stream().map(TrackingServer.Told::step).toList());
    assertEquals(10, run.of("hyperparameters/L1.adam.alpha").size());
    assertEquals(List.of(5L, 10L), run.of("test/error").stream().map(t -> t.step()).toList());
    assertEquals(score.error(), run.of("test/error").getLast().value());
    assertEquals(score.loss(), run.of("test/loss").getLast().value());
    assertEquals(2, run.of("train/mean_loss").size());
  }

  String refused(MlflowListener mlflow) {
    try (mlflow) {
      return assertThrows(IOException.class, () -> FollowedRuns.run(1, mlflow)).getMessage();
    }
  }
}
