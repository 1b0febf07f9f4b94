package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.autodiff.cpu.CpuBackendProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend that somebody else provides is found by {@code --backend}. */
class ProvidedBackendTest {

  /** What was asked for last. */
  private static final AtomicReference<BackendSettings> ASKED = new AtomicReference<>();

  @TempDir private Path folder;

  /** Lends what another one makes. */
  public static final class Borrowed implements BackendProvider {
    /** For the service loader. */
    public Borrowed() {}

    @Override
    public String name() {
      return "borrowed";
    }

    @Override
    public Backend create(BackendSettings settings) {
      ASKED.set(settings);
      return new CpuBackendProvider().create(settings);
    }
  }

  @Test
  void isUsedAndNamed() throws Exception {
    Path services = Files.createDirectories(folder.resolve("jar/META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()), Borrowed.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] jar = {folder.resolve("jar").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(jar, before)) {
      thread.setContextClassLoader(loader);
      String train = "train --steps 3 --hidden 4 --threads 1 --precision float32 --out ";
      String out = folder.resolve("run").toString();
      CommandResult.of((train + out + " --backend borrowed").split(" ")).assertDone();
      assertEquals(1, ASKED.get().threads());
      assertEquals(BackendSettings.Numbers.FLOAT32, ASKED.get().numbers());
      CommandResult wrong = CommandResult.of((train + out + "2 --backend abacus").split(" "));
      String expected = "--backend is 'abacus'; there are auto, borrowed, cpu, cuda, reference";
      wrong.assertFails(2, expected);
      assertTrue(Files.notExists(folder.resolve("run2")), "nothing was begun");
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
