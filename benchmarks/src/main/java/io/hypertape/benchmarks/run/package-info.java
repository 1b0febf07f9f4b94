/** The command {@code hypertape bench}. */
package io.hypertape.benchmarks.run;
