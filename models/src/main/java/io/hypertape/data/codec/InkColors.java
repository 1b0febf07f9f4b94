package io.hypertape.data.codec;

/**
 * Colours of a JPEG's samples. Which space they are in is guessed as libjpeg does it (jdapimin.c,
 * default_decompress_parms), and turned into red, green and blue by its formulas (jdcolor.c), so
 * that pixels equal those of other programs; inks become colours as in Pillow.
 */
final class InkColors {

  /** In place of an Adobe segment's transform. */
  static final int NO_ADOBE = -1;

  private static final int NONE = 0;
  private static final int BITS = 16;
  private static final int HALF = 1 << BITS - 1;
  private static final int CENTER = 128;

  private InkColors() {}

  static Pixels.Colors of(JpegFrame frame, boolean jfif, int adobe) {
    JpegFrame.Component[] c = frame.components;
    return switch (c.length) {
      case 1 -> Pixels.direct(1, Byte.SIZE);
      case 3 -> {
        boolean named = c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B';
        boolean rgb = !jfif && (adobe == NONE || adobe == NO_ADOBE && named);
        yield rgb ? Pixels.direct(3, Byte.SIZE) : InkColors::fromLuminance;
      }
      // Adobe's programs store inks inverted: 255 is none.
      default ->
          (samples, h, target) ->
              fromInks(samples, h, target, adobe > NONE, adobe == NO_ADOBE ? 255 : 0);
    };
  }

  private static int fix(double x) {
    return (int) (x * (1 << BITS) + 0.5);
  }

  private static final int RED_CR = fix(1.40200);
  private static final int BLUE_CB = fix(1.77200);
  private static final int GREEN_CR = fix(0.71414);
  private static final int GREEN_CB = fix(0.34414);

  private static int clamp(int x) {
    return Math.clamp(x, 0, 255);
  }

  private static int red(int y, int cr) {
    return clamp(y + (RED_CR * (cr - CENTER) + HALF >> BITS));
  }

  private static int green(int y, int cb, int cr) {
    return clamp(y + (-GREEN_CB * (cb - CENTER) - GREEN_CR * (cr - CENTER) + HALF >> BITS));
  }

  private static int blue(int y, int cb) {
    return clamp(y + (BLUE_CB * (cb - CENTER) + HALF >> BITS));
  }

  private static void fromLuminance(int[] samples, int h, Pixels target) {
    for (int w = 0; w < target.width(); w++) {
      int y = samples[3 * w];
      int cb = samples[3 * w + 1];
      int cr = samples[3 * w + 2];
      target.set(h, w, red(y, cr), green(y, cb, cr), blue(y, cb));
    }
  }

  /** Samples [width, 4], inverted by exclusive or: of CMYK, or of YCCK, whose YCC is CMY's. */
  private static void fromInks(int[] samples, int h, Pixels target, boolean ycck, int invert) {
    for (int w = 0; w < target.width(); w++) {
      int c = samples[4 * w];
      int m = samples[4 * w + 1];
      int y = samples[4 * w + 2];
      int k = samples[4 * w + 3];
      if (ycck) {
        int luminance = c;
        int cb = m;
        int cr = y;
        c = 255 - red(luminance, cr);
        m = 255 - green(luminance, cb, cr);
        y = 255 - blue(luminance, cb);
      }
      int light = k ^ invert;
      target.set(h, w, mul(c ^ invert, light), mul(m ^ invert, light), mul(y ^ invert, light));
    }
  }

  /** a·b/255, rounded. */
  private static int mul(int a, int b) {
    int product = a * b + 128;
    return (product >> 8) + product >> 8;
  }
}
