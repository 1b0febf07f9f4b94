package io.hypertape.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/**
 * Files are written in a few places, each of which follows no link, leaves no half file under a
 * file's name, and is tested against failures: everybody else uses {@code AtomicFile}.
 */
final class WritingRule {

  private static final Set<String> WRITERS =
      Set.of(
          "io.hypertape.io.guard.AtomicFile",
          "io.hypertape.data.LocalDisk",
          "io.hypertape.run.folder.MetricsCsv",
          "io.hypertape.run.follow.EventFile",
          "io.hypertape.run.folder.RunLock",
          "io.hypertape.bindings.cuda.KernelCache",
          // They read through a channel.
          "io.hypertape.io.SafetensorsPart",
          "io.hypertape.data.table.parquet.ParquetFile",
          "io.hypertape.bindings.LibraryFile",
          // A log, made anew.
          "io.hypertape.benchmarks.run.Jmh",
          // In temporary folders that they have made.
          "io.hypertape.benchmarks.paper.CharRnn",
          "io.hypertape.benchmarks.paper.Official",
          "io.hypertape.benchmarks.peers.Python");

  private static final Set<String> OF_FILES =
      Set.of(
          "newOutputStream",
          "newBufferedWriter",
          "newByteChannel",
          "write",
          "writeString",
          "copy",
          "move");

  private static final Set<String> CONSTRUCTED =
      Set.of(
          "java.io.FileOutputStream",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.io.PrintWriter",
          "java.io.PrintStream");

  private static final Set<String> NAMES = Set.of("java.lang.String", "java.io.File");

  private WritingRule() {}

  static ArchRule rule() {
    return classes().should(leaveWritingToTheWriters());
  }

  private static ArchCondition<JavaClass> leaveWritingToTheWriters() {
    return new ArchCondition<>("leave the writing of files to those who know how") {
      @Override
      public void check(JavaClass owner, ConditionEvents events) {
        if (WRITERS.contains(owner.getName().replaceAll("\\$.*", ""))) {
          return;
        }
        for (JavaCodeUnit unit : owner.getCodeUnits()) {
          LocaleRule.accesses(unit)
              .filter(access -> writes(access.getTarget()))
              .forEach(
                  access ->
                      events.add(SimpleConditionEvent.violated(owner, access.getDescription())));
        }
      }
    };
  }

  private static boolean writes(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    if (CONSTRUCTED.contains(owner) && name.equals("<init>")) {
      return NAMES.contains(target.getRawParameterTypes().getFirst().getName());
    }
    return owner.equals("java.nio.file.Files") && OF_FILES.contains(name)
        || owner.equals("java.nio.channels.FileChannel") && name.equals("open");
  }
}
