/**
 * Models as ONNX files (opset 17): written for other runtimes, and read as models that can be
 * trained.
 */
@NullMarked
package io.hypertape.io.onnx;

import org.jspecify.annotations.NullMarked;
