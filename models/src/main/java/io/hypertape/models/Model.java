package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import java.util.List;
import java.util.Map;

/**
 * A whole network, with what is needed to store it and to build it again. Its memory is freed when
 * it is closed, or when nobody can reach it any more.
 */
public interface Model extends AutoCloseable {

  /**
   * What kind of network it is.
   *
   * @return such as {@code mlp}, {@code resnet20}, {@code cnn}, {@code char-lstm}
   */
  String family();

  /**
   * What the shapes of its parameters do not tell.
   *
   * @return texts by name
   */
  Map<String, String> form();

  /**
   * What is learned.
   *
   * @return the parameters, in a fixed order, each once, named as PyTorch's state_dict has them
   */
  List<Parameter> parameters();

  /**
   * What is kept beside the parameters.
   *
   * @return running statistics, named as PyTorch's state_dict has them
   */
  List<Buffer> buffers();

  /**
   * Frees the memory of the parameters and of all that is kept beside them, from any thread; using
   * it afterwards is an error. Closing twice does nothing.
   *
   * @throws IllegalStateException if an optimizer is at work on it; from another thread than the
   *     session's it is closed after that one
   */
  @Override
  void close();
}
