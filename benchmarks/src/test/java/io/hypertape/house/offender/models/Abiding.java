package io.hypertape.house.offender.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What {@link LocaleOffender} should have said. */
public class Abiding {

  Object texts(byte[] bytes, int k) {
    String text =
        String.format(Locale.ROOT, "layer%d", k) + new String(bytes, StandardCharsets.UTF_8);
    return text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
  }

  Object formats() {
    return DateTimeFormatter.ofPattern("yyyy", Locale.ROOT)
        .toString()
        .concat(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(1));
  }

  Reader in(InputStream in) {
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  PrintStream out(OutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter out(Writer out) {
    out.toString();
    return new PrintWriter(out);
  }

  String file(Path file) throws IOException {
    return Files.readString(file);
  }
}
