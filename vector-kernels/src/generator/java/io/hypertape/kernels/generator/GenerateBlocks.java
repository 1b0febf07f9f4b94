package io.hypertape.kernels.generator;

import static io.hypertape.kernels.generator.BlockShape.convolution;
import static io.hypertape.kernels.generator.BlockShape.direct;
import static io.hypertape.kernels.generator.BlockShape.dots;
import static io.hypertape.kernels.generator.BlockShape.filter;
import static io.hypertape.kernels.generator.BlockShape.packed;

import io.hypertape.kernels.generator.BlockShape.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes the unrolled blocks of vector-kernels, each shape of the table below, and how the block
 * for a number of rows is chosen; functions by name and of rows, and copies of rows; optimizers'
 * updates with their loops, of {@link UpdateTable}; recurrent cells, of {@link CellSource}; and the
 * loops of batch normalization, of {@link NormSource}. What it writes is checked in.
 *
 * <pre>
 * java GenerateBlocks.java [--check] [FOLDER]
 * </pre>
 *
 * <p>FOLDER is {@code vector-kernels/src/generated/java} of the source tree that one stands in.
 * With {@code --check} nothing is written; the exit status is 1 if something differs.
 */
public final class GenerateBlocks {

  /** All blocks: a line for each number of rows. */
  static final List<BlockShape> SHAPES =
      List.of(
          // Rows by vectors of a product, a packed in panels …
          packed(12, 2, 1),
          packed(10, 2, 1),
          packed(8, 2, 1),
          packed(6, 2, 1),
          packed(5, 2, 1).whereRegistersAreFew(),
          packed(4, 2, 1),
          packed(2, 2, 1),
          // … and where its rows lie.
          direct(14, 2, 1),
          direct(12, 2, 1),
          direct(10, 2, 1),
          direct(8, 3, 2, 1),
          direct(6, 3, 2, 1),
          direct(4, 3, 2, 1),
          direct(2, 3, 2, 1),
          // Rows by columns of inner products.
          dots(4, 10),
          dots(4, 8),
          // Planes by vectors of a convolution.
          convolution(8, 2),
          convolution(4, 2),
          convolution(1, 2),
          // Filters by taps of a filter gradient.
          filter(4, 6, 5, 3),
          filter(1, 6));

  private static final String COMMAND =
      "java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java";

  private static final String FIRST = "// Generated, not to be edited:";

  private static final String HEADER =
      FIRST + " change the generator and run\n// " + COMMAND + "\n";

  private static final Path FOLDER = Path.of("vector-kernels/src/generated/java");

  private GenerateBlocks() {}

  /**
   * Writes or checks.
   *
   * @param args the words of the command line
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    List<String> words = new ArrayList<>(List.of(args));
    boolean check = words.remove("--check");
    if (words.size() > 1 || words.stream().anyMatch(word -> word.startsWith("-"))) {
      System.err.println("usage: " + COMMAND + " [--check] [FOLDER]");
      System.exit(2);
    }
    Path folder = words.isEmpty() ? find() : Path.of(words.getFirst());
    Map<String, String> sources = sources(SHAPES);
    if (!check) {
      try {
        write(sources, folder);
      } catch (IllegalArgumentException e) {
        System.err.println(e.getMessage());
        System.exit(1);
      }
      return;
    }
    List<String> differences = differences(sources, folder);
    if (!differences.isEmpty()) {
      System.err.println(message(differences, folder));
      System.exit(1);
    }
  }

  /** What is wrong, and what mends it. */
  static String message(List<String> differences, Path folder) {
    return folder
        + " is not what the generator writes:\n  "
        + String.join("\n  ", differences)
        + "\nRun: "
        + COMMAND;
  }

  private static Path find() {
    Path here = Path.of("").toAbsolutePath();
    for (Path root = here; root != null; root = root.getParent()) {
      if (Files.isDirectory(root.resolve(FOLDER))) {
        return root.resolve(FOLDER);
      }
    }
    throw new IllegalStateException(here + " is in no source tree that has " + FOLDER);
  }

  /**
   * Every file's text by its path.
   *
   * @param shapes lines of the table
   * @throws IllegalArgumentException if a kind has no such block, or a number of rows none at all
   */
  static Map<String, String> sources(List<BlockShape> shapes) {
    Map<String, List<BlockShape>> products = new TreeMap<>();
    Map<String, Integer> widths = new TreeMap<>();
    for (BlockShape shape : shapes) {
      if (shape.kind() == Kind.PACKED || shape.kind() == Kind.DIRECT) {
        for (int vectors : shape.columns()) {
          String name = ProductSource.className(shape, vectors);
          products.computeIfAbsent(name, unused -> new ArrayList<>()).add(shape);
          widths.put(name, vectors);
        }
      }
    }
    Map<String, String> sources = new TreeMap<>();
    products.forEach(
        (name, some) ->
            put(sources, "gemm", name, new ProductSource(some, widths.get(name)).source()));
    put(sources, "gemm", "ScalarTiles", TileSource.fused());
    put(sources, "gemm", "EmulatedTiles", TileSource.emulated());
    put(sources, "gemm", "DotBlocks", new DotSource(of(Kind.DOTS, shapes)).source());
    put(sources, "gemm", "NarrowDotBlocks", new NarrowDotSource().source());
    List<BlockShape> sums = of(Kind.CONVOLUTION, shapes);
    List<BlockShape> filters = of(Kind.FILTER, shapes);
    for (boolean vectors : new boolean[] {true, false}) {
      String kind = vectors ? "" : "Scalar";
      String name = kind + "ConvolutionBlocks";
      put(sources, "convolution", name, new ConvolutionSource(sums, vectors).source());
      name = kind + "FilterBlocks";
      put(sources, "convolution", name, new FilterSource(filters, vectors).source());
    }
    put(sources, "convolution", "RowCopies", new RowCopySource().source());
    put(sources, "lanes", "Transposition", new TranspositionSource().source());
    put(sources, "lanes", "UnaryOp", FunctionSource.unary());
    put(sources, "lanes", "BinaryOp", FunctionSource.binary());
    put(sources, "lanes", "ScalarMath", MathSource.scalars());
    put(sources, "elementwise", "VectorMath", MathSource.vectors());
    put(sources, "elementwise", "VectorUnary", RowSource.unary());
    put(sources, "elementwise", "VectorBinary", RowSource.binary());
    put(sources, "elementwise", "VectorReduce", FoldSource.vectors());
    put(sources, "elementwise", "ScalarReduce", FoldSource.scalars());
    put(sources, "updates", "UpdateOp", new UpdateOpSource().source());
    put(sources, "updates", "VectorUpdateLoops", UpdateSource.vectors());
    put(sources, "updates", "ScalarUpdateLoops", UpdateSource.scalars());
    put(sources, "layers", "VectorCells", CellSource.steps());
    put(sources, "layers", "VectorCellLoops", CellSource.vectors());
    put(sources, "layers", "ScalarCells", CellSource.scalars());
    put(sources, "layers", "AnyCells", CellSource.choice());
    put(sources, "layers", "PlaneNormLoops", NormSource.planes(true));
    put(sources, "layers", "FeatureNormLoops", NormSource.features(true));
    put(sources, "layers", "AnyPlaneNormLoops", NormSource.choice(true));
    put(sources, "layers", "AnyFeatureNormLoops", NormSource.choice(false));
    put(sources, "layers", "ShortPlaneNormLoops", NormSource.planesOfShortVectors());
    put(sources, "layers", "ScalarPlaneNormLoops", NormSource.planes(false));
    put(sources, "layers", "ScalarFeatureNormLoops", NormSource.features(false));
    return sources;
  }

  private static List<BlockShape> of(Kind kind, List<BlockShape> shapes) {
    return shapes.stream().filter(shape -> shape.kind() == kind).toList();
  }

  private static void put(Map<String, String> sources, String room, String name, String text) {
    sources.put("io/hypertape/kernels/" + room + "/" + name + ".java", HEADER + text);
  }

  /**
   * Writes all files, and removes those that are no longer made.
   *
   * @throws IllegalArgumentException if the folder has a file that was not generated; then nothing
   *     is written
   */
  static void write(Map<String, String> sources, Path folder) throws IOException {
    List<Path> former = new ArrayList<>();
    for (String name : files(folder)) {
      Path file = folder.resolve(name);
      if (!Files.readString(file).startsWith(FIRST)) {
        throw new IllegalArgumentException(
            file + " was not generated; a folder of its own, or an empty one, fits");
      }
      if (!sources.containsKey(name)) {
        former.add(file);
      }
    }
    for (Path file : former) {
      Files.delete(file);
    }
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
    }
  }

  /** In what a folder differs from what would be written there: a line for each file. */
  static List<String> differences(Map<String, String> sources, Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> there = files(folder);
    for (Map.Entry<String, String> source : sources.entrySet()) {
      String name = source.getKey();
      if (!there.contains(name)) {
        found.add(name + " is missing");
      } else if (!Files.readString(folder.resolve(name))
          .replace("\r\n", "\n")
          .equals(source.getValue())) {
        found.add(name + " differs");
      }
    }
    there.stream()
        .filter(name -> !sources.containsKey(name))
        .forEach(name -> found.add(name + " is not generated"));
    return found;
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}
