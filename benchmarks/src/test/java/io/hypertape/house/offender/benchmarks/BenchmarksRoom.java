package io.hypertape.house.offender.benchmarks;

/** Stands for what lies above models and tensors. */
public class BenchmarksRoom {}
