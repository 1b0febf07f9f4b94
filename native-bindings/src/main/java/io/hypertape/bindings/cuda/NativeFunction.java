package io.hypertape.bindings.cuda;

import java.util.StringJoiner;

/**
 * A function of a library as failures name it.
 *
 * @param api the library
 * @param name the function's name
 * @param parameters names of the arguments worth saying; one that ends in {@code *} is an address
 */
record NativeFunction(Api api, String name, String... parameters) {

  String describe(Object... values) {
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < parameters.length; i++) {
      String parameter = parameters[i];
      if (parameter.endsWith("*")) {
        String start = parameter.substring(0, parameter.length() - 1);
        text.add(start + "=0x" + Long.toHexString((Long) values[i]));
      } else {
        text.add(parameter + "=" + values[i]);
      }
    }
    return text.toString();
  }
}
