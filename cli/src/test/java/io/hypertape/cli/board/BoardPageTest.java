package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, as its users see it. */
class BoardPageTest {

  private static final String LOSS = "document.querySelector('figure[data-column=loss]')";

  // A browser may leave files as it ends.
  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path profile;

  private static HeadlessBrowser browser;

  @TempDir private Path folder;
  private BoardRun a;
  private BoardRun b;
  private BoardServer server;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = HeadlessBrowser.find();
    assumeTrue(
        program.isPresent(),
        "no browser: neither chromium nor google-chrome is on the path, nor does "
            + HeadlessBrowser.VARIABLE
            + " name one");
    browser = new HeadlessBrowser(program.get(), profile);
  }

  @AfterAll
  static void end() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void serve() throws IOException {
    a = BoardRun.begin(folder.resolve("a"), "sgd(0.01)/sgd(0.1)").rows(1, 300);
    b = BoardRun.begin(folder.resolve("b"), "sgd(0.02)");
    for (int step = 1; step <= 200; step++) {
      b.append(BoardRun.row(step, 3.0 / step));
    }
    server = new BoardServer(folder, 0);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void open(String state) throws IOException, InterruptedException {
    browser.errors();
    browser.open(server.address() + state);
  }

  /** Does not wait for the page's next question. */
  private void look() throws IOException {
    server.lookAgain();
    browser.ask("document.dispatchEvent(new Event('visibilitychange'))");
  }

  private static void awaitDrawn(String points) throws IOException, InterruptedException {
    browser.await(points, LOSS + "?.dataset.drawn");
  }

  private static void click(String element) throws IOException {
    browser.ask("(" + element + ").click()");
  }

  private static String legend(int i) {
    return "document.querySelectorAll('#legend button')[" + i + "]";
  }

  private static String box(String run) {
    return "[...document.querySelectorAll('#runs label')].find(l =>"
        + " l.querySelector('.name').textContent === '"
        + run
        + "').querySelector('input')";
  }

  /** How many points of the chart of losses have the colour of a run's line. */
  private static String coloured(int slot) {
    return "String((() => { const c = "
        + LOSS
        + ".querySelector('canvas'); const probe = document.createElement('i');"
        + " probe.style.color = 'var(--run-"
        + slot
        + ")'; document.body.append(probe);"
        + " const rgb = getComputedStyle(probe).color.match(/\\d+/g).map(Number);"
        + " probe.remove(); const d = c.getContext('2d').getImageData(0, 0, c.width,"
        + " c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) { if (d[i + 3]"
        + " > 200 && Math.abs(d[i] - rgb[0]) + Math.abs(d[i + 1] - rgb[1]) +"
        + " Math.abs(d[i + 2] - rgb[2]) < 30) n++; } return n; })())";
  }

  private static void awaitColoured(int slot) throws IOException, InterruptedException {
    browser.await("true", "String(Number(" + coloured(slot) + ") > 100)");
  }

  private static void assertNoErrors() {
    assertEquals(List.of(), browser.errors());
  }

  @Test
  void runsAreSideBySideAndLive() throws Exception {
    open("#run=a&run=b");
    awaitDrawn("300 200");
    awaitColoured(0);
    awaitColoured(1);
    assertEquals(
        "loss,L1.sgd.alpha",
        browser.ask("[...document.querySelectorAll('figure')].map(f => f.dataset.column).join()"));
    // What never changes is told, not drawn.
    assertEquals(
        "Constant: L2.sgd.alpha 0.01",
        browser.ask("document.querySelector('.constants:not([hidden])').textContent"));
    String told = browser.ask(LOSS + ".querySelector('canvas').getAttribute('aria-label')");
    assertTrue(told.startsWith("loss, logarithmic. "), told);
    assertTrue(told.contains("a: 300 points, last 0.5; b: 200 points, last 0.015"), told);
    // Rows as they are appended; a half one is none.
    a.rows(301, 340).append("341,0.4");
    awaitDrawn("340 200");
    a.append(",0.1,0.01\n");
    look();
    awaitDrawn("341 200");
    // A resumed run is shorter and goes on.
    Files.delete(b.metrics());
    BoardRun.begin(b.folder(), "sgd(0.02)").rows(1, 20);
    look();
    awaitDrawn("341 20");
    // Another run comes, and a table of epochs.
    Files.writeString(
        a.folder().resolve("epochs.csv"),
        "epoch,step,train_loss,test_error\n1,150,1,0.5\n2,300,0.7,0.4\n");
    BoardRun.begin(folder.resolve("c"), "adam").append("1,x,1,1\n");
    look();
    browser.await("2", "document.querySelector('figure[data-column=test_error]')?.dataset.drawn");
    String problem = "document.querySelector('#runs .problem')?.textContent";
    browser.await("⚠ metrics.csv is damaged: its last line is no row of 4 numbers", problem);
    click(box("c"));
    browser.await(
        "⚠ metrics.csv is damaged: line 2 is no row of 4 numbers that goes on; the rows before it"
            + " are shown",
        problem);
    assertNoErrors();
  }

  @Test
  void whatIsChosenStaysInTheAddress() throws Exception {
    open("#run=b&run=a");
    awaitDrawn("200 300");
    click(legend(0));
    awaitDrawn("300");
    assertEquals("false", browser.ask(legend(0) + ".getAttribute('aria-pressed')"));
    awaitColoured(1);
    browser.await("0", coloured(0));
    click(legend(0));
    awaitDrawn("200 300");
    click(box("b"));
    awaitDrawn("300");
    assertEquals("1", browser.ask("document.querySelectorAll('#legend button').length"));
    click(box("b"));
    awaitDrawn("300 200");
    click(LOSS + ".querySelector('button')");
    browser.await("false", LOSS + ".querySelector('button').getAttribute('aria-pressed')");
    click("document.querySelector('input[value=progress]')");
    click("document.getElementById('constant')");
    browser.ask(
        "(() => { const s = document.getElementById('smooth'); s.value = 3; s.dispatchEvent(new"
            + " Event('input')); })()");
    click(legend(1));
    awaitDrawn("300");
    String address = browser.ask("location.hash");
    assertEquals("#run=a&run=b&hide=b&smooth=3&x=progress&constant=&linear=loss", address);
    open(address);
    awaitDrawn("300");
    assertEquals(
        "false", browser.ask(LOSS + ".querySelector('button').getAttribute('aria-pressed')"));
    assertEquals("3 % of axis", browser.ask("document.getElementById('smooth-value').textContent"));
    assertEquals(
        "loss,L1.sgd.alpha,L2.sgd.alpha",
        browser.ask("[...document.querySelectorAll('figure')].map(f => f.dataset.column).join()"));
    click("document.getElementById('none')");
    browser.await(
        "No run is chosen: tick some in the list.", "document.getElementById('empty').textContent");
    assertNoErrors();
  }

  @Test
  void valuesAreToldAtThePointerAndByKeys() throws Exception {
    open("#run=a&run=b");
    awaitDrawn("300 200");
    String tip = LOSS + ".querySelector('.tip')";
    String[] place =
        browser
            .ask(
                "(() => { const r = "
                    + LOSS
                    + ".querySelector('canvas').getBoundingClientRect(); return [r.left + r.width"
                    + " / 2, r.top + 80].join(); })()")
            .split(",");
    Map<String, Object> move =
        Map.of(
            "type",
            "mouseMoved",
            "x",
            Double.parseDouble(place[0]),
            "y",
            Double.parseDouble(place[1]));
    browser.call("Input.dispatchMouseEvent", move);
    browser.await("false", "String(" + tip + ".hidden)");
    String told = browser.ask(tip + ".innerText.replace(/\\s+/g, ' ')");
    assertTrue(told.matches("step 1[0-9][0-9] 0\\.[0-9]+ a 0\\.0[0-9]+ b ?"), told);
    browser.ask(LOSS + ".querySelector('canvas').focus()");
    for (String key : List.of("End", "ArrowLeft", "ArrowLeft")) {
      browser.call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key));
    }
    browser.await("true", "String(/^step 29[0-9]/.test(" + tip + ".innerText))");
    assertEquals("1", browser.ask(tip + ".querySelectorAll('tr').length"), "b ended before");
    browser.call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "Escape"));
    browser.await("true", "String(" + tip + ".hidden)");
    // Both configurations, where they differ.
    assertEquals(
        "optimizer|sgd(0.01)/sgd(0.1)|sgd(0.02)",
        browser.ask(
            "[...document.querySelectorAll('#configs tbody tr')].map(r => [...r.cells].map(c =>"
                + " c.textContent).join('|')).join('\\n')"));
    // Every control has a name.
    assertEquals(
        "0",
        browser.ask(
            "[...document.querySelectorAll('input, button')].filter(e => !(e.labels?.length ||"
                + " e.textContent.trim() || e.getAttribute('aria-label'))).length"));
    assertNoErrors();
  }

  @Test
  void withoutAChoiceTheNewestAreShownAsTheyCome() throws Exception {
    open("");
    browser.await("2", "document.querySelectorAll('#legend button').length");
    BoardRun.begin(folder.resolve("c"), "adam").rows(1, 5);
    look();
    browser.await("3", "document.querySelectorAll('#legend button').length");
    browser.await("3", LOSS + "?.dataset.drawn.split(' ').length");
    assertEquals("", browser.ask("location.hash"));
    assertNoErrors();
  }

  @Test
  void itIsDarkWhereThatIsWanted() throws Exception {
    open("#run=a");
    awaitDrawn("300");
    String background = "getComputedStyle(document.body).backgroundColor";
    String light = browser.ask(background);
    for (String scheme : List.of("dark", "light")) {
      List<Map<String, String>> features =
          List.of(Map.of("name", "prefers-color-scheme", "value", scheme));
      browser.call("Emulation.setEmulatedMedia", Map.of("features", features));
      browser.await("true", "String(matchMedia('(prefers-color-scheme: " + scheme + ")').matches)");
      if (scheme.equals("dark")) {
        assertNotEquals(light, browser.ask(background));
        awaitColoured(0);
      }
    }
    assertEquals(light, browser.ask(background));
    assertNoErrors();
  }

  @Test
  void aServerThatWasAwayIsFoundAgain() throws Exception {
    open("#run=a");
    awaitDrawn("300");
    int port = server.address().getPort();
    server.close();
    browser.ask("document.dispatchEvent(new Event('visibilitychange'))");
    browser.await(
        "no answer from the server; trying again", "document.getElementById('state').textContent");
    a.rows(301, 310);
    server = new BoardServer(folder, port);
    look();
    awaitDrawn("310");
    browser.await("live", "document.getElementById('state').textContent");
    assertFalse(browser.errors().stream().anyMatch(e -> !e.contains("ERR_")), "only lost requests");
  }
}
