package io.tarkiln.kaniko.argo;

import com.google.gson.JsonParser;
import io.tarkiln.testkit.Program;
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
    return Program.of(command).in(folder).output();
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
