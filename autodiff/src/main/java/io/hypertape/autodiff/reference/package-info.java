/** The backend of plain loops: the oracle of the others. */
@NullMarked
package io.hypertape.autodiff.reference;

import org.jspecify.annotations.NullMarked;
