package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatsTest {
  @Test
  void everyHalfComesBackFromItsFloat() {
    for (int half = 0; half <= 0xffff; half++) {
      assertThat(HalfFloats.half(floatOf(half))).as("%04x", half).isEqualTo(half);
    }
  }

  @Test
  void floatsThatAreNoHalvesHaveNone() {
    for (float value : new float[] {0.1f, 65_536, 65_519, Float.MIN_VALUE, 1e-8f, -1e30f}) {
      assertThat(HalfFloats.half(Float.floatToRawIntBits(value))).as("%s", value).isEqualTo(-1);
    }
  }

  /** The bits of a float, by the definition of a half. */
  private static int floatOf(int half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return sign | 0x7f800000 | fraction << 13;
    }

    double value =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : Math.scalb(1 + fraction / 1024.0, exponent - 15);
    return sign | Float.floatToRawIntBits((float) value);
  }
}
