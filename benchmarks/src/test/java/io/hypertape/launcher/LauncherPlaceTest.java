package io.hypertape.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the launcher lies, where and how it is called, and with which locale. */
@Execution(ExecutionMode.CONCURRENT)
class LauncherPlaceTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "-", "-dash", "δοκιμή 中文", "it's \"so\" $HOME*[x]? 100%#!\\b"})
  void anyFolderFits(String name) throws Exception {
    LauncherTree tree = new LauncherTree(folder, name);
    Path elsewhere = Files.createDirectory(folder.resolve("else where"));
    LauncherTree.Ran ran =
        tree.runIn(elsewhere, tree.home.resolve("hypertape").toString(), "train")
            .assertDone("hypertape-cli-1.jar:Main:first", "folder [" + elsewhere + "]");
    List<String> words = ran.words();
    String modules = words.get(words.indexOf("-p") + 1);
    assertFalse(modules.contains(":"), modules);
    assertTrue(modules.endsWith("/cli"), modules);
    String maven = tree.log().getFirst();
    assertFalse(maven.contains(":"), maven);
    // From within, by a relative name, and where CDPATH would lead astray.
    tree.set("CDPATH", folder.toString());
    tree.runIn(tree.home, "./hypertape", "train").assertDone("Main:first");
    tree.runIn(tree.home, "bash", "hypertape", "train").assertDone("Main:first");
    tree.runIn(folder, "bash", "--", name + "/hypertape", "train").assertDone("Main:first");
    assertEquals(1, tree.builds());
  }

  @Test
  void linksLeadToIt() throws Exception {
    LauncherTree tree = new LauncherTree(folder, "install");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("-first"), Path.of("../install/hypertape"));
    Files.createSymbolicLink(bin.resolve("ht"), Path.of("-first"));
    Files.createSymbolicLink(folder.resolve("linked"), bin);
    tree.set("CDPATH", folder.toString());
    tree.runIn(bin, "./ht", "train").assertDone("Main:first", "folder [" + bin + "]");
    tree.runIn(folder, "linked/ht", "train").assertDone("Main:first");
    tree.set("PATH", bin + ":" + tree.tools + ":/usr/bin:/bin");
    tree.runIn(folder, "bash", "-c", "ht train").assertDone("Main:first");
    Files.copy(tree.home.resolve("hypertape"), bin.resolve("copy"));
    LauncherTree.Ran copy = tree.runIn(folder, "bash", "bin/copy");
    assertEquals(1, copy.status(), copy.text());
    copy.assertSays("bin has no pom.xml");
  }

  @Test
  void wordsArriveAsTheyWereGiven() throws Exception {
    LauncherTree tree = new LauncherTree(folder, "install");
    tree.set("HYPERTAPE_JAVA_OPTS", " -Xmx1g \"-Da=b c\"  '-Dq=it is \"so\"' -De=* -Df=\\* ");
    List<String> words = tree.run("train", "a b", "", "*", "$x", "é", "-p").assertDone().words();
    int at = words.indexOf("-Xmx1g");
    assertEquals(
        List.of("-Xmx1g", "-Da=b c", "-Dq=it is \"so\"", "-De=*", "-Df=*", "-p"),
        words.subList(at, at + 6));
    assertEquals(
        List.of("train", "a b", "", "*", "$x", "é", "-p"),
        words.subList(words.size() - 7, words.size()));
    tree.set("HYPERTAPE_JAVA_OPTS", "-Da='b");
    LauncherTree.Ran open = tree.run("train");
    assertEquals(1, open.status(), open.text());
    open.assertSays("HYPERTAPE_JAVA_OPTS is -Da='b;", "quote");
  }

  @Test
  void modulesOfOnesOwnStandBehindThoseOfTheInstallation() throws Exception {
    LauncherTree tree = new LauncherTree(folder, "install");
    tree.set("HYPERTAPE_MODULE_PATH", "a b.jar:/x/$y.jar");
    List<String> words = tree.run("train").assertDone("Main:first").words();
    String modules = words.get(words.indexOf("-p") + 1);
    assertTrue(modules.endsWith("/cli:a b.jar:/x/$y.jar"), modules);
  }

  /** Java would take names of files for ASCII where the locale is C, or none that is installed. */
  @ParameterizedTest
  @CsvSource({
    "LC_ALL, C, C.UTF-8",
    "LC_ALL, POSIX, C.UTF-8",
    "LANG, xx_XX.UTF-8, C.UTF-8",
    "NOTHING, '', C.UTF-8",
    "LC_ALL, C.UTF-8, C.UTF-8",
    "LANG, C.UTF-8, ''",
    "LC_CTYPE, C.UTF-8, ''"
  })
  void aLocaleWithoutAnEncodingIsReplaced(String variable, String value, String expected)
      throws Exception {
    LauncherTree tree = new LauncherTree(folder, "install");
    tree.set(variable, value);
    tree.run("train", "é").assertDone("LC_ALL [" + expected + "]", "word [é]");
  }
}
