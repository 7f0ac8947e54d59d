package dev.faultscope.scenario;

import dev.faultscope.settings.Parameter;
import java.util.List;
import java.util.Locale;

/** Where a handler gets the content of pages from, and how long that takes. */
public enum SourceKind {
  PAGE_CACHE("from the page cache of the same machine", 1_000, 0),
  NVME("from a local NVMe drive", 80_000, 30),
  NETWORK("from another machine's memory", 30_000, 20),
  OBJECT_STORE("from an object store", 20_000_000, 50);

  private final String about;
  private final List<Parameter> parameters;

  SourceKind(String about, long latencyNs, long spread) {
    this.about = about;
    parameters =
        List.of(
            Parameter.duration("latency", latencyNs, "median time to fetch"),
            Parameter.number(
                "spread", spread, 0, 300, "sigma of the log-normal distribution, in percent"),
            Parameter.duration("page", 250, "time for each further page of one fetch"));
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String about() {
    return about;
  }

  public List<Parameter> parameters() {
    return parameters;
  }
}
