package io.tarkiln.kaniko.argo.api;

/** The marks that our Workflows carry. */
public final class WorkflowLabels {
  static final String BUILD = "tarkiln.io/build";
  static final String WORKLOAD = "tarkiln.io/workload";
  public static final String SERVICE = "tarkiln.io/service";

  /** Set once the end has been published. */
  static final String SETTLED = "tarkiln.io/told";

  /** Annotation: the event that asked for the run, from which any process goes on. */
  static final String EVENT = "tarkiln.io/event";

  /** Annotation: why we stopped a run. */
  static final String STOPPED_FOR = "tarkiln.io/stopped-for";

  /** Annotation: which go at its run it is, where it is not the first. */
  static final String GO = "tarkiln.io/go";

  /** Annotation: when the first go ended for want of something. */
  static final String UNAVAILABLE_SINCE = "tarkiln.io/unavailable-since";

  /** Annotation: when it may begin. */
  static final String NOT_BEFORE = "tarkiln.io/not-before";

  /** Holds a Workflow until its end has been published. */
  static final String FINALIZER = "tarkiln.io/end-told";

  /** Finds the Workflows whose end has not been published. */
  static final String UNSETTLED = BUILD + ",!" + SETTLED;

  private WorkflowLabels() {}
}
