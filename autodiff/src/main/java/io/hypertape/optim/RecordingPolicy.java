package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import java.util.List;

/** Whether steps of one kind are recorded, and how many replays are verified. */
final class RecordingPolicy {

  /** How many first replays of each recording are verified, if nothing else is asked for. */
  private static final int VERIFIED_FIRST = 2;

  /** At least every so many replays one is verified. */
  private static final int VERIFIED_EVERY = 1000;

  private final Session session;
  private String obstacle;
  private int operations;
  private int verifiedFirst = VERIFIED_FIRST;
  private long replays;

  RecordingPolicy(Session session) {
    this.session = session;
    this.obstacle =
        INTERNALS.canRecord(session)
            ? ""
            : "the " + session.backendName() + " backend does not record";
  }

  boolean canRecord() {
    return obstacle.isEmpty();
  }

  void refuse(String reason) {
    obstacle = reason;
  }

  void recorded(int newOperations) {
    operations = newOperations;
  }

  void verify(int first) {
    verifiedFirst = first;
  }

  /** Whether a replay shall be verified that comes after so many of the same recording. */
  boolean verifiesNext(long before) {
    replays++;
    return verifiedFirst > 0
        && (before < verifiedFirst || Long.bitCount(replays) == 1 || replays % VERIFIED_EVERY == 0);
  }

  /** How steps run, for people, and by which slower ways. */
  String mode() {
    List<String> slower = INTERNALS.fallbacks(session);
    return slower.isEmpty() ? steps() : steps() + "; " + String.join("; ", slower);
  }

  private String steps() {
    if (!obstacle.isEmpty()) {
      return "steps run operation by operation: " + obstacle;
    }
    return operations == 0
        ? "steps will be recorded"
        : "steps are replayed, " + operations + " operations each";
  }
}
