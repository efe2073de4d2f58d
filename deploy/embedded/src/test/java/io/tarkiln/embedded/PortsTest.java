package io.tarkiln.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class PortsTest {
  @Test
  void gives_ports_that_connections_do_not_take_and_each_once() throws IOException {
    int first = Ports.free();
    int second = Ports.free();

    assertThat(first).isBetween(10_000, 29_999);
    assertThat(second).isBetween(10_000, 29_999).isNotEqualTo(first);
  }

  @Test
  void passes_over_a_port_that_is_listened_on_at_one_address_only() throws IOException {
    int next = next(Ports.free());
    try (ServerSocket busy = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.free()).isNotEqualTo(busy.getLocalPort());
    }
  }

  /** The one that comes after. */
  private static int next(int port) {
    return port == 29_999 ? 10_000 : port + 1;
  }
}
