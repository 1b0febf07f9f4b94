/** Native libraries through the Foreign Function and Memory API. No tensors, no dependency. */
module io.hypertape.bindings {}
