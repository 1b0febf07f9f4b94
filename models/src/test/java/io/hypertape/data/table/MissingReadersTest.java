package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads no files of tables needs no library for them; who does is told its name. */
class MissingReadersTest {

  @TempDir private Path folder;

  /** The child, on whose class path they are not. */
  static final class Child {

    /** Tries to read tables. */
    public static void main(String[] args) {
      for (String file : args) {
        try {
          DataTable.read(Path.of(file));
        } catch (IOException e) {
          System.out.println(e.getMessage());
        }
      }
      System.out.println(DataTable.of("own", Map.of("x", new int[3])));
    }
  }

  @Test
  void theArtifactToAddIsNamed() throws Exception {
    Path csv = Files.writeString(folder.resolve("t.csv"), "a,b\n1,2\n");
    Path parquet =
        Path.of("src/test/resources/io/hypertape/data/table/zstd.parquet").toAbsolutePath();
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(place -> !place.contains("commons-csv") && !place.contains("zstd-jni"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Child.class.getName(),
                csv.toString(),
                parquet.toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor(), lines.toString());
    assertEquals(3, lines.size(), lines.toString());
    assertTrue(
        lines
            .get(0)
            .startsWith(
                csv
                    + ": CSV is read by the library org.apache.commons:commons-csv, which is not"
                    + " there; add it to the dependencies"),
        lines.get(0));
    assertTrue(lines.get(1).contains("com.github.luben:zstd-jni"), lines.get(1));
    assertTrue(lines.get(1).contains("--add-modules com.github.luben.zstd_jni"), lines.get(1));
    assertEquals("own: 3 rows of x", lines.get(2));
  }
}
