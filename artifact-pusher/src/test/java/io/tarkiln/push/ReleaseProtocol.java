package io.tarkiln.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A model of how a build of two services ends: two pushers in processes of their own, and somebody
 * who cancels. Every order of their steps is tried, with a crash between any two of them, after
 * which a record is delivered again. It describes {@link PushStep}, {@link BuildRelease} and {@code
 * Cancellation}; change them together.
 */
final class ReleaseProtocol {
  private static final int MAX_CRASHES = 2;
  private static final int DONE = -1;

  enum Outcome {
    NONE,
    SUCCEEDED,
    CANCELLED
  }

  /**
   * What S3, registry and Kafka hold, and where each actor is.
   *
   * @param steps the next step of each actor, or {@link #DONE} once its record is acknowledged
   */
  record World(
      boolean apiPushed,
      boolean webPushed,
      Outcome finished,
      boolean apiTagged,
      boolean webTagged,
      boolean toldSuccess,
      boolean toldCancelled,
      boolean released,
      List<Integer> steps,
      int crashes) {
    private World at(int actor, int step) {
      List<Integer> moved = new ArrayList<>(steps);
      moved.set(actor, step);
      return with(apiPushed, webPushed, finished, apiTagged, webTagged, released, moved);
    }

    private World with(
        boolean api,
        boolean web,
        Outcome outcome,
        boolean apiTag,
        boolean webTag,
        boolean isReleased,
        List<Integer> moved) {
      return new World(
          api,
          web,
          outcome,
          apiTag,
          webTag,
          toldSuccess,
          toldCancelled,
          isReleased,
          moved,
          crashes);
    }

    private World tell(Outcome outcome) {
      return new World(
          apiPushed,
          webPushed,
          finished,
          apiTagged,
          webTagged,
          toldSuccess || outcome == Outcome.SUCCEEDED,
          toldCancelled || outcome == Outcome.CANCELLED,
          released,
          steps,
          crashes);
    }

    private World decide(Outcome outcome) {
      return finished == Outcome.NONE
          ? with(apiPushed, webPushed, outcome, apiTagged, webTagged, released, steps)
          : this;
    }

    private World push(boolean api) {
      return with(
          apiPushed || api, webPushed || !api, finished, apiTagged, webTagged, released, steps);
    }

    private World tag(boolean api) {
      return with(
          apiPushed, webPushed, finished, apiTagged || api, webTagged || !api, released, steps);
    }

    private World release() {
      return with(apiPushed, webPushed, finished, apiTagged, webTagged, true, steps);
    }

    private World crash(int actor) {
      World again = at(actor, 0);
      return new World(
          apiPushed,
          webPushed,
          finished,
          apiTagged,
          webTagged,
          toldSuccess,
          toldCancelled,
          released,
          again.steps,
          crashes + 1);
    }

    boolean isWhole() {
      return apiPushed && webPushed;
    }

    boolean isAtEnd() {
      return steps.stream().allMatch(step -> step == DONE);
    }
  }

  /** One step of an actor, which nothing can come in between. */
  private interface Step {
    World take(World world, int actor, int step);
  }

  private final List<List<Step>> actors;

  private ReleaseProtocol(List<List<Step>> actors) {
    this.actors = actors;
  }

  /** As it is. */
  static ReleaseProtocol decidingFirst() {
    return new ReleaseProtocol(List.of(pusher(true, true), pusher(false, true), canceller()));
  }

  /** As it would be if tags were set before the outcome is decided. */
  static ReleaseProtocol taggingFirst() {
    return new ReleaseProtocol(List.of(pusher(true, false), pusher(false, false), canceller()));
  }

  private static List<Step> pusher(boolean api, boolean decidesFirst) {
    List<Step> steps = new ArrayList<>();
    // A build that was cancelled needs nothing more; one that succeeds may need the rest.
    steps.add(unless(world -> world.finished() == Outcome.CANCELLED));
    steps.add(does(world -> world.push(api)));
    steps.add(unless(world -> !world.isWhole()));
    steps.add(unless(World::released));
    Step decision =
        (world, actor, step) -> {
          World decided = world.decide(Outcome.SUCCEEDED);
          return decided.at(actor, decided.finished() == Outcome.SUCCEEDED ? step + 1 : DONE);
        };
    if (decidesFirst) {
      steps.add(decision);
    } else {
      steps.add(unless(world -> world.finished() != Outcome.NONE));
    }
    steps.add(does(world -> world.tag(true)));
    steps.add(does(world -> world.tag(false)));
    if (!decidesFirst) {
      steps.add(decision);
    }
    steps.add(does(world -> world.tell(Outcome.SUCCEEDED)));
    steps.add(does(World::release));
    return steps;
  }

  private static List<Step> canceller() {
    return List.of(
        (world, actor, step) -> {
          World decided = world.decide(Outcome.CANCELLED);
          return decided.at(actor, decided.finished() == Outcome.CANCELLED ? step + 1 : DONE);
        },
        does(world -> world.tell(Outcome.CANCELLED)));
  }

  private static Step does(UnaryOperator<World> change) {
    return (world, actor, step) -> change.apply(world).at(actor, step + 1);
  }

  private static Step unless(Predicate<World> end) {
    return (world, actor, step) -> world.at(actor, end.test(world) ? DONE : step + 1);
  }

  /** What exploring found. */
  record Explored(int worlds, Optional<String> violation) {}

  /** Visits every world that can come about; stops at the first that must not. */
  Explored explore() {
    World start =
        new World(
            false, false, Outcome.NONE, false, false, false, false, false, List.of(0, 0, 0), 0);
    Map<World, World> cameFrom = new HashMap<>(Map.of(start, start));
    Deque<World> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      World world = open.pop();
      Optional<String> wrong = wrong(world);
      if (wrong.isPresent()) {
        return new Explored(cameFrom.size(), wrong.map(why -> why + history(world, cameFrom)));
      }
      for (World next : nexts(world)) {
        if (cameFrom.putIfAbsent(next, world) == null) {
          open.push(next);
        }
      }
    }
    return new Explored(cameFrom.size(), Optional.empty());
  }

  private List<World> nexts(World world) {
    List<World> nexts = new ArrayList<>();
    for (int actor = 0; actor < actors.size(); actor++) {
      int step = world.steps().get(actor);
      if (step == DONE) {
        continue;
      }
      nexts.add(
          step == actors.get(actor).size()
              ? world.at(actor, DONE)
              : actors.get(actor).get(step).take(world, actor, step));
      if (step > 0 && world.crashes() < MAX_CRASHES) {
        nexts.add(world.crash(actor));
      }
    }
    return nexts;
  }

  private static Optional<String> wrong(World world) {
    boolean tagged = world.apiTagged() || world.webTagged();
    if (tagged && world.finished() != Outcome.SUCCEEDED) {
      return Optional.of("a tag without a decision for it");
    }
    if (tagged && !world.isWhole()) {
      return Optional.of("a tag before all images are there");
    }
    if (world.toldSuccess() && world.toldCancelled()) {
      return Optional.of("two outcomes told");
    }
    if (world.toldSuccess() && !(world.apiTagged() && world.webTagged())) {
      return Optional.of("success told before all tags stand");
    }
    if (world.isAtEnd() && !world.toldSuccess() && !world.toldCancelled()) {
      return Optional.of("everything acknowledged and no outcome told");
    }
    return Optional.empty();
  }

  private static String history(World end, Map<World, World> cameFrom) {
    StringBuilder history = new StringBuilder();
    for (World at = end; cameFrom.get(at) != at; at = cameFrom.get(at)) {
      history.insert(0, "\n" + at);
    }
    return history.toString();
  }
}
