package dev.faultscope.session.library;

import dev.faultscope.trace.TraceWriters;
import dev.faultscope.trace.output.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Saves recordings in the forms of a registry. Safe for many threads. */
public final class Exports {
  private final Library library;
  private final TraceWriters writers;
  private final int most;
  private final Semaphore room;

  /**
   * A form to save in.
   *
   * @param name what a request calls it, and what files of it end in after a dot
   * @param text the form in words
   */
  public record Form(String name, String text, String mediaType) {}

  /** Opens where a recording is to be written, once it is known that there is one. */
  @FunctionalInterface
  public interface Destination {
    OutputStream open() throws IOException;
  }

  /**
   * Exports of a library.
   *
   * @param most how many may be under way at once
   */
  public Exports(Library library, TraceWriters writers, int most) {
    this.library = library;
    this.writers = writers;
    this.most = most;
    room = new Semaphore(most);
  }

  /** {@return what can be saved in, in the order of menus} */
  public List<Form> forms() {
    return writers.all().stream().map(Exports::form).toList();
  }

  /**
   * {@return the form of a name}
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public Form form(String name) {
    return form(writer(name));
  }

  /**
   * Writes what a recording holds now; returns when it is written.
   *
   * @return false where there is no such recording
   * @throws IOException if it cannot be written any further
   * @throws ExportsBusyException if as many as may be are under way
   */
  public boolean write(String recording, Form form, Destination to) throws IOException {
    TraceWriter writer = writer(form.name());
    if (!room.tryAcquire()) {
      throw new ExportsBusyException(most);
    }
    try {
      return library
          .ask(
              recording,
              session -> {
                try {
                  writer.write(session.timeline(), session.bookmarks(), to.open());
                  return true;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .isPresent();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      room.release();
    }
  }

  private TraceWriter writer(String name) {
    return writers
        .named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No form is called \""
                        + name
                        + "\"; there is "
                        + String.join(", ", writers.all().stream().map(TraceWriter::name).toList())
                        + "."));
  }

  private static Form form(TraceWriter writer) {
    return new Form(writer.name(), writer.text(), writer.mediaType());
  }
}
