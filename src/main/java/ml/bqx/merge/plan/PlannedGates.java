package ml.bqx.merge.plan;

import java.io.Serializable;
import java.util.List;
import ml.bqx.options.GatePolicy;
import ml.bqx.quality.gate.Gates;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The gates of a merge.
 *
 * @param onGate what happens to data that does not pass
 * @param failed those that the checkpoints do not pass, in words; null when the statistics of the
 *     checkpoints do not tell, and the written file has to be looked at
 */
public record PlannedGates(Gates gates, GatePolicy onGate, @Nullable List<String> failed)
    implements Serializable {}
