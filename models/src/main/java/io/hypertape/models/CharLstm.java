package io.hypertape.models;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A character-level language model: an embedding, LSTM layers, a dense layer, log-softmax. Its
 * parameters are {@code encoder.weight} [symbols, features], {@code rnn.weight_ih_l0}, …, {@code
 * decoder.weight} [symbols, units] and {@code decoder.bias}.
 *
 * <p>It reads B texts side by side, T symbols at a time, and carries its state from piece to piece;
 * gradients stay within a piece (truncated backpropagation through time).
 */
public final class CharLstm implements Model {

  private record Place(Mode mode, int batch) {}

  private final CharLstmSpec spec;
  private final Session session;
  private final Embedding encoder;
  private final Lstm rnn;
  private final Dense decoder;
  private final Map<Place, RecurrentState> states = new HashMap<>();

  private CharLstm(CharLstmSpec spec, ParameterFactory factory) {
    this.spec = spec;
    this.session = factory.session();
    this.encoder = Embedding.create(factory, "encoder", spec.vocabulary(), spec.embedding());
    this.rnn =
        Lstm.create(factory, "rnn", spec.embedding(), spec.hidden(), spec.layers(), spec.dropout());
    this.decoder =
        Dense.create(factory, "decoder", spec.hidden(), spec.vocabulary(), Activation.NONE);
  }

  /**
   * With PyTorch's default initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static CharLstm create(Session session, CharLstmSpec spec, long seed) {
    Nulls.check(session, "character LSTM: session");
    Nulls.check(spec, "character LSTM: spec");
    return of(new ParameterFactory(session, seed), spec);
  }

  /**
   * With parameters of a given origin.
   *
   * @param factory makes the parameters
   * @param spec the form
   * @return the model
   */
  public static CharLstm of(ParameterFactory factory, CharLstmSpec spec) {
    Nulls.check(factory, "character LSTM: factory");
    Nulls.check(spec, "character LSTM: spec");
    return new CharLstm(spec, factory);
  }

  /**
   * Log-probabilities of what follows each symbol. The state is carried on from the call before
   * with the same mode and batch.
   *
   * @param index I32 [steps · batch], numbers of symbols, time-major: the batch's first symbols,
   *     then the second ones, …
   * @param steps symbols of each text, T
   * @param batch texts, B
   * @param mode whether the model is being trained
   * @return [steps · batch, symbols]
   */
  public Tensor forward(Tensor index, int steps, int batch, Mode mode) {
    Nulls.check(index, "character LSTM: index");
    Nulls.check(mode, "character LSTM: mode");
    return forward(index, steps, batch, state(mode, batch), mode);
  }

  /**
   * Log-probabilities of what follows each symbol, with a state of the caller's.
   *
   * @param index I32 [steps · batch], numbers of symbols, time-major
   * @param steps symbols of each text, T
   * @param batch texts, B
   * @param state read, then moved on
   * @param mode whether the model is being trained
   * @return [steps · batch, symbols]
   */
  public Tensor forward(Tensor index, int steps, int batch, RecurrentState state, Mode mode) {
    Nulls.check(index, "character LSTM: index");
    Nulls.check(state, "character LSTM: state");
    Nulls.check(mode, "character LSTM: mode");
    if (index.size() != steps * batch) {
      throw new IllegalArgumentException(
          "character LSTM: "
              + index.size()
              + " symbols are not "
              + steps
              + " steps of "
              + batch
              + " texts");
    }
    NeuralOps.RecurrentResult run =
        rnn.forward(encoder, index, state.hidden().read(), state.cell().read(), mode);
    state.hidden().write(run.hidden());
    run.cell().ifPresent(state.cell()::write);
    return decoder.forward(run.output().reshape(steps * batch, spec.hidden()), mode).logSoftmax();
  }

  /**
   * What {@link #forward(Tensor, int, int, Mode)} carries from call to call.
   *
   * @param mode whether the model is being trained
   * @param batch texts side by side
   * @return the state of these calls
   */
  public RecurrentState state(Mode mode, int batch) {
    Nulls.check(mode, "character LSTM: mode");
    return states.computeIfAbsent(new Place(mode, batch), p -> newState(p.batch()));
  }

  /**
   * A state of zeros.
   *
   * @param batch texts side by side
   * @return a state for {@link #forward(Tensor, int, int, RecurrentState, Mode)}
   */
  public RecurrentState newState(int batch) {
    return new RecurrentState(session, spec.layers(), batch, spec.hidden());
  }

  /** Begins new texts, in every mode and for every batch. */
  public void resetState() {
    states.values().forEach(RecurrentState::reset);
  }

  /**
   * Begins new texts.
   *
   * @param mode only in this mode
   */
  public void resetState(Mode mode) {
    Nulls.check(mode, "character LSTM: mode");
    states.forEach(
        (place, state) -> {
          if (place.mode() == mode) {
            state.reset();
          }
        });
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.of(encoder, rnn, decoder).flatMap(l -> l.parameters().stream()).toList();
  }

  @Override
  public List<Buffer> buffers() {
    return List.of();
  }

  /**
   * Where sequences of dropout masks stand.
   *
   * @return the counters, in a fixed order
   */
  public List<DropoutCounter> dropoutCounters() {
    return rnn.dropoutCounters();
  }

  @Override
  public void close() {
    parameters().forEach(Parameter::close);
    INTERNALS.later(session, () -> states.values().forEach(RecurrentState::close));
    dropoutCounters().forEach(DropoutCounter::close);
  }

  @Override
  public String family() {
    return "char-lstm";
  }

  @Override
  public Map<String, String> form() {
    return Map.of("dropout", Double.toString(spec.dropout()));
  }

  /**
   * The form.
   *
   * @return sizes and dropout
   */
  public CharLstmSpec spec() {
    return spec;
  }

  /**
   * Where it lives.
   *
   * @return the session of its parameters
   */
  public Session session() {
    return session;
  }
}
