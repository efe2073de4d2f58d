package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.PodApi;
import io.tarkiln.kaniko.argo.api.WorkflowApi;
import io.tarkiln.kaniko.argo.api.WorkflowManifests;
import io.tarkiln.store.ObjectStore;

/** What looking after Workflows needs. */
record ControllerContext(
    ArgoSettings settings,
    WorkflowManifests manifests,
    WorkflowApi workflows,
    PodApi pods,
    ObjectStore store,
    RunObserver observer) {}
