package io.hypertape.spark.exchange;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two workers hand each other numbers at the same time, over a connection that blocks neither. What
 * comes is added, or taken over, while more is on its way. Used by one thread.
 */
final class Swap {

  /** Bytes that are handed to a connection, or taken from it, at once. */
  private static final int CHUNK_BYTES = 256 << 10;

  /** As many numbers fit into one chunk with what stands before them. */
  static final int WHOLE = (CHUNK_BYTES - Frame.BYTES) / Float.BYTES;

  /** What becomes of numbers that come. */
  enum Arrival {
    ADDED,
    TAKEN
  }

  private final int self;
  private final Selector selector;
  private final AtomicBoolean closed;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private final float[] arrived = new float[CHUNK_BYTES / Float.BYTES];
  private final Tally tally;

  // Of the swap under way.
  private Peer peer;
  private float[] values;
  private Frame expected;
  private int toSend;
  private int sendEnd;
  private int toReceive;
  private int receiveEnd;
  private boolean headed;
  private Arrival arrival;

  Swap(int self, Selector selector, Arena memory, AtomicBoolean closed, Tally tally) {
    this.self = self;
    this.selector = selector;
    this.closed = closed;
    this.tally = tally;
    this.out = buffer(memory);
    this.in = buffer(memory);
  }

  private static ByteBuffer buffer(Arena memory) {
    return memory.allocate(CHUNK_BYTES, 64).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Sends one part of the values and receives another, or the same if it fits into a chunk.
   *
   * @param frame what stands before the numbers that are sent; what is received has to be alike
   * @throws ExchangeException if the other is gone, silent for too long, or at another sum
   */
  void swap(
      Peer other,
      Frame frame,
      float[] numbers,
      Range send,
      Range receive,
      Arrival what,
      Duration patience) {
    peer = other;
    values = numbers;
    expected = frame;
    toSend = send.from();
    sendEnd = send.to();
    toReceive = receive.from();
    receiveEnd = receive.to();
    arrival = what;
    headed = false;
    in.clear().limit(Frame.BYTES);
    out.clear();
    frame.write(out);
    fill();
    peer.setWithinFrame(true);
    move(patience);
  }

  private void move(Duration patience) {
    boolean sending = true;
    boolean receiving = true;
    @Nullable IOException broken = null;
    long last = System.nanoTime();
    while (sending || receiving) {
      boolean moved = false;
      if (sending) {
        try {
          int sent = peer.channel().write(out);
          tally.sent(sent);
          moved = sent > 0;
          sending = out.hasRemaining() || fill();
          peer.setWithinFrame(sending);
        } catch (IOException e) {
          // Why it left may have come before.
          broken = e;
          sending = false;
          receiving = true;
        }
      }
      if (receiving) {
        moved |= receive(broken);
        receiving = broken != null || !headed || toReceive < receiveEnd;
      }
      checkOpen();
      if (moved) {
        last = System.nanoTime();
      } else if (sending || receiving) {
        await(sending, receiving, last + patience.toNanos(), patience);
      }
    }
  }

  private String where() {
    return "worker " + self + ", " + expected;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new ExchangeException(where() + ": this worker's exchange was closed");
    }
  }

  /** The next numbers to send; false if there are none. */
  private boolean fill() {
    int count = Math.min(sendEnd - toSend, out.capacity() / Float.BYTES);
    if (out.position() == out.limit()) {
      out.clear();
    } else {
      count = Math.min(count, out.remaining() / Float.BYTES);
    }
    int start = out.position();
    if (count > 0) {
      out.asFloatBuffer().put(values, toSend, count);
      toSend += count;
    }
    out.position(0).limit(start + count * Float.BYTES);
    return out.hasRemaining();
  }

  /** Takes what has come; false if that is nothing. */
  private boolean receive(@Nullable IOException broken) {
    int count;
    try {
      count = peer.channel().read(in);
    } catch (IOException e) {
      throw gone(broken == null ? e : broken);
    }
    if (count < 0) {
      throw gone(broken);
    }
    tally.received(count);
    if (headed) {
      take();
    } else if (!in.hasRemaining()) {
      head(broken);
    }
    if (broken != null && headed && toReceive == receiveEnd) {
      headed = false;
      in.clear().limit(Frame.BYTES);
    }
    return count > 0;
  }

  private ExchangeException gone(@Nullable IOException why) {
    String message =
        where() + ": " + peer + " has left, which it or the job's log may give a reason for";
    return why == null
        ? new ExchangeException(message)
        : new ExchangeException(message + " (" + why.getMessage() + ")", why);
  }

  private void head(@Nullable IOException broken) {
    Frame frame = Frame.read(in.flip());
    if (frame.kind() == Frame.FAREWELL) {
      throw new ExchangeException(farewell(frame.count()));
    }
    if (broken != null && toReceive == receiveEnd) {
      throw gone(broken);
    }
    if (frame.kind() != Frame.NUMBERS
        || frame.phase() != expected.phase()
        || frame.sum() != expected.sum()
        || frame.length() != expected.length()
        || frame.count() != receiveEnd - toReceive) {
      throw new ExchangeException(
          where()
              + ": "
              + peer
              + (frame.kind() == Frame.NUMBERS ? " is at " + frame : " sends what is no sum")
              + "; all workers have to ask for the same sums in the same order");
    }
    headed = true;
    in.clear();
    limitToRest();
  }

  /** What is read next belongs to this frame. */
  private void limitToRest() {
    in.limit((int) Math.min(in.capacity(), (long) (receiveEnd - toReceive) * Float.BYTES));
  }

  private void take() {
    int count = in.position() / Float.BYTES;
    in.flip();
    if (count > 0) {
      FloatBuffer numbers = in.asFloatBuffer();
      if (arrival == Arrival.TAKEN) {
        numbers.get(values, toReceive, count);
      } else {
        numbers.get(arrived, 0, count);
        add(values, toReceive, arrived, count);
      }
      toReceive += count;
      in.position(count * Float.BYTES);
    }
    in.compact();
    limitToRest();
  }

  private static void add(float[] to, int offset, float[] more, int count) {
    for (int i = 0; i < count; i++) {
      to[offset + i] += more[i];
    }
  }

  /** Why the other leaves, in its own words. */
  private String farewell(int bytes) {
    ByteBuffer text = ByteBuffer.allocate(Math.clamp(bytes, 0, Frame.MOST_TEXT));
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    try {
      while (text.hasRemaining() && System.nanoTime() < end && peer.channel().read(text) >= 0) {
        LockSupport.parkNanos(100_000);
      }
    } catch (IOException e) {
      // What has come is what there is.
    }
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", " ");
  }

  private void await(boolean sending, boolean receiving, long end, Duration patience) {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      String part = where() + (receiving && !headed ? "" : ", amid its numbers");
      throw new ExchangeException(
          part
              + ": "
              + peer
              + (receiving ? " has sent nothing for " : " has taken nothing for ")
              + patience.toMillis()
              + " ms");
    }
    try {
      peer.key()
          .interestOps(
              (sending ? SelectionKey.OP_WRITE : 0) | (receiving ? SelectionKey.OP_READ : 0));
      selector.select(millis);
      selector.selectedKeys().clear();
      peer.key().interestOps(0);
    } catch (IOException e) {
      throw gone(e);
    }
  }
}
