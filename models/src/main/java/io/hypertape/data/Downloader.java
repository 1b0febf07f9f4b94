package io.hypertape.data;

import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Fetches files of known size and checksum over HTTPS into a folder, from the first mirror that
 * works. A file gets its name once it is whole and its checksum is right; until then it is a
 * partial file of a name of its own. What a killed download has left is removed by the next.
 */
final class Downloader {

  /**
   * A file to fetch.
   *
   * @param name its name, the last part of its address
   * @param size bytes
   * @param sha256 checksum, in lower-case hexadecimal
   */
  record RemoteFile(String name, long size, String sha256) {}

  /**
   * How long a server is borne with.
   *
   * @param answer time until it answers
   * @param pace what must come afterwards
   * @param redirections that are followed
   */
  record Limits(Duration answer, DownloadPace.Limit pace, int redirections) {

    /** A kilobyte a second is slow, but the file comes within hours. */
    static final Limits DEFAULT =
        new Limits(
            Duration.ofSeconds(60), new DownloadPace.Limit(Duration.ofSeconds(30), 1 << 15), 5);
  }

  /**
   * The world outside.
   *
   * @param web opens the network
   * @param disk the file system
   * @param nanos a clock
   * @param random numbers that name partial files
   */
  record World(Supplier<Web> web, Disk disk, LongSupplier nanos, LongSupplier random) {

    static World real() {
      return new World(
          HttpWeb::new, new LocalDisk(), System::nanoTime, new SecureRandom()::nextLong);
    }
  }

  private static final Logger LOG = System.getLogger(Downloader.class.getName());
  private static final int CHUNK = 1 << 16;

  private final List<URI> mirrors;
  private final DownloadProgress progress;
  private final Limits limits;
  private final World world;
  private final Partials partials;

  Downloader(List<URI> mirrors, DownloadProgress progress) {
    this(mirrors, progress, Limits.DEFAULT, World.real());
  }

  Downloader(List<URI> mirrors, DownloadProgress progress, Limits limits, World world) {
    this.mirrors = mirrors;
    this.progress = progress;
    this.limits = limits;
    this.world = world;
    this.partials = new Partials(world.disk(), world.random());
    for (URI mirror : mirrors) {
      if (!isSecure(mirror)) {
        throw new IllegalArgumentException(mirror + ": only https is allowed");
      }
    }
  }

  private static boolean isSecure(URI address) {
    return address.getHost() != null
        && ("https".equals(address.getScheme())
            || ("http".equals(address.getScheme()) && isLoopback(address.getHost())));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException e) {
      return false;
    }
  }

  /** The folder cannot be written: no other mirror would change that. */
  private static final class FolderException extends IOException {

    private static final long serialVersionUID = 1L;

    FolderException(Path file, IOException cause) {
      super(file + " could not be written: " + FileProblem.reason(cause), cause);
    }
  }

  /** Fetches a file unless the folder has it already, whole. */
  Path fetch(RemoteFile file, Path folder) throws IOException {
    Path target = folder.resolve(file.name());
    partials.clean(folder, file.name());
    if (isWhole(file, target)) {
      return target;
    }
    try {
      world.disk().createFolder(folder);
    } catch (IOException e) {
      throw new FolderException(folder, e);
    }
    StringJoiner problems = new StringJoiner("; ");
    try (Web web = world.web().get()) {
      for (URI mirror : mirrors) {
        URI address = mirror.resolve(file.name());
        try {
          fetch(web, address, file, target);
          return target;
        } catch (IOException e) {
          if (Thread.currentThread().isInterrupted()) {
            throw interrupted(file, e);
          }
          if (e instanceof FolderException) {
            throw e;
          }
          problems.add(mirror.getHost() + ": " + FileProblem.reason(e) + ", from " + address);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw interrupted(file, e);
        }
      }
    }
    throw new IOException(file.name() + " could not be downloaded (" + problems + ")");
  }

  /** One that cannot be read is fetched anew, as a damaged one is. */
  private boolean isWhole(RemoteFile file, Path target) throws IOException {
    if (!world.disk().isFile(target)) {
      return false;
    }
    try {
      return sha256(target).equals(file.sha256());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, () -> target + ": cannot be read", e);
      return false;
    }
  }

  private static InterruptedIOException interrupted(RemoteFile file, Exception cause) {
    InterruptedIOException e =
        new InterruptedIOException(file.name() + ": the download was interrupted");
    e.initCause(cause);
    return e;
  }

  private void fetch(Web web, URI address, RemoteFile file, Path target)
      throws IOException, InterruptedException {
    URI at = address;
    for (int redirections = 0; redirections <= limits.redirections(); redirections++) {
      try (Web.Answer answer = web.get(at, limits.answer())) {
        if (answer.status() == 200) {
          receive(answer, file, target);
          return;
        }
        Optional<String> location = answer.location();
        if (answer.status() / 100 != 3 || location.isEmpty()) {
          throw new IOException("HTTP status " + answer.status());
        }
        at = redirected(at, location.get());
      }
    }
    throw new IOException("redirected more than " + limits.redirections() + " times");
  }

  private static URI redirected(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("redirected to '" + location + "', which is no address", e);
    }
    if (!isSecure(to)) {
      throw new IOException("redirected to " + to + ", and only https is allowed");
    }
    return to;
  }

  private void receive(Web.Answer answer, RemoteFile file, Path target)
      throws IOException, InterruptedException {
    Path partial = partials.name(target);
    Head head = new Head();
    try {
      copy(answer, partial, file, head);
      String found = written(partial);
      if (!found.equals(file.sha256())) {
        throw new IOException("sha256 is " + found + " instead of " + file.sha256() + head.kind());
      }
      try {
        world.disk().move(partial, target);
      } catch (IOException e) {
        throw new FolderException(target, e);
      }
    } finally {
      partials.remove(partial);
    }
  }

  private String written(Path partial) throws IOException {
    try {
      return sha256(partial);
    } catch (IOException e) {
      throw new FolderException(partial, e);
    }
  }

  /** The first bytes, which tell what has come instead of the file. */
  private static final class Head {
    private final byte[] bytes = new byte[FileKind.HEAD];
    private int length;

    void add(byte[] chunk, int n) {
      int more = Math.min(n, bytes.length - length);
      System.arraycopy(chunk, 0, bytes, length, more);
      length += more;
    }

    String kind() {
      byte[] known = Arrays.copyOf(bytes, length);
      boolean gzip = length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
      return gzip || length == 0
          ? ""
          : FileKind.of(known).map(kind -> "; what came is " + kind).orElse("");
    }
  }

  private void copy(Web.Answer answer, Path partial, RemoteFile file, Head head)
      throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK];
    long received = 0;
    DownloadPace pace = new DownloadPace(limits.pace(), world.nanos().getAsLong());
    try (Output out = new Output(partial)) {
      while (true) {
        Duration left = pace.left(world.nanos().getAsLong());
        if (!left.isPositive()) {
          throw new IOException(pace.stalled(received, file.size()));
        }
        int n = answer.read(chunk, left);
        if (n < 0) {
          break;
        }
        received += n;
        if (received > file.size()) {
          throw new IOException("more than the expected " + file.size() + " bytes" + head.kind());
        }
        head.add(chunk, n);
        out.write(chunk, n);
        pace.received(received, world.nanos().getAsLong());
        if (n > 0) {
          progress.update(file.name(), received, file.size());
        }
      }
    }
    if (received < file.size()) {
      throw new IOException("only " + received + " of " + file.size() + " bytes" + head.kind());
    }
  }

  /** A partial file, whose errors are the folder's. */
  private final class Output implements AutoCloseable {
    private final Path partial;
    private final Disk.Output out;

    Output(Path partial) throws IOException {
      this.partial = partial;
      try {
        out = world.disk().create(partial);
      } catch (IOException e) {
        throw new FolderException(partial, e);
      }
    }

    void write(byte[] chunk, int n) throws IOException {
      try {
        out.write(chunk, n);
      } catch (IOException e) {
        throw new FolderException(partial, e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException e) {
        throw new FolderException(partial, e);
      }
    }
  }

  private String sha256(Path file) throws IOException {
    try (InputStream in = world.disk().read(file)) {
      Checksum sum = new Checksum();
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        sum.add(chunk, 0, n);
      }
      return sum.text();
    }
  }
}
