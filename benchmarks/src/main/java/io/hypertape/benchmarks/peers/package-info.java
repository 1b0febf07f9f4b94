/** Other people's libraries, measured in turns with ours: gemm in one JVM, steps in processes. */
package io.hypertape.benchmarks.peers;
