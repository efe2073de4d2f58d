package io.tarkiln.kaniko.argo.api;

import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.store.ObjectStore;

/** What looking after Workflows needs. */
public record ControllerContext(
    ArgoSettings settings,
    WorkflowManifests manifests,
    WorkflowApi workflows,
    PodApi pods,
    RunSecrets secrets,
    ObjectStore store,
    RunObserver observer) {}
