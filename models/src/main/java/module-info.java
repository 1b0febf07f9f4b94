/** Models, data sets, training and the command line. */
module io.hypertape.models {
  requires io.hypertape.autodiff;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires org.knowm.xchart;
}
