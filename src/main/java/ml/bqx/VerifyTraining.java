package ml.bqx;

final class VerifyTraining {
  private VerifyTraining() {}

  static int run(String... args) {
    return args.length;
  }
}
