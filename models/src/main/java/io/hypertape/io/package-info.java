/** Files of weights. */
package io.hypertape.io;
