package io.tarkiln.kaniko.network;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.network.NetworkSettings.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each run its network, as the settings say and as this machine can. */
public final class RunNetworks {
  /** What follows where builds get no network of their own. */
  public static final String MEANING =
      "a build reaches what this machine reaches: its loopback services, private networks and"
          + " cloud metadata";

  private static final Logger LOG = LoggerFactory.getLogger(RunNetworks.class);
  private static final String REMEDY =
      "install passt, iproute2 and util-linux, or set TARKILN_BUILD_NETWORK=host to say that it"
          + " may";

  private final NetworkSettings settings;
  private final boolean root;
  private Optional<String> fault = Optional.empty();

  /** Networks of this machine, about which nothing is known yet. */
  public RunNetworks(NetworkSettings settings) {
    this.settings = settings;
    this.root = isRoot();
  }

  /**
   * Makes a network and removes it again, so that what is missing is told before a build needs it.
   *
   * @param directory where a file may be written meanwhile
   * @return why builds share this machine's network; empty where they do not, or are to
   */
  public synchronized Optional<String> check(Path directory) {
    if (settings.choice() != Choice.HOST) {
      Path messages = directory.resolve("network-" + ProcessHandle.current().pid());
      try (RunNetwork tried = own(messages)) {
        LOG.debug("networks of builds work by {}", tried.enter());
        fault = Optional.empty();
      } catch (IOException missing) {
        String why = String.valueOf(missing.getMessage());
        fault = Optional.of(why);
        LOG.warn(
            "no network of their own for builds ({}): {}. To change that, {}",
            why,
            settings.choice() == Choice.OWN ? "none is built" : MEANING,
            REMEDY);
      } finally {
        delete(messages);
      }
    }
    return fault;
  }

  /**
   * The network of a run.
   *
   * @param directory of the run
   * @param canEnter whether what launches the run can put it into a network of its own
   * @throws UnavailableException when it should have one of its own and cannot
   */
  public synchronized RunNetwork open(Path directory, boolean canEnter)
      throws UnavailableException {
    boolean tolerated = settings.choice() == Choice.OWN_IF_POSSIBLE;
    if (settings.choice() == Choice.HOST || tolerated && fault.isPresent()) {
      return RunNetwork.HOST;
    }
    if (!canEnter) {
      if (tolerated) {
        LOG.warn("containers of this engine share this machine's network: {}", MEANING);
        return RunNetwork.HOST;
      }
      throw new UnavailableException(
          "containers of this engine get no network of their own:"
              + " set TARKILN_CONTAINER_ENGINE=none for sandboxes");
    }
    try {
      return own(directory.resolve("network"));
    } catch (IOException failed) {
      throw new UnavailableException(
          "cannot give the build a network of its own (%s): %s"
              .formatted(failed.getMessage(), REMEDY),
          failed);
    }
  }

  private RunNetwork own(Path messages) throws IOException {
    return PastaNetwork.open(
        NetworkRules.of(settings.reachable(), ResolverFile.ofMachine()), root, messages);
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException noLinux) {
      LOG.debug("no /proc/self: networks of their own need Linux", noLinux);
      return false;
    }
  }

  private static void delete(Path messages) {
    try {
      Files.deleteIfExists(messages);
    } catch (IOException left) {
      LOG.debug("{} stays", messages, left);
    }
  }
}
