package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** A server and what asks it, down to the bytes of a request. */
final class BoardClient implements AutoCloseable {

  private final BoardServer server;
  private final URI address;

  /**
   * An answer.
   *
   * @param status its number
   * @param head all of its head
   * @param body what follows
   */
  record Reply(int status, String head, String body) {

    String header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
          .map(line -> line.substring(name.length() + 2))
          .collect(Collectors.joining("|"));
    }
  }

  BoardClient(Path folder) throws IOException {
    server = new BoardServer(folder, 0);
    address = server.address();
  }

  URI address() {
    return address;
  }

  Reply send(String method, String path, String host) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\n"
              + (host.isEmpty() ? "" : "Host: " + host + "\r\n")
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int head = all.indexOf("\r\n\r\n");
      return new Reply(
          Integer.parseInt(all.substring(9, 12)), all.substring(0, head), all.substring(head + 4));
    }
  }

  Reply get(String path) throws IOException {
    return send("GET", path, "localhost:" + address.getPort());
  }

  JsonNode json(String path, Map<String, ?> query) throws IOException {
    String asked =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + encoded(e.getValue()))
            .collect(Collectors.joining("&"));
    Reply reply = get(path + "?" + asked);
    assertEquals(200, reply.status(), reply.body());
    return new ObjectMapper().readTree(reply.body());
  }

  private static String encoded(Object value) {
    return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
  }

  /** The list as the disk has it now. */
  JsonNode runs(String board, long since) throws IOException {
    server.lookAgain();
    return json("/api/runs", Map.of("board", board, "since", since));
  }

  JsonNode runs() throws IOException {
    return runs("", 0);
  }

  JsonNode metrics(String run, String known) throws IOException {
    return json("/api/rows", Map.of("run", run, "metrics", known)).path("metrics");
  }

  @Override
  public void close() {
    server.close();
  }
}
