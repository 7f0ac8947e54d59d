package dev.faultscope.trace.input;

import dev.faultscope.model.Counted;
import dev.faultscope.timeline.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps account of what an import could not use: events it does not know, damaged lines, lost
 * events. Everything is counted; only the first of each is kept one by one.
 */
public final class ImportLog {
  /** Different unknown event names kept apart; further ones are counted together. */
  public static final int MAX_NAMES = 4096;

  /** Damaged lines that are listed one by one; the rest is only counted. */
  public static final int DAMAGED_KEPT = 100;

  private static final String OTHERS = "(other events)";

  private final Map<ByteKey, long[]> unknown = new java.util.HashMap<>();
  private final ByteKey probe = new ByteKey();
  private final List<DamagedLine> damaged = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long damagedLines;
  private long lost;
  private boolean lostUnknown;
  private String lostOfFile = "";
  private long lines;

  /** Counts a line whose event is not known; its name lies in a buffer. */
  public void unknownEvent(byte[] text, int from, int to) {
    probe.set(text, from, to);
    long[] count = unknown.get(probe);
    if (count == null) {
      ByteKey key = unknown.size() < MAX_NAMES ? probe.copy() : ByteKey.of(OTHERS);
      count = unknown.computeIfAbsent(key, k -> new long[1]);
    }
    count[0]++;
  }

  /** Counts a line that cannot be read, and keeps it while there is room. */
  public void damagedLine(long number, String reason) {
    damagedLines++;
    if (damaged.size() < DAMAGED_KEPT) {
      damaged.add(new DamagedLine(number, reason));
    }
  }

  /** Says that the file is not whole: what was lost and how much is here; empty for nothing. */
  public void lost(String sentence) {
    lostOfFile = sentence;
  }

  /** {@return what of the file was lost; empty for nothing} */
  public String lost() {
    return lostOfFile;
  }

  /** Counts events the tracer lost; -1 stands for "some". */
  public void lostEvents(long count) {
    if (count < 0) {
      lostUnknown = true;
    } else {
      lost += count;
    }
  }

  /** Keeps a remark. */
  public void note(String text) {
    if (notes.size() < 1000) {
      notes.add(text);
    }
  }

  /** Sets how many lines were read. */
  public void lines(long count) {
    lines = count;
  }

  /** {@return how many lines could not be read} */
  public long damagedLines() {
    return damagedLines;
  }

  /** Puts everything a reader of the recording should know into its notes. */
  public void tell(Recorder recorder) {
    for (DamagedLine line : damaged) {
      recorder.note("line " + line.number() + " is damaged: " + line.reason());
    }
    if (damagedLines > damaged.size()) {
      recorder.note(Counted.of(damagedLines - damaged.size(), "more damaged line"));
    }
    unknownNames()
        .forEach(
            (name, count) ->
                recorder.note("unknown event " + name + ": " + Counted.of(count, "line")));
    if (lost > 0 || lostUnknown) {
      recorder.note(
          "the tracer lost "
              + (lost > 0 ? lost + (lostUnknown ? " or more" : "") : "some")
              + (lost == 1 && !lostUnknown ? " event" : " events"));
    }
    notes.forEach(recorder::note);
  }

  /** {@return lines read, headers included} */
  public long lines() {
    return lines;
  }

  /** {@return the first damaged lines} */
  public List<DamagedLine> damaged() {
    return List.copyOf(damaged);
  }

  /** {@return events the tracer says it lost; -1 where it only says that it lost some} */
  public long lostEvents() {
    return lostUnknown && lost == 0 ? -1 : lost;
  }

  /** {@return remarks kept} */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** {@return how often each unknown event came, by name} */
  public Map<String, Long> unknownEvents() {
    return unknownNames();
  }

  private Map<String, Long> unknownNames() {
    Map<String, Long> names = new TreeMap<>();
    unknown.forEach((key, count) -> names.merge(key.toString(), count[0], Long::sum));
    return Collections.unmodifiableMap(names);
  }

  /** A name in a buffer, comparable to names kept. */
  private static final class ByteKey {
    private byte[] text = new byte[0];
    private int from;
    private int to;

    static ByteKey of(String text) {
      ByteKey key = new ByteKey();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      key.set(bytes, 0, bytes.length);
      return key;
    }

    void set(byte[] text, int from, int to) {
      this.text = text;
      this.from = from;
      this.to = Math.min(to, from + 200);
    }

    ByteKey copy() {
      ByteKey key = new ByteKey();
      byte[] bytes = Arrays.copyOfRange(text, from, to);
      key.set(bytes, 0, bytes.length);
      return key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByteKey key
          && Arrays.equals(text, from, to, key.text, key.from, key.to);
    }

    @Override
    public int hashCode() {
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + text[i];
      }
      return hash;
    }

    @Override
    public String toString() {
      return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
  }
}
