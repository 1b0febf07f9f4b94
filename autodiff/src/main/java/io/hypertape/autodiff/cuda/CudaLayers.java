package io.hypertape.autodiff.cuda;

/**
 * What whole layers of a network are computed by.
 *
 * @param convolutions convolutions
 * @param poolings pooling
 * @param batchNorms batch normalization
 * @param embeddings rows by index
 * @param dropout masks
 * @param recurrent recurrent layers
 */
record CudaLayers(
    CudaConvolutions convolutions,
    Poolings poolings,
    BatchNorms batchNorms,
    Embeddings embeddings,
    DropoutMasks dropout,
    RecurrentLayers recurrent) {}
