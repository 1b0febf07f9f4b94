/** The narrow interface between tensors and the machine, and the values that cross it. */
package io.hypertape.autodiff.backend;
