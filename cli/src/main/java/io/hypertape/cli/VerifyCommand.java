package io.hypertape.cli;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.run.folder.FolderCheck;
import io.hypertape.run.folder.FolderCheck.Finding;
import io.hypertape.run.folder.FolderCheck.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks what runs have left. */
@Command(
    name = "verify",
    description = {
      "Checks what runs have left, and changes nothing: a line a file.",
      "",
      "whole: all bytes are those that were written, and make sense; unchecked: it makes sense and"
          + " has no checksum; damaged; leftover: of a run that was killed; unknown: no file of a"
          + " run."
    })
final class VerifyCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "the folder of a run or of figures of the paper, or a file of it")
  private List<Path> places;

  private VerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    int damaged = 0;
    int files = 0;
    try (Session session = Session.open(SessionOptions.of(Device.CPU))) {
      for (Path place : places) {
        List<Finding> findings = FolderCheck.of(session, place);
        if (findings.isEmpty()) {
          throw new IOException(place + ": an empty folder; no run has left anything in it");
        }
        for (Finding finding : findings) {
          String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
          System.out.printf(
              Locale.ROOT,
              "%-9s  %s: %s%n",
              verdict,
              Shown.text(finding.file().toString()),
              Shown.text(finding.text()));
          files++;
          damaged += finding.verdict() == Verdict.DAMAGED ? 1 : 0;
        }
      }
    }
    if (damaged > 0) {
      throw new IOException(
          damaged + " of " + files + (files == 1 ? " file is damaged" : " files are damaged"));
    }
    return 0;
  }
}
