package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.SandboxRoot.Mount;
import io.tarkiln.kaniko.limit.RunLimits;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Starts Kaniko in a container of its own image. */
public record ContainerLauncher(ContainerEngine engine, List<String> engineArguments, String image)
    implements KanikoLauncher {
  @Override
  public String name() {
    return String.join(" ", engine.command());
  }

  /** Podman's containers enter a namespace that is there; Docker's enter those of containers. */
  @Override
  public boolean entersNetworks() {
    return engine.entersNamespaces();
  }

  @Override
  public KanikoProcess launch(Launch launch) throws UnavailableException {
    RunDirectory directory = launch.directory();
    String container = "tarkiln-" + directory.name();
    engine.remove(container);
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--pull", "never"));
    run.addAll(List.of("--name", container, "--label", engine.label()));
    run.addAll(List.of("--network", launch.network().forContainers()));
    launch.limits().ifPresent(most -> run.addAll(limits(most)));
    run.addAll(List.of("--entrypoint", "/kaniko/executor"));
    SandboxRoot.files(directory).forEach(file -> run.addAll(mount(file)));
    SandboxRoot.names(launch).forEach(file -> run.addAll(mount(file)));
    run.addAll(engineArguments);
    run.add(image);
    run.addAll(launch.arguments());
    // The engine's client needs its own environment; none of it goes into the container.
    Process client = ChildKanikoProcess.start(engine.with(run), System.getenv());
    return new Contained(engine, container, new ChildKanikoProcess(client, directory.root()));
  }

  private static List<String> limits(RunLimits most) {
    List<String> options = new ArrayList<>(List.of("--pids-limit", "" + most.processes()));
    most.memoryBytes().ifPresent(bytes -> options.addAll(List.of("--memory", bytes + "b")));
    return options;
  }

  private static List<String> mount(Mount mount) {
    return List.of(
        "--mount",
        "type=bind,source=%s,target=%s%s"
            .formatted(mount.source(), mount.target(), mount.readOnly() ? ",readonly" : ""));
  }

  /** Kaniko in a container, which outlives the client that started it. */
  private record Contained(ContainerEngine engine, String container, ChildKanikoProcess client)
      implements KanikoProcess {
    @Override
    public InputStream output() {
      return client.output();
    }

    @Override
    public int waitFor() throws InterruptedException {
      return client.waitFor();
    }

    @Override
    public void kill() {
      engine.remove(container);
      client.kill();
    }

    /** The engine counts them. */
    @Override
    public long processes() {
      return 0;
    }

    @Override
    public long bytesElsewhere() {
      return engine.written(container);
    }
  }
}
