package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.cuda.KernelArguments;
import io.hypertape.bindings.cuda.ResourceLedger;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceLedgerTest {

  @AfterEach
  void keepNoMore() {
    System.clearProperty("hypertape.debug.leaks");
  }

  @Test
  void whatIsOpenIsListedWithThePlaceThatOpenedIt() {
    System.setProperty("hypertape.debug.leaks", "true");
    KernelArguments arguments = KernelArguments.create();
    List<String> open = ResourceLedger.open();
    assertEquals(1, open.size(), open.toString());
    assertTrue(open.getFirst().startsWith("KernelArguments, opened at "), open.toString());
    assertTrue(open.getFirst().contains("ResourceLedgerTest.java"), open.toString());
    arguments.close();
    assertEquals(List.of(), ResourceLedger.open());
    IllegalStateException e = assertThrows(IllegalStateException.class, arguments::clear);
    assertNotNull(e.getCause());
  }

  @Test
  void otherwiseNothingIsKeptButTheErrorSaysHow() {
    KernelArguments arguments = KernelArguments.create();
    assertEquals(List.of(), ResourceLedger.open());
    arguments.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, arguments::clear);
    assertTrue(e.getMessage().contains("-Dhypertape.debug.leaks=true"), e.getMessage());
    assertNull(e.getCause());
  }
}
