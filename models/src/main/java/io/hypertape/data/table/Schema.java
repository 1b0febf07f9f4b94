package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the columns of a table mean. It begins with features alone, numbers where all cells are and
 * categories elsewhere; every method gives a changed one. {@link TableEncoder#fit} makes numbers of
 * it.
 *
 * @param fields the columns, in the table's order
 * @param task what kind of targets there are; empty while none was named
 */
public record Schema(List<Field> fields, Optional<Task> task) {

  /** What is to be foretold. */
  public enum Task {
    /** One of several classes, the values of one column. */
    CLASSES,
    /** Labels that may hold or not, a column of 0 and 1 (or false and true) each. */
    LABELS,
    /** Real numbers, a column each. */
    NUMBERS
  }

  /** What a column is used for. */
  public enum Role {
    /** The model sees it. */
    FEATURE,
    /** It is to be foretold. */
    TARGET,
    /** How much a row counts. */
    WEIGHT,
    /** It names the row: rows of one name fall into one part of the data. */
    ID,
    /** Nothing. */
    IGNORED
  }

  /** How a feature's cells are read. */
  public enum Kind {
    /** Each is a number, which is standardized. */
    NUMBER,
    /** Each is one of several words, of which every one becomes an input that is 0 or 1. */
    CATEGORY
  }

  /**
   * A column.
   *
   * @param column its name
   * @param role what it is used for
   * @param kind how its cells are read
   * @param missing what becomes of those that are missing
   */
  public record Field(String column, Role role, Kind kind, Missing missing) {

    /** Checks that all is there. */
    public Field {
      Nulls.check(column, "field: column");
      Nulls.check(role, "field: role");
      Nulls.check(kind, "field: kind");
      Nulls.check(missing, "field: missing");
    }

    private Field as(Role newRole) {
      return new Field(column, newRole, kind, missing);
    }

    private Field as(Kind newKind) {
      return new Field(column, role, newKind, missing);
    }

    private Field as(Missing newMissing) {
      return new Field(column, role, kind, newMissing);
    }
  }

  /** Checks that no column stands there twice. */
  public Schema {
    fields = Nulls.copy(fields, "schema: fields");
    Nulls.check(task, "schema: task");
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.column())) {
        throw new IllegalArgumentException(
            "schema: column " + field.column() + " stands there twice");
      }
    }
  }

  /**
   * A table's columns, all of them features.
   *
   * @param table the table
   * @return numbers where all cells are, else categories; missing cells are refused
   */
  public static Schema of(DataTable table) {
    Nulls.check(table, "schema: table");
    return new Schema(
        table.columns().stream()
            .map(
                column -> {
                  boolean numeric = table.column(column).isNumeric();
                  Kind kind = numeric ? Kind.NUMBER : Kind.CATEGORY;
                  return new Field(column, Role.FEATURE, kind, Missing.REFUSE);
                })
            .toList(),
        Optional.empty());
  }

  private Schema changed(UnaryOperator<Field> change, String... columns) {
    List<String> wanted = Nulls.copy(columns, "schema: columns");
    for (String column : wanted) {
      field(column);
    }
    return new Schema(
        fields.stream().map(f -> wanted.contains(f.column()) ? change.apply(f) : f).toList(), task);
  }

  private Field field(String column) {
    return fields.stream()
        .filter(f -> f.column().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no column "
                        + CellText.shown(column)
                        + "; there are "
                        + CellText.few(fields.stream().map(Field::column).toList())));
  }

  private Schema targets(Task newTask, String... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("no column to be foretold; at least one is needed");
    }
    Schema without = changed(f -> f.as(Role.IGNORED), columns(Role.TARGET).toArray(String[]::new));
    Schema with = without.changed(f -> f.as(Role.TARGET), columns);
    return new Schema(with.fields, Optional.of(newTask));
  }

  /**
   * The same, by which a class is to be foretold.
   *
   * @param column whose values are the classes
   * @return the changed schema
   */
  public Schema classes(String column) {
    Nulls.check(column, "schema: column");
    return targets(Task.CLASSES, column);
  }

  /**
   * The same, by which labels are to be foretold.
   *
   * @param columns of 0 and 1, or false and true, each
   * @return the changed schema
   */
  public Schema labels(String... columns) {
    Nulls.check(columns, "schema: columns");
    return targets(Task.LABELS, columns);
  }

  /**
   * The same, by which real numbers are to be foretold.
   *
   * @param columns the numbers
   * @return the changed schema
   */
  public Schema numbers(String... columns) {
    Nulls.check(columns, "schema: columns");
    return targets(Task.NUMBERS, columns);
  }

  /**
   * The same, by which columns are to be foretold whose kind the table tells: a column of words, or
   * of 0 and 1 alone, has classes, other columns numbers; several of 0 and 1 (or false and true)
   * are labels.
   *
   * @param table the table
   * @param columns what is to be foretold
   * @return the changed schema
   * @throws IllegalArgumentException if they are of several kinds
   */
  public Schema predicting(DataTable table, String... columns) {
    Nulls.check(table, "schema: table");
    List<String> names = Nulls.copy(columns, "schema: columns");
    for (String name : names) {
      field(name);
    }
    boolean truths = names.stream().allMatch(name -> isTruth(table.column(name)));
    boolean numeric = names.stream().allMatch(name -> table.column(name).isNumeric());
    if (names.size() == 1) {
      return truths || !numeric ? classes(columns[0]) : numbers(columns);
    }
    if (!truths && !numeric) {
      throw new IllegalArgumentException(
          table.name()
              + ": the columns "
              + String.join(", ", names)
              + " are neither all numbers nor all 0 and 1 (or false and true); what is foretold"
              + " together is of one kind");
    }
    return truths ? labels(columns) : numbers(columns);
  }

  private static boolean isTruth(TableColumn column) {
    for (int i = 0; i < column.size(); i++) {
      if (!column.isMissing(i) && Double.isNaN(CellText.truth(column.text(i)))) {
        return false;
      }
    }
    return column.missing() < column.size();
  }

  /**
   * The same, of whose columns only these are features; what others are used for stays.
   *
   * @param columns the features
   * @return the changed schema
   */
  public Schema features(String... columns) {
    Nulls.check(columns, "schema: columns");
    Schema none = changed(f -> f.as(Role.IGNORED), columns(Role.FEATURE).toArray(String[]::new));
    return none.changed(f -> f.as(Role.FEATURE), columns);
  }

  /**
   * The same, by which columns are not used.
   *
   * @param columns those to leave out
   * @return the changed schema
   */
  public Schema without(String... columns) {
    Nulls.check(columns, "schema: columns");
    return changed(f -> f.as(Role.IGNORED), columns);
  }

  /**
   * The same, by which a column tells how much its row counts.
   *
   * @param column of numbers, 0 or more
   * @return the changed schema
   */
  public Schema weight(String column) {
    Nulls.check(column, "schema: column");
    return changed(f -> f.as(Role.WEIGHT), column);
  }

  /**
   * The same, by which a column names its row.
   *
   * @param column such as a customer's number: rows of one name fall into one part of the data
   * @return the changed schema
   */
  public Schema id(String column) {
    Nulls.check(column, "schema: column");
    return changed(f -> f.as(Role.ID), column);
  }

  /**
   * The same, of which these features are categories, though their cells may be numbers.
   *
   * @param columns the categories
   * @return the changed schema
   */
  public Schema categories(String... columns) {
    Nulls.check(columns, "schema: columns");
    return changed(f -> f.as(Kind.CATEGORY), columns);
  }

  /**
   * The same with one policy for missing cells of all columns.
   *
   * @param newMissing what becomes of them
   * @return the changed schema
   */
  public Schema missing(Missing newMissing) {
    Nulls.check(newMissing, "schema: newMissing");
    return new Schema(fields.stream().map(f -> f.as(newMissing)).toList(), task);
  }

  /**
   * The same with a policy for missing cells of some columns.
   *
   * @param newMissing what becomes of them
   * @param columns which
   * @return the changed schema
   */
  public Schema missing(Missing newMissing, String... columns) {
    Nulls.check(newMissing, "schema: newMissing");
    Nulls.check(columns, "schema: columns");
    return changed(f -> f.as(newMissing), columns);
  }

  /**
   * Columns of a role.
   *
   * @param role the role
   * @return their names, in the table's order
   */
  public List<String> columns(Role role) {
    Nulls.check(role, "schema: role");
    return fields.stream().filter(f -> f.role() == role).map(Field::column).toList();
  }

  /** The one column of a role that only one may have. */
  Optional<String> column(Role role) {
    List<String> columns = columns(role);
    if (columns.size() > 1) {
      throw new IllegalArgumentException(
          "columns "
              + String.join(", ", columns)
              + " are each the "
              + (role == Role.ID ? "name" : "weight")
              + " of a row; one can be");
    }
    return columns.stream().findFirst();
  }

  /** Whether there is something to learn, and something to learn it from. */
  void check() {
    if (task.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is to be foretold; classes, labels or numbers name the columns");
    }
    if (columns(Role.FEATURE).isEmpty()) {
      throw new IllegalArgumentException("no column is left to foretell from");
    }
    column(Role.WEIGHT);
    column(Role.ID);
  }

  @Override
  public String toString() {
    Map<String, List<String>> roles = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      roles.put(role.name().toLowerCase(Locale.ROOT), new ArrayList<>(columns(role)));
    }
    return roles.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(entry -> entry.getKey() + " " + String.join(", ", entry.getValue()))
        .collect(Collectors.joining("; "));
  }
}
