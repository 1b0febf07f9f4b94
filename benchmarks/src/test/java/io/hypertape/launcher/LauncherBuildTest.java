package io.hypertape.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the launcher builds, and what a build leaves alone. */
@Execution(ExecutionMode.CONCURRENT)
class LauncherBuildTest {

  /** Commands that the scripts need, for a PATH that lacks flock. */
  private static final List<String> COMMANDS =
      List.of(
          "bash",
          "cat",
          "cp",
          "env",
          "find",
          "grep",
          "id",
          "locale",
          "mkdir",
          "mv",
          "perl",
          "rm",
          "sha256sum",
          "sleep",
          "sort",
          "tr",
          "xargs");

  @TempDir private Path folder;
  private LauncherTree tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = new LauncherTree(folder, "hypertape");
  }

  @AfterEach
  void unlink() throws IOException {
    // JUnit warns of links that lead out of its folder.
    for (String name : COMMANDS) {
      Files.deleteIfExists(folder.resolve("commands").resolve(name));
    }
  }

  private void without(String command) throws IOException {
    assertFalse(COMMANDS.contains(command));
    Path commands = Files.createDirectory(folder.resolve("commands"));
    for (String name : COMMANDS) {
      Path found = Path.of("/usr/bin", name);
      Files.createSymbolicLink(
          commands.resolve(name), Files.exists(found) ? found : Path.of("/bin", name));
    }
    tree.set("PATH", tree.tools + ":" + commands);
  }

  private static boolean usesCache(LauncherTree.Ran ran) {
    return ran.assertDone().words().stream().anyMatch(word -> word.startsWith("-XX:AOTCache="));
  }

  @Test
  void classesThatABuildHasRememberedAreUsedWhereTheyFit() throws Exception {
    assertTrue(usesCache(tree.run("train")));
    assertTrue(usesCache(tree.run("doctor")));
    assertFalse(usesCache(tree.run("bench")), "other jars");
    tree.set("HYPERTAPE_JAVA_OPTS", "-XX:+UseZGC");
    assertFalse(usesCache(tree.run("train")), "other options");
    tree.set("HYPERTAPE_JAVA_OPTS", "");
    tree.set("JDK_JAVA_OPTIONS", "-Xmx1g");
    assertFalse(usesCache(tree.run("train")), "other options from the environment");
    tree.set("JDK_JAVA_OPTIONS", "");
    Path jdk = tree.jdk("25.0.2");
    tree.set("HYPERTAPE_JAVA_HOME", jdk.toString());
    assertFalse(usesCache(tree.run("train")), "another JDK 25");
    tree.set("HYPERTAPE_JAVA_HOME", tree.jdk("25.0.1").toString());
    assertTrue(usesCache(tree.run("train")));
    tree.set("HYPERTAPE_JAVA_HOME", tree.jdk("24.0.1").toString());
    tree.source("cli", "Main", "second");
    assertFalse(usesCache(tree.run("train")), "a JDK that cannot");
  }

  @Test
  void itBuildsOnceAndRunsWhatWasBuilt() throws Exception {
    tree.run("train", "--seed", "2")
        .assertDone("building (first use", "hypertape-cli-1.jar:Main:first", "library of cli");
    LauncherTree.Ran again = tree.run("bench").assertDone("hypertape-benchmarks-1.jar:Main:first");
    assertFalse(again.text().contains("building"), again.text());
    assertEquals(1, tree.builds());
    assertEquals(1, tree.built().size());
    assertEquals(
        List.of("-m", "io.hypertape.cli/io.hypertape.cli.Main", "bench"),
        again.words().subList(again.words().size() - 3, again.words().size()));
  }

  @Test
  void whatWasChangedAddedReplacedOrRemovedIsNoticed() throws Exception {
    tree.run("train").assertDone();
    tree.source("cli", "Main", "second");
    tree.run("train").assertDone("Main:second");
    tree.source("cli", "Further", "new");
    tree.run("train").assertDone("Further:new");
    // As an archive leaves it that is unpacked over the folder: as long, and older than the build.
    Path older = tree.source("cli", "Further", "old");
    Files.setLastModifiedTime(older, FileTime.fromMillis(1_000_000_000_000L));
    tree.run("train").assertDone("Further:old");
    Files.delete(older);
    LauncherTree.Ran without = tree.run("train").assertDone("Main:second");
    assertFalse(without.text().contains("Further"), without.text());
    assertFalse(Files.exists(tree.classes("cli").resolve("Further")));
    Files.writeString(tree.home.resolve("pom.xml"), "<project>0.2.0</project>\n");
    tree.run("train").assertDone("building");
    assertEquals(6, tree.builds());
    assertEquals(1, tree.built().size(), "what nobody runs is removed");
  }

  @Test
  void anotherJdkHasABuildOfItsOwn() throws Exception {
    tree.run("train").assertDone();
    String former = tree.log().getFirst();
    Path newer = tree.jdk("26");
    tree.set("HYPERTAPE_JAVA_HOME", newer.toString());
    tree.run("train").assertDone("building");
    assertTrue(tree.log().getLast().contains("-Dhypertape.jdk=[26,27)"), tree.log().getLast());
    assertTrue(tree.log().getLast().contains("; JDK " + newer + ";"), tree.log().getLast());
    assertTrue(former.contains("-Dhypertape.jdk=[25,26)"), former);
    tree.set("HYPERTAPE_JAVA_HOME", tree.jdk("25.0.2").toString());
    tree.run("train").assertDone();
    assertEquals(2, tree.builds(), "both are kept, and updates of a version share one");
  }

  @Test
  void generatedSourcesAreSources() throws Exception {
    tree.run("train").assertDone();
    Path generated = tree.home.resolve("cli/src/generated/java/Blocks");
    Files.createDirectories(generated.getParent());
    Files.writeString(generated, "unrolled");
    tree.run("train").assertDone("building");
    Files.writeString(generated, "further unrolled");
    tree.run("train").assertDone("building");
    tree.run("train").assertDone();
    assertEquals(3, tree.builds());
  }

  @Test
  void timesAndPlacesAloneChangeNothing() throws Exception {
    tree.run("train").assertDone();
    Path main = tree.home.resolve("cli/src/main/java/Main");
    Files.setLastModifiedTime(main, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    tree.run("train").assertDone("Main:first");
    tree.source("cli", ".Main.swp", "what an editor keeps");
    tree.source("cli", "Main~", "and a copy");
    tree.run("train").assertDone("Main:first");
    Path moved = folder.resolve("moved");
    Files.move(tree.home, moved);
    tree.runIn(folder, "moved/hypertape", "train").assertDone(moved + "/target/dist/");
    assertEquals(1, tree.builds());
  }

  @Test
  void aFailedBuildSaysWhyAndSpoilsNothing() throws Exception {
    tree.run("train").assertDone();
    tree.source("cli", "Main", "nonsense");
    LauncherTree.Ran failed = tree.run("train");
    assertEquals(1, failed.status(), failed.text());
    failed.assertSays("ERROR: nonsense", "the build failed");
    assertEquals(1, tree.run("train").status(), "it has not become a build by that");
    tree.source("cli", "Main", "first");
    tree.run("train").assertDone("Main:first");
    assertEquals(3, tree.builds(), "what had been built was still there");
  }

  @Test
  void aFolderThatCannotBeWrittenRuns() throws Exception {
    tree.run("train").assertDone();
    Path main = tree.home.resolve("cli/src/main/java/Main");
    Files.setLastModifiedTime(main, FileTime.fromMillis(1_000_000_000_000L));
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // Who may write everywhere runs it as someone else.
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    command.addAll(List.of(tree.home.resolve("hypertape").toString(), "train"));
    List<Path> all;
    try (Stream<Path> files = Files.walk(tree.home)) {
      all = files.filter(Files::isDirectory).toList();
    }
    permit(all, "r-xr-xr-x");
    try {
      LauncherTree.end(tree.start(folder, command)).assertDone("Main:first");
      tree.set("HYPERTAPE_JAVA_HOME", tree.jdk("26").toString());
      LauncherTree.end(tree.start(folder, command)).assertDone("Main:first");
      Files.writeString(main, "second\n");
      LauncherTree.Ran other = LauncherTree.end(tree.start(folder, command));
      assertEquals(1, other.status(), other.text());
      other.assertSays("was not built from the sources that are there", "cannot be written");
    } finally {
      permit(all, "rwxr-xr-x");
    }
    assertEquals(1, tree.builds());
  }

  private static void permit(List<Path> folders, String permissions) throws IOException {
    for (Path one : folders) {
      Files.setPosixFilePermissions(one, PosixFilePermissions.fromString(permissions));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl"})
  void whatRunsKeepsItsJars(String locks) throws Exception {
    if (locks.equals("perl")) {
      without("flock");
    }
    tree.set("WAIT", "yes");
    Process training = tree.start("train");
    BufferedReader out = training.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
      assertNotEquals(null, line, "it ended");
    }
    tree.unset("WAIT");
    List<Path> first = tree.built();
    tree.source("cli", "Main", "second");
    tree.run("train").assertDone("Main:second");
    assertEquals(2, tree.built().size());
    training.outputWriter(StandardCharsets.UTF_8).append("\n").flush();
    List<String> rest = out.lines().toList();
    assertTrue(rest.contains("hypertape-cli-1.jar:Main:first"), rest.toString());
    assertEquals(0, training.waitFor());
    tree.source("cli", "Main", "third");
    tree.run("train").assertDone("Main:third");
    assertEquals(1, tree.built().size(), "nothing runs any more");
    assertFalse(tree.built().equals(first));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl"})
  void twoAtOnceBuildOnce(String locks) throws Exception {
    if (locks.equals("perl")) {
      without("flock");
    }
    tree.set("DELAY", "0.3");
    Process one = tree.start("train");
    Process other = tree.start("train");
    LauncherTree.end(one).assertDone("Main:first");
    LauncherTree.end(other).assertDone("Main:first");
    assertEquals(1, tree.builds());
  }

  @Test
  void aChangeDuringTheBuildIsBuiltAsWell() throws Exception {
    tree.set("DELAY", "0.5");
    Process process = tree.start("train");
    while (tree.builds() == 0) {
      Thread.sleep(5);
    }
    tree.source("benchmarks", "Late", "late");
    LauncherTree.end(process).assertDone("the sources were changed during the build");
    assertEquals(2, tree.builds());
    tree.run("bench").assertDone("Late:late");
    assertEquals(2, tree.builds());
  }

  @Test
  void noTemporaryFolderIsNeeded() throws Exception {
    tree.set("TMPDIR", folder.resolve("missing").toString());
    tree.run("train").assertDone("Main:first");
    assertTrue(tree.log().getFirst().contains("/target/dist/temporary"), tree.log().getFirst());
  }

  @Test
  void noHomeIsNeeded() throws Exception {
    tree.run("train").assertDone("Main:first");
    // The search for a JDK looks there, too; what it finds on this machine does not matter.
    tree.unset("HYPERTAPE_JAVA_HOME");
    LauncherTree.Ran searched = tree.run("train");
    assertFalse(searched.text().contains("unbound"), searched.text());
  }
}
