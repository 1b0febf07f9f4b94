package io.hypertape.data.codec;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Decoded pixels: red, green and blue as they are stored; colour profiles are not applied, and
 * transparency is left out, as PyTorch's loader of folders does it.
 *
 * @param height rows
 * @param width columns
 * @param rgb [3, height, width]
 */
public record Pixels(int height, int width, byte[] rgb) {

  /** Channels of every image, grey ones included. */
  public static final int CHANNELS = 3;

  /** Turns a row of samples into colours. */
  @FunctionalInterface
  interface Colors {

    /** Writes row h of samples [width, bands] into planes of [height, width]. */
    void row(int[] samples, int h, Pixels target);
  }

  static Pixels of(Raster raster, Colors colors) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    Pixels pixels = new Pixels(height, width, new byte[CHANNELS * height * width]);
    int[] row = new int[width * raster.getNumBands()];
    for (int h = 0; h < height; h++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + h, width, 1, row);
      colors.row(row, h, pixels);
    }
    return pixels;
  }

  void set(int h, int w, int red, int green, int blue) {
    int plane = height * width;
    int at = h * width + w;
    rgb[at] = (byte) red;
    rgb[plane + at] = (byte) green;
    rgb[2 * plane + at] = (byte) blue;
  }

  /** Samples that are grey, or red, green and blue in this order, with transparency or not. */
  static Colors direct(int bands, int bits) {
    int shift = Math.max(bits - Byte.SIZE, 0);
    int scale = bits < Byte.SIZE ? 255 / ((1 << bits) - 1) : 1;
    int color = bands < CHANNELS ? 0 : 1;
    return (samples, h, target) -> {
      for (int w = 0; w < target.width; w++) {
        int at = w * bands;
        target.set(
            h,
            w,
            (samples[at] >> shift) * scale,
            (samples[at + color] >> shift) * scale,
            (samples[at + 2 * color] >> shift) * scale);
      }
    };
  }

  /** Samples that count the colours of a palette. */
  static Colors indexed(IndexColorModel palette) {
    return (samples, h, target) -> {
      for (int w = 0; w < target.width; w++) {
        int rgb = palette.getRGB(samples[w]);
        target.set(h, w, rgb >> 16, rgb >> 8, rgb);
      }
    };
  }

  static Colors of(ColorModel model, int bands) {
    return model instanceof IndexColorModel palette
        ? indexed(palette)
        : direct(bands, model.getComponentSize(0));
  }
}
