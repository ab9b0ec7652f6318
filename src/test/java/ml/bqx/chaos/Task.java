package ml.bqx.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.options.MergeMethod;

/** What is going on when something happens: a command on the set of few groups. */
enum Task {
  EXTRACT,
  STREAM,
  COMPOSE,
  BEAM,
  DUCKDB;

  boolean isMerge() {
    return this != EXTRACT;
  }

  private MergeMethod method() {
    return MergeMethod.valueOf(name());
  }

  /** A place where the command can run. */
  Workplace prepare(ChaosSets sets) throws Exception {
    Workplace place = sets.empty(Source.FEW);
    fill(sets, place);
    return place;
  }

  /** Puts into an empty place what the command reads. */
  void fill(ChaosSets sets, Workplace place) throws Exception {
    if (isMerge()) {
      Workplace.copy(sets.good(Source.FEW).checkpoints(), place.checkpoints());
    }
  }

  /** The command line. */
  List<String> command(ChaosSets sets, Workplace place) {
    return isMerge() ? sets.merge(place, Source.FEW, method()) : sets.extract(place, Source.FEW);
  }

  /** The training file that it should make. */
  Path training(ChaosSets sets) throws Exception {
    return sets.training(Source.FEW, method());
  }

  /** Whether the place is as it should be when the command has ended with exit code 0. */
  Result done(ChaosSets sets, Workplace place) throws Exception {
    if (!isMerge()) {
      return Files.exists(place.manifest())
          ? Judge.set(sets.good(Source.FEW), place)
          : new Result(Verdict.LOST, "exit code 0 and no manifest");
    }

    for (Path file : List.of(place.trainingFile(), place.card())) {
      if (Files.notExists(file)) {
        return new Result(Verdict.LOST, "exit code 0 and no " + file.getFileName());
      }
    }

    return TrainingJudge.compare(training(sets), place.trainingFile())
        .then(() -> Judge.cleanedUp(place.output()));
  }
}
