package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Downloads from servers that stall, drip, cut, lie and send us about, onto disks that fill up and
 * deny, by processes that are interrupted and killed: all by a seed, in simulated time. However it
 * goes, a download ends within its limits, in a file of the right checksum or an error that says
 * what went wrong; and the next one leaves nothing behind of those before it.
 *
 * <p>{@code -Dhypertape.simulations=N} runs more of them, {@code -Dhypertape.simulationSeed=S} one.
 */
class DownloadSimulationTest {

  private static final Path FOLDER = Path.of("cache");
  private static final String NAME = "data.gz";
  private static final Downloader.Limits LIMITS =
      new Downloader.Limits(
          Duration.ofSeconds(60), new DownloadPace.Limit(Duration.ofSeconds(30), 64), 5);

  /** How it ended. */
  private enum End {
    FETCHED,
    REFUSED,
    FOLDER,
    INTERRUPTED,
    KILLED
  }

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  @Test
  void everyDownloadEndsWholeOrInAClearError() {
    long only = Long.getLong("hypertape.simulationSeed", -1);
    long count = only >= 0 ? 1 : Long.getLong("hypertape.simulations", 1000);
    Map<End, Integer> ends = new EnumMap<>(End.class);
    Map<SimulatedWeb.Deed, Integer> deeds = new TreeMap<>();
    for (long i = 0; i < count; i++) {
      long seed = only >= 0 ? only : i;
      try {
        Scenario scenario = new Scenario(seed);
        ends.merge(scenario.run(), 1, Integer::sum);
        scenario.web.done().forEach((deed, n) -> deeds.merge(deed, n, Integer::sum));
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(
            "-Dhypertape.simulationSeed=" + seed + " shows it again: " + e.getMessage(), e);
      }
    }
    if (count > 1000) {
      System.getLogger(DownloadSimulationTest.class.getName())
          .log(System.Logger.Level.INFO, count + " downloads: " + ends + " from " + deeds);
    }
    // A simulation in which something never happens says nothing of it.
    if (only < 0) {
      assertEquals(End.values().length, ends.size(), ends.toString());
      assertEquals(SimulatedWeb.Deed.values().length, deeds.size(), deeds.toString());
    }
  }

  /** One download, and the one after it. */
  private static final class Scenario {

    private final Random random;
    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedDisk disk = new SimulatedDisk(time, FOLDER);
    private final SimulatedWeb web;
    private final byte[] contents;
    private final Downloader downloader;
    private final Downloader.RemoteFile file;
    private final int mirrors;
    private byte[] before = {};

    Scenario(long seed) {
      random = new Random(seed);
      time.pass(Duration.ofDays(1));
      contents = new byte[1 + random.nextInt(3000)];
      random.nextBytes(contents);
      file = DownloaderTest.remote(NAME, contents);
      web = new SimulatedWeb(time, random, contents, LIMITS.pace());
      mirrors = 1 + random.nextInt(3);
      downloader =
          new Downloader(
              IntStream.range(0, mirrors)
                  .mapToObj(i -> URI.create("https://mirror" + i + "/"))
                  .toList(),
              this::progress,
              LIMITS,
              new Downloader.World(() -> web, disk, time::nanos, random::nextLong));
      prepare();
    }

    private void progress(String name, long received, long total) {
      assertEquals(NAME, name);
      assertTrue(received > 0 && received <= total, received + " of " + total);
    }

    /** What the folder has, and what shall go wrong with it. */
    private void prepare() {
      disk.locks = random.nextInt(4) > 0;
      if (random.nextInt(3) == 0) {
        before = random.nextInt(3) == 0 ? contents.clone() : new byte[random.nextInt(50)];
        disk.put(NAME, before, Duration.ofDays(1), Disk.Use.FREE, random.nextBoolean());
      }
      disk.put("notes.part", new byte[3], Duration.ofDays(9), Disk.Use.FREE, false);
      disk.put(NAME + ".1.part", new byte[3], Duration.ofDays(9), Disk.Use.FREE, true);
      disk.put(NAME + ".2.part", new byte[3], Duration.ofSeconds(1), Disk.Use.FREE, false);
      disk.killedAt = rarely(4, 30);
      disk.deniedAt = rarely(8, 30);
      disk.damagedAt = rarely(8, 10);
      disk.room = random.nextInt(8) == 0 ? random.nextInt(3000) : Long.MAX_VALUE;
    }

    private int rarely(int one, int within) {
      return random.nextInt(one) == 0 ? 1 + random.nextInt(within) : SimulatedDisk.NEVER;
    }

    End run() throws IOException {
      long began = time.nanos();
      End end = attempt();
      assertEquals(0, web.open(), "answers are closed");
      Duration took = Duration.ofNanos(time.nanos() - began);
      assertTrue(took.compareTo(most()) <= 0, took + " is more than " + most());
      long bytes = (long) mirrors * (file.size() + (1 << 16));
      assertTrue(web.sent() <= bytes, web.sent() + " bytes were taken");
      byte[] now = disk.bytes(NAME);
      // What has the file's name is the whole file, or what was there before.
      boolean whole = Arrays.equals(now, contents);
      assertTrue(whole || Arrays.equals(now, before), "half a file");
      assertTrue(end != End.FETCHED || whole, "what was fetched is whole");
      if (end != End.KILLED && disk.deniedAt == SimulatedDisk.NEVER) {
        assertEquals(List.of(NAME + ".1.part", NAME + ".2.part"), partials());
      }
      next();
      return end;
    }

    private Duration most() {
      Duration window = LIMITS.pace().window();
      long windows = file.size() / LIMITS.pace().bytes() + 2;
      Duration answers = LIMITS.answer().multipliedBy(LIMITS.redirections() + 1L);
      return answers.plus(window.multipliedBy(windows)).multipliedBy(mirrors);
    }

    private End attempt() {
      try {
        assertEquals(FOLDER.resolve(NAME), downloader.fetch(file, FOLDER));
        return End.FETCHED;
      } catch (InterruptedIOException e) {
        assertTrue(Thread.interrupted(), "the status is kept");
        assertEquals(NAME + ": the download was interrupted", e.getMessage());
        return End.INTERRUPTED;
      } catch (IOException e) {
        assertFalse(Thread.interrupted());
        String message = e.getMessage();
        if (message.startsWith(NAME + " could not be downloaded (")) {
          for (int i = 0; i < mirrors; i++) {
            assertTrue(message.contains("mirror" + i + ": "), message);
            assertTrue(message.contains(", from https://mirror" + i + "/" + NAME), message);
          }
          return End.REFUSED;
        }
        assertTrue(message.startsWith(FOLDER.toString()), message);
        assertTrue(
            message.endsWith(" could not be written: permission denied")
                || message.endsWith(" could not be written: No space left on device"),
            message);
        return End.FOLDER;
      } catch (SimulatedDisk.Killed e) {
        return End.KILLED;
      }
    }

    private List<String> partials() {
      return disk.names().stream()
          .filter(name -> name.startsWith(NAME) && name.endsWith(".part"))
          .toList();
    }

    /** The next one, when all is well again and what is left can be told from what is at work. */
    private void next() throws IOException {
      disk.restart();
      web.heal();
      time.pass(Duration.ofMinutes(disk.locks ? 2 : 90));
      disk.put(NAME + ".3.part", new byte[3], Duration.ofDays(9), Disk.Use.HELD, false);
      disk.put(NAME + ".4.part", new byte[3], Duration.ofSeconds(3), Disk.Use.FREE, false);
      downloader.fetch(file, FOLDER);
      assertArrayEquals(contents, disk.bytes(NAME));
      List<String> others =
          disk.locks
              ? List.of(NAME + ".1.part", NAME + ".3.part", NAME + ".4.part")
              : List.of(NAME + ".1.part", NAME + ".4.part");
      assertEquals(others, partials());
      assertTrue(disk.names().contains("notes.part"));
    }
  }
}
