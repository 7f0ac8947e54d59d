package dev.faultscope.scenario.conform;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Random scripts of what a program can do to its memory and a handler to its faults. One seed gives
 * one script.
 *
 * <p>What a real kernel leaves open is avoided: each thread keeps to bytes of its own within a
 * page, messages are read all at once, and no signal goes to a system call, which would fault
 * without end.
 */
public final class RandomScripts {
  private static final int PAGES = 8;
  private static final int BEYOND = 2;
  private static final int STEPS = 40;
  private static final int THREADS = 3;
  private static final int THREAD_BYTES = 512;
  private static final String[] MEMORY = {"a", "m", "alias", "p", "b"};
  private static final String[] FEATURES = {
    "[]",
    "[EVENT_REMOVE, EVENT_UNMAP, EVENT_REMAP]",
    "[WP_UNPOPULATED]",
    "[EXACT_ADDRESS, THREAD_ID, EVENT_REMOVE]",
    "[SIGBUS]",
    "[PAGEFAULT_FLAG_WP, WP_HUGETLBFS_SHMEM, POISON, MOVE]",
    "[EVENT_FORK, EVENT_UNMAP]",
    "[WP_ASYNC]"
  };

  /** Numbers that a sum of two makes overflow, or that a loop never comes to. */
  private static final long[] FAR = {
    -4096, -1, 1L << 47, 1L << 62, Long.MAX_VALUE - 4095, Long.MAX_VALUE
  };

  private final RandomGenerator random;
  private final List<String> steps = new ArrayList<>();
  private final List<String> actors = new ArrayList<>(List.of("t0", "t1", "t2"));

  /** Where most of it happens, so that operations meet. */
  private final List<String> focus;

  private final int span;
  private int moved;

  private RandomScripts(long seed) {
    random = new Random(seed);
    List<String> some = new ArrayList<>(List.of(MEMORY));
    while (some.size() > 2) {
      some.remove(random.nextInt(some.size()));
    }
    focus = random.nextBoolean() ? some : List.of(MEMORY);
    span = random.nextBoolean() ? PAGES : 3;
  }

  /** {@return the script of a seed} */
  public static ScriptText of(long seed) {
    return new RandomScripts(seed).script(seed);
  }

  private ScriptText script(long seed) {
    String fill = random.nextBoolean() ? ", fill: pattern" : "";
    String sections =
        """
        title: Random script %d
        engines: [simulation, live]
        seed: %d
        threads: [t0, t1, t2, looker]
        memory:
          a: {backing: anon, pages: %d}
          m: {backing: memfd, pages: %d, file-pages: %d%s}
          alias: {of: m, pages: %d}
          p: {of: m, pages: %d, private: true}
          b: {backing: anon, pages: %d}
        uffds:
          u: {features: %s}
          v: {features: %s}
        """
            .formatted(
                seed,
                seed,
                PAGES,
                PAGES + BEYOND,
                PAGES,
                fill,
                PAGES,
                PAGES,
                PAGES,
                pick(FEATURES),
                pick(FEATURES));
    for (int i = 0; i < 3; i++) {
      steps.add(register(random.nextInt(3) == 0 ? PAGES : 1 + random.nextInt(4)));
    }
    for (int i = 0; i < STEPS; i++) {
      steps.add(one());
    }
    for (String uffd : List.of("u", "v")) {
      steps.add("{read: {uffd: %s, bytes: 512}}".formatted(uffd));
      steps.add("{read: {uffd: %s, bytes: 512}}".formatted(uffd));
    }
    for (String memory : MEMORY) {
      steps.add("{pagemap: {at: %s, pages: %d}}".formatted(memory, PAGES));
    }
    steps.add("{close: u}");
    steps.add("{close: v}");
    for (String memory : MEMORY) {
      for (int page = 0; page < PAGES; page++) {
        steps.add(
            "{touch: {thread: looker, at: \"%s[%d]+%d\"}}"
                .formatted(memory, page, random.nextInt(THREADS) * THREAD_BYTES));
      }
    }
    return new ScriptText(sections, steps);
  }

  private String one() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> touch();
      case 6 -> register(1 + random.nextInt(4));
      case 7 -> uffdRange("unregister", "");
      case 8, 9 -> uffdRange("copy", ", value: %d, mode: %d".formatted(value(), mode()));
      case 10 -> uffdRange("zeropage", ", mode: " + (mode() & ~2));
      case 11, 12 -> uffdRange("continue", ", mode: " + mode());
      case 13 -> uffdRange("poison", ", mode: " + (mode() & ~2));
      case 14 -> uffdRange("writeprotect", ", mode: " + random.nextInt(5));
      case 15 -> uffdRange("move", ", from: %s, mode: %d".formatted(page(), random.nextInt(5)));
      case 16 -> madvise();
      case 17 -> fallocate();
      case 18 -> "{read: {uffd: %s, bytes: 512}}".formatted(uffd());
      default -> rare();
    };
  }

  private String rare() {
    return switch (random.nextInt(9)) {
      case 0 -> "{signal: %s}".formatted(thread());
      case 1, 2 -> uffdRange("wake", "");
      case 3 -> "{munmap: {thread: %s, %s}}".formatted(thread(), range(1));
      case 4 ->
          "{mremap: {thread: %s, %s, as: moved%d}}"
              .formatted(thread(), range(1 + random.nextInt(2)), moved++);
      case 5 -> "{store: {at: %s, value: %d}}".formatted(page(), value());
      case 6 ->
          "{write-file: {at: \"m[%d]+%d\", bytes: 100, value: %d}}"
              .formatted(random.nextInt(PAGES), THREADS * THREAD_BYTES, value());
      case 7 -> fork();
      default -> "{poll: %s}".formatted(uffd());
    };
  }

  private String fallocate() {
    boolean far = random.nextInt(12) == 0;
    boolean allocates = !far && random.nextInt(4) == 0;
    long offset = random.nextInt(span) * PAGE_BYTES + (random.nextInt(8) == 0 ? 1000 : 0);
    long bytes = (1 + random.nextInt(2)) * PAGE_BYTES - (random.nextInt(8) == 0 ? 500 : 0);
    if (far) {
      offset = random.nextInt(3) == 0 ? FAR[random.nextInt(FAR.length)] : offset;
      bytes = FAR[random.nextInt(FAR.length)];
    }
    return "{fallocate: {memory: m, mode: [%s], offset: %d, bytes: %d}}"
        .formatted(allocates ? "KEEP_SIZE" : "PUNCH_HOLE, KEEP_SIZE", offset, bytes);
  }

  /** A child is one thread more, which accesses and advises like the others. */
  private String fork() {
    String parent = "t" + random.nextInt(THREADS);
    String child = "c" + (actors.size() - THREADS);
    actors.add(child);
    return "{fork: {thread: %s, child: %s, uffd: f%s}}".formatted(parent, child, child);
  }

  private String touch() {
    int thread = random.nextInt(actors.size());
    int bytes = thread % THREADS * THREAD_BYTES;
    String write = random.nextBoolean() ? ", write: " + value() : "";
    String mode = random.nextInt(4) == 0 ? ", mode: syscall" : "";
    return "{touch: {thread: %s, at: \"%s[%d]+%d\"%s%s}}"
        .formatted(actors.get(thread), memory(), anyPage(), bytes, write, mode);
  }

  private String register(int pages) {
    int[] modes = {1, 4, 5, 2, 3, 6, 7};
    int mode =
        random.nextInt(24) == 0 ? 8 * random.nextInt(2) : modes[random.nextInt(modes.length)];
    return "{register: {uffd: %s, %s, mode: %d}}"
        .formatted(uffd(), random.nextInt(24) == 0 ? wrongRange() : range(pages), mode);
  }

  private String madvise() {
    String[] advice = {"dontneed", "remove", "free", "populate-read", "populate-write"};
    return "{madvise: {thread: %s, %s, advice: %s}}"
        .formatted(thread(), random.nextInt(12) == 0 ? oddRange() : range(0), pick(advice));
  }

  private String uffdRange(String ioctl, String rest) {
    return "{%s: {uffd: %s, %s%s}}"
        .formatted(ioctl, uffd(), random.nextInt(16) == 0 ? wrongRange() : range(0), rest);
  }

  /** What no kernel takes as it is: it begins or ends within a page, or is empty. */
  private String oddRange() {
    int[] bytes = {0, 100, 4096, 5000};
    return "at: \"%s[%d]+%d\", bytes: %d"
        .formatted(
            memory(),
            anyPage(),
            random.nextBoolean() ? 0 : 100,
            bytes[random.nextInt(bytes.length)]);
  }

  /** As an ioctl meets it: also one that ends beyond every address. */
  private String wrongRange() {
    return random.nextInt(3) > 0
        ? oddRange()
        : "at: %s, bytes: %d".formatted(page(), FAR[random.nextInt(FAR.length)]);
  }

  /** A place and a size in pages, 1 to 3 where none is given. */
  private String range(int pages) {
    return "at: %s, pages: %d".formatted(page(), pages > 0 ? pages : 1 + random.nextInt(3));
  }

  private String page() {
    return "\"%s[%d]\"".formatted(memory(), anyPage());
  }

  private int anyPage() {
    return random.nextInt(16) == 0 ? PAGES + random.nextInt(BEYOND) : random.nextInt(span);
  }

  private String memory() {
    return random.nextInt(6) == 0 ? pick(MEMORY) : focus.get(random.nextInt(focus.size()));
  }

  /** DONTWAKE and WP, seldom bits that mean nothing. */
  private int mode() {
    return random.nextInt(3) == 0 ? random.nextInt(random.nextInt(8) == 0 ? 16 : 4) : 0;
  }

  private int value() {
    return 1 + random.nextInt(255);
  }

  private String uffd() {
    return random.nextInt(4) == 0 ? "v" : "u";
  }

  private String thread() {
    return actors.get(random.nextInt(actors.size()));
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }
}
