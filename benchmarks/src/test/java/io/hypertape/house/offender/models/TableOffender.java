package io.hypertape.house.offender.models;

import org.apache.commons.csv.CSVFormat;

/** Needs a library that may be missing. */
public class TableOffender {

  Object format() {
    return CSVFormat.DEFAULT;
  }
}
