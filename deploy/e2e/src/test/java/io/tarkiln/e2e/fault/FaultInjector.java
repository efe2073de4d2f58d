package io.tarkiln.e2e.fault;

import io.tarkiln.e2e.fault.Journal.Effected;
import io.tarkiln.e2e.stack.HttpRelay;
import io.tarkiln.e2e.stack.HttpRelay.Act;
import io.tarkiln.e2e.stack.HttpRelay.Request;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What comes between the services and their servers: writes down what they change, kills a process
 * just before or just after a chosen change, and cuts connections at random while it is told to.
 */
final class FaultInjector implements HttpRelay.Script {
  private final Journal journal;
  private final Random random;
  private final List<Trap> traps = new CopyOnWriteArrayList<>();
  private volatile Killer killer = process -> false;
  private volatile double cuts;

  /** Kills a process; returns whether it was there. */
  interface Killer {
    boolean kill(String process) throws InterruptedException;
  }

  /**
   * Kills whoever makes a change.
   *
   * @param point the change
   * @param build of which it is
   * @param left counts down; the change at which it gets to zero is the one
   */
  record Trap(CrashPoint point, RequestedBuild build, AtomicInteger left, AtomicBoolean isSprung) {
    boolean springsAt(String effect, String text, boolean after) {
      return point.after() == after
          && point.effect().equals(effect)
          && build.isIn(text)
          && left.decrementAndGet() == 0
          && isSprung.compareAndSet(false, true);
    }
  }

  FaultInjector(Journal journal, Random random) {
    this.journal = journal;
    this.random = random;
  }

  /** Says how processes are killed. */
  void killWith(Killer how) {
    killer = how;
  }

  /** Waits for a change of this build, and kills its process. */
  Trap trap(CrashPoint point, RequestedBuild build) {
    Trap trap = new Trap(point, build, new AtomicInteger(point.nth()), new AtomicBoolean());
    traps.add(trap);
    return trap;
  }

  /** Cuts this part of all requests from now on. */
  void cut(double part) {
    cuts = part;
  }

  @Override
  public Act before(Request request) {
    Optional<Effect> effect = Effect.of(request);
    if (effect.isPresent() && isCaught(request.client(), effect.get(), request.path(), false)) {
      return Act.CUT;
    }
    return cut(request, "request");
  }

  @Override
  public Act after(Request request, int status) {
    Optional<Effect> effect = Effect.of(request);
    if (effect.isPresent()) {
      journal.add(
          request.client(), "%s %s -> %d".formatted(request.method(), request.path(), status));
      journal.add(new Effected(request.client(), effect.get(), request.path(), true));
      if (isCaught(request.client(), effect.get(), request.path(), true)) {
        return Act.CUT;
      }
    }
    Act act = cut(request, "answer");
    boolean isLook = request.method().equals("HEAD") && request.path().endsWith("/image.tar");
    if (isLook && act != Act.CUT) {
      // Whether a run is needed, as it is told to who asks.
      journal.add(request.client(), "HEAD %s -> %d".formatted(request.path(), status));
    }
    return act;
  }

  /**
   * Something that a process did other than by a request, and that stands now.
   *
   * @param text names the build
   */
  void done(String process, Effect effect, String text) {
    journal.add(process, effect.name() + " of " + text);
    journal.add(new Effected(process, effect, text, false));
    isCaught(process, effect, text, true);
  }

  private Act cut(Request request, String what) {
    if (cuts == 0 || random.nextDouble() >= cuts) {
      return Act.PASS;
    }
    journal.add(
        request.client(), "cut %s of %s %s".formatted(what, request.method(), request.path()));
    return random.nextBoolean() ? Act.CUT : Act.CUT_MIDWAY;
  }

  private boolean isCaught(String process, Effect effect, String text, boolean after) {
    for (Trap trap : traps) {
      if (trap.springsAt(effect.name(), text, after)) {
        traps.remove(trap);
        kill(process, trap.point().toString());
        return true;
      }
    }
    return false;
  }

  /** Kills a process now; returns whether it was there. */
  boolean kill(String process, String why) {
    try {
      boolean wasThere = killer.kill(process);
      if (wasThere) {
        journal.add(process, "kill -9, " + why);
      }
      return wasThere;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
