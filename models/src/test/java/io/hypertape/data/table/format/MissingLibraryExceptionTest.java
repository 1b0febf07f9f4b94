package io.hypertape.data.table.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is missing is named: the library, or what it needs. */
class MissingLibraryExceptionTest {

  private static String message(String missing) {
    return new MissingLibraryException(
            "t.csv",
            "CSV",
            "org.apache.commons:commons-csv",
            "org.apache.commons.csv",
            new NoClassDefFoundError(missing))
        .getMessage();
  }

  @Test
  void whatIsMissingIsNamed() {
    String own = message("org/apache/commons/csv/CSVFormat");
    assertTrue(own.contains("commons-csv, which is not there; add it to the dependencies"), own);
    String other = message("org/apache/commons/io/build/AbstractStreamBuilder");
    assertTrue(
        other.contains("the class org.apache.commons.io.build.AbstractStreamBuilder is not there"),
        other);
  }
}
