package io.tarkiln.kaniko.local;

import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.network.RunNetworks;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all runs of an engine share.
 *
 * @param clock for what happens while Kaniko runs: flushing logs, watching limits
 * @param background for what may block meanwhile: bringing logs to S3
 */
record EngineContext(
    LocalSettings settings,
    KanikoArguments arguments,
    AccessIssuer access,
    RunNetworks networks,
    RunUploads uploads,
    WorkDirectory directory,
    RunObserver observer,
    ScheduledExecutorService clock,
    ScheduledExecutorService background) {}
