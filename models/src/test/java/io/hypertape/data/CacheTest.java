package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CacheTest {

  @Test
  void aUserWithoutAHomeHasATemporaryOne() {
    assertEquals(Path.of("/home/me/.cache"), Cache.home("/home/me", "/tmp"));
    assertEquals(Path.of("/tmp"), Cache.home("?", "/tmp"));
    assertEquals(Path.of("/tmp"), Cache.home("", "/tmp"));
  }
}
