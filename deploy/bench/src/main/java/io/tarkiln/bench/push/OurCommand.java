package io.tarkiln.bench.push;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code deploy/tarkiln push}, its start included. */
record OurCommand(String name, Path launcher, Map<String, String> account) implements Pushing {
  @Override
  public void push(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    BenchCommand.run(environment(s3), command(registry, job, mountFrom));
  }

  @Override
  public long peak(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    return BenchCommand.peakOf(environment(s3), command(registry, job, mountFrom));
  }

  private Map<String, String> environment(URI s3) {
    Map<String, String> environment = new HashMap<>(account);
    environment.put("AWS_ENDPOINT_URL_S3", s3.toString());
    return environment;
  }

  private List<String> command(String registry, Job job, List<String> mountFrom) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(launcher.toString(), "push", "--plain-http"));
    mountFrom.forEach(repository -> command.addAll(List.of("--mount-from", repository)));
    command.add("s3://" + PushBench.BUCKET + "/" + job.key());
    command.add(registry + "/" + job.repository() + ":bench");
    return command;
  }
}
