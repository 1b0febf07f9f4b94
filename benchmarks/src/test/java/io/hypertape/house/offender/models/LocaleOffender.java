package io.hypertape.house.offender.models;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Formatter;
import java.util.Locale;
import java.util.Scanner;
import java.util.function.Function;

/** Breaks a rule of the house on purpose: each method has one text that depends on the machine. */
public class LocaleOffender {

  String key(int k) {
    return String.format("layer%d", k);
  }

  String formatted(int k) {
    return "layer%d".formatted(k);
  }

  void printf(PrintStream out) {
    out.printf("%d", 1);
  }

  void printfToWriter(PrintWriter out) {
    out.printf("%d", 1);
  }

  void format(PrintStream out) {
    out.format("%d", 1);
  }

  Formatter formatter(StringBuilder out) {
    return new Formatter(out);
  }

  String lower(String text) {
    return text.toLowerCase();
  }

  Function<String, String> upper() {
    return String::toUpperCase;
  }

  Scanner scanner(String text) {
    return new Scanner(text);
  }

  DecimalFormat decimal() {
    return new DecimalFormat("0.0");
  }

  NumberFormat number() {
    return NumberFormat.getInstance();
  }

  String message() {
    return MessageFormat.format("{0}", 1);
  }

  SimpleDateFormat oldDate() {
    return new SimpleDateFormat("yyyy");
  }

  DateTimeFormatter date() {
    return DateTimeFormatter.ofPattern("yyyy");
  }

  DateTimeFormatter localDate() {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.SHORT);
  }

  Locale locale() {
    return Locale.getDefault();
  }

  Charset charset() {
    return Charset.defaultCharset();
  }

  byte[] bytes(String text) {
    return text.getBytes();
  }

  String text(byte[] bytes) {
    return new String(bytes);
  }

  String collected(ByteArrayOutputStream bytes) {
    return bytes.toString();
  }

  Reader file(File file) throws IOException {
    return new FileReader(file);
  }

  Reader reader(InputStream in) {
    return new InputStreamReader(in);
  }

  Writer writer(OutputStream out) {
    return new OutputStreamWriter(out);
  }

  PrintStream stream(OutputStream out) {
    return new PrintStream(out, true);
  }

  PrintWriter printer(OutputStream out) {
    return new PrintWriter(out);
  }

  Reader process(Process process) {
    return process.inputReader();
  }
}
