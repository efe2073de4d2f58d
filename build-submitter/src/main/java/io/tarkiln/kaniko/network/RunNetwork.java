package io.tarkiln.kaniko.network;

import java.util.List;

/** The network of one run; closing it ends what was started for it. */
public interface RunNetwork extends AutoCloseable {
  /** This machine's own network, with all that it reaches. */
  RunNetwork HOST =
      new RunNetwork() {
        @Override
        public List<String> enter() {
          return List.of();
        }

        @Override
        public String forContainers() {
          return "host";
        }

        @Override
        public String seen(String name, String text) {
          return text;
        }

        @Override
        public void close() {
          // Nothing was started.
        }
      };

  /** What to put before a command so that it runs in this network. */
  List<String> enter();

  /** Podman's value of {@code --network}. */
  String forContainers();

  /**
   * What a file of this machine's {@code /etc} says in this network.
   *
   * @param name {@code resolv.conf} or {@code hosts}
   * @param text what it says here
   */
  String seen(String name, String text);

  @Override
  void close();
}
