package dev.faultscope.timeline.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.query.Predicate.And;
import dev.faultscope.timeline.query.Predicate.Has;
import dev.faultscope.timeline.query.Predicate.Name;
import dev.faultscope.timeline.query.Predicate.Named;
import dev.faultscope.timeline.query.Predicate.Not;
import dev.faultscope.timeline.query.Predicate.Or;
import dev.faultscope.timeline.query.Predicate.Range;
import dev.faultscope.timeline.query.Predicate.Within;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;

/** Turns a predicate's tree into tests, with the regions and actors of one timeline. */
final class Compiler {
  private static final int NAMES_SHOWN = 10;

  private final List<Region> regions;
  private final List<Actor> actors;

  Compiler(List<Region> regions, List<Actor> actors) {
    this.regions = regions;
    this.actors = actors;
  }

  EventPredicate compile(Predicate predicate) {
    return switch (predicate) {
      case And and -> new Tests.All(and.parts().stream().map(this::compile).toList());
      case Or or -> new Tests.Any(or.parts().stream().map(this::compile).toList());
      case Not not -> new Tests.Negation(compile(not.part()));
      case Has has -> new Tests.Bits(has.field(), has.mask());
      case Named named -> named(named);
      case Within within -> within(within);
    };
  }

  private EventPredicate within(Within within) {
    return switch (within.field()) {
      case PAGE -> new Tests.Pages(within.ranges(), within.outside());
      case GPA, HVA -> addresses(within);
      case TID -> new Tests.Actors(actorsWhere(within, Actor::tid));
      case VCPU -> new Tests.Actors(actorsWhere(within, Actor::vcpu));
      case REGION, KIND, IOCTL, ERRNO, ACTOR, TIME, LATENCY, WAITED, QUEUE, SEQ, CAUSE ->
          new Tests.Number(within.field(), within.ranges(), within.outside());
      case STATE, BEFORE, FLAG, REASON, ORIGIN, LEVEL, EXIT, HOLE, KERNEL, CHANGE, CHANGED ->
          new Tests.Number(within.field(), within.ranges(), within.outside());
    };
  }

  /** Actors that have a number at all, and one inside or outside the ranges. */
  private BitSet actorsWhere(Within within, ToIntFunction<Actor> number) {
    BitSet found = new BitSet();
    for (Actor actor : actors) {
      int value = number.applyAsInt(actor);
      if (value >= 0 && Tests.isIn(within.ranges(), value) != within.outside()) {
        found.set(actor.index());
      }
    }
    return found;
  }

  private EventPredicate addresses(Within within) {
    List<Tests.RegionPages> pages = new ArrayList<>();
    BitSet having = new BitSet();
    for (Region region : regions) {
      boolean guest = within.field() == Field.GPA;
      if (guest && region.gpaBase() == Region.NO_GPA) {
        continue;
      }
      having.set(region.index());
      long base = guest ? region.gpaBase() : region.base();
      long end = base + (long) region.pages() * Region.PAGE_BYTES - 1;
      for (Range range : within.ranges()) {
        long low = Math.max(range.low(), base);
        long high = Math.min(range.high(), end);
        if (low <= high) {
          int first = (int) ((low - base) / Region.PAGE_BYTES);
          int last = (int) ((high - base) / Region.PAGE_BYTES);
          pages.add(new Tests.RegionPages(region.index(), first, last - first + 1));
        }
      }
    }
    return new Tests.Addresses(pages, having, within.outside());
  }

  private EventPredicate named(Named named) {
    BitSet found = new BitSet();
    for (Name name : named.names()) {
      if (named.field() == Field.REGION) {
        found.or(regionsNamed(name));
      } else {
        found.or(actorsNamed(name));
      }
    }
    if (named.outside()) {
      found.flip(0, named.field() == Field.REGION ? regions.size() : actors.size());
    }
    return named.field() == Field.REGION ? new Tests.Regions(found) : new Tests.Actors(found);
  }

  private BitSet regionsNamed(Name name) {
    BitSet found = new BitSet();
    for (Region region : regions) {
      if (region.name().equalsIgnoreCase(name.text())) {
        found.set(region.index());
      }
    }
    return found.isEmpty()
        ? indexed(name, "region", regions.stream().map(Region::name).toList())
        : found;
  }

  private BitSet actorsNamed(Name name) {
    BitSet found = new BitSet();
    for (Actor actor : actors) {
      if (actor.name().equalsIgnoreCase(name.text())
          || actor.label().equalsIgnoreCase(name.text())) {
        found.set(actor.index());
      }
    }
    return found.isEmpty()
        ? indexed(name, "actor", actors.stream().map(Actor::name).toList())
        : found;
  }

  private static BitSet indexed(Name name, String what, List<String> known) {
    if (name.text().matches("[0-9]{1,5}") && Integer.parseInt(name.text()) < known.size()) {
      BitSet found = new BitSet();
      found.set(Integer.parseInt(name.text()));
      return found;
    }
    String shown = String.join(", ", known.stream().limit(NAMES_SHOWN).toList());
    throw new QueryException(
        name.position(),
        "no "
            + what
            + " is called \""
            + name.text()
            + "\""
            + Nearest.hint(name.text(), known)
            + (known.isEmpty()
                ? "; the recording has none"
                : "; there are " + shown + (known.size() > NAMES_SHOWN ? ", …" : "")));
  }
}
