package io.hypertape.io.guard;

import io.hypertape.checks.Nulls;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file is that was expected to be something else, as its first bytes tell, and what to do
 * about it: a page that says 404, a pointer that Git LFS left, a checkpoint that PyTorch has
 * pickled.
 */
public final class FileKind {

  /** Bytes of a file's beginning, of which all kinds are told. */
  public static final int HEAD = 512;

  private static final int SHOWN = 40;

  private final String what;
  private final String weights;
  private final String data;

  private FileKind(String what, String weights, String data) {
    this.what = what;
    this.weights = weights;
    this.data = data;
  }

  /** A kind that is known by the bytes at its beginning, or at a place further on. */
  private record Magic(int at, byte[] bytes, FileKind kind) {

    Magic(String latin, FileKind kind) {
      this(0, latin.getBytes(StandardCharsets.ISO_8859_1), kind);
    }

    boolean fits(byte[] head) {
      return FileKind.startsWith(head, at, bytes);
    }
  }

  private static FileKind of(String what, String remedy) {
    return new FileKind(what, remedy, remedy);
  }

  private static final String SAVE_FILE =
      "in Python, safetensors.torch.save_file(torch.load(\"%s\", map_location=\"cpu\","
          + " weights_only=True), \"model.safetensors\") writes a state_dict as safetensors";
  private static final String UNPACK = "unpack it first";
  private static final String NO_PICTURE = "an image is not what is read here";
  private static final String CONVERT = "weights must be converted to safetensors first";

  private static final FileKind TORCH_ZIP =
      new FileKind("a zip archive with a pickle, as PyTorch's torch.save writes it", SAVE_FILE, "");
  private static final FileKind NUMPY_ZIP =
      new FileKind(
          "a zip archive of NumPy arrays (.npz)",
          "in Python, safetensors.numpy.save_file(dict(numpy.load(\"%s\")), \"model.safetensors\")"
              + " converts it",
          "");
  private static final FileKind PICKLE = new FileKind("a Python pickle", SAVE_FILE, "");
  private static final FileKind ONNX =
      new FileKind(
          "an ONNX model", "io.hypertape.io.onnx.Onnx reads it, as a model of its own", "");
  private static final FileKind HTML =
      of(
          "a web page (HTML), such as an error or a login page that was saved under this name",
          "download the file again");
  private static final FileKind LFS_POINTER =
      of("a pointer that Git LFS left in the file's place", "git lfs pull brings the file itself");
  private static final FileKind INDEX =
      new FileKind("the index (JSON) of weights in several files", "", "");

  private static final List<Magic> MAGICS =
      List.of(
          new Magic("PK\3\4", of("a zip archive", UNPACK)),
          new Magic("\u001f\u008b", of("compressed with gzip", "gunzip unpacks it")),
          new Magic("BZh", of("compressed with bzip2", "bunzip2 unpacks it")),
          new Magic("\u00fd7zXZ\0", of("compressed with xz", "unxz unpacks it")),
          new Magic("(\u00b5/\u00fd", of("compressed with Zstandard", "unzstd unpacks it")),
          new Magic("7z\u00bc\u00af'\u001c", of("a 7-Zip archive", UNPACK)),
          new Magic("Rar!\u001a\7", of("a RAR archive", UNPACK)),
          new Magic(
              257, "ustar".getBytes(StandardCharsets.ISO_8859_1), of("a tar archive", UNPACK)),
          new Magic("\u0089HDF\r\n\u001a\n", new FileKind("HDF5, as Keras writes it", CONVERT, "")),
          new Magic("GGUF", new FileKind("GGUF, the format of llama.cpp", CONVERT, "")),
          new Magic("\u0093NUMPY", new FileKind("a NumPy array (.npy)", CONVERT, "")),
          new Magic(
              4,
              "TFL3".getBytes(StandardCharsets.ISO_8859_1),
              new FileKind("a model of TensorFlow Lite", CONVERT, "")),
          new Magic("PAR1", of("a table in Parquet", "")),
          new Magic("\u0089PNG\r\n\u001a\n", of("a PNG image", NO_PICTURE)),
          new Magic("\u00ff\u00d8\u00ff", of("a JPEG image", NO_PICTURE)),
          new Magic("GIF8", of("a GIF image", NO_PICTURE)),
          new Magic(8, "WEBP".getBytes(StandardCharsets.ISO_8859_1), of("a WebP image", "")),
          new Magic(4, "ftypavif".getBytes(StandardCharsets.ISO_8859_1), of("an AVIF image", "")),
          new Magic(4, "ftyphei".getBytes(StandardCharsets.ISO_8859_1), of("a HEIF image", "")),
          new Magic("%PDF-", of("a PDF document", "")),
          new Magic("\u007fELF", of("a program or library (ELF)", "")),
          new Magic("\0\0\b\3", of("IDX images, as of MNIST", "")),
          new Magic("\0\0\b\1", of("IDX labels, as of MNIST", "")),
          new Magic(
              "\u00ff\u00fe",
              new FileKind("UTF-16", "", "iconv -f UTF-16 -t UTF-8 converts a text")),
          new Magic(
              "\u00fe\u00ff",
              new FileKind("UTF-16", "", "iconv -f UTF-16 -t UTF-8 converts a text")));

  /**
   * Tells a kind.
   *
   * @param head the file's first bytes, {@link #HEAD} of them or all
   * @return the kind, if it is one of those that are known
   */
  public static Optional<FileKind> of(byte[] head) {
    Nulls.check(head, "file kind: head");
    if (head.length == 0) {
      return Optional.of(of("an empty file", "perhaps it was not downloaded or written whole"));
    }
    if (startsWith(head, 0, new byte[] {'P', 'K', 3, 4})) {
      return Optional.of(zip(head));
    }
    for (Magic magic : MAGICS) {
      if (magic.fits(head)) {
        return Optional.of(magic.kind);
      }
    }
    if (isPickle(head)) {
      return Optional.of(PICKLE);
    }
    if (isOnnx(head)) {
      return Optional.of(ONNX);
    }
    if (isSafetensors(head)) {
      return Optional.of(of("a safetensors file", "weights are not what is read here"));
    }
    return text(head);
  }

  private static boolean startsWith(byte[] head, int at, byte[] bytes) {
    if (head.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (head[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** By the name of the first file in it. */
  private static FileKind zip(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    int length = head.length < 30 ? 0 : head[26] & 0xFF | (head[27] & 0xFF) << 8;
    String name = text.substring(Math.min(30, head.length), Math.min(30 + length, head.length));
    if (name.endsWith("data.pkl") || name.contains("/data/") || name.endsWith("/version")) {
      return TORCH_ZIP;
    }
    return name.endsWith(".npy") ? NUMPY_ZIP : MAGICS.getFirst().kind;
  }

  /** Protocols 2 to 5 begin with their number; what follows is an opcode of a beginning. */
  private static boolean isPickle(byte[] head) {
    return head.length > 2
        && head[0] == (byte) 0x80
        && head[1] >= 2
        && head[1] <= 5
        && "}](c\u0095\u008a\u008c(XKMJq)".indexOf(head[2] & 0xFF) >= 0;
  }

  /** A protocol buffer: a small version of the format, then the producer's name. */
  private static boolean isOnnx(byte[] head) {
    if (head.length < 8 || head[0] != 8 || head[1] < 1 || head[1] > 32 || head[2] != 0x12) {
      return false;
    }
    int length = head[3];
    for (int i = 0; i < Math.min(length, head.length - 4); i++) {
      if (head[4 + i] < ' ' || head[4 + i] > '~') {
        return false;
      }
    }
    return length > 2;
  }

  private static boolean isSafetensors(byte[] head) {
    return head.length > 10
        && head[4] == 0
        && head[5] == 0
        && head[6] == 0
        && head[7] == 0
        && head[8] == '{'
        && (head[9] == '"' || head[9] == '}' || head[9] == ' ');
  }

  /**
   * Whether a file is the index of weights that lie in several files.
   *
   * @param head the file's first bytes, {@link #HEAD} of them or all
   * @return true if it begins as a JSON object that has a {@code weight_map}
   */
  public static boolean isIndexOfWeights(byte[] head) {
    Nulls.check(head, "file kind: head");
    String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
    return text.startsWith("{") && text.contains("\"weight_map\"") && !isSafetensors(head);
  }

  private static Optional<FileKind> text(byte[] head) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(head.length);
    // A character may be cut off where the head ends.
    CoderResult result = decoder.decode(ByteBuffer.wrap(head), out, head.length < HEAD);
    String text = out.flip().toString();
    boolean printable =
        text.chars().allMatch(c -> !Character.isISOControl(c) || "\t\n\r\f".indexOf(c) >= 0);
    if (result.isError() || !printable || text.isBlank()) {
      return Optional.empty();
    }
    String begin = text.replaceFirst("^[\\s\\uFEFF]+", "");
    String lower = begin.toLowerCase(Locale.ROOT);
    if (begin.startsWith("version https://git-lfs")) {
      return Optional.of(LFS_POINTER);
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of(HTML);
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error>")) {
      return Optional.of(of("XML, such as an error that a server answered with", ""));
    }
    if (isIndexOfWeights(head)) {
      return Optional.of(INDEX);
    }
    return Optional.of(of("a text that begins with '" + shown(begin) + "'", ""));
  }

  /** What can be shown of a text: its first line, shortened, and nothing that steers a terminal. */
  private static String shown(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    boolean whole = line.codePointCount(0, line.length()) <= SHOWN;
    StringBuilder shown = new StringBuilder();
    line.codePoints()
        .limit(SHOWN)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(shown::appendCodePoint);
    return whole ? shown.toString() : shown + "…";
  }

  /**
   * For an error where weights were expected.
   *
   * @param file the file
   * @return such as {@code a zip archive …; a safetensors file is expected; …}
   */
  public String insteadOfWeights(Path file) {
    Nulls.check(file, "file kind: file");
    return what
        + "; a safetensors file is expected"
        + (weights.isEmpty() ? "" : "; " + weights.replace("%s", String.valueOf(file)));
  }

  /**
   * For an error where data were expected, after what was expected.
   *
   * @return what the file is and what to do, such as {@code a web page (HTML) …; download the file
   *     again}
   */
  public String insteadOfData() {
    return what + (data.isEmpty() ? "" : "; " + data);
  }

  /**
   * For people.
   *
   * @return such as {@code an empty file}
   */
  @Override
  public String toString() {
    return what;
  }
}
