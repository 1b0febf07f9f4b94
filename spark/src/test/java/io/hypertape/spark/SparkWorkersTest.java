package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.spark.exchange.ExchangeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What needs no Spark that runs. */
class SparkWorkersTest {

  @Test
  void processorsAreNamed() {
    assertEquals(
        "Some CPU @ 2 GHz",
        ProcessorModel.of(
            List.of("processor\t: 0", "model name\t: Some CPU @ 2 GHz", "model name\t: x")));
    assertEquals(
        "0x41 0xd0c", ProcessorModel.of(List.of("CPU implementer\t: 0x41", "CPU part\t: 0xd0c")));
    assertEquals("unknown", ProcessorModel.of(List.of()));
  }

  @Test
  void whatComesAgainIsNotTriedAgain() {
    IllegalArgumentException label = new IllegalArgumentException("row 5 is of class 3");
    assertTrue(BarrierTask.lasting(label));
    assertTrue(BarrierTask.lasting(new IllegalStateException("no batch", label)));
    assertFalse(BarrierTask.lasting(new UncheckedIOException(new IOException("gone", label))));
    assertFalse(BarrierTask.lasting(new ExchangeException("no peer", label)));
    assertFalse(BarrierTask.lasting(new ExchangeException("worker 1 is silent")));
    assertTrue(SparkWorkers.mayPass(new SparkException("an executor is lost")));
    assertFalse(SparkWorkers.mayPass(new SparkException("task 0: " + BarrierTask.LASTING + label)));
    assertFalse(SparkWorkers.mayPass(new SparkException("rows cannot be read", label)));
    assertFalse(SparkWorkers.mayPass(new IOException("no Spark's failure")));
  }

  @Test
  void demandsOfEncryptionAreKnown() {
    assertEquals(Optional.empty(), SparkWorkers.demandOfEncryption(new SparkConf(false)));
    for (String key :
        List.of(
            "spark.network.crypto.enabled",
            "spark.authenticate.enableSaslEncryption",
            "spark.ssl.rpc.enabled")) {
      assertEquals(
          Optional.of(key), SparkWorkers.demandOfEncryption(new SparkConf(false).set(key, "true")));
    }
  }

  @Test
  void whoIsToldOfProgressMayFail() {
    List<String> told = new ArrayList<>();
    RunCounts.Follower.handOn("epoch 1", told::add);
    RunCounts.Follower.handOn(
        "epoch 2",
        line -> {
          throw new IllegalStateException("no such page");
        });
    assertEquals(List.of("epoch 1"), told);
  }

  @Test
  void aSessionIsNeeded() {
    assertEquals(
        "spark workers: spark is null",
        assertThrows(NullPointerException.class, () -> SparkWorkers.on(null)).getMessage());
  }
}
