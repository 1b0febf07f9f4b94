package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts in blocks of bytes, beside a map of strings. */
class TextPoolTest {

  /** Letters of one byte, of two, and halves of letters that need two of these. */
  private static String text(Random random) {
    char[] letters = new char[random.nextInt(6)];
    int kind = random.nextInt(4);
    for (int i = 0; i < letters.length; i++) {
      letters[i] =
          (char)
              switch (kind) {
                case 0 -> 'a' + random.nextInt(26);
                case 1 -> random.nextInt(256);
                case 2 -> random.nextInt(1 << 16);
                default -> 0xd800 + random.nextInt(0x800);
              };
    }
    return new String(letters);
  }

  @Test
  void textsAreFoundAsTheyWere() {
    Random random = new Random(1);
    TextPool pool = new TextPool();
    for (int round = 0; round < 2; round++) {
      Map<String, Integer> known = new HashMap<>();
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        String text = text(random);
        assertEquals(known.getOrDefault(text, -1), pool.find(text));
        if (!known.containsKey(text)) {
          known.put(text, all.size());
          assertEquals(all.size(), pool.add(text));
          all.add(text);
        }
      }
      String longest = "Ж".repeat(100_000);
      known.put(longest, pool.add(longest));
      all.add(longest);
      known.forEach((text, number) -> assertEquals(number, pool.find(text)));
      if (round == 1) {
        pool.seal();
      }
      assertEquals(all.size(), pool.size());
      for (int i = 0; i < all.size(); i++) {
        assertEquals(all.get(i), pool.get(i));
      }
      if (round == 0) {
        pool.clear();
        assertEquals(0, pool.size());
        assertEquals(-1, pool.find(longest));
      }
    }
  }
}
