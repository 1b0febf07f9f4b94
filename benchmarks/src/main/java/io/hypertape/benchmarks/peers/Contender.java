package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * A side in a comparison of steps.
 *
 * @param name how tables call it
 * @param command starts its process, which answers as {@link
 *     io.hypertape.benchmarks.fork.Server#serve} does
 */
record Contender(String name, List<String> command) {}
