package io.tarkiln.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The {@code completion} command: prints a script by which a shell completes commands and options.
 */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script that has a shell complete commands and options.",
      "Bash completes tarkiln from any folder then, deploy/tarkiln of a checkout, too."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln completion bash > ~/.tarkiln-completion",
      "  tarkiln completion zsh > ~/.tarkiln-completion",
      "",
      "Then, in ~/.bashrc or, after compinit, in ~/.zshrc:",
      "  source ~/.tarkiln-completion"
    })
final class CompletionCommand implements Runnable {
  /** The shells that can read the script. */
  enum Shell {
    bash,
    zsh
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell;

  /** The script is one for both: in zsh it has bash's way of completion loaded. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    out.flush();
  }
}
