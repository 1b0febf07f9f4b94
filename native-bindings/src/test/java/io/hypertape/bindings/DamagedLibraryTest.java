package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.LibraryFile.Finding;
import io.hypertape.bindings.LibraryFile.Verdict;
import io.hypertape.bindings.testing.CudaDouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Files under the names of CUDA's libraries that are none, or not all of one: each is told and
 * passed by. What is loaded is loaded in a process of its own, which would not survive it.
 */
@Tag("cuda-double")
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class DamagedLibraryTest {

  private static final String NAME = "libcudart.so.13";
  private static final int PAGE = 4096;
  private static final int HEADER = 64;
  private static final int SEGMENT = 56;
  private static final int MACHINE_AT = 18;
  private static final int AARCH64 = 183;
  private static final int X86 = 62;

  @TempDir private Path folder;
  private static byte[] whole;

  @BeforeAll
  static void build() throws IOException {
    CudaDouble.requireDouble();
    whole = Files.readAllBytes(Path.of(System.getProperty("hypertape.cuda.path"), NAME));
  }

  /** Looks for the CUDA runtime in each folder of those given, one after the other. */
  static final class Main {
    private Main() {}

    public static void main(String[] folders) {
      for (String folder : folders) {
        SearchEnvironment process = SearchEnvironment.ofProcess();
        SearchEnvironment environment =
            new SearchEnvironment(
                Map.of("os.name", "Linux", "os.arch", process.property("os.arch")),
                folder.isEmpty() ? process.variables() : Map.of("HYPERTAPE_CUDA_PATH", folder),
                Path.of("/nowhere"));
        LibraryReport report =
            new LibraryFinder(environment, Loader.open()).find(NativeLibrary.CUDA_RUNTIME).report();
        System.out.println(report.attempts() + " found " + report.found());
      }
    }
  }

  private List<String> search(Map<String, String> variables, List<String> folders)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(NativeLibrariesTest.classPath());
    command.add(Main.class.getName());
    command.addAll(folders);
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(output);
    assertEquals(0, process.exitValue(), said);
    return said.lines().toList();
  }

  /** Where a library may end: in its headers, at pages, at the ends of its segments. */
  private static SortedSet<Integer> lengths() {
    SortedSet<Integer> lengths = new TreeSet<>();
    ByteBuffer header = LibraryFileTest.littleEndian(whole);
    int segments = header.getShort(56);
    for (int i = 0; i < HEADER + segments * SEGMENT + 4; i += 3) {
      lengths.add(i);
    }
    for (int i = 0; i < segments; i++) {
      int segment = HEADER + i * SEGMENT;
      int end = (int) (header.getLong(segment + 8) + header.getLong(segment + 32));
      lengths.addAll(List.of(segment, end - 1, end, end + 1));
    }
    for (int at = 0; at < whole.length; at += PAGE) {
      lengths.add(at);
    }
    lengths.add(whole.length - 1);
    lengths.removeIf(length -> length < 0 || length >= whole.length);
    return lengths;
  }

  private Path write(String place, byte[] content) throws IOException {
    Path file = folder.resolve(place).resolve(NAME);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  @Test
  void aFileThatIsCutOffIsSeenWhereverThatIs() throws IOException {
    Path file = write("one", whole);
    SearchEnvironment here = SearchEnvironment.ofProcess();
    assertEquals(Finding.FITS, LibraryFile.look(file, here));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      List<Integer> lengths = new ArrayList<>(lengths());
      for (int length : lengths.reversed()) {
        channel.truncate(length);
        Finding finding = LibraryFile.look(file, here);
        assertEquals(Verdict.DANGEROUS, finding.verdict(), length + " bytes");
        assertTrue(finding.text().startsWith(file.toString()), finding.text());
        assertTrue(finding.text().contains("has " + length + " bytes"), finding.text());
      }
    }
  }

  @Test
  void noneOfThemEndsTheProcess() throws Exception {
    List<String> folders = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int length : lengths()) {
      Path file = write("cut-" + length, Arrays.copyOf(whole, length));
      folders.add(file.getParent().toString());
      expected.add("has " + length + " bytes");
    }
    Random random = new Random(1);
    for (int i = 0; i < 16; i++) {
      byte[] bytes = new byte[5 * PAGE];
      random.nextBytes(bytes);
      // Half of them say that they are libraries for this machine.
      System.arraycopy(whole, 0, bytes, 0, i % 2 * 20);
      folders.add(write("random-" + i, bytes).getParent().toString());
      expected.add(i % 2 == 0 ? "is no ELF library, or damaged" : "is cut off or damaged");
    }
    byte[] foreign = whole.clone();
    foreign[MACHINE_AT] = (byte) (foreign[MACHINE_AT] == X86 ? AARCH64 : X86);
    folders.add(write("foreign", foreign).getParent().toString());
    expected.add("is for another machine (ELF machine ");
    byte[] narrow = whole.clone();
    narrow[4] = 1;
    folders.add(write("narrow", narrow).getParent().toString());
    expected.add(", 32 bits); this Java runs on ");
    folders.add(write("whole", whole).getParent().toString());
    expected.add("found ");
    assertSaid(expected, search(Map.of(), folders));
  }

  @Test
  void whatIsNoFileKeepsNobodyWaiting() throws Exception {
    Path pipe = folder.resolve("pipe");
    Files.createDirectories(pipe);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.resolve(NAME).toString()).start().waitFor());
    Path place = Files.createDirectories(folder.resolve("folder").resolve(NAME)).getParent();
    Path link = Files.createDirectories(folder.resolve("link"));
    Files.createSymbolicLink(link.resolve(NAME), Path.of("gone"));
    Path loop = Files.createDirectories(folder.resolve("loop"));
    Files.createSymbolicLink(loop.resolve(NAME), Path.of(NAME));
    Path toPipe = Files.createDirectories(folder.resolve("to-pipe"));
    Files.createSymbolicLink(toPipe.resolve(NAME), pipe.resolve(NAME));
    Path device = Files.createDirectories(folder.resolve("device"));
    Files.createSymbolicLink(device.resolve(NAME), Path.of("/dev/zero"));
    Path sound = write("whole", whole).getParent();
    List<Path> all = List.of(pipe, place, link, loop, toPipe, device);
    List<String> folders = new ArrayList<>(all.stream().map(Path::toString).toList());
    // Down the ladder there is one that fits.
    folders.add(String.join(":", folders) + ":" + sound);
    List<String> said = search(Map.of(), folders);
    // Before JUnit does, which warns of it.
    Files.delete(device.resolve(NAME));
    assertSaid(
        List.of(
            "is no file but a named pipe, a socket or a device",
            "is no file but a folder",
            "is a link to what is not there: gone",
            "is a link to what is not there: " + NAME,
            "is no file but a named pipe, a socket or a device",
            "is no file but a named pipe, a socket or a device",
            "found " + sound.resolve(NAME)),
        said);
  }

  /** The loader's own places are looked at before it is asked for a name. */
  @Test
  void whatTheLoaderWouldFindIsLookedAtToo() throws Exception {
    Path file = write("loader", Arrays.copyOf(whole, 10 * PAGE));
    Map<String, String> variables = Map.of("LD_LIBRARY_PATH", file.getParent().toString());
    assertSaid(List.of(file + " is cut off or damaged"), search(variables, List.of("")));
    Files.write(file, whole);
    assertSaid(List.of("found " + NAME), search(variables, List.of("")));
  }

  private static void assertSaid(List<String> expected, List<String> said) {
    assertEquals(expected.size(), said.size(), () -> String.join("\n", said));
    for (int i = 0; i < expected.size(); i++) {
      assertTrue(said.get(i).contains(expected.get(i)), expected.get(i) + ": " + said.get(i));
    }
  }
}
