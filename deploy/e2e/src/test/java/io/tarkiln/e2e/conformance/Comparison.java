package io.tarkiln.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.e2e.conformance.FlatImage.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Says how an image differs from what it should be. */
final class Comparison {
  /** What belongs to running containers, and Kaniko's own folder. */
  private static final Pattern LEFT_OUT =
      Pattern.compile("(etc/(resolv\\.conf|hosts|hostname)|(dev|proc|sys|kaniko)(/.*)?|)");

  private static final List<String> FIELDS =
      List.of(
          "User",
          "WorkingDir",
          "Env",
          "Cmd",
          "Entrypoint",
          "Labels",
          "ExposedPorts",
          "Volumes",
          "Healthcheck",
          "StopSignal",
          "Shell",
          "OnBuild");

  private Comparison() {}

  /** One line for each difference; none where the images are the same. */
  static List<String> of(FlatImage right, FlatImage built, boolean comparesTimes) {
    List<String> lines = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(right.nodes().keySet());
    paths.addAll(built.nodes().keySet());
    paths.removeIf(path -> LEFT_OUT.matcher(path).matches());
    for (String path : paths) {
      Node one = right.nodes().get(path);
      Node other = built.nodes().get(path);
      if (other == null) {
        lines.add("/%s is missing: %s".formatted(path, one.what()));
      } else if (one == null) {
        lines.add("/%s should not be there: %s".formatted(path, other.what()));
      } else {
        difference(path, "", one.what(), other.what(), lines);
        difference(path, "mode ", one.mode(), other.mode(), lines);
        difference(path, "owner ", one.owner(), other.owner(), lines);
        difference(path, "attributes ", "" + one.attributes(), "" + other.attributes(), lines);
        if (comparesTimes && !one.isFolder()) {
          difference(path, "time ", "" + one.seconds(), "" + other.seconds(), lines);
        }
      }
    }
    for (String field : FIELDS) {
      String one = field(right.configuration(), field);
      String other = field(built.configuration(), field);
      if (!one.equals(other)) {
        lines.add("%s: %s, should be %s".formatted(field, other, one));
      }
    }
    for (String field : List.of("os", "architecture")) {
      String one = right.configuration().path(field).asText();
      String other = built.configuration().path(field).asText();
      if (!one.equals(other)) {
        lines.add("%s: %s, should be %s".formatted(field, other, one));
      }
    }
    return lines;
  }

  private static void difference(
      String path, String what, String right, String built, List<String> lines) {
    if (!right.equals(built)) {
      lines.add("/%s: %s%s, should be %s".formatted(path, what, built, right));
    }
  }

  /** A field in a form in which what means the same is the same. */
  private static String field(JsonNode configuration, String field) {
    JsonNode value = configuration.path("config").path(field);
    if (value.isMissingNode() || value.isNull() || value.isEmpty() && value.isContainerNode()) {
      return "none";
    }
    if (field.equals("WorkingDir") && (value.asText().isEmpty() || value.asText().equals("/"))) {
      return "none";
    }
    if (value.isTextual()) {
      return value.asText().isEmpty() ? "none" : value.asText();
    }
    if (field.equals("Env")) {
      List<String> names = new ArrayList<>();
      value.forEach(each -> names.add(each.asText()));
      names.sort(String::compareTo);
      return names.toString();
    }
    if (value.isObject()) {
      Map<String, String> sorted = new TreeMap<>();
      value.properties().forEach(each -> sorted.put(each.getKey(), each.getValue().toString()));
      return sorted.toString();
    }
    return value.toString();
  }
}
