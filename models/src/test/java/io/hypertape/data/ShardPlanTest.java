package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardPlanTest {

  /** Rows whose value is their id. */
  private static Dataset rows(long... ids) {
    return new Dataset() {
      @Override
      public String name() {
        return "rows";
      }

      @Override
      public int size() {
        return ids.length;
      }

      @Override
      public List<Integer> shape() {
        return List.of(1);
      }

      @Override
      public Targets targets() {
        return new Targets.Classes(List.of("a", "b"));
      }

      @Override
      public int label(int example) {
        return 0;
      }

      @Override
      public void copyInput(int example, float[] into, int at) {
        into[at] = ids[example];
      }

      @Override
      public long id(int example) {
        return ids[example];
      }
    };
  }

  private static long[] ids(int size) {
    return IntStream.range(0, size).mapToLong(i -> i).toArray();
  }

  private static List<Integer> batch(Batches batches) {
    List<Integer> values = new ArrayList<>();
    for (float value : batches.x()) {
      values.add((int) value);
    }
    return values;
  }

  private static List<List<Integer>> epoch(Batches batches, int number) {
    batches.shuffle(7, number);
    List<List<Integer>> epoch = new ArrayList<>();
    while (batches.next()) {
      epoch.add(batch(batches));
    }
    return epoch;
  }

  @Test
  void anEpochHasEveryRowOnceEvenlySpread() {
    Dataset data = rows(ids(103));
    ShardPlan plan = ShardPlan.of(data, Shards.of(4), 10);
    Batches batches = new Batches(data, plan);
    assertEquals(11, batches.count());
    List<List<Integer>> first = epoch(batches, 1);
    assertEquals(11, first.size());
    TreeSet<Integer> seen = new TreeSet<>();
    for (int b = 0; b < first.size(); b++) {
      List<Integer> rows = first.get(b);
      assertTrue(rows.size() >= 103 / 11 - 4 && rows.size() <= 103 / 11 + 4, rows::toString);
      seen.addAll(rows);
      int at = 0;
      for (int shard = 0; shard < 4; shard++) {
        for (int k = 0; k < plan.rows(b, shard); k++) {
          assertEquals(shard, plan.shards().shardOf(rows.get(at++)));
        }
      }
      assertEquals(rows.size(), at);
    }
    assertEquals(103, seen.size());
    assertNotEquals(first, epoch(batches, 2));
    assertEquals(first, epoch(batches, 1));
    batches.restart();
    assertTrue(batches.next());
    List<Integer> own = batch(batches).subList(0, plan.rows(0, 0));
    assertEquals(own.stream().sorted().toList(), own);
  }

  /** By their ids, wherever they lie. */
  @Test
  void theOrderOfTheSetDoesNotMatter() {
    long[] ids = ids(50);
    long[] turned = new long[50];
    for (int i = 0; i < 50; i++) {
      turned[i] = ids[(7 * i + 3) % 50];
    }
    List<List<List<Integer>>> found = new ArrayList<>();
    for (long[] each : List.of(ids, turned)) {
      Dataset data = rows(each);
      found.add(epoch(new Batches(data, ShardPlan.of(data, Shards.of(8), 8)), 3));
    }
    assertEquals(found.get(0), found.get(1));
  }

  @Test
  void shardsMayBeEmpty() {
    Dataset data = rows(ids(5));
    ShardPlan plan = ShardPlan.of(data, Shards.of(16), 16);
    assertEquals(1, plan.batches());
    int rows = 0;
    int empty = 0;
    for (int shard = 0; shard < 16; shard++) {
      rows += plan.rows(0, shard);
      empty += plan.rows(0, shard) == 0 ? 1 : 0;
    }
    assertEquals(5, rows);
    assertTrue(empty >= 11);
    try (BatchLoader loader = new BatchLoader(new Batches(data, plan))) {
      loader.shuffle(1, 1);
      assertTrue(loader.next());
      assertEquals(5, loader.rows());
      assertFalse(loader.next());
    }
  }

  @Test
  void idsTellRowsApart() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> ShardPlan.of(rows(3, 1, 3), Shards.of(2), 2))
            .getMessage();
    assertEquals(
        "rows: examples 0 and 2 have the same id, 3; shards need ids that tell examples apart",
        message);
  }
}
