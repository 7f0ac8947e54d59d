package dev.faultscope.cli;

import dev.faultscope.model.Region;
import dev.faultscope.session.query.BookmarkView;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what people noted at moments of a recording that was saved. */
@Command(
    name = "bookmarks",
    mixinStandardHelpOptions = true,
    description = "Lists what people noted at moments of a recording before it was saved.")
final class BookmarksCommand implements Callable<Integer> {
  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    Output output = Output.of(spec);
    try (InputOptions.Opened opened = recording.open()) {
      opened.tellWhatIsMissing(output);
      Timeline timeline = opened.timeline();
      List<BookmarkView> bookmarks = BookmarkView.of(timeline, timeline.bookmarks());
      if (json) {
        output.say(Output.json(Map.of("bookmarks", bookmarks)));
      } else {
        String row = "%10s %16s %-24s %s";
        output.say(row.formatted("event", "time in ns", "page", "bookmark"));
        for (BookmarkView each : bookmarks) {
          output.say(
              row.formatted(
                  each.seq(),
                  each.timeNs() == null ? "?" : String.format(Locale.ROOT, "%,d", each.timeNs()),
                  page(timeline.regions(), each),
                  each.text()));
        }
      }
    }
    return 0;
  }

  private static String page(List<Region> regions, BookmarkView bookmark) {
    Integer region = bookmark.region();
    Integer page = bookmark.page();
    if (region == null || page == null) {
      return "";
    }
    String name = region < regions.size() ? regions.get(region).name() : "region " + region;
    return name + " 0x" + Integer.toHexString(page);
  }
}
