package ml.bqx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import java.time.Duration;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Cloud Storage is reached, by what the options say. */
class CloudConfigTest {
  private final GcpOptions options = PipelineOptionsFactory.as(GcpOptions.class);

  /** Credentials of one's own, made as Beam makes them. */
  public static final class OwnCredentials implements CredentialFactory {
    public static OwnCredentials fromOptions(PipelineOptions options) {
      return new OwnCredentials();
    }

    @Override
    public Credentials getCredential() {
      return NoCredentials.getInstance();
    }
  }

  @Test
  void withoutOptionsItIsTheServiceItselfWithCredentials() {
    assertThat(BeamCloudConfig.of(options))
        .isEqualTo(
            new CloudConfig(
                "https://storage.googleapis.com", false, List.of(), Duration.ofMinutes(10)));
    assertThat(CloudConfig.of("https://storage.googleapis.com/storage/v1/", List.of()))
        .isEqualTo(BeamCloudConfig.of(options));
  }

  @Test
  void nothingSecretIsSentUnencrypted() {
    options.as(GcsOptions.class).setGcsEndpoint("http://localhost:9000/storage/v1/");

    CloudConfig config = BeamCloudConfig.of(options);

    assertThat(config)
        .isEqualTo(
            new CloudConfig("http://localhost:9000", true, List.of(), Duration.ofMinutes(10)));
    assertThat(config.credentials()).isEqualTo(NoCredentials.getInstance());
  }

  @Test
  void credentialsAreLeftOutWhenAskedFor() {
    options.setCredentialFactoryClass(NoopCredentialFactory.class);

    assertThat(BeamCloudConfig.of(options).anonymous()).isTrue();
  }

  @Test
  void anAccountIsImpersonatedByThoseBeforeIt() {
    options.setImpersonateServiceAccount("first@project, last@project");

    assertThat(BeamCloudConfig.of(options).impersonated())
        .containsExactly("first@project", "last@project");
  }

  @Test
  void otherCredentialsAreRefusedInsteadOfIgnored() {
    options.setCredentialFactoryClass(OwnCredentials.class);

    assertThatThrownBy(() -> BeamCloudConfig.of(options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "--credentialFactoryClass=%s: Cloud Storage is used with the application default credentials, or without any (%s)",
            OwnCredentials.class.getName(), NoopCredentialFactory.class.getName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "http://localhost:9000/v2/", "http://a b/storage/v1/"})
  void anEndpointThatGooglesClientCannotTakeIsRefused(String endpoint) {
    assertThatThrownBy(() -> CloudConfig.of(endpoint, List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "--gcsEndpoint=%s: not an endpoint of Cloud Storage (expected for example http://localhost:9000/storage/v1/)",
            endpoint);
  }
}
