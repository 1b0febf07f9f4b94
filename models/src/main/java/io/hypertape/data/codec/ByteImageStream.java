package io.hypertape.data.codec;

import java.util.Objects;
import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes as the JDK's decoders want them; those of the JDK itself would be copied once more. */
final class ByteImageStream extends ImageInputStreamImpl {

  private final byte[] bytes;
  private final int length;

  ByteImageStream(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = Objects.checkIndex(length, bytes.length + 1);
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < length ? bytes[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    bitOffset = 0;
    int n = (int) Math.min(count, length - streamPos);
    if (n <= 0) {
      return count == 0 ? 0 : -1;
    }
    System.arraycopy(bytes, (int) streamPos, target, from, n);
    streamPos += n;
    return n;
  }

  @Override
  public long length() {
    return length;
  }
}
