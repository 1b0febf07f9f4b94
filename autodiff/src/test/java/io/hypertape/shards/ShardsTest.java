package io.hypertape.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShardsTest {

  @Test
  void rowsSpreadOverShards() {
    int[] rows = new int[8];
    for (long id = 0; id < 8000; id++) {
      int shard = Shards.of(8).shardOf(id);
      rows[shard]++;
      assertEquals(shard / 2, Shards.of(4).shardOf(id));
      assertEquals(0, Shards.of(1).shardOf(id));
    }
    for (int count : rows) {
      assertTrue(count > 900 && count < 1100, "rows: " + count);
    }
  }

  @Test
  void workersHaveContiguousShards() {
    Shards third = Shards.of(8).over(MemoryExchange.of(4).get(2));
    assertEquals(2, third.own());
    assertEquals(4, third.first());
    assertTrue(third.isOwn(5));
    assertTrue(!third.isOwn(3) && !third.isOwn(6));
    assertEquals("8", third.text());
    assertEquals("8 per-shard", third.withStatistics(Shards.Statistics.PER_SHARD).text());
  }

  private static String refusal(Runnable work) {
    return assertThrows(IllegalArgumentException.class, work::run).getMessage();
  }

  @Test
  void onlyPowersOfTwoFit() {
    for (int wrong : new int[] {0, -1, 3, 12, Integer.MIN_VALUE, 1 << 17}) {
      assertEquals(
          "shards is " + wrong + "; a power of two, from 1 to 65536, is needed",
          refusal(() -> Shards.of(wrong)));
    }
    assertTrue(
        refusal(() -> Shards.of(2).over(MemoryExchange.of(4).get(0)))
            .contains("2 shards cannot be shared by 4 workers"));
  }
}
