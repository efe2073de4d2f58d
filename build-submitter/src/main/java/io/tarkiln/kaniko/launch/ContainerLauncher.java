package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.SandboxRoot.Mount;
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

  @Override
  public KanikoProcess launch(Launch launch) throws UnavailableException {
    RunDirectory directory = launch.directory();
    String container = "tarkiln-" + directory.name();
    engine.remove(container);
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--pull", "never"));
    run.addAll(List.of("--name", container, "--label", engine.label(), "--network", "host"));
    run.addAll(List.of("--entrypoint", "/kaniko/executor"));
    SandboxRoot.files(directory).forEach(file -> run.addAll(mount(file)));
    run.addAll(engineArguments);
    run.add(image);
    run.addAll(launch.arguments());
    // The engine's client needs its own environment; none of it goes into the container.
    Process client = ChildKanikoProcess.start(engine.with(run), System.getenv());
    return new Contained(engine, container, new ChildKanikoProcess(client, directory.root()));
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

    @Override
    public long bytesElsewhere() {
      return engine.written(container);
    }
  }
}
