package io.hypertape.house.offender.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Breaks a rule of the house on purpose: half a file stays if the disk is full. */
public class WritingOffender {

  /** Writes. */
  void write(Path file) throws IOException {
    Files.writeString(file, "text");
  }
}
