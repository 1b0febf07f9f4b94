package io.hypertape.cli;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Where everything goes that people read: names from files, messages of libraries and of the log
 * included. What would steer a terminal is written out ({@link Shown}); line breaks and tabs are
 * kept. {@link #write(int)} is the way of our own control characters, such as the progress bar's
 * carriage return, and {@link #raw} that of what is not for people.
 */
final class ShownStream extends PrintStream {

  private final PrintStream raw;
  private final CharsetDecoder decoder;
  // Bytes of a character that is not whole yet.
  private ByteBuffer begun = ByteBuffer.allocate(0);

  private ShownStream(PrintStream raw) {
    super(raw, true, raw.charset());
    this.raw = raw;
    this.decoder =
        raw.charset()
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
  }

  /** In front of a stream, unless it is one of these. */
  static ShownStream over(PrintStream stream) {
    return stream instanceof ShownStream shown ? shown : new ShownStream(stream);
  }

  /** The stream behind, for bytes that go to another program. */
  static PrintStream raw(PrintStream stream) {
    return stream instanceof ShownStream shown ? shown.raw : stream;
  }

  /** All that is printed comes here as bytes, whoever encoded it. */
  @Override
  public void write(byte[] bytes, int from, int length) {
    synchronized (this) {
      ByteBuffer in = ByteBuffer.allocate(begun.remaining() + length);
      in.put(begun).put(bytes, from, length).flip();
      CharBuffer text = CharBuffer.allocate((int) (in.remaining() * decoder.maxCharsPerByte()) + 1);
      CoderResult result = decoder.decode(in, text, false);
      if (result.isOverflow()) {
        throw new IllegalStateException("a buffer of the size that the decoder asks for");
      }
      begun = in;
      raw.print(Shown.lines(text.flip().toString()));
    }
  }

  @Override
  public void write(int value) {
    raw.write(value);
  }

  @Override
  public void flush() {
    raw.flush();
  }

  @Override
  public boolean checkError() {
    return raw.checkError();
  }

  /** Flushes: the stream behind is somebody else's. */
  @Override
  public void close() {
    raw.flush();
  }
}
