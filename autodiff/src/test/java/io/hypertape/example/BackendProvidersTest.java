package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.BackendUnavailableException;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.tensor.DType;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Backends of others are found by name, and in the automatic choice if they want to be. */
class BackendProvidersTest {

  private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();

  @TempDir private Path folder;

  /** A name that another one has, too. */
  public static final class Twin extends Provider {
    /** For the service loader. */
    public Twin() {
      super("twin", BackendProvider.BY_NAME_ONLY, "");
    }
  }

  /** The other one. */
  public static final class OtherTwin extends Provider {
    /** For the service loader. */
    public OtherTwin() {
      super("twin", BackendProvider.BY_NAME_ONLY, "");
    }
  }

  /** Better than everything. */
  public static final class Best extends Provider {
    /** For the service loader. */
    public Best() {
      super("best", 1000, "");
    }
  }

  /** Would be, if it could. */
  public static final class Broken extends Provider {
    /** For the service loader. */
    public Broken() {
      super("broken", 2000, "the machine has no abacus");
    }
  }

  /** Says no when it is opened. */
  public static final class Reluctant extends Provider {
    /** For the service loader. */
    public Reluctant() {
      super("reluctant", 3000, "");
    }

    @Override
    public Backend create(BackendSettings settings) {
      throw new UnsatisfiedLinkError("no abacus in java.library.path");
    }
  }

  /** What they have in common. */
  abstract static class Provider implements BackendProvider {
    private final String name;
    private final int priority;
    private final String reason;

    Provider(String name, int priority, String reason) {
      this.name = name;
      this.priority = priority;
      this.reason = reason;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public Optional<String> unavailable(BackendSettings settings) {
      return Optional.of(reason).filter(r -> !r.isEmpty());
    }

    @Override
    public Backend create(BackendSettings settings) {
      return new CoreOnlyBackend(DType.F32);
    }
  }

  /** With a jar on the class path, so to speak, that names these providers. */
  private void with(Executable work, Class<?>... providers) throws Throwable {
    with(work, List.of(providers).stream().map(Class::getName).toList());
  }

  private void with(Executable work, List<String> providers) throws Throwable {
    Path file = folder.resolve(SERVICE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", providers) + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      work.execute();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static String refusal(Class<? extends Exception> type, String backend) {
    return assertThrows(type, () -> Session.open(SessionOptions.of(backend))).getMessage();
  }

  @Test
  void anotherBackendIsFoundByItsName() throws Throwable {
    with(
        () -> {
          for (String name : List.of("core-only", "CORE-only")) {
            try (Session session = Session.open(SessionOptions.of(name))) {
              assertEquals("core-only", session.backendName());
              assertEquals(DType.F64, session.dtype());
              assertTrue(session.description().startsWith("core-only backend"));
            }
          }
          SessionOptions options = SessionOptions.of(Device.CPU).withBackend("core-only");
          try (Session session = Session.open(options.withPrecision(Precision.FLOAT32))) {
            assertEquals(DType.F32, session.dtype());
          }
          // It does not push itself forward.
          try (Session session = Session.open(Device.AUTO)) {
            assertEquals("cpu", session.backendName());
          }
        },
        CoreOnlyBackendProvider.class);
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThatExist() throws Throwable {
    assertEquals(
        "backend is 'abacus'; there are auto, cpu, cuda, reference",
        refusal(IllegalArgumentException.class, "abacus"));
    with(
        () ->
            assertEquals(
                "backend is 'abacus'; there are auto, core-only, cpu, cuda, reference",
                refusal(IllegalArgumentException.class, "abacus")),
        CoreOnlyBackendProvider.class);
  }

  @Test
  void twoOfOneNameAreRefused() throws Throwable {
    with(
        () -> {
          String message = refusal(IllegalArgumentException.class, "twin");
          assertTrue(message.contains("backend is 'twin', which several are called"), message);
          assertTrue(message.contains(Twin.class.getName()), message);
          assertTrue(message.contains(OtherTwin.class.getName()), message);
          // Nobody else is concerned.
          Session.open(SessionOptions.of("reference")).close();
          Session.open(Device.AUTO).close();
        },
        Twin.class,
        OtherTwin.class);
  }

  @Test
  void theBestThatWorksIsChosen() throws Throwable {
    with(
        () -> {
          try (Session session = Session.open(Device.AUTO)) {
            assertEquals("core-only", session.backendName());
            String description = session.description();
            assertTrue(
                description.endsWith(
                    "(reluctant not used: no abacus in java.library.path;"
                        + " broken not used: the machine has no abacus)"),
                description);
          }
          assertEquals(
              "broken backend: the machine has no abacus",
              refusal(BackendUnavailableException.class, "broken"));
          assertEquals(
              "reluctant backend: no abacus in java.library.path",
              refusal(BackendUnavailableException.class, "reluctant"));
        },
        Best.class,
        Broken.class,
        Reluctant.class);
  }

  @Test
  void whatCannotBeLoadedIsInNobodysWay() throws Throwable {
    with(
        () -> {
          Session.open(SessionOptions.of("core-only")).close();
          String message = refusal(IllegalArgumentException.class, "gone");
          assertTrue(message.contains("core-only, cpu, cuda, reference (not loaded: "), message);
          assertTrue(message.contains("org.example.Gone"), message);
        },
        List.of("org.example.Gone", CoreOnlyBackendProvider.class.getName()));
  }

  /** The list for the class path is that of the module. */
  @Test
  void bothListsOfOurOwnAgree() throws Exception {
    Set<String> onClassPath;
    ClassLoader loader = Session.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(SERVICE)) {
      onClassPath =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .collect(Collectors.toCollection(TreeSet::new));
    }
    java.lang.module.ModuleDescriptor module;
    try (InputStream in = ModulePath.moduleInfo()) {
      module = java.lang.module.ModuleDescriptor.read(in);
    }
    assertEquals(1, module.provides().size());
    assertEquals(onClassPath, new TreeSet<>(module.provides().iterator().next().providers()));
  }

  /** In a JVM of its own, with modules. */
  @Test
  void anotherModulesBackendIsFound() throws Exception {
    ModulePath.compile(
        folder,
        "module own.backend {\n"
            + "  requires io.hypertape.autodiff;\n"
            + "  uses io.hypertape.autodiff.backend.BackendProvider;\n"
            + "  provides io.hypertape.autodiff.backend.BackendProvider with own.OwnProvider;\n"
            + "}\n",
        """
        package own;

        import io.hypertape.autodiff.*;
        import io.hypertape.autodiff.backend.*;
        import java.util.ServiceLoader;

        public final class OwnProvider implements BackendProvider {
          public String name() {
            return "own";
          }

          public Backend create(BackendSettings settings) {
            for (BackendProvider other : ServiceLoader.load(BackendProvider.class)) {
              if (other.name().equals("reference")) {
                return other.create(settings);
              }
            }
            throw new IllegalStateException("the reference is gone");
          }

          public static void main(String[] args) {
            try (Session session = Session.open(SessionOptions.of("own"))) {
              System.out.println("own is " + session.backendName());
            }
            try {
              Session.open(SessionOptions.of("none"));
            } catch (IllegalArgumentException e) {
              System.out.println(e.getMessage());
            }
          }
        }
        """);
    String text = ModulePath.run(folder, "own.backend/own.OwnProvider");
    assertTrue(text.contains("own is reference"), text);
    assertTrue(text.contains("there are auto, cpu, cuda, own, reference"), text);
  }
}
