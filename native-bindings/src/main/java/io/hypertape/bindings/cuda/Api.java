package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;
import io.hypertape.bindings.generated.cudart.Cudart;
import io.hypertape.bindings.generated.cudnn.Cudnn;
import io.hypertape.bindings.generated.driver.CudaDriver;
import io.hypertape.bindings.generated.nvrtc.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The libraries whose functions return a status, each with its own words for it. */
enum Api {
  RUNTIME {
    @Override
    String name(int code) {
      return read(Cudart.cudaGetErrorName(code));
    }

    @Override
    String text(int code) {
      return read(Cudart.cudaGetErrorString(code));
    }

    @Override
    void forget() {
      // The runtime repeats its last error to whoever asks next, who may be somebody else.
      Cudart.cudaGetLastError();
    }
  },
  DRIVER {
    @Override
    String name(int code) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
        return CudaDriver.cuGetErrorName(code, cell) == 0
            ? read(ResultCells.pointer(cell))
            : UNNAMED;
      }
    }

    @Override
    String text(int code) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
        return CudaDriver.cuGetErrorString(code, cell) == 0
            ? read(ResultCells.pointer(cell))
            : UNNAMED;
      }
    }
  },
  CUBLAS {
    @Override
    String name(int code) {
      return read(Cublas.cublasGetStatusName(code));
    }

    @Override
    String text(int code) {
      return read(Cublas.cublasGetStatusString(code));
    }
  },
  CUDNN {
    @Override
    String name(int code) {
      return read(Cudnn.cudnnGetErrorString(code));
    }

    @Override
    String text(int code) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment message = arena.allocate(MAX_TEXT);
        Cudnn.cudnnGetLastErrorString(message, MAX_TEXT);
        String text = read(message).strip();
        return text.isEmpty() ? name(code) : text;
      }
    }
  },
  NVRTC {
    @Override
    String name(int code) {
      return read(Nvrtc.nvrtcGetErrorString(code));
    }

    @Override
    String text(int code) {
      return name(code);
    }
  };

  private static final int MAX_TEXT = 4096;
  private static final String UNNAMED = "unknown";

  /** The name of a status, from the library. */
  abstract String name(int code);

  /** What the library says about a status. */
  abstract String text(int code);

  /** Makes the library forget a failure that has been reported. */
  void forget() {}

  private static String read(MemorySegment text) {
    return text.address() == 0 ? UNNAMED : text.reinterpret(MAX_TEXT).getString(0);
  }
}
