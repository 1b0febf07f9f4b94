package io.hypertape.autodiff.cpu.start;

/**
 * Why vector kernels are not chosen.
 *
 * @param reason what is in the way, and what would mend it
 * @param certain whether they are known to be slow or impossible; else they are only not known to
 *     be fast, and who asks for them by name gets them
 */
record Obstacle(String reason, boolean certain) {}
