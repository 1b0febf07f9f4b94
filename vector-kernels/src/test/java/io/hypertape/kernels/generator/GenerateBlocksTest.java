package io.hypertape.kernels.generator;

import static io.hypertape.kernels.generator.BlockShape.convolution;
import static io.hypertape.kernels.generator.BlockShape.direct;
import static io.hypertape.kernels.generator.BlockShape.dots;
import static io.hypertape.kernels.generator.BlockShape.packed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.VectorWidth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is checked in is what the generator writes, and a shape more is a line more. */
class GenerateBlocksTest {

  private static final Path CHECKED_IN = Path.of("src/generated/java");
  private static final Path PROGRAM =
      Path.of("src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java");

  private static final int L = VectorWidth.BITS / Float.SIZE;

  @TempDir private Path folder;

  private static Map<String, String> sources() {
    return GenerateBlocks.sources(GenerateBlocks.SHAPES);
  }

  @Test
  void whatIsCheckedInIsWhatIsGenerated() throws IOException {
    List<String> differences = GenerateBlocks.differences(sources(), CHECKED_IN);
    assertEquals(List.of(), differences, GenerateBlocks.message(differences, CHECKED_IN));
  }

  @Test
  void whatDiffersIsRefused() throws IOException {
    GenerateBlocks.write(sources(), folder);
    assertEquals(List.of(), GenerateBlocks.differences(sources(), folder));
    Path gemm = folder.resolve("io/hypertape/kernels/gemm");
    Path changed = gemm.resolve("DirectBlocks.java");
    Files.writeString(changed, Files.readString(changed).replace("s3l = x.fma(l", "s3l = x.fma(r"));
    Files.delete(gemm.resolve("PackedBlocks.java"));
    // As of a shape that the table no longer has.
    Files.writeString(gemm.resolve("StrayBlocks.java"), "// Generated, not to be edited: x\n");
    assertEquals(
        List.of(
            "io/hypertape/kernels/gemm/DirectBlocks.java differs",
            "io/hypertape/kernels/gemm/PackedBlocks.java is missing",
            "io/hypertape/kernels/gemm/StrayBlocks.java is not generated"),
        GenerateBlocks.differences(sources(), folder));
    GenerateBlocks.write(sources(), folder);
    assertEquals(List.of(), GenerateBlocks.differences(sources(), folder));
    assertTrue(Files.notExists(gemm.resolve("StrayBlocks.java")));
  }

  @Test
  void whatWasNotGeneratedStays() throws IOException {
    Path own = folder.resolve("Precious.java");
    Files.writeString(own, "class Precious {}\n");
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> GenerateBlocks.write(sources(), folder));
    assertEquals(
        own + " was not generated; a folder of its own, or an empty one, fits",
        refusal.getMessage());
    assertEquals("class Precious {}\n", Files.readString(own));
    assertTrue(Files.notExists(folder.resolve("io")), "nothing is written");
    assertEquals(
        List.of("Precious.java is not generated"), GenerateBlocks.differences(Map.of(), folder));
  }

  @Test
  void theProgramWritesAndChecks() throws Exception {
    GenerateBlocks.main(new String[] {folder.toString()});
    assertEquals(List.of(), GenerateBlocks.differences(sources(), folder));
    GenerateBlocks.main(new String[] {"--check", folder.toString()});
  }

  /** As one runs it: by the launcher of programs in source files. */
  @Test
  void theProgramFailsWhereSomethingDiffers() throws Exception {
    GenerateBlocks.write(sources(), folder);
    Path changed = folder.resolve("io/hypertape/kernels/convolution/FilterBlocks.java");
    Files.writeString(changed, Files.readString(changed) + "\n");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java, "-XX:TieredStopAtLevel=1", PROGRAM.toString(), "--check", folder.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), text);
    assertTrue(text.contains("convolution/FilterBlocks.java differs"), text);
    assertTrue(text.contains("\nRun: java vector-kernels/src/generator/java/"), text);
    assertEquals(
        List.of("io/hypertape/kernels/convolution/FilterBlocks.java differs"),
        GenerateBlocks.differences(sources(), folder),
        "a check writes nothing");
  }

  @Test
  void everyFileSaysThatItIsGenerated() {
    sources()
        .forEach(
            (name, text) -> assertTrue(text.startsWith("// Generated, not to be edited: "), name));
  }

  /** Lines of the table that leave rows without a block, or ask for what no kind has. */
  static Stream<List<BlockShape>> refused() {
    return Stream.of(
        List.of(packed(6, 2, 1), packed(2, 2, 1)),
        List.of(packed(6, 2, 1), packed(4, 2, 1).whereRegistersAreFew(), packed(2, 2, 1)),
        List.of(packed(2, 2, 1), packed(3, 2, 1).whereRegistersAreFew()),
        List.of(packed(2, 3)),
        List.of(direct(2, 4)),
        List.of(dots(4, 7)),
        List.of(convolution(2, 3)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shapesWithoutABlockAreRefused(List<BlockShape> shapes) {
    assertThrows(IllegalArgumentException.class, () -> GenerateBlocks.sources(shapes));
  }

  @Test
  void refusalsSayWhatIsMissing() {
    List<BlockShape> gap = List.of(direct(6, 2), direct(2, 2));
    assertEquals(
        "DIRECT blocks: none for 3 rows; of one that has more, at most 1 may be to spare",
        assertThrows(IllegalArgumentException.class, () -> GenerateBlocks.sources(gap))
            .getMessage());
  }

  /** 13 rows by two vectors: computed by their own block, whose neighbours are as they were. */
  @Test
  void aLineMoreIsABlockMore() throws Exception {
    List<BlockShape> more = new ArrayList<>(GenerateBlocks.SHAPES);
    BlockShape shape = direct(13, 2);
    more.add(shape);
    Map<String, String> sources = GenerateBlocks.sources(more);
    assertEquals(
        List.of("io/hypertape/kernels/gemm/DirectBlocks.java differs"),
        GenerateBlocks.differences(sources, CHECKED_IN));
    String text = sources.get("io/hypertape/kernels/gemm/DirectBlocks.java");
    assertTrue(text.contains("case 14 -> rows14x2("), text);
    assertTrue(text.contains("case 13 -> rows13x2("), text);
    assertTrue(text.contains("case 11, 12 -> rows12x2("), text);
    ClassLoader compiled = compiled(sources, List.of("DirectBlocks"));
    ProductOracle oracle = new ProductOracle(blocks(compiled, "DirectBlocks"), shape, 2);
    for (int rows = 11; rows <= 14; rows++) {
      oracle.check("block", rows, rows, 9, L, true);
    }
    oracle.check("rows13x2", 13, 13, 9, L, false);
    oracle.check("rows13x2", 13, 12, 9, L, false);
  }

  /** Of a last vector across the edge only the lanes that count are read and written. */
  @Test
  void aLastVectorMayBeMasked() throws Exception {
    List<BlockShape> more = new ArrayList<>(GenerateBlocks.SHAPES);
    List<BlockShape> masked =
        List.of(direct(2, 3, 2, 1).withMaskedEdge(), packed(2, 2, 1).withMaskedEdge());
    more.addAll(masked);
    Map<String, String> sources = GenerateBlocks.sources(more);
    List<String> names =
        List.of(
            "MaskedDirectBlocks",
            "MaskedNarrowDirectBlocks",
            "MaskedNarrowPackedBlocks",
            "MaskedPackedBlocks",
            "MaskedThreeVectorBlocks");
    ClassLoader compiled = compiled(sources, names);
    for (BlockShape shape : masked) {
      for (int vectors : shape.columns()) {
        String name = ProductSource.className(shape, vectors);
        assertTrue(names.contains(name), name);
        ProductOracle oracle = new ProductOracle(blocks(compiled, name), shape, vectors);
        for (int lanes = 0; lanes <= L; lanes++) {
          oracle.check("block", 2, 2, 3, lanes, lanes % 2 == 0);
        }
        oracle.check("rows2x" + vectors, 2, 1, 3, 1, true);
      }
    }
  }

  private static BlockClass blocks(ClassLoader loader, String name) throws ClassNotFoundException {
    Class<?> type = loader.loadClass("io.hypertape.kernels.gemm." + name);
    assertSame(loader, type.getClassLoader());
    return new BlockClass(type);
  }

  /** Classes of other sources, in place of those that are checked in. */
  private ClassLoader compiled(Map<String, String> sources, List<String> names) throws IOException {
    Path written = Files.createDirectories(folder.resolve("written"));
    GenerateBlocks.write(sources, written);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> words =
        new ArrayList<>(
            List.of(
                "-d", classes.toString(), "-parameters", "--add-modules", "jdk.incubator.vector"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xlint:-incubating"));
    for (String name : names) {
      words.add(written.resolve("io/hypertape/kernels/gemm/" + name + ".java").toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertEquals(0, compiler.run(null, null, null, words.toArray(String[]::new)), "javac");
    return new Gemm(classes, Path.of("target/classes"));
  }

  /** The room of products once more, from other folders. */
  private static final class Gemm extends ClassLoader {
    private final List<Path> folders;

    Gemm(Path... folders) {
      super(GenerateBlocksTest.class.getClassLoader());
      this.folders = List.of(folders);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.hypertape.kernels.gemm.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      for (Path place : folders) {
        Path file = place.resolve(name.replace('.', '/') + ".class");
        if (Files.exists(file)) {
          try {
            byte[] bytes = Files.readAllBytes(file);
            return defineClass(name, bytes, 0, bytes.length);
          } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
          }
        }
      }
      throw new ClassNotFoundException(name);
    }
  }
}
