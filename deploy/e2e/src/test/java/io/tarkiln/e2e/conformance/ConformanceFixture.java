package io.tarkiln.e2e.conformance;

import com.sun.net.httpserver.HttpServer;
import io.tarkiln.e2e.conformance.cases.CaseRepository;
import io.tarkiln.e2e.conformance.cases.CaseSuite;
import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Both builders, and a registry with the base images: all that cases are built with. */
final class ConformanceFixture implements AutoCloseable {
  private static final String EXPORT = "EXPORT";
  private static final String IMAGES = "IMAGES";
  private static final String HOST = "HOST";

  private final Path folder = Files.createTempDirectory("tarkiln-conformance");
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private RegistryServer registry;
  private HttpServer http;
  private BuildKitDaemon right;
  private TarkilnBuilder product;

  private ConformanceFixture(int atOnce) throws Exception {
    try {
      registry =
          add(
              RegistryServer.start(
                  folder.resolve("registry"), "localhost", RegistryServer.Options.PLAIN));
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serveFiles();
      right = add(BuildKitDaemon.start(folder.resolve("buildkit"), registry.address()));
      product = add(new TarkilnBuilder(folder.resolve("product"), registry.address(), atOnce));
      for (ConformanceCase base : CaseSuite.bases()) {
        push(base);
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  /** Starts everything and pushes the base images. */
  static ConformanceFixture open(int atOnce) throws Exception {
    return new ConformanceFixture(atOnce);
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Answers each path with a text that names it. */
  private void serveFiles() {
    http.createContext(
        "/",
        exchange -> {
          byte[] text =
              ("this is " + exchange.getRequestURI().getPath() + "\n")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Last-Modified", "Sun, 13 Sep 2020 12:26:40 GMT");
          boolean isHead = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, isHead ? -1 : text.length);
          if (!isHead) {
            exchange.getResponseBody().write(text);
          }
          exchange.close();
        });
    http.start();
  }

  private void push(ConformanceCase base) throws IOException {
    Path place = Files.createTempDirectory(folder, "base");
    Path files = place.resolve("files");
    CaseRepository.make(place.resolve("git"), base).checkOut(1, files);
    for (String path : base.arguments().getOrDefault(HOST, "").split(" ")) {
      if (!path.isEmpty()) {
        copyFromHost(Path.of(path), files.resolve("host"));
      }
    }
    List<String> names =
        List.of(base.arguments().getOrDefault(IMAGES, base.name()).split(" ")).stream()
            .map(name -> registry.address() + "/dockerhub-proxy/library/" + name)
            .toList();
    right.push(base, files, names, base.arguments().getOrDefault(EXPORT, ""));
  }

  /** A program with the libraries that it loads, as its image has neither. */
  private static void copyFromHost(Path program, Path into) throws IOException {
    if (!Files.isExecutable(program)) {
      throw new IOException(
          "base images are made of this machine's %s: apt-get install busybox-static libcap2-bin"
              .formatted(program));
    }
    String libraries =
        Program.of("ldd", program.toString())
            .merged()
            .run()
            .out()
            .replaceAll("(?m)^.*?(/\\S+) \\(0x.*$|^.*$", "$1");
    for (String each : (program + "\n" + libraries).split("\\s+")) {
      Path target = into.resolve(each.substring(1));
      Files.createDirectories(target.getParent());
      Program.of("cp", "--dereference", "--preserve=mode", each, target.toString()).output();
    }
  }

  /** Builds a case with both and compares. */
  CaseResult run(ConformanceCase given) throws Exception {
    Instant begin = Instant.now();
    ConformanceCase one =
        given.with(
            new TreeMap<>(
                Map.of(
                    "registry",
                    registry.address(),
                    "http",
                    "http://localhost:" + http.getAddress().getPort())));
    Path place = Files.createTempDirectory(folder, one.name());
    try {
      CaseRepository repository = CaseRepository.make(place.resolve("git"), one);
      BuiltImage expected = null;
      BuiltImage built = null;
      for (int version = 1; version <= (one.isBuiltTwice() ? 2 : 1); version++) {
        Path files = place.resolve("files" + version);
        repository.checkOut(version, files);
        expected = right.build(one, files, version, place);
        built = product.build(one, repository, version, place);
        if (!(built instanceof BuiltImage.Image)) {
          break;
        }
      }
      return CaseResult.of(one, expected, built, Duration.between(begin, Instant.now()).toMillis());
    } finally {
      remove(place);
    }
  }

  /** Java cannot name all files that cases have. */
  private static void remove(Path place) throws IOException {
    Program.of("rm", "-rf", place.toString()).output();
  }

  /** Ends all parts, in the order opposite to that of their beginnings. */
  @Override
  public void close() throws IOException {
    try {
      while (!parts.isEmpty()) {
        parts.pop().close();
      }
      if (http != null) {
        http.stop(0);
      }
      remove(folder);
    } catch (IOException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException("not everything could be ended", failed);
    }
  }
}
