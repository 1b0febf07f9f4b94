package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.Activation;
import io.hypertape.models.Dense;
import io.hypertape.models.Embedding;
import io.hypertape.models.Lstm;
import io.hypertape.models.Mode;
import io.hypertape.models.ParameterFactory;
import java.util.List;
import java.util.stream.Stream;

/**
 * An LSTM over windows of symbols, each from a state of zeros.
 *
 * @param session where
 * @param form its sizes
 * @param encoder a row of features for each symbol
 * @param rnn the LSTM
 * @param decoder from units to symbols
 */
record WindowNet(Session session, Form form, Embedding encoder, Lstm rnn, Dense decoder) {

  /**
   * Sizes.
   *
   * @param vocabulary number of symbols
   * @param embedding features of a symbol
   * @param hidden units of a layer
   * @param layers number of layers
   */
  record Form(int vocabulary, int embedding, int hidden, int layers) {}

  static WindowNet create(Session session, Form form, long seed) {
    ParameterFactory factory = new ParameterFactory(session, seed);
    return new WindowNet(
        session,
        form,
        Embedding.create(factory, "encoder", form.vocabulary(), form.embedding()),
        Lstm.create(factory, "rnn", form.embedding(), form.hidden(), form.layers(), 0),
        Dense.create(factory, "decoder", form.hidden(), form.vocabulary(), Activation.NONE));
  }

  /**
   * Log-probabilities of what follows each symbol.
   *
   * @param index I32 [steps · batch], time-major
   * @param steps symbols of a window
   * @param batch windows
   * @return [steps · batch, symbols]
   */
  Tensor forward(Tensor index, int steps, int batch) {
    Tensor h = session.zeros(form.layers(), batch, form.hidden());
    Tensor c = session.zeros(form.layers(), batch, form.hidden());
    Tensor y = rnn.forward(encoder, index, h, c, Mode.TRAIN).output();
    return decoder.forward(y.reshape(steps * batch, form.hidden()), Mode.TRAIN).logSoftmax();
  }

  List<Parameter> parameters() {
    return Stream.of(encoder, rnn, decoder).flatMap(l -> l.parameters().stream()).toList();
  }

  void close() {
    parameters().forEach(Parameter::close);
  }
}
