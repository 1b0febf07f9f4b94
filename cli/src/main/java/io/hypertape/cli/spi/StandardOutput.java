package io.hypertape.cli.spi;

import io.hypertape.checks.Nulls;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Standard output that does not keep quiet when nobody reads it any more: {@link PrintStream}
 * swallows that a pipe is closed or a device full, and whoever prints through this one gets an
 * {@link OutputLostException} instead. Writers and streams over it pass it on.
 */
public final class StandardOutput extends PrintStream {

  private StandardOutput(OutputStream sink, Charset charset) {
    super(new BufferedOutputStream(new Strict(sink)), true, charset);
  }

  /**
   * Puts this in front of the process's standard output, for as long as it runs. It writes in the
   * encoding of the locale, or in UTF-8 where no locale is set, which Java takes for ASCII.
   */
  public static void install() {
    System.setOut(
        new StandardOutput(
            new FileOutputStream(FileDescriptor.out), beyondAscii(System.out.charset())));
  }

  /**
   * The encoding to write in where Java found this one.
   *
   * @param found the encoding of the locale
   * @return the same, or UTF-8 instead of ASCII
   */
  public static Charset beyondAscii(Charset found) {
    Nulls.check(found, "beyondAscii: found");
    return found.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : found;
  }

  /**
   * Runs a command, which ends when what it prints is lost.
   *
   * @param command prints to {@link System#out}; gives its exit status
   * @return the command's exit status, or 1, with a line on standard error, if its output was lost
   */
  public static int guard(IntSupplier command) {
    Nulls.check(command, "guard: command");
    PrintStream before = System.out;
    if (!(before instanceof StandardOutput)) {
      System.setOut(new StandardOutput(new Checked(before), before.charset()));
    }
    try {
      int status = command.getAsInt();
      System.out.flush();
      return status;
    } catch (OutputLostException e) {
      System.err.println("hypertape: " + e.getMessage());
      return 1;
    } finally {
      System.setOut(before);
    }
  }

  /** Turns the first failure into an exception that print streams let pass. */
  private static final class Strict extends OutputStream {

    private final OutputStream sink;
    private boolean lost;

    Strict(OutputStream sink) {
      this.sink = sink;
    }

    private OutputLostException lost(IOException e) {
      lost = true;
      return new OutputLostException("standard output cannot be written: " + e.getMessage(), e);
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      if (lost) {
        return;
      }
      try {
        sink.write(bytes, from, length);
      } catch (IOException e) {
        throw lost(e);
      }
    }

    @Override
    public void flush() {
      if (lost) {
        return;
      }
      try {
        sink.flush();
      } catch (IOException e) {
        throw lost(e);
      }
    }
  }

  /** Asks a print stream, each time, whether it has failed. */
  private static final class Checked extends OutputStream {

    private final PrintStream target;

    Checked(PrintStream target) {
      this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      target.write(bytes, from, length);
      flush();
    }

    @Override
    public void flush() throws IOException {
      if (target.checkError()) {
        throw new IOException("it is closed, or its device is full");
      }
    }
  }
}
