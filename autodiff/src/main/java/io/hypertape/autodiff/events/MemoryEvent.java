package io.hypertape.autodiff.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** How much memory a session has. */
@Name("io.hypertape.SessionMemory")
@Label("Session Memory")
@Category("Hypertape")
@Description("A session's memory after an epoch, or as it was closed")
@StackTrace(false)
final class MemoryEvent extends Event {

  @Label("Backend")
  String backend;

  @Label("Allocated")
  @DataAmount
  long allocated;

  @Label("In Use")
  @DataAmount
  long used;

  @Label("Peak in Use")
  @DataAmount
  long peak;

  static void commit(String backend, long allocated, long used, long peak) {
    MemoryEvent event = new MemoryEvent();
    if (event.shouldCommit()) {
      event.backend = backend;
      event.allocated = allocated;
      event.used = used;
      event.peak = peak;
      event.commit();
    }
  }
}
