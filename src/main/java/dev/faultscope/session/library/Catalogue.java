package dev.faultscope.session.library;

import dev.faultscope.model.Region;
import dev.faultscope.session.Progress;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.LibrarySettings.Sample;
import dev.faultscope.session.query.FaultCount;
import dev.faultscope.session.query.Thumbnail;
import dev.faultscope.timeline.Timeline;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What there is to open, with a small picture of each. */
final class Catalogue {
  /** Most uploads listed. */
  private static final int MAX_RECENT = 50;

  private final RecordingStore store;
  private final List<Sample> samples;
  private final Map<String, Facts> known = new ConcurrentHashMap<>();

  /** Looks at a recording; null where it cannot be looked at. */
  @FunctionalInterface
  interface Peek {
    @Nullable Facts at(RecordingId id, Function<Session, Facts> question);
  }

  /** What is worked out once of a recording that will not change. */
  record Facts(
      String title,
      long events,
      long faults,
      long pages,
      long durationNs,
      int @Nullable [][] thumbnail,
      Progress.State state) {
    boolean isFinal() {
      return !state.isGrowing();
    }
  }

  Catalogue(RecordingStore store, List<Sample> samples) {
    this.store = store;
    this.samples = List.copyOf(samples);
  }

  /** Puts samples on the store that are not there, or not as this program has them. */
  void unpackSamples() throws IOException {
    for (Sample sample : samples) {
      RecordingId id = RecordingId.ofSample(sample.name());
      Path spooled = store.newSpoolFile();
      try {
        try (InputStream in = resource(sample.resource())) {
          Files.copy(in, spooled, StandardCopyOption.REPLACE_EXISTING);
        }
        boolean same = store.hasSource(id) && Files.mismatch(store.source(id), spooled) < 0;
        if (!same) {
          store.forget(id);
          store.keep(id, spooled, new RecordingStore.About(sample.title(), List.of()));
          if (!sample.sidecar().isEmpty()) {
            try (InputStream in = resource(sample.sidecar())) {
              store.keepSidecar(id, in);
            }
          }
        }
      } finally {
        Files.deleteIfExists(spooled);
      }
    }
  }

  List<RecordingOverview> list(Peek peek) {
    List<RecordingOverview> all = new ArrayList<>();
    for (Sample sample : samples) {
      RecordingOverview overview =
          overview(RecordingId.ofSample(sample.name()), "sample", sample.text(), peek);
      if (overview != null) {
        all.add(overview);
      }
    }
    for (RecordingId id : recent()) {
      RecordingOverview overview = overview(id, id.isRun() ? "run" : "upload", null, peek);
      if (overview != null) {
        all.add(overview);
      }
    }
    return all;
  }

  private List<RecordingId> recent() {
    try {
      return store.all().stream()
          .filter(id -> !id.isSample())
          .sorted(Comparator.comparing(this::touched).reversed())
          .limit(MAX_RECENT)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("faultscope.data-dir cannot be read: " + e.getMessage(), e);
    }
  }

  private Instant touched(RecordingId id) {
    try {
      return store.touched(id);
    } catch (IOException _) {
      return Instant.EPOCH;
    }
  }

  private @Nullable RecordingOverview overview(
      RecordingId id, String kind, @Nullable String text, Peek peek) {
    Facts facts = known.get(id.text());
    if (facts == null || !facts.isFinal()) {
      facts = peek.at(id, Catalogue::facts);
      if (facts == null) {
        return null;
      }
      known.put(id.text(), facts);
    }
    return new RecordingOverview(
        id.text(),
        facts.title(),
        kind,
        facts.events(),
        facts.faults(),
        facts.pages(),
        facts.durationNs(),
        touched(id),
        facts.thumbnail(),
        text,
        facts.state().name().toLowerCase(Locale.ROOT));
  }

  /** Forgets what was worked out: the recording is imported anew, or gone. */
  void changed(RecordingId id) {
    known.remove(id.text());
  }

  private static Facts facts(Session session) {
    // Before what it describes: a recording that has loaded does not change.
    Progress.State state = session.progress().state();
    Timeline timeline = session.timeline();
    long pages = timeline.regions().stream().mapToLong(Region::pages).sum();
    return new Facts(
        session.title(),
        timeline.lastSequence(),
        FaultCount.of(timeline),
        pages,
        timeline.endNs(),
        session.isLoading() ? null : Thumbnail.of(timeline),
        state);
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Catalogue.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("sample " + name + " is missing from the program");
    }
    return in;
  }
}
