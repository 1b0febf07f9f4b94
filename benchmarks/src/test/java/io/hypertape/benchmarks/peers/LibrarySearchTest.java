package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  void djlIsNamedWithItsProfile(@TempDir Path folder) {
    List<String> notices = new ArrayList<>();
    assertEquals(Optional.empty(), Djl.find(Optional.of(folder), 1, notices));
    oneLine(notices.getFirst(), "DJL is missing", folder.toString(), "mvn -Pdjl");
  }
}
