package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.generated.cudnn.cudnnConvolutionBwdDataAlgoPerfStruct;
import io.hypertape.bindings.generated.cudnn.cudnnConvolutionBwdFilterAlgoPerfStruct;
import io.hypertape.bindings.generated.cudnn.cudnnConvolutionFwdAlgoPerfStruct;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.bindings.testing.LayerLoops;
import java.lang.foreign.GroupLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CudnnConvolutionTest extends CudaTestCase {

  private CudnnHandle cudnn;
  private CudnnConvolution convolution;

  @BeforeEach
  void openHandle() {
    cudnn = CudnnHandle.create(stream);
    convolution = CudnnConvolution.create(cudnn, MatmulPrecision.FP32);
  }

  @AfterEach
  void closeHandle() {
    convolution.close();
    convolution.close();
    cudnn.close();
  }

  static List<ConvolutionGeometry> geometries() {
    return List.of(
        new ConvolutionGeometry(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1),
        new ConvolutionGeometry(2, 3, 8, 7, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new ConvolutionGeometry(3, 4, 9, 6, 6, 3, 2, 2, 1, 0, 1, 1, 1, 2),
        new ConvolutionGeometry(1, 2, 9, 9, 3, 3, 3, 1, 2, 2, 0, 2, 1, 1));
  }

  private static LayerLoops.Convolution loops(ConvolutionGeometry g) {
    return new LayerLoops.Convolution(
        g.batch(),
        g.channels(),
        g.height(),
        g.width(),
        g.filters(),
        g.filterHeight(),
        g.filterWidth(),
        g.strideHeight(),
        g.strideWidth(),
        g.padHeight(),
        g.padWidth(),
        g.dilationHeight(),
        g.dilationWidth(),
        g.groups());
  }

  private float[] run(
      ConvolutionDirection direction, ConvolutionGeometry g, float[] a, float[] b, int count) {
    CudnnConvolutionPlan plan = convolution.plan(direction, g).orElseThrow();
    try (DeviceMemory first = upload(a);
        DeviceMemory second = upload(b);
        DeviceMemory out = pool.allocate(4L * count);
        DeviceMemory workspace = pool.allocate(plan.workspaceBytes())) {
      plan.run(first.address(), second.address(), out.address(), workspace.address());
      return download(out);
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void theProductsAreThoseOfPlainLoops(ConvolutionGeometry g) {
    LayerLoops.Convolution loops = loops(g);
    assertEquals(loops.p(), g.outHeight());
    assertEquals(loops.q(), g.outWidth());
    float[] x = values(loops.inputs(), 1);
    float[] w = values(loops.filters(), 2);
    float[] dy = values(loops.outputs(), 3);
    assertArrayEquals(
        loops.forward(x, w), run(ConvolutionDirection.FORWARD, g, x, w, loops.outputs()), 1e-4f);
    assertArrayEquals(
        loops.data(dy, w), run(ConvolutionDirection.DATA, g, dy, w, loops.inputs()), 1e-4f);
    assertArrayEquals(
        loops.filter(x, dy), run(ConvolutionDirection.FILTER, g, x, dy, loops.filters()), 1e-4f);
  }

  @Test
  void algorithmsWhoseResultsDifferFromRunToRunArePassedOver() {
    CudaDouble.requireDouble();
    ConvolutionGeometry g = geometries().get(1);
    // The double's fast ones for the backward passes add atomically; the others have a workspace.
    for (ConvolutionDirection direction : ConvolutionDirection.values()) {
      CudnnConvolutionPlan plan = convolution.plan(direction, g).orElseThrow();
      assertEquals(1, plan.algorithm());
      assertTrue(plan.workspaceBytes() > 0);
    }
    ConvolutionGeometry dilated = new ConvolutionGeometry(1, 2, 9, 9, 2, 3, 3, 1, 1, 0, 0, 2, 2, 2);
    assertTrue(convolution.plan(ConvolutionDirection.FORWARD, dilated).isPresent());
    assertFalse(convolution.plan(ConvolutionDirection.FILTER, dilated).isPresent());
    assertTrue(convolution.isPlanned(ConvolutionDirection.FILTER, dilated));
  }

  @Test
  void cudnnIsAskedOnceAGeometry() {
    CudaDouble.requireDouble();
    ConvolutionGeometry g = geometries().get(1);
    assertFalse(convolution.isPlanned(ConvolutionDirection.DATA, g));
    Optional<CudnnConvolutionPlan> plan = convolution.plan(ConvolutionDirection.DATA, g);
    long calls = CudaDouble.calls();
    assertTrue(convolution.isPlanned(ConvolutionDirection.DATA, g));
    assertSame(plan, convolution.plan(ConvolutionDirection.DATA, geometries().get(1)));
    assertEquals(calls, CudaDouble.calls());
  }

  @Test
  void aPlanThatCameToNothingIsForgotten() {
    CudaDouble.requireDouble();
    ConvolutionGeometry g = geometries().get(1);
    convolution.plan(ConvolutionDirection.DATA, g).orElseThrow();
    convolution.giveUp(ConvolutionDirection.DATA, g);
    convolution.giveUp(ConvolutionDirection.DATA, g);
    assertTrue(convolution.isPlanned(ConvolutionDirection.DATA, g));
    assertFalse(convolution.plan(ConvolutionDirection.DATA, g).isPresent());
    assertEquals(1, CudaDouble.calls("cudnnDestroyFilterDescriptor"));
  }

  @Test
  void plansAreNotMany() {
    CudaDouble.requireDouble();
    for (int n = 1; n <= CudnnConvolution.CAPACITY + 2; n++) {
      convolution.plan(
          ConvolutionDirection.FORWARD,
          new ConvolutionGeometry(n, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1));
    }
    assertEquals(2, CudaDouble.calls("cudnnDestroyFilterDescriptor"));
  }

  @Test
  void tf32IsUsedIfItIsAllowed() {
    float[] fine = {1 + 1f / 4096};
    ConvolutionGeometry g = geometries().get(0);
    float[] exact = run(ConvolutionDirection.FORWARD, g, fine, new float[] {1}, 1);
    assertEquals(fine[0], exact[0]);
    if (CudaDouble.isDevice()) {
      return; // A device may compute a single product as it likes.
    }
    convolution.close();
    convolution = CudnnConvolution.create(cudnn, MatmulPrecision.TF32);
    assertEquals(1f, run(ConvolutionDirection.FORWARD, g, fine, new float[] {1}, 1)[0]);
  }

  @Test
  void whatIsWrongIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cudnn");
    ConvolutionGeometry g = geometries().get(0);
    CudnnConvolutionPlan plan = convolution.plan(ConvolutionDirection.FILTER, g).orElseThrow();
    CudaException e = assertThrows(CudaException.class, () -> plan.run(0x10, 0x20, 0x30, 0x40));
    assertEquals("cudnnConvolutionBackwardFilter", e.call());
    assertTrue(e.arguments().contains("batch=1"), e.arguments());
    assertTrue(e.arguments().contains("out=0x30"), e.arguments());
    assertFalse(CudnnHandle.isUnsupported(e));
    convolution.close();
    assertThrows(
        IllegalStateException.class, () -> convolution.plan(ConvolutionDirection.FORWARD, g));
  }

  /** What the heuristics write is read by one of three structures. */
  @Test
  void theThreeStructuresOfResultsLookAlike() {
    GroupLayout forward = cudnnConvolutionFwdAlgoPerfStruct.layout();
    for (GroupLayout other :
        new GroupLayout[] {
          cudnnConvolutionBwdDataAlgoPerfStruct.layout(),
          cudnnConvolutionBwdFilterAlgoPerfStruct.layout()
        }) {
      assertEquals(forward.memberLayouts(), other.memberLayouts());
    }
  }
}
