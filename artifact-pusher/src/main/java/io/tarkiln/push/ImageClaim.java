package io.tarkiln.push;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.claim.CheckedOutService;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.inputs.ReuseRecord;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/**
 * Believes of an image that it is what the request asks for: the build's own tar, the tag that the
 * request takes it from, or the digest that was found to be unchanged.
 */
record ImageClaim(ObjectStore store, CheckedOutBuilds builds) implements Claim<ImageBuilt> {
  @Override
  public Optional<Objection> objection(Event<ImageBuilt> event) throws UnavailableException {
    return builds.objection(event, service -> objection(service, event.data()));
  }

  private Optional<Objection> objection(CheckedOutService service, ImageBuilt built)
      throws UnavailableException {
    Optional<String> tag = service.service().retagFrom();
    if (!tag.equals(built.retagFrom())) {
      return Optional.of(
          Objection.notAsRequested(
              "the tag that service %s is taken from".formatted(built.service()),
              service.build(),
              tag.orElse("none"),
              built.retagFrom().orElse("none")));
    }
    if (built.unchanged().isPresent()) {
      return unchanged(service, built.service(), built.unchanged().get());
    }
    return built.imageTarKey().isPresent()
        ? tar(service, built.service(), built.imageTarKey().get())
        : Optional.empty();
  }

  private Optional<Objection> unchanged(CheckedOutService service, String name, String digest)
      throws UnavailableException {
    Optional<String> found =
        service.service().auto()
            ? ReuseRecord.read(store, service.build(), name).flatMap(ReuseRecord::unchanged)
            : Optional.empty();
    return found.filter(digest::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            Objection.notAsRequested(
                "the unchanged image of service " + name,
                service.build(),
                found.orElse("none"),
                digest));
  }

  private Optional<Objection> tar(CheckedOutService service, String name, String key)
      throws UnavailableException {
    String own = ObjectKeys.imageTar(service.build(), name);
    if (!own.equals(key)) {
      return Optional.of(Objection.foreignKey("imageTarKey", service.build(), own, key));
    }
    return store.exists(own) || isOver(service, name)
        ? Optional.empty()
        : Optional.of(
            new Objection(
                Objection.Code.NOT_YET_TRUE,
                "no object %s in S3: nobody has built this image, or its tar has expired"
                    .formatted(own)));
  }

  /** Tars go sooner than the rest: whoever looks again later does not need one. */
  private boolean isOver(CheckedOutService service, String name) throws UnavailableException {
    return store.exists(ObjectKeys.image(service.build(), name))
        || store.exists(ObjectKeys.finished(service.build()));
  }
}
