package io.hypertape.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who meets, who is turned away, and who connects without being asked. */
@Timeout(60)
class MeetingTest {

  private static final ExchangeOptions SHORT =
      ExchangeOptions.DEFAULT.withMeeting(Duration.ofMillis(700));

  @AfterEach
  void noThreadIsLeft() {
    assertEquals(List.of(), LoopbackWorkers.threads());
  }

  private static String sum(TcpExchange exchange) {
    float[] one = {1};
    exchange.sum(one, 0, 1).await();
    return "sum " + one[0];
  }

  private static List<String> messages(List<Member> members, ExchangeOptions options)
      throws Exception {
    return LoopbackWorkers.outcomes(members, options, MeetingTest::sum).stream()
        .map(LoopbackWorkers.Outcome::message)
        .toList();
  }

  @Test
  void anotherTokenIsRefused() throws Exception {
    Member stranger = new Member(JobToken.random(), 0, 1, LoopbackWorkers.ALIKE);
    List<String> messages = messages(List.of(LoopbackWorkers.member(0), stranger), SHORT);
    assertTrue(messages.get(0).contains("worker 1 ("), messages.get(0));
    assertTrue(messages.get(0).contains("has not connected within 700 ms"), messages.get(0));
    assertTrue(messages.get(0).contains("does not know this job's token"), messages.get(0));
    assertTrue(messages.get(1).contains("of another job, or gone"), messages.get(1));
  }

  @Test
  void anotherAttemptIsRefused() throws Exception {
    Member late = new Member(LoopbackWorkers.TOKEN, 4, 1, LoopbackWorkers.ALIKE);
    List<String> messages = messages(List.of(LoopbackWorkers.member(0), late), SHORT);
    assertTrue(
        messages.get(0).contains("worker 1 is of attempt 4 at this job, this worker of attempt 0"),
        messages.get(0));
    assertTrue(messages.get(1).contains("worker 0 is of attempt 0"), messages.get(1));
  }

  @Test
  void unlikeOnesAreRefusedAtOnce() throws Exception {
    Member unlike =
        new Member(
            LoopbackWorkers.TOKEN,
            0,
            1,
            LoopbackWorkers.ALIKE.with("java", "21").with("threads", "2"));
    long start = System.nanoTime();
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            List.of(LoopbackWorkers.member(0), unlike), ExchangeOptions.DEFAULT, MeetingTest::sum);
    assertTrue(System.nanoTime() - start < 30_000_000_000L, "not after a minute");
    for (LoopbackWorkers.Outcome<String> outcome : outcomes) {
      assertTrue(((ExchangeException) outcome.thrown()).lasting(), outcome.message());
    }
    List<String> messages = outcomes.stream().map(LoopbackWorkers.Outcome::message).toList();
    String java = Runtime.version().toString();
    assertTrue(
        messages
            .get(0)
            .contains(
                "worker 1 is unlike worker 0 (java "
                    + java
                    + " here, 21 there; threads unknown here, 2 there)"),
        messages.get(0));
    assertTrue(messages.get(1).contains("java 21 here, " + java + " there"), messages.get(1));
    assertTrue(messages.get(1).contains("TOLERATED"), messages.get(1));
  }

  @Test
  void unlikeOnesAreToleratedIfTheyShallBe() throws Exception {
    Member unlike =
        new Member(LoopbackWorkers.TOKEN, 0, 1, LoopbackWorkers.ALIKE.with("java", "21"));
    List<String> messages =
        messages(
            List.of(LoopbackWorkers.member(0), unlike),
            SHORT.withMeeting(Duration.ofSeconds(20)).withUnlike(ExchangeOptions.Unlike.TOLERATED));
    assertEquals(List.of("succeeded with sum 2.0", "succeeded with sum 2.0"), messages);
  }

  @Test
  void whoIsNotThereIsNamed() throws Exception {
    Port gone = Port.open(LoopbackWorkers.HERE);
    gone.close();
    try (Port port = Port.open(LoopbackWorkers.HERE);
        Port silent = Port.open(LoopbackWorkers.HERE)) {
      ExchangeException missed =
          assertThrows(
              ExchangeException.class,
              () ->
                  port.join(
                      LoopbackWorkers.member(0), List.of(port.address(), silent.address()), SHORT));
      assertTrue(missed.getMessage().contains("worker 1 (" + silent.address()), missed.toString());
      try (Port second = Port.open(LoopbackWorkers.HERE)) {
        ExchangeException refused =
            assertThrows(
                ExchangeException.class,
                () ->
                    second.join(
                        LoopbackWorkers.member(1),
                        List.of(gone.address(), second.address()),
                        SHORT));
        assertTrue(refused.getMessage().contains("cannot be reached"), refused.toString());
      }
      try (Port second = Port.open(LoopbackWorkers.HERE)) {
        ExchangeException unanswered =
            assertThrows(
                ExchangeException.class,
                () ->
                    second.join(
                        LoopbackWorkers.member(1),
                        List.of(silent.address(), second.address()),
                        SHORT));
        assertTrue(unanswered.getMessage().contains("has not answered"), unanswered.toString());
      }
    }
  }

  @Test
  void strangersDoNotDisturb() throws Exception {
    Random random = new Random(7);
    List<Port> ports = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ports.add(Port.open(LoopbackWorkers.HERE));
      addresses.add(ports.getLast().address());
    }
    List<Socket> strangers = new ArrayList<>();
    try {
      // At each port more than are listened to at a time.
      for (int i = 0; i < 4 * 45; i++) {
        InetSocketAddress there = addresses.get(i % 4);
        Socket stranger = new Socket(there.getAddress(), there.getPort());
        strangers.add(stranger);
        stranger.getOutputStream().write(hostile(random, i % 5));
        stranger.getOutputStream().flush();
      }
      List<LoopbackWorkers.Outcome<String>> outcomes =
          LoopbackWorkers.run(
              List.of(0, 1, 2, 3).stream()
                  .map(
                      i ->
                          (java.util.concurrent.Callable<String>)
                              () -> {
                                try (TcpExchange exchange =
                                    ports
                                        .get(i)
                                        .join(
                                            LoopbackWorkers.member(i),
                                            addresses,
                                            ExchangeOptions.DEFAULT)) {
                                  return sum(exchange);
                                }
                              })
                  .toList());
      for (LoopbackWorkers.Outcome<String> outcome : outcomes) {
        assertEquals("succeeded with sum 4.0", outcome.message());
      }
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void whoSendsAByteNowAndThenIsGivenUp() throws Exception {
    try (ServerSocket dripping = new ServerSocket(0, 1, LoopbackWorkers.HERE);
        Port port = Port.open(LoopbackWorkers.HERE)) {
      Thread drip =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    // The right beginning, as slowly as no read's own timeout minds.
                    try (Socket socket = dripping.accept()) {
                      ByteBuffer hello = ByteBuffer.allocate(40).putInt(0x48545845).putInt(1);
                      for (byte each : hello.array()) {
                        socket.getOutputStream().write(each);
                        Thread.sleep(200);
                      }
                    } catch (IOException | InterruptedException e) {
                      // Given up.
                    }
                  });
      InetSocketAddress there = (InetSocketAddress) dripping.getLocalSocketAddress();
      long start = System.nanoTime();
      ExchangeException late =
          assertThrows(
              ExchangeException.class,
              () -> port.join(LoopbackWorkers.member(1), List.of(there, port.address()), SHORT));
      assertTrue(late.getMessage().contains("has not answered for 700 ms"), late.toString());
      assertTrue(System.nanoTime() - start < 6_000_000_000L, "before the last byte");
      drip.interrupt();
      drip.join();
    }
  }

  private static byte[] hostile(Random random, int kind) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    byte[] noise = new byte[1 + random.nextInt(500)];
    random.nextBytes(noise);
    switch (kind) {
      case 0 -> data.write(noise);
      case 1 -> data.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      case 2 -> data.write(0);
      default -> {
        // A right beginning, then a length that nobody has, or words without a proof.
        data.writeInt(0x48545845);
        data.writeInt(1);
        data.write(new byte[32]);
        data.writeInt(kind == 3 ? Integer.MAX_VALUE : 24);
        data.write(noise);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void whoIsInterruptedStopsWaiting() throws Exception {
    Thread self = Thread.currentThread();
    try (Port port = Port.open(LoopbackWorkers.HERE);
        Port silent = Port.open(LoopbackWorkers.HERE)) {
      Thread.ofPlatform()
          .start(
              () -> {
                while (self.getState() != Thread.State.TIMED_WAITING) {
                  Thread.onSpinWait();
                }
                self.interrupt();
              });
      assertThrows(
          CancellationException.class,
          () ->
              port.join(
                  LoopbackWorkers.member(0),
                  List.of(port.address(), silent.address()),
                  ExchangeOptions.DEFAULT));
      assertTrue(Thread.interrupted(), "its status is kept");
    }
  }

  @Test
  void portsAreForOneAddress() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> Port.open(InetAddress.getByName("0.0.0.0")));
    try (Port port = Port.open(LoopbackWorkers.HERE)) {
      assertEquals(LoopbackWorkers.HERE, port.address().getAddress());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              port.join(
                  LoopbackWorkers.member(0),
                  List.of(port.address(), port.address(), port.address()),
                  SHORT));
    }
    try (Port port = Port.open(LoopbackWorkers.HERE)) {
      InetSocketAddress other = new InetSocketAddress(LoopbackWorkers.HERE, 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> port.join(LoopbackWorkers.member(0), List.of(other, port.address()), SHORT));
    }
  }

  @Test
  void aTokenIsProvedButNotSaid() throws Exception {
    JobToken token = JobToken.random();
    byte[] message = {1, 2, 3};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(token);
    }
    JobToken same;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      same = (JobToken) in.readObject();
    }
    assertTrue(same.isProof(token.proof(message), message));
    assertFalse(same.isProof(token.proof(new byte[3]), message));
    assertFalse(JobToken.random().isProof(token.proof(message), message));
    assertFalse(same.isProof(new byte[0], message));
    assertEquals("a job's token", token.toString());
    assertTrue(new Member(token, 0, 0, LoopbackWorkers.ALIKE).toString().contains("a job's token"));
  }

  @Test
  void fingerprintsAreSaidAndRead() {
    Fingerprint one = new Fingerprint(Map.of("b", "2", "a", "1=1"));
    assertEquals("a=1=1\nb=2", one.text());
    assertEquals(one, Fingerprint.parse(one.text()));
    assertEquals("", one.differences(Fingerprint.parse(one.text())));
    assertEquals("b 2 here, 3 there", one.differences(one.with("b", "3")));
    assertEquals(new Fingerprint(Map.of()), Fingerprint.parse(""));
    assertThrows(IllegalArgumentException.class, () -> Fingerprint.parse("=x"));
    assertThrows(IllegalArgumentException.class, () -> one.with("a=b", "x"));
    assertThrows(IllegalArgumentException.class, () -> one.with("a", "x\ny"));
    String longest = "é".repeat((Fingerprint.MOST_BYTES - "a=\nb=2".length()) / 2);
    assertEquals(longest, one.with("a", longest).traits().get("a"));
    assertThrows(IllegalArgumentException.class, () -> one.with("a", longest + "é"));
  }
}
