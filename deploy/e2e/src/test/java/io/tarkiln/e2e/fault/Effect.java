package io.tarkiln.e2e.fault;

import io.tarkiln.e2e.stack.HttpRelay;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that changes what S3 or the registry holds, by a name that is the same for every build.
 *
 * @param name such as {@code PUT s3 builds/BUILD/s1/image.json}
 */
record Effect(String name) {
  private static final String HEX = "[0-9a-f]";
  private static final Pattern BUILD =
      Pattern.compile(HEX + "{8}-" + HEX + "{4}-7" + HEX + "{3}-" + HEX + "{4}-" + HEX + "{12}");

  /** The effect of a request, if it has one. */
  static Optional<Effect> of(HttpRelay.Request request) {
    if (request.method().equals("GET") || request.method().equals("HEAD")) {
      return Optional.empty();
    }
    return Optional.of(new Effect(name(request)));
  }

  /** A record on a topic, by its event's id, {@code BUILD/stage} or {@code BUILD/stage/service}. */
  static Effect sent(String topic, String id) {
    return new Effect("SEND " + topic + " " + BUILD.matcher(id).replaceAll("BUILD"));
  }

  /** A run of an executor begins or ends. */
  static Effect run(String moment) {
    return new Effect("RUN " + BUILD.matcher(moment).replaceAll("BUILD"));
  }

  private static String name(HttpRelay.Request request) {
    String path =
        BUILD
            .matcher(request.path())
            .replaceAll("BUILD")
            .replaceAll("\\?.*", "")
            .replaceAll("^/(tarkiln|v2)/", "")
            .replaceAll("sha256(:|%3A)" + HEX + "{64}", "DIGEST")
            .replaceAll("blobs/uploads/.+", "blobs/uploads/SESSION")
            .replaceAll(HEX + "{40}", "TREE")
            .replaceAll("\\bw\\d+\\b", "WORKLOAD");
    return "%s %s %s".formatted(request.method(), request.server(), path);
  }
}
