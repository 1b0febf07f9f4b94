package io.hypertape.kernels.convolution;

/**
 * How images of a batch lie: [images, groups, planes, height, width], without gaps.
 *
 * @param groups into which the planes fall
 * @param planes of a group
 * @param height rows of a plane
 * @param width columns of a plane
 */
record Images(int groups, int planes, int height, int width) {

  /** Elements of a plane. */
  int plane() {
    return height * width;
  }

  /** Where an image's planes of a group begin. */
  int at(int image, int group) {
    return (image * groups + group) * planes * plane();
  }
}
