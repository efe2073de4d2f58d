package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.store.ObjectStore;

/** What looking after Workflows needs. */
record Workplace(
    ArgoSettings settings,
    WorkflowManifests manifests,
    Workflows workflows,
    Pods pods,
    ObjectStore store,
    RunObserver observer) {}
