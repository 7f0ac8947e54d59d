package dev.faultscope.session.library;

import dev.faultscope.model.Region;
import dev.faultscope.session.Progress;
import dev.faultscope.session.Session;
import dev.faultscope.session.library.LibrarySettings.Sample;
import dev.faultscope.session.query.FaultCount;
import dev.faultscope.session.query.Thumbnail;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is to open, with a small picture of each. */
final class Catalogue {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  /** Most recordings listed besides samples; older ones stay on the disk, and links open them. */
  static final int MAX_RECENT = 50;

  private final RecordingStore store;
  private final List<Sample> samples;
  private final Map<String, Facts> known = new ConcurrentHashMap<>();

  /** Looks at a recording. */
  @FunctionalInterface
  interface Peek {
    /**
     * {@return the answer; empty where it is gone by now}
     *
     * @throws LibraryFullException if it has to wait until others are looked at no more
     */
    Optional<Facts> at(RecordingId id, Function<Session, Facts> question) throws IOException;
  }

  /** What is worked out once of a recording that will not change. */
  record Facts(
      String title,
      long events,
      long faults,
      long pages,
      long durationNs,
      int @Nullable [][] thumbnail,
      Progress.State state,
      @Nullable String message) {
    boolean isFinal() {
      return !state.isGrowing();
    }

    /** Nothing is known of it but how it stands. */
    static Facts none(String title, Progress.State state, String message) {
      return new Facts(title, 0, 0, 0, 0, null, state, message);
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
    List<RecordingOverview> all = listed(peek);
    known.keySet().retainAll(all.stream().map(RecordingOverview::id).collect(Collectors.toSet()));
    return all;
  }

  private List<RecordingOverview> listed(Peek peek) {
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
      facts = look(id, peek);
      if (facts == null) {
        return null;
      }
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
        facts.state().name().toLowerCase(Locale.ROOT),
        facts.message());
  }

  /** Whatever is wrong with a recording is said in its row, and no other's. */
  private @Nullable Facts look(RecordingId id, Peek peek) {
    try {
      Optional<Facts> facts = peek.at(id, Catalogue::facts);
      facts.ifPresent(those -> known.put(id.text(), those));
      return facts.orElse(null);
    } catch (LibraryFullException full) {
      return Facts.none(title(id), Progress.State.LOADING, "" + full.getMessage());
    } catch (InternalError unmapped) {
      // What the virtual machine throws where a mapped file has become shorter.
      return unreadable(id, "its file became shorter while it was open", unmapped);
    } catch (IOException | RuntimeException e) {
      return unreadable(id, why(e), e);
    }
  }

  private Facts unreadable(RecordingId id, String why, Throwable e) {
    LOG.warn("Recording {} cannot be read: {}", id.text(), e.toString());
    return Facts.none(title(id), Progress.State.FAILED, "It cannot be read: " + why);
  }

  /** Without the names that its files have here: nobody knows them. */
  private static String why(Exception e) {
    return switch (e) {
      case TimelineException damaged ->
          "damaged at byte " + damaged.offset() + ": " + damaged.reason();
      case NoSuchFileException _ -> "its file is gone";
      case UncheckedIOException wrapped when wrapped.getCause() instanceof IOException cause ->
          why(cause);
      default -> "" + e.getMessage();
    };
  }

  private String title(RecordingId id) {
    try {
      return store.about(id).title();
    } catch (IOException _) {
      return id.text();
    }
  }

  /** Forgets what was worked out: the recording is imported anew, or gone. */
  void changed(RecordingId id) {
    known.remove(id.text());
  }

  private static Facts facts(Session session) {
    // Before what it describes: a recording that has loaded does not change.
    Progress progress = session.progress();
    Timeline timeline = session.timeline();
    long pages = timeline.regions().stream().mapToLong(Region::pages).sum();
    return new Facts(
        session.title(),
        timeline.lastSequence(),
        FaultCount.of(timeline),
        pages,
        timeline.endNs(),
        session.isLoading() ? null : Thumbnail.of(timeline),
        progress.state(),
        progress.message());
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Catalogue.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("sample " + name + " is missing from the program");
    }
    return in;
  }
}
