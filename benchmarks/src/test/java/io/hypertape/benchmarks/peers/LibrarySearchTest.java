package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {

  private static final LibrarySearch NOWHERE =
      new LibrarySearch("Peer", "--peer", List.of("libnowhere-9.so"), "apt-get install nowhere");

  private static String missing(LibrarySearch search, String given) {
    try (Arena arena = Arena.ofConfined()) {
      return assertInstanceOf(LibrarySearch.Missing.class, search.find(given, arena)).notice();
    }
  }

  private static void oneLine(String notice, String... parts) {
    assertTrue(notice.lines().count() == 1, notice);
    for (String part : parts) {
      assertTrue(notice.contains(part), notice);
    }
  }

  @Test
  void whatIsMissingIsNamedWithItsInstallation() {
    oneLine(
        missing(NOWHERE, ""),
        "Peer is missing",
        "libnowhere-9.so",
        "apt-get install nowhere",
        "--peer");
    oneLine(LibrarySearch.OPENBLAS.notice(), "libopenblas.so.0", "libopenblas0-pthread");
    oneLine(LibrarySearch.ONEDNN.notice(), "libdnnl.so.3", "libdnnl2", "--onednn");
  }

  @Test
  void aPlaceGivenIsTheOnlyOne(@TempDir Path folder) throws Exception {
    oneLine(missing(LibrarySearch.OPENBLAS, "none"), "left out, as --openblas none says");
    oneLine(missing(LibrarySearch.OPENBLAS, "/no/such/file"), "/no/such/file, which is no file");
    Path text = Files.writeString(folder.resolve("lib.so"), "no library");
    oneLine(missing(LibrarySearch.ONEDNN, text.toString()), text + " cannot be loaded");
  }

  @Test
  void peersThatAreLeftOutLeaveANoticeEach() {
    List<Blas> peers = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    GemmPeers.find(List.of("none", "none", "none"), Arena.global(), peers, notices);
    assertEquals(List.of(), peers);
    assertEquals(3, notices.size(), notices.toString());
  }

  @Test
  void pythonsThatWereSeenAreNamed(@TempDir Path folder) throws Exception {
    oneLine(
        PythonPackage.TORCH.missing(List.of()),
        "no python3 or python on the PATH",
        "--python",
        "pip install");
    Python.Outcome absent = Python.find("/no/such/python");
    assertEquals(Optional.empty(), absent.program());
    oneLine(absent.notice(), "/no/such/python (cannot be started)");
    oneLine(Python.find("/bin/false").notice(), "/bin/false (cannot import torch)");
    oneLine(Python.find("none").notice(), "left out, as --python none says");
    oneLine(
        Python.find("/bin/false", PythonPackage.ONNX_RUNTIME).notice(),
        "ONNX Runtime is missing",
        "/bin/false (cannot import onnx, onnxruntime)",
        "pip install onnx onnxruntime");
    Path program = Files.writeString(folder.resolve("python"), "");
    assertTrue(program.toFile().setExecutable(true));
    assertEquals(List.of(program.toString()), Python.onPath("/no/such:" + folder));
    assertEquals(List.of(), Python.onPath(null));
  }

  @Test
  void scriptsAreAmongTheResources() throws Exception {
    for (Path script : List.of(Python.script(), Python.gemmScript())) {
      try {
        assertTrue(Files.readString(script).contains("torch"));
      } finally {
        Files.delete(script);
      }
    }
  }

  @Test
  void peersForTheJvmAreNamedWithTheirProfile(@TempDir Path folder) {
    List<String> notices = new ArrayList<>();
    for (JvmPeer peer : List.of(JvmPeer.DJL_STEPS, JvmPeer.DJL_PREDICTIONS, JvmPeer.ONNX_RUNTIME)) {
      assertEquals(Optional.empty(), peer.find(Optional.of(folder), List.of("1"), notices));
      oneLine(notices.getLast(), peer.name() + " is missing", folder.toString(), "mvn -Pdjl");
    }
    assertEquals(Optional.empty(), JvmPeer.DJL_STEPS.find(Optional.empty(), List.of(), notices));
    oneLine(notices.getLast(), "DJL is missing: looked for target/peers;");
  }

  @Test
  void peersForTheJvmThatAreBuiltAreStarted(@TempDir Path target) throws Exception {
    Path folder = Files.createDirectories(target.resolve("peers/lib")).getParent();
    Path file =
        folder.resolve("classes/" + JvmPeer.ONNX_RUNTIME.main().replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    List<String> notices = new ArrayList<>();
    assertEquals(
        Optional.empty(), JvmPeer.ONNX_RUNTIME.find(Optional.of(target), List.of(), notices));
    oneLine(notices.removeFirst(), "ONNX Runtime Java is missing");
    Files.createFile(folder.resolve("lib/onnxruntime-1.0.jar"));
    Contender contender =
        JvmPeer.ONNX_RUNTIME
            .find(Optional.of(target), List.of("a", "b", "2"), notices)
            .orElseThrow();
    assertEquals(List.of(), notices);
    List<String> command = contender.command();
    assertEquals(
        List.of(JvmPeer.ONNX_RUNTIME.main(), "a", "b", "2"),
        command.subList(command.size() - 4, command.size()));
    String path = command.get(command.indexOf("-cp") + 1);
    assertTrue(path.contains(folder.resolve("classes") + File.pathSeparator), path);
    assertTrue(path.endsWith(folder.resolve("lib") + "/*"), path);
    // The others' classes are not there.
    assertEquals(
        Optional.empty(), JvmPeer.DJL_PREDICTIONS.find(Optional.of(target), List.of(), notices));
  }

  /** The sources are compiled by the profile alone. */
  @Test
  void peersForTheJvmHaveSources() {
    for (JvmPeer peer : List.of(JvmPeer.DJL_STEPS, JvmPeer.DJL_PREDICTIONS, JvmPeer.ONNX_RUNTIME)) {
      Path source = Path.of("src/peers/java", peer.main().replace('.', '/') + ".java");
      assertTrue(Files.isRegularFile(source), source.toString());
    }
  }
}
