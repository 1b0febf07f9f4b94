package io.hypertape.data;

/**
 * Draws one distorted digit: control points wobble, an elastic field and an affine map bend the
 * strokes, a pen of varying pressure rasterises them, noise follows. Units: the page is 1×1 until
 * rasterising, pixels after.
 */
final class StrokeDrawing {

  static final int SIDE = 28;

  private static final double MARGIN = 3.5;
  private static final double SCALE = SIDE - 2 * MARGIN;

  /** Deviation of a control point. */
  private static final double WOBBLE = 0.022;

  /** Deviation of each elastic wave's amplitude; its frequency is up to {@link #WAVES} a page. */
  private static final double ELASTIC = 0.028;

  private static final double WAVES = 1.6;
  private static final int WAVE_COUNT = 3;

  /**
   * Deviation of the rotation in radians (about 9 degrees), of the shear, and ranges of the rest.
   */
  private static final double ROTATION = 0.16;

  private static final double SHEAR = 0.20;
  private static final double MIN_WIDTH = 0.70;
  private static final double MAX_WIDTH = 1.15;
  private static final double MIN_HEIGHT = 0.78;
  private static final double MAX_HEIGHT = 1.08;
  private static final double SHIFT = 0.055;

  /** Radius of the pen and width of its soft edge, in pixels. */
  private static final double MIN_PEN = 0.55;

  private static final double MAX_PEN = 1.75;
  private static final double MIN_EDGE = 0.7;
  private static final double MAX_EDGE = 1.5;

  /** How much the pressure swings along a stroke. */
  private static final double PRESSURE = 0.25;

  private static final double CLUTTER_CHANCE = 0.25;
  private static final double MAX_NOISE = 0.08;
  private static final int STEPS = 5;

  private final Generator random;
  private final float[] ink = new float[SIDE * SIDE];
  private final double[][] waves = new double[2 * WAVE_COUNT][4];
  private double a;
  private double b;
  private double c;
  private double d;
  private double shiftX;
  private double shiftY;
  private double edge;

  StrokeDrawing(Generator random) {
    this.random = random;
  }

  void draw(int digit, byte[] pixels, int at) {
    Outlines.Stroke[][] ways = Outlines.DIGITS[digit];
    Outlines.Stroke[] strokes = ways[random.below(ways.length)];
    chooseMap();
    double pen = random.uniform(MIN_PEN, MAX_PEN);
    edge = random.uniform(MIN_EDGE, MAX_EDGE);
    for (Outlines.Stroke stroke : strokes) {
      drawStroke(wobbled(stroke.points()), stroke.smooth(), pen, 1);
    }
    if (random.chance(CLUTTER_CHANCE)) {
      clutter();
    }
    develop(pixels, at);
  }

  private void chooseMap() {
    for (double[] wave : waves) {
      wave[0] = ELASTIC * random.normal();
      wave[1] = 2 * Math.PI * random.uniform(-WAVES, WAVES);
      wave[2] = 2 * Math.PI * random.uniform(-WAVES, WAVES);
      wave[3] = random.uniform(0, 2 * Math.PI);
    }
    double turn = ROTATION * random.normal();
    double shear = SHEAR * random.normal();
    double width = random.uniform(MIN_WIDTH, MAX_WIDTH);
    double height = random.uniform(MIN_HEIGHT, MAX_HEIGHT);
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    a = cos * width;
    b = (cos * shear - sin) * height;
    c = sin * width;
    d = (sin * shear + cos) * height;
    shiftX = random.uniform(-SHIFT, SHIFT);
    shiftY = random.uniform(-SHIFT, SHIFT);
  }

  private double[] wobbled(double[] points) {
    double[] moved = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      moved[i] = points[i] + WOBBLE * random.normal();
    }
    return moved;
  }

  private void drawStroke(double[] points, boolean smooth, double pen, double strength) {
    double phase = random.uniform(0, 2 * Math.PI);
    int n = points.length / 2;
    double[] from = map(points[0], points[1]);
    for (int i = 0; i + 1 < n; i++) {
      for (int step = 1; step <= STEPS; step++) {
        double t = (double) step / STEPS;
        double[] to = map(along(points, i, t, 0, smooth), along(points, i, t, 1, smooth));
        double pressure = 1 + PRESSURE * StrictMath.sin(phase + 1.3 * (i + t));
        segment(from, to, pen * pressure, strength);
        from = to;
      }
    }
  }

  /** Coordinate k at t between points i and i + 1. */
  private static double along(double[] points, int i, double t, int k, boolean smooth) {
    double p1 = points[2 * i + k];
    double p2 = points[2 * i + 2 + k];
    if (!smooth) {
      return p1 + t * (p2 - p1);
    }
    double p0 = i == 0 ? 2 * p1 - p2 : points[2 * i - 2 + k];
    double p3 = 2 * i + 4 + k < points.length ? points[2 * i + 4 + k] : 2 * p2 - p1;
    return p1
        + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
  }

  /** From the page to pixels. */
  private double[] map(double x, double y) {
    double u = x - 0.5;
    double v = y - 0.5;
    for (int w = 0; w < WAVE_COUNT; w++) {
      u += wave(waves[2 * w], x, y);
      v += wave(waves[2 * w + 1], x, y);
    }
    return new double[] {
      MARGIN + SCALE * (0.5 + shiftX + a * u + b * v),
      MARGIN + SCALE * (0.5 + shiftY + c * u + d * v)
    };
  }

  private static double wave(double[] wave, double x, double y) {
    return wave[0] * StrictMath.sin(wave[1] * x + wave[2] * y + wave[3]);
  }

  private void segment(double[] from, double[] to, double radius, double strength) {
    double reach = radius + edge;
    int left = Math.max(0, (int) Math.floor(Math.min(from[0], to[0]) - reach));
    int right = Math.min(SIDE - 1, (int) Math.ceil(Math.max(from[0], to[0]) + reach));
    int top = Math.max(0, (int) Math.floor(Math.min(from[1], to[1]) - reach));
    int bottom = Math.min(SIDE - 1, (int) Math.ceil(Math.max(from[1], to[1]) + reach));
    double dx = to[0] - from[0];
    double dy = to[1] - from[1];
    double square = Math.max(dx * dx + dy * dy, 1e-12);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double px = x - from[0];
        double py = y - from[1];
        double t = Math.max(0, Math.min(1, (px * dx + py * dy) / square));
        double ex = px - t * dx;
        double ey = py - t * dy;
        double distance = Math.sqrt(ex * ex + ey * ey);
        double cover = Math.max(0, Math.min(1, (reach - distance) / edge)) * strength;
        int at = y * SIDE + x;
        ink[at] = Math.max(ink[at], (float) cover);
      }
    }
  }

  /** A faint stray stroke. */
  private void clutter() {
    double x = random.uniform(0, 1);
    double y = random.uniform(0, 1);
    double[] points = {x, y, x + random.uniform(-0.25, 0.25), y + random.uniform(-0.25, 0.25)};
    drawStroke(points, false, MIN_PEN, random.uniform(0.3, 0.8));
  }

  /** Paper and ink of uneven strength, and noise. */
  private void develop(byte[] pixels, int at) {
    double strength = random.uniform(0.75, 1);
    double noise = random.uniform(0, MAX_NOISE);
    for (int i = 0; i < ink.length; i++) {
      double value = strength * ink[i];
      if (noise > 0.01) {
        // A sum of uniforms is normal enough, and fast.
        value += noise * (random.uniform(-1, 1) + random.uniform(-1, 1));
      }
      pixels[at + i] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
      ink[i] = 0;
    }
  }
}
