package io.hypertape.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;

/**
 * Fetches files of known size and checksum over HTTPS into a folder, from the first mirror that
 * works.
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

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final List<URI> mirrors;
  private final DownloadProgress progress;

  Downloader(List<URI> mirrors, DownloadProgress progress) {
    this.mirrors = mirrors;
    this.progress = progress;
    mirrors.forEach(Downloader::checkSecure);
  }

  private static void checkSecure(URI mirror) {
    boolean local = mirror.getHost() != null && isLoopback(mirror.getHost());
    if (!"https".equals(mirror.getScheme()) && !("http".equals(mirror.getScheme()) && local)) {
      throw new IllegalArgumentException(mirror + ": only https is allowed");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException e) {
      return false;
    }
  }

  /** Fetches a file unless the folder has it already, whole. */
  Path fetch(RemoteFile file, Path folder) throws IOException {
    Path target = folder.resolve(file.name());
    if (Files.exists(target) && sha256(target).equals(file.sha256())) {
      return target;
    }
    Files.createDirectories(folder);
    StringJoiner problems = new StringJoiner("; ");
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      for (URI mirror : mirrors) {
        try {
          fetch(client, mirror.resolve(file.name()), file, target);
          return target;
        } catch (IOException e) {
          if (Thread.currentThread().isInterrupted()) {
            throw interrupted(file, e);
          }
          problems.add(mirror.getHost() + ": " + reason(e));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw interrupted(file, e);
        }
      }
    }
    throw new IOException(file.name() + " could not be downloaded (" + problems + ")");
  }

  private static InterruptedIOException interrupted(RemoteFile file, Exception cause) {
    InterruptedIOException e =
        new InterruptedIOException(file.name() + ": the download was interrupted");
    e.initCause(cause);
    return e;
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void fetch(HttpClient client, URI address, RemoteFile file, Path target)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = Cancelling.stream(response.body(), address)) {
      if (response.statusCode() != 200) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      Path partial = Files.createTempFile(target.getParent(), file.name(), ".part");
      try {
        copy(body, partial, file);
        check(partial, file);
        Files.move(
            partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
  }

  private void copy(InputStream body, Path partial, RemoteFile file) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long received = 0;
    try (OutputStream out = Files.newOutputStream(partial)) {
      for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
        received += n;
        if (received > file.size()) {
          throw new IOException("more than the expected " + file.size() + " bytes");
        }
        out.write(chunk, 0, n);
        progress.update(file.name(), received, file.size());
      }
    }
    if (received < file.size()) {
      throw new IOException("only " + received + " of " + file.size() + " bytes");
    }
  }

  private static void check(Path partial, RemoteFile file) throws IOException {
    String found = sha256(partial);
    if (!found.equals(file.sha256())) {
      throw new IOException("sha256 is " + found + " instead of " + file.sha256());
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Cancelling.stream(Files.newInputStream(file), file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
