package io.hypertape.kernels.lanes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An innermost loop: it takes arrays and offsets rather than operands, as many as it needs, so that
 * the compiler sees locals. Other methods have at most eight parameters; a rule of the house holds
 * them to that, and leaf loops to calling nothing that has more, save other leaf loops.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface LeafLoop {}
