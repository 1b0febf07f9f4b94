package io.hypertape.data;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Servers that do by chance what servers and the ways to them do. */
final class SimulatedWeb implements Web {

  private static final Duration FOREVER = Duration.ofDays(365);

  /** What a server does that is asked. */
  enum Deed {
    GOOD,
    REFUSES,
    SILENT,
    STATUS,
    REDIRECTS,
    LOOPS,
    LEAVES_HTTPS,
    REDIRECTS_NOWHERE,
    STALLS,
    DRIPS,
    SLOW,
    CUTS,
    SHORT,
    LONG,
    ENDLESS,
    GARBAGE,
    PAGE
  }

  private final SimulatedTime time;
  private final Random random;
  private final byte[] contents;
  private final DownloadPace.Limit pace;
  private final Map<Deed, Integer> done = new TreeMap<>();
  private int untilInterrupt;
  private boolean good;
  private int waits;
  private int open;
  private long sent;

  SimulatedWeb(SimulatedTime time, Random random, byte[] contents, DownloadPace.Limit pace) {
    this.time = time;
    this.random = random;
    this.contents = contents;
    this.pace = pace;
    this.untilInterrupt = random.nextInt(8) == 0 ? random.nextInt(30) : Integer.MAX_VALUE;
  }

  /** All servers are as they should be from now on. */
  void heal() {
    good = true;
    untilInterrupt = Integer.MAX_VALUE;
  }

  /** How often each was done. */
  Map<Deed, Integer> done() {
    return done;
  }

  /** Answers that are not closed. */
  int open() {
    return open;
  }

  /** Bytes that were handed over. */
  long sent() {
    return sent;
  }

  private void waitFor(Duration wanted, Duration patience) throws InterruptedException {
    if (++waits > 100_000) {
      throw new AssertionError("there is no end of it");
    }
    if (untilInterrupt-- <= 0) {
      throw new InterruptedException();
    }
    time.pass(wanted.compareTo(patience) < 0 ? wanted : patience);
  }

  @Override
  public Answer get(URI address, Duration patience) throws IOException, InterruptedException {
    Deed[] deeds = Deed.values();
    Deed deed = good || random.nextInt(4) == 0 ? Deed.GOOD : deeds[random.nextInt(deeds.length)];
    done.merge(deed, 1, Integer::sum);
    boolean silent = deed == Deed.SILENT;
    waitFor(silent ? FOREVER : Duration.ofMillis(random.nextInt(2000)), patience);
    if (silent) {
      throw new IOException("no answer within " + patience.toSeconds() + " s");
    }
    if (deed == Deed.REFUSES) {
      throw random.nextBoolean() ? new IOException() : new IOException("Connection refused");
    }
    open++;
    return new Sent(deed, address);
  }

  @Override
  public void close() {
    // Nothing is kept open.
  }

  private final class Sent implements Answer {
    private final Deed deed;
    private final URI address;
    private final byte[] body;
    private final int last;
    private final int status;
    private final boolean nowhere;
    private int at;

    Sent(Deed deed, URI address) {
      this.deed = deed;
      this.address = address;
      this.body = body(deed);
      this.last = random.nextInt(body.length + 1);
      this.status = new int[] {206, 304, 403, 404, 500, 503}[random.nextInt(6)];
      this.nowhere = random.nextBoolean();
    }

    private static byte[] garbled(byte[] contents, Random random) {
      byte[] other = contents.clone();
      other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
      return other;
    }

    private byte[] body(Deed deed) {
      return switch (deed) {
        case SHORT -> Arrays.copyOf(contents, random.nextInt(contents.length));
        case LONG -> Arrays.copyOf(contents, contents.length + 1 + random.nextInt(3000));
        case GARBAGE -> garbled(contents, random);
        case PAGE -> "<!DOCTYPE html><title>Log in".getBytes(StandardCharsets.UTF_8);
        default -> contents;
      };
    }

    @Override
    public int status() {
      return switch (deed) {
        case STATUS -> status;
        case REDIRECTS, LOOPS, LEAVES_HTTPS, REDIRECTS_NOWHERE -> 302;
        default -> 200;
      };
    }

    @Override
    public Optional<String> location() {
      return switch (deed) {
        case REDIRECTS -> Optional.of("/elsewhere/" + last);
        case LOOPS -> Optional.of(address.toString());
        case LEAVES_HTTPS -> Optional.of("http://203.0.113.7/file");
        case REDIRECTS_NOWHERE -> nowhere ? Optional.empty() : Optional.of("http://[ no address");
        default -> Optional.empty();
      };
    }

    /** Time until the next bytes come. */
    private Duration pause() {
      if (deed == Deed.STALLS && at >= last) {
        return FOREVER;
      }
      return switch (deed) {
        case DRIPS -> pace.window().dividedBy(2);
        case SLOW -> pace.window().dividedBy(4);
        default -> Duration.ofMillis(random.nextInt(200));
      };
    }

    /** Bytes that come at a time. */
    private int part() {
      return switch (deed) {
        case DRIPS -> 1;
        case SLOW -> (int) pace.bytes();
        case STALLS, CUTS -> Math.max(1, Math.min(last - at, 1 + random.nextInt(700)));
        default -> 1 + random.nextInt(700);
      };
    }

    @Override
    public int read(byte[] into, Duration patience) throws IOException, InterruptedException {
      Duration pause = pause();
      waitFor(pause, patience);
      if (pause.compareTo(patience) > 0) {
        return 0;
      }
      if (deed == Deed.CUTS && at >= last) {
        throw new IOException("connection reset");
      }
      if (deed == Deed.ENDLESS) {
        int n = Math.min(part(), into.length);
        sent += n;
        return n;
      }
      if (at == body.length) {
        return -1;
      }
      int n = Math.min(Math.min(part(), into.length), body.length - at);
      System.arraycopy(body, at, into, 0, n);
      at += n;
      sent += n;
      return n;
    }

    @Override
    public void close() {
      open--;
    }
  }
}
