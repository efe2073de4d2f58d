package io.tarkiln.cli.view;

import io.tarkiln.event.Event;

/** Shows a build as it happens. */
public interface BuildProgress {
  /** A new event of the build; the view holds it already. */
  void show(BuildView view, Event<?> event);

  /** Called a few times a second, for what moves with time. */
  default void tick(BuildView view) {}

  /** The last call. */
  default void end(BuildView view) {}
}
