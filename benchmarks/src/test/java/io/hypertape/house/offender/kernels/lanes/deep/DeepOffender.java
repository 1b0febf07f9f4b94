package io.hypertape.house.offender.kernels.lanes.deep;

/** Breaks a rule of the house on purpose: it lies in a room of the kernels that there is not. */
public class DeepOffender {}
