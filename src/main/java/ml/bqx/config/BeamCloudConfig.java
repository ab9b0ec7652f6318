package ml.bqx.config;

import com.google.common.base.Splitter;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.sdk.extensions.gcp.auth.GcpCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/** How a pipeline reaches Cloud Storage. */
public final class BeamCloudConfig {
  private BeamCloudConfig() {}

  /** What its options say, as Beam itself takes them. */
  public static CloudConfig of(PipelineOptions options) {
    GcpOptions access = options.as(GcpOptions.class);
    Class<?> factory = access.getCredentialFactoryClass();
    boolean without = factory == NoopCredentialFactory.class;
    boolean standard = without || factory == GcpCredentialFactory.class;
    // A factory that finds none has nothing that would be ignored here.
    if (!standard && access.getGcpCredential() != null) {
      throw new InvalidInputException(
          "--credentialFactoryClass=%s: Cloud Storage is used with the application default credentials, or without any (%s)"
              .formatted(factory.getName(), NoopCredentialFactory.class.getName()));
    }

    String impersonated = access.getImpersonateServiceAccount();
    return CloudConfig.of(
        options.as(GcsOptions.class).getGcsEndpoint(),
        without,
        impersonated == null
            ? List.of()
            : Splitter.on(',').trimResults().omitEmptyStrings().splitToList(impersonated));
  }
}
