package io.tarkiln.kaniko.argo.reconcile;

/** Brings the object of a key one step on from whatever state it is in. */
public interface Reconciler {
  /**
   * Looks at the object and does what is missing. Never runs twice at once for one key.
   *
   * @throws Exception of any kind when it is to be tried again, after a growing while
   */
  Result reconcile(String key) throws Exception;

  /** The object as log lines name it. */
  String describe(String key);
}
