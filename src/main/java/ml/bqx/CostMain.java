package ml.bqx;

import ml.bqx.cost.CostComparison;

/** Prints what the ways to run a pair in the cloud cost: {@code make cost}. */
public final class CostMain {
  private CostMain() {}

  /** Needs no arguments, and asks nobody. */
  public static void main(String[] args) {
    CostComparison.lines().forEach(System.out::println);
  }
}
