package io.hypertape.spark.exchange;

import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;

/** Worker 1 of 2 in a JVM of its own: it sums until it is killed. */
final class DoomedWorker {

  private DoomedWorker() {}

  /**
   * Says its port, and reads the token and the other's port.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    try (Port port = Port.open(LoopbackWorkers.HERE)) {
      out.println(port.address().getPort());
      out.flush();
      ObjectInputStream in = new ObjectInputStream(System.in);
      JobToken token = (JobToken) in.readObject();
      InetSocketAddress first = new InetSocketAddress(LoopbackWorkers.HERE, in.readInt());
      Member self = new Member(token, 0, 1, new Fingerprint(java.util.Map.of()));
      try (TcpExchange exchange =
          port.join(self, List.of(first, port.address()), ExchangeOptions.DEFAULT)) {
        while (true) {
          exchange.sum(new float[100_000], 0, 100_000).await();
        }
      }
    }
  }
}
