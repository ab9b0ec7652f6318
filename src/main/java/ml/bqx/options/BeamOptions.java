package ml.bqx.options;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.beam.sdk.options.ApplicationNameOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;

/**
 * Beam's part of a command line. Only pipelines and what calls Google's services need it.
 *
 * <p>By itself Beam looks for all interfaces of options on the class path and compares each with
 * all others, for a second of processor time, so that a command line may name them. Where none of
 * them is named, that is left out: an interface is registered when it is first asked for.
 */
public final class BeamOptions {
  /** What we always say. */
  private static final String NAME = "--appName=";

  private BeamOptions() {}

  /** Beam's options; each call makes others, with another name of the job. */
  public static PipelineOptions of(CommandOptions options) {
    List<String> arguments = options.beamArguments();
    if (arguments.stream().allMatch(argument -> argument.startsWith(NAME))) {
      Unregistered.load();
    } else {
      register();
    }

    return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new)).create();
  }

  /** Makes sure that Beam knows all options of the class path, for those who name them. */
  public static void register() {
    Registered.load();
  }

  /** Beam's factory with no options but the name; it is made once in a process. */
  private static final class Unregistered {
    static {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(new WithoutRegistrars(before));
      try {
        PipelineOptionsFactory.register(ApplicationNameOptions.class);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    private static void load() {}
  }

  private static final class Registered {
    static {
      for (PipelineOptionsRegistrar registrar :
          ServiceLoader.load(PipelineOptionsRegistrar.class)) {
        registrar.getPipelineOptions().forEach(PipelineOptionsFactory::register);
      }
    }

    private static void load() {}
  }

  /** Shows Beam everything but the list of its interfaces of options. */
  private static final class WithoutRegistrars extends ClassLoader {
    private static final String LIST =
        "META-INF/services/" + PipelineOptionsRegistrar.class.getName();

    WithoutRegistrars(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(LIST) ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }
}
