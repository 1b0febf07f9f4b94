package io.hypertape.cli;

import io.hypertape.data.table.DataTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reads tables' files. */
final class DataTables {

  /** It logs which decoders it uses, which nobody asked for; kept, as loggers are held weakly. */
  private static final Logger HARDWOOD = Logger.getLogger("dev.hardwood");

  private DataTables() {}

  static DataTable read(Path file) throws IOException {
    HARDWOOD.setLevel(Level.WARNING);
    return DataTable.read(file);
  }
}
