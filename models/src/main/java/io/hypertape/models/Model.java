package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.PersistentTensor;
import java.util.List;
import java.util.Map;

/** A whole network, with what is needed to store it and to build it again. */
public interface Model {

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
  List<PersistentTensor> buffers();
}
