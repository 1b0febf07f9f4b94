package io.hypertape.data.codec;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The JDK's decoders, whose warnings are errors here: what they warn of are wrong pixels. */
final class Decoder {

  private Decoder() {}

  /** What is done with a decoder. */
  @FunctionalInterface
  interface Task<T> {
    T run(ImageReader reader) throws IOException;
  }

  /** Decodes the beginning of an array. */
  static <T> T decode(String format, byte[] bytes, int length, Task<T> task)
      throws ImageFormatException {
    ImageReader reader = reader(format);
    String[] warning = new String[1];
    reader.addIIOReadWarningListener(
        (source, message) -> warning[0] = warning[0] == null ? message : warning[0]);
    T result;
    try (ByteImageStream in = new ByteImageStream(bytes, length)) {
      reader.setInput(in, true, true);
      result = task.run(reader);
    } catch (IOException | RuntimeException e) {
      // The JDK's decoders answer damaged data with almost any exception.
      throw new ImageFormatException(warning[0] == null ? reason(e) : warning[0]);
    } finally {
      reader.dispose();
    }
    if (warning[0] != null) {
      throw new ImageFormatException(warning[0]);
    }
    return result;
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().strip();
  }

  /** The JDK's own, whatever else the application has, so that all give the same pixels. */
  private static ImageReader reader(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getModule() == ImageIO.class.getModule()) {
        return reader;
      }
    }
    throw new IllegalStateException("this JDK has no decoder of " + format);
  }
}
