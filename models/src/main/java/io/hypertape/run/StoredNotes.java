package io.hypertape.run;

import io.hypertape.io.StoredType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What became of a file's names and numbers on their way into a model. */
final class StoredNotes {

  private final Map<StoredType, Integer> tensors = new EnumMap<>(StoredType.class);
  private long rounded;
  private String firstRounded = "";

  /** A tensor was read, and so many of its numbers are not what the file has. */
  void add(StoredType type, String name, long roundedNumbers) {
    tensors.merge(type, 1, Integer::sum);
    rounded += roundedNumbers;
    firstRounded = firstRounded.isEmpty() && roundedNumbers > 0 ? name : firstRounded;
  }

  List<String> text(StoredNames names) {
    List<String> text = new ArrayList<>();
    if (!names.removed().isEmpty()) {
      text.add(
          "names were taken without "
              + String.join(
                  " and ", names.removed().stream().map(part -> "'" + part + "'").toList())
              + ", which a wrapper of PyTorch adds");
    }
    tensors.forEach(
        (type, count) -> {
          if (type != StoredType.F32 && type != StoredType.F64) {
            text.add(count + (count == 1 ? " tensor is" : " tensors are") + " stored as " + type);
          }
        });
    if (rounded > 0) {
      text.add(
          rounded
              + (rounded == 1 ? " number was" : " numbers were")
              + " rounded to single precision, the first in "
              + firstRounded);
    }
    return text;
  }
}
