package io.tarkiln.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "2001:db8::1",
        "fe80::",
        "2001:db8:0:1:1:1:1:1",
        "1::2:0:0:3",
        "1:0:0:2::3",
        "::"
      })
  void addresses_are_written_as_openssh_writes_them(String text) throws Exception {
    assertThat(KnownHosts.written((Inet6Address) InetAddress.getByName(text))).isEqualTo(text);
  }
}
