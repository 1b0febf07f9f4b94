package io.hypertape.spark;

import io.hypertape.run.DivergedException;
import io.hypertape.spark.exchange.ExchangeException;
import io.hypertape.spark.exchange.ExchangeOptions;
import io.hypertape.spark.exchange.Fingerprint;
import io.hypertape.spark.exchange.JobToken;
import io.hypertape.spark.exchange.Member;
import io.hypertape.spark.exchange.Port;
import io.hypertape.spark.exchange.TcpExchange;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * What Spark calls for each partition of a barrier stage: workers meet, work, and part.
 *
 * @param <R> a row
 * @param <T> a worker's result
 */
final class BarrierTask<R, T>
    extends AbstractFunction1<scala.collection.Iterator<R>, scala.collection.Iterator<T>>
    implements Serializable {

  /**
   * Stands in the message of a failure that comes again in any other attempt: Spark hands the
   * driver texts of tasks' failures only.
   */
  static final String LASTING = "no other attempt could do better: ";

  /** Causes that are looked at: some failures name each other. */
  private static final int DEEPEST = 16;

  private static final long serialVersionUID = 1;

  private final WorkerTask<R, T> task;
  private final JobToken token;
  private final int attempt;
  private final long meetingMillis;
  private final long patienceMillis;
  private final ExchangeOptions.Unlike unlike;
  private final TreeMap<String, String> traits;

  BarrierTask(
      WorkerTask<R, T> task,
      JobToken token,
      int attempt,
      ExchangeOptions options,
      Fingerprint traits) {
    this.task = task;
    this.token = token;
    this.attempt = attempt;
    this.meetingMillis = options.meeting().toMillis();
    this.patienceMillis = options.patience().toMillis();
    this.unlike = options.unlike();
    this.traits = new TreeMap<>(traits.traits());
  }

  @Override
  public scala.collection.Iterator<T> apply(scala.collection.Iterator<R> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    int self = context.partitionId();
    try (Port port = Port.open(ownAddress())) {
      List<InetSocketAddress> addresses =
          Stream.of(context.allGather(said(port.address()))).map(BarrierTask::read).toList();
      Member member = new Member(token, attempt, self, fingerprint());
      ExchangeOptions options =
          new ExchangeOptions(
              java.time.Duration.ofMillis(meetingMillis),
              java.time.Duration.ofMillis(patienceMillis),
              unlike);
      try (TcpExchange exchange = port.join(member, addresses, options)) {
        T result = run(exchange, CollectionConverters.asJava(rows));
        return CollectionConverters.asScala(List.of(result).iterator());
      }
    } catch (ExchangeException e) {
      if (e.lasting()) {
        throw new ExchangeException("worker " + self + ": " + LASTING + e.getMessage(), e);
      }
      throw e;
    }
  }

  /**
   * Whether it depends on what the job is, not on how an attempt goes: it or what it came of, as
   * other threads hand failures on, but for what connections and files do.
   */
  static boolean lasting(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof IllegalArgumentException || cause instanceof DivergedException) {
        return true;
      }
      if (cause instanceof ExchangeException || cause instanceof IOException) {
        return false;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The others hear at once of what goes wrong here. */
  private T run(TcpExchange exchange, Iterator<R> rows) {
    try {
      return task.run(new SparkWorker(exchange, attempt), rows);
    } catch (Exception | Error e) {
      boolean lasting = lasting(e);
      exchange.leave("its task failed: " + (lasting ? LASTING : "") + e);
      if (e instanceof Error error) {
        throw error;
      }
      if (lasting) {
        throw new ExchangeException("worker " + exchange.worker() + ": " + LASTING + e, e);
      }
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new ExchangeException("worker " + exchange.worker() + ": " + e.getMessage(), e);
    }
  }

  private Fingerprint fingerprint() {
    Fingerprint fingerprint =
        Fingerprint.ofThisJvm().with("processor", ProcessorModel.ofThisMachine());
    for (var trait : traits.entrySet()) {
      fingerprint = fingerprint.with(trait.getKey(), trait.getValue());
    }
    return fingerprint;
  }

  /** That by which other executors reach this one's blocks. */
  private static InetAddress ownAddress() {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    try {
      // IPv6 addresses are in brackets there.
      return InetAddress.getByName(host.replaceAll("^\\[|]$", ""));
    } catch (UnknownHostException e) {
      throw new ExchangeException("this executor's host " + host + " is not known", e);
    }
  }

  private static String said(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " " + address.getPort();
  }

  private static InetSocketAddress read(String said) {
    int space = said.lastIndexOf(' ');
    try {
      return new InetSocketAddress(
          InetAddress.getByName(said.substring(0, space)),
          Integer.parseInt(said.substring(space + 1)));
    } catch (UnknownHostException e) {
      throw new ExchangeException("a worker is said to be at " + said, e);
    }
  }
}
