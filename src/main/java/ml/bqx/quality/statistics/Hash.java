package ml.bqx.quality.statistics;

/** Hashes of 64 bits that are spread well and cost a few instructions. */
final class Hash {
  private Hash() {}

  /** Stafford's variant 13 of the MurmurHash3 finalizer, the one of {@code SplittableRandom}. */
  static long of(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** Of a run of bytes. */
  static long of(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 0x9e3779b97f4a7c15L + bytes[i];
    }

    return of(hash);
  }
}
