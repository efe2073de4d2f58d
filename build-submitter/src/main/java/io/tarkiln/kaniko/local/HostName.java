package io.tarkiln.kaniko.local;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, for people. */
final class HostName {
  static final String NAME = name();

  private HostName() {}

  private static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
