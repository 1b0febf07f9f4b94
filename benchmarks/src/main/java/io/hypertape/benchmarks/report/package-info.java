/** What a run of benchmarks leaves: statistics, tables, the machine's description, files. */
package io.hypertape.benchmarks.report;
