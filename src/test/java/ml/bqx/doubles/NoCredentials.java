package ml.bqx.doubles;

import com.google.auth.Credentials;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.options.PipelineOptions;

/** A machine on which nobody has logged in. */
public final class NoCredentials implements CredentialFactory {
  /** Found by name. */
  public static NoCredentials fromOptions(PipelineOptions options) {
    return new NoCredentials();
  }

  @Override
  public Credentials getCredential() {
    return null;
  }
}
