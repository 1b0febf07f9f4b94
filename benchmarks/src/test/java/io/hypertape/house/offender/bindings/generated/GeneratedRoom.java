package io.hypertape.house.offender.bindings.generated;

/** Stands for what jextract makes, which nobody but native-bindings may name. */
public class GeneratedRoom {}
