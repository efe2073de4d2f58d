package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Go's command, and programs made with it. */
final class GoTool {
  private GoTool() {}

  /** Where the sources of a module are that the one in the folder asks for. */
  static Path module(Path folder, String module) throws Exception {
    String json = run(folder, List.of("go", "mod", "download", "-json", module));
    return Path.of(JsonParser.parseString(json).getAsJsonObject().get("Dir").getAsString());
  }

  /** What a command printed, if it ended well. */
  static String run(Path folder, List<String> command) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(false).start();
    } catch (IOException missing) {
      throw new AssertionError(
          "this test needs %s: install Go 1.24 or newer".formatted(command.get(0)), missing);
    }
    Thread errors =
        new Thread(
            () -> {
              try {
                process.getErrorStream().transferTo(System.err);
              } catch (IOException ended) {
                throw new IllegalStateException(ended);
              }
            });
    errors.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      errors.join();
      throw new AssertionError(command + " failed, see above");
    }
    return said;
  }

  /** Builds the module in a folder. */
  static Path build(Path module, Path binary) throws Exception {
    run(module, List.of("go", "build", "-mod=readonly", "-o", binary.toString(), "."));
    return binary;
  }

  /** The command line of a binary. */
  static List<String> command(Path binary, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(arguments);
    return command;
  }
}
