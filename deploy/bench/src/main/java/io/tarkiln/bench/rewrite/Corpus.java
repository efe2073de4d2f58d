package io.tarkiln.bench.rewrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.samples.dockerfile.DockerfileGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Files to read.
 *
 * @param name what they are
 * @param folder that holds them, and nothing else
 */
record Corpus(String name, Path folder) {
  private static final String STAGE =
      """
      # Builds part %1$d.
      FROM --platform=linux/amd64 golang:1.%1$d-alpine AS build%1$d
      ARG VERSION=1.%1$d.0
      ENV CGO_ENABLED=0 \\
          GOFLAGS="-trimpath -mod=readonly"
      WORKDIR /src
      COPY go.mod go.sum ./
      RUN --mount=type=cache,target=/go/pkg/mod \\
          go mod download && \\
          # what the generators need
          apk add --no-cache git make
      COPY --chown=1000:1000 . .
      RUN go build -ldflags "-X main.version=${VERSION}" -o /out/app ./cmd/app
      RUN <<EOF
      set -eu
      for each in a b c; do echo "$each" >> /out/list; done
      EOF

      FROM gcr.io/distroless/static:nonroot AS run%1$d
      LABEL org.opencontainers.image.title="app" org.opencontainers.image.version="1.%1$d"
      COPY --from=build%1$d /out/app /usr/local/bin/app
      COPY --from=busybox:1.36 /bin/sh /bin/sh
      EXPOSE 8080
      HEALTHCHECK --interval=30s CMD ["/usr/local/bin/app", "health"]
      ENTRYPOINT ["/usr/local/bin/app", "serve"]

      """;

  /** One file of at least so many bytes, of stages as people write them. */
  static Corpus ofSize(String name, int bytes, Path parent) throws IOException {
    StringBuilder text = new StringBuilder("# syntax=docker/dockerfile:1\n");
    for (int i = 1; text.length() + STAGE.length() <= bytes || i == 1; i++) {
      text.append(STAGE.formatted(i));
    }
    Corpus corpus = new Corpus(name, Files.createTempDirectory(parent, "corpus"));
    Files.writeString(corpus.folder.resolve("Dockerfile"), text);
    return corpus;
  }

  /** What the tests' generator writes and is no mistake. */
  static Corpus generated(String name, int files, Path parent) throws IOException {
    DockerfileGenerator generator = new DockerfileGenerator(1);
    DockerfileRewriter rewriter = new DockerfileRewriter(new ProxyMap(Map.of()));
    Corpus corpus = new Corpus(name, Files.createTempDirectory(parent, "corpus"));
    for (int i = 0; i < files; i++) {
      byte[] file = generator.next().getBytes(ISO_8859_1);
      if (rewriter.rewrite(file, Map.of()).error().isEmpty()) {
        Files.write(corpus.folder.resolve("Dockerfile-" + i), file);
      }
    }
    return corpus;
  }

  long bytes() throws IOException {
    return files(folder).stream().mapToLong(file -> file.length).sum();
  }

  /** The files of a folder. */
  static List<byte[]> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).sorted().map(Corpus::read).toList();
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
