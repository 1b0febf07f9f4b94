package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.ConvolutionBenchmark;
import io.hypertape.benchmarks.ConvolutionLayer;
import io.hypertape.benchmarks.ElementwiseBenchmark;
import io.hypertape.benchmarks.GemmBenchmark;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.LayerBenchmark;
import io.hypertape.benchmarks.LayoutBenchmark;
import io.hypertape.benchmarks.SoftmaxBenchmark;
import io.hypertape.benchmarks.SumBenchmark;
import io.hypertape.benchmarks.UpdateBenchmark;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.kernels.KernelMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Our kernels: time, rate, and how many times as fast as the scalar twin, forked right after. */
final class KernelSuite {

  /** The benchmarks. */
  static final List<Class<?>> TYPES =
      List.of(
          GemmBenchmark.class,
          ConvolutionBenchmark.class,
          ElementwiseBenchmark.class,
          LayoutBenchmark.class,
          LayerBenchmark.class,
          SoftmaxBenchmark.class,
          SumBenchmark.class,
          UpdateBenchmark.class);

  /** Scalar products beyond this take seconds each and say nothing that smaller ones do not. */
  private static final double MAX_SCALAR_FLOPS = 3e8;

  private final List<Case> cases;
  private final List<Integer> threads;

  KernelSuite(Pattern filter, List<Integer> threads) {
    this.cases = Case.of(TYPES, filter);
    this.threads = threads;
  }

  int size() {
    return cases.size() * threads.size();
  }

  void run(Jmh jmh, BenchmarkProgress progress, Report report) {
    for (int count : threads) {
      Table table = new Table("kernel", "time", "GFLOP/s", "Gelem/s", "± %", "x scalar");
      List<Map<String, Object>> data = new ArrayList<>();
      for (Case which : cases) {
        JmhScore vector = score(jmh, which, KernelMode.VECTOR, count);
        double ratio =
            hasTwin(which)
                ? score(jmh, which, KernelMode.SCALAR, count).seconds() / vector.seconds()
                : Double.NaN;
        String time = Figures.time(vector.seconds());
        table.row(
            which.label(),
            time,
            Figures.digits(vector.rate("gflops")),
            Figures.digits(vector.rate("gelements")),
            Figures.digits(100 * vector.error()),
            Figures.digits(ratio));
        data.add(figure(which, count, vector, ratio));
        progress.done(which.label() + ": " + time);
      }
      report.add(new Report.Section("Kernels, threads: " + count, table, List.of()), data);
    }
  }

  /** Whether the scalar twin is measured, too. */
  static boolean hasTwin(Case which) {
    String shape = which.params().get("shape");
    String layer = which.params().get("layer");
    double flops =
        shape != null
            ? GemmShape.parse(shape).flops()
            : layer != null ? ConvolutionLayer.parse(layer).flops() : 0;
    return flops < MAX_SCALAR_FLOPS;
  }

  /** Measures a kernel or its twin. */
  static JmhScore score(Jmh jmh, Case which, KernelMode mode, int threads) {
    return jmh.runKernel(which, Map.of("mode", mode.name(), "threads", Integer.toString(threads)));
  }

  private static Map<String, Object> figure(Case which, int threads, JmhScore score, double ratio) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", Suite.KERNELS.toString());
    figure.put("benchmark", which.label());
    figure.put("threads", threads);
    figure.put("seconds", score.seconds());
    figure.put("rates", score.rates());
    if (!Double.isNaN(ratio)) {
      figure.put("timesScalar", ratio);
    }
    return figure;
  }
}
