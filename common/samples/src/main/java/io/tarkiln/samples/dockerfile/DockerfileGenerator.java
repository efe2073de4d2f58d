package io.tarkiln.samples.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes Dockerfiles with everything that makes them hard to read: directives, continuations,
 * heredocs, quotes, variables, stages that are named like images, and now and then a mistake.
 */
public final class DockerfileGenerator {
  private static final List<String> IMAGES =
      List.of(
          "alpine",
          "alpine:3.20",
          "ubuntu@sha256:" + "0123456789abcdef".repeat(4),
          "busybox:1.36@sha256:" + "0123456789abcdef".repeat(4),
          "library/debian:12-slim",
          "bitnami/nginx",
          "docker.io/alpine",
          "docker.io/library/alpine:3",
          "index.docker.io/grafana/grafana:11.1.0",
          "ghcr.io/acme/tool:v1",
          "quay.io/a/b/c:latest",
          "localhost/x",
          "localhost:5000/shop/api:1",
          "Registry.Example/y:1",
          "unmapped.example:443/x/y",
          "harbor.example/dockerhub/library/alpine:3.20",
          "harbor.example/other/x:1",
          "gcr.io/distroless/static",
          "gcr.io/other/static:nonroot",
          "a_b/c__d/e-f.g:T.a_g-1",
          "scratch",
          "alpine@sha256:0123",
          "alpine@sha256:" + "0123456789ABCDEF".repeat(4),
          "alpine@md5:" + "0123456789abcdef".repeat(2),
          "alpine@sha512:" + "0123456789abcdef".repeat(8),
          "Alpine",
          "-bad",
          "bad:",
          "al pine",
          "UPPER/x",
          "3",
          "127.0.0.1:80/x",
          "[::1]:5000/x/y:1");
  private static final List<String> STAGES =
      List.of("build", "Base", "alpine", "a.b-c_d", "x1", "FINAL", "busybox");
  private static final List<String> VARIABLES =
      List.of("BASE", "TAG", "V", "_x", "TARGETARCH", "BUILDPLATFORM");

  /** A no-break space, as people copy it from web pages. */
  private static final String WIDE_SPACE = "\u00c2\u00a0";

  /** Names of heredocs, and the lines that end them. */
  private static final String[][] ODD_HEREDOCS = {
    {"'a\\b'", "a\\b"},
    {"\"a\\b\"", "a\\b"},
    {"\"a\\\"b\"", "a\"b"},
    {"a\\\\b", "a\\b"},
    {"'a\"b'", "a\"b"},
    {"\"${x}\"", "${x}"},
    {"${x:-y}", "${x:-y}"},
    {"\"\"", "x"},
    {"'a b'c", "a bc"},
    {"E)", "E)"},
    {"\u00c3\u00a9", "\u00c3\u00a9"},
    {"E;x", "E;x"},
  };

  private final Random random;
  private final List<String> named = new ArrayList<>();
  private char escape = '\\';
  private String end = "\n";

  /** The same seed makes the same files. */
  public DockerfileGenerator(long seed) {
    random = new Random(seed);
  }

  /** A file; each call makes another. */
  public String next() {
    named.clear();
    escape = '\\';
    end = chance(8) ? "\r\n" : "\n";
    StringBuilder file = new StringBuilder();
    file.append(chance(20) ? "\u00ef\u00bb\u00bf" : "");
    directives(file);
    for (int i = random.nextInt(4); i > 0; i--) {
      file.append(argument()).append(end);
      between(file);
    }
    for (int i = chance(60) ? 0 : 1 + random.nextInt(4); i > 0; i--) {
      file.append(from()).append(end);
      for (int j = random.nextInt(5); j > 0; j--) {
        file.append(instruction()).append(end);
        between(file);
      }
    }
    file.append(chance(60) ? pick("\\", "\\" + end, "  \\ ", "\u001c", "RUN x \\") : "");
    if (chance(400)) {
      file.append(end).append("# ").append("x".repeat(65_533 + random.nextInt(2)));
    }
    String text = file.toString();
    return chance(10) ? text.stripTrailing() : text;
  }

  private void directives(StringBuilder file) {
    if (chance(6)) {
      file.append("# syntax=docker/dockerfile:1").append(end);
    }
    if (chance(5)) {
      escape = chance(3) ? '\\' : '`';
      file.append(pick("# escape=", "#escape = ", "# Escape=")).append(escape).append(end);
    }
    if (chance(40)) {
      file.append("# check=skip=all").append(end);
    }
    if (chance(30)) {
      file.append(pick("# later=x", "#!shebang", "#", "#\u00c2\u00a0syntax=x")).append(end);
      file.append("# escape=`").append(end);
    }
    if (chance(10)) {
      file.append("# just a comment").append(end).append("# escape=`").append(end);
    }
  }

  private void between(StringBuilder file) {
    if (chance(6)) {
      file.append(pick("", "  ", "\t")).append("# FROM commented:1").append(end);
    }
    if (chance(8)) {
      file.append(pick("", " \t ")).append(end);
    }
  }

  private String argument() {
    String name = pick(VARIABLES);
    return keyword("ARG")
        + space()
        + switch (random.nextInt(8)) {
          case 6 -> name + "=" + quoted(pick(IMAGES).replace(" ", "")) + pick("", WIDE_SPACE);
          case 7 -> name + "=" + pick("\"", "'") + variable() + pick("\"", "'");
          case 0 -> name;
          case 1 -> name + "=" + pick("\"3.20\"", "'3'", "", "\"\"", "ghcr.io/acme");
          case 2 -> name + "=" + variable();
          case 3 -> name + "=a " + pick(VARIABLES) + "=b";
          default -> name + "=" + pick(IMAGES).replace(" ", "");
        };
  }

  private String from() {
    StringBuilder line = new StringBuilder(indent()).append(keyword("FROM")).append(space());
    if (chance(6)) {
      line.append(pick("--platform=linux/amd64", "--platform=$BUILDPLATFORM", "--odd=x", "--"))
          .append(space());
    }
    line.append(operand(baseName()));
    if (chance(2)) {
      String name = pick(STAGES);
      named.add(name);
      line.append(space()).append(keyword("AS")).append(space()).append(name);
    }
    line.append(chance(40) ? " more" : "");
    line.append(chance(10) ? pick("  ", WIDE_SPACE, "\u00e3\u0080\u0080", "\u00a0") : "");
    return line.toString();
  }

  private String baseName() {
    return switch (random.nextInt(8)) {
      case 0 -> variable();
      case 1 -> variable() + pick("", "/x", ":1", "-slim");
      case 2 -> "alpine:" + variable();
      case 3 -> named.isEmpty() ? "alpine" : pick(named);
      case 4 -> quoted(pick(IMAGES));
      default -> pick(IMAGES);
    };
  }

  private String variable() {
    String name = pick(VARIABLES);
    return switch (random.nextInt(22)) {
      case 6 -> "${" + name + "#*/}";
      case 7 -> "${" + name + "##" + pick("a*", "*a", "\"a\"*", "?*", "'*'", "\\*") + "}";
      case 8 -> "${" + name + "%:*}";
      case 9 -> "${" + name + pick("%%", "%") + pick("-*", ".*", "*a*", "?", "[a]") + "}";
      case 10 -> "${" + name + "/a/b}";
      case 11 -> "${" + name + "//" + pick("p", "[.]", "?", "*", "") + "/" + pick("", "q") + "}";
      case 12 -> "${" + name + ":?no value}";
      case 13 -> pick("${", "${}", "${:x}", "$$", "$", "${" + name, "${" + name + "!x}");
      case 14 -> "${" + name + ":-\"" + pick(IMAGES).replace(" ", "") + "\"}";
      case 15 -> "${" + name + ":-" + pick("'a'", "$V", "\\}x", "a}b") + "}";
      case 0 -> "${" + name + ":-alpine}";
      case 1 -> "${" + name + "-3.20}";
      case 2 -> "${" + name + ":+x}";
      case 3 -> "${" + name + ":-${" + pick(VARIABLES) + ":-busybox}}";
      case 4 -> "${" + name + "+" + pick(VARIABLES).toLowerCase() + "}";
      case 5 -> "${" + name + "}";
      default -> "$" + name;
    };
  }

  private String instruction() {
    return indent()
        + switch (random.nextInt(11)) {
          case 0 -> keyword("RUN") + space() + "echo hi" + continuation() + " && FROM=x true";
          case 1 -> heredoc();
          case 2 -> keyword("COPY") + space() + copyFlags() + "/a" + space() + "/b";
          case 3 -> keyword("COPY") + space() + copyFlags() + "[\"a b\", \"/c\"]";
          case 4, 5 -> keyword("RUN") + space() + mount() + "make" + continuation() + " all";
          case 6 -> keyword("ARG") + " BASE=inner";
          case 7 -> keyword("ENV") + " A=b C=\"d e\" F=g\\ h";
          case 8 -> keyword("ONBUILD") + space() + pick("RUN true", "COPY --from=alpine /a /b");
          case 9 -> pick("CMD [\"sh\"]", "EXPOSE 80", "WORKDIR /x", "USER root", "LABEL a=b c=d");
          default ->
              chance(5)
                  ? pick(
                      "FRM x",
                      "ENV x",
                      "COPY --from= a b",
                      "COPY --from a b",
                      "COPY --from=alpine --from=busybox a b",
                      "ADD --from=alpine a b",
                      "RUN --mount=type=bind,from=,target=/x true",
                      "RUN --mount=from=alpine\\,x,target=/x true",
                      "RUN --mount=type=bind,\\\"from=alpine\\\",target=/x true",
                      "RUN -- --mount=from=alpine true",
                      "RUN [\"--mount=from=alpine\", \"x\"]",
                      "RUN echo --mount=from=alpine,target=/x",
                      "COPY a --from=alpine b",
                      "LABEL x \"FROM alpine\"",
                      "RUN echo \u0000 \u00ff\u00fe",
                      "RUN [ -e /x ] || cat <<E" + end + "FROM x" + end + "E",
                      "RUN [\"a\", 1]",
                      "RUN [\"a\", {\"b\": [null, true, -1.5e3]}] <<E",
                      "RUN [1e999] <<E" + end + "FROM x" + end + "E",
                      "RUN [\"a\", \"<<E\"]",
                      "CMD [\"a\", \"\\u00e4\\x\"]",
                      "SHELL [[]]",
                      "HEALTHCHECK CMD [\"a\", null]",
                      "VOLUME [\"/a\", \"/b\",]",
                      "ONBUILD RUN [false]",
                      "ONBUILD ENV x",
                      "ONBUILD RUN cat <<E" + end + "FROM x" + end + "E",
                      "ONBUILD MAINTAINER x",
                      "RUN echo \"it's <<E\"" + end,
                      "RUN echo it's <<E",
                      "RUN echo ${a[0]} <<E",
                      "RUN echo ${a:-b c} ${d#e} ${f/g/h} ${i:0:3} $(j) <<E" + end + "E",
                      "RUN echo ${a:-b <<E }" + end + "E",
                      "RUN echo $((1 << 2))",
                      "RUN echo $((1<<2))",
                      "RUN echo <<${x:-a b}" + end + "${x:-a",
                      "ENV \"a b\"",
                      "ENV a\\ b",
                      "ENV a=b" + WIDE_SPACE + "c",
                      "COPY --from=0000000000 a b",
                      "COPY --from=+0 a b",
                      "COPY --from=99999999999999999999 a b",
                      "COPY --chown=\u00c3\u00a0 --from=alpine a b",
                      "RUN --mount=from=alpine,target=/\u00c3\u00a0 x",
                      "RUN --mount=\\\"target=/a\"\"b\\\",from=alpine x",
                      "RUN --mount=\\\"target=/a\\\"\\\",from=x\\\",from=alpine x",
                      WIDE_SPACE + "RUN x",
                      "# escape=`",
                      "HEALTHCHECK --interval=5s CMD true",
                      "ONBUILD FROM x",
                      "ONBUILD ONBUILD RUN x",
                      "MAINTAINER me <me@x>",
                      "EXPOSE",
                      "RUN",
                      "COPY --link --from=alpine a b",
                      "COPY --chmod=755 --parents=false --from=alpine a b")
                  : "ADD a b";
        };
  }

  private String copyFlags() {
    StringBuilder flags = new StringBuilder();
    if (chance(4)) {
      flags.append("--chown=1:1").append(space());
    }
    if (!chance(5)) {
      String name =
          switch (random.nextInt(6)) {
            case 0 -> pick("0", "1", "9");
            case 1 -> named.isEmpty() ? "build" : pick(named).toUpperCase();
            case 2 -> pick(STAGES);
            default -> pick(IMAGES);
          };
      flags.append("--from=").append(operand(quoted(name))).append(space());
    }
    return flags.toString();
  }

  private String mount() {
    String name = chance(3) ? pick(STAGES) : pick(IMAGES).replace(",", "");
    String mount =
        switch (random.nextInt(6)) {
          case 0 -> "--mount=type=cache,target=/c";
          case 1 -> "--mount=from=" + quoted(name) + ",target=/x";
          case 2 -> "--mount=type=bind,from=" + operand(name) + ",source=/a,target=/x";
          case 3 -> "--mount=\"type=bind,FROM=" + name + ",target=/x\"";
          case 4 -> "--mount=type=bind,from=alpine,target=/x,from=" + name;
          default -> "--mount=type=secret,id=s --mount=type=bind,target=/y,from=" + name;
        };
    return mount + space() + (chance(3) ? "--network=none" + space() : "");
  }

  private String heredoc() {
    String dash = chance(3) ? "-" : "";
    String name = pick("EOF", "'EOF'", "\"E O\"", "E", "E\"O\"F", "\\EOF", "$E", "E1-x");
    String bare = name.replaceAll("['\"\\\\]", "");
    if (chance(6)) {
      String[] odd = pick(ODD_HEREDOCS);
      name = odd[0];
      bare = odd[1];
    }
    String text =
        "FROM inside:1" + end + "RUN --mount=from=alpine x \\" + end + (chance(3) ? end : "");
    String close = (dash.isEmpty() ? "" : pick("", "\t")) + bare;
    String begin = pick("RUN <<", "COPY <<", "ADD <<", "RUN cat 3<<", "RUN << ", "RUN cat <<\t");
    String first = begin + (begin.endsWith("<") ? dash : "") + name;
    if (chance(4)) {
      return first + " <<-X /dest" + end + text + close + end + "FROM x" + end + "\tX";
    }
    return first + pick("", " /dest", " && true") + end + text + (chance(30) ? "" : close);
  }

  private String quoted(String name) {
    return switch (random.nextInt(9)) {
      case 0 -> "\"" + name + "\"";
      case 1 -> "'" + name + "'";
      case 2 -> name.charAt(0) + "\"" + name.substring(1) + "\"";
      case 3 -> "\"" + name.charAt(0) + "\"" + name.substring(1);
      case 4 -> name.charAt(0) + String.valueOf(escape) + name.substring(1);
      default -> name;
    };
  }

  /** The word, perhaps with the end of a line in it. */
  private String operand(String word) {
    if (word.length() < 3 || !chance(12)) {
      return word;
    }
    int at = 1 + random.nextInt(word.length() - 1);
    return word.substring(0, at) + escape + end + word.substring(at);
  }

  private String continuation() {
    if (!chance(3)) {
      return "";
    }
    String comment = chance(3) ? "  # a comment" + end : "";
    return " " + escape + (chance(5) ? "  " : "") + end + comment + (chance(5) ? end : "");
  }

  private String space() {
    return chance(12) ? pick("  ", "\t", " " + escape + end, " " + escape + end + "\t") : " ";
  }

  private String indent() {
    return chance(12) ? pick(" ", "\t", "  ") : "";
  }

  private String keyword(String word) {
    return chance(5)
        ? IntStream.range(0, word.length())
            .mapToObj(i -> word.substring(i, i + 1))
            .map(letter -> chance(2) ? letter.toLowerCase() : letter)
            .collect(Collectors.joining())
        : word;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String pick(String... values) {
    return values[random.nextInt(values.length)];
  }

  private String pick(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
