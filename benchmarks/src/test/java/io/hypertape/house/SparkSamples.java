package io.hypertape.house;

import io.hypertape.spark.exchange.ExchangeOptions;
import io.hypertape.spark.exchange.Fingerprint;
import io.hypertape.spark.exchange.JobToken;
import io.hypertape.spark.exchange.Member;
import io.hypertape.spark.exchange.Port;
import io.hypertape.spark.exchange.TcpExchange;
import java.net.InetAddress;
import java.util.List;

/** {@link Samples} of what workers exchange sums by. */
final class SparkSamples {

  private SparkSamples() {}

  static void put(Samples samples) {
    InetAddress here = InetAddress.getLoopbackAddress();
    Member member = new Member(JobToken.random(), 0, 0, Fingerprint.ofThisJvm());
    samples.put(InetAddress.class, here);
    samples.put(ExchangeOptions.class, ExchangeOptions.DEFAULT);
    samples.put(ExchangeOptions.Unlike.class, ExchangeOptions.Unlike.REFUSED);
    samples.put(JobToken.class, member.token());
    samples.put(Fingerprint.class, member.fingerprint());
    samples.put(Member.class, member);
    Port alone = Port.open(here);
    samples.put(
        TcpExchange.class, alone.join(member, List.of(alone.address()), ExchangeOptions.DEFAULT));
    samples.put(Port.class, Port.open(here));
  }
}
